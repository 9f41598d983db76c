import { Kafka } from 'kafkajs';
import { watchEvents, type WatchEvent } from './events';

const kafka = new Kafka({
  clientId: 'watch-app',
  brokers: ['broker-1:9092', 'broker-2:9092', 'broker-3:9092'],
  retry: { retries: Number.MAX_SAFE_INTEGER, maxRetryTime: 1_000 },
});

// With `retry` above: nothing lost, nothing reordered. Lesson 1.6 explains.
const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1 });

async function publish(event: WatchEvent) {
  await producer.send({
    topic: 'watch-events',
    messages: [
      {
        key: event.userId,
        value: JSON.stringify(event),
      },
    ],
  });
}

async function main() {
  await producer.connect();
  for await (const event of watchEvents()) await publish(event);
  await producer.disconnect();
}

main();
