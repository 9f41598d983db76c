import { Kafka } from 'kafkajs';
import { EVENTS } from './events';
import { keyOf } from './key';

const kafka = new Kafka({ clientId: 'watch-app', brokers: ['broker-1:9092'] });
const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1 });

async function main() {
  await producer.connect();
  for (const event of EVENTS) {
    await producer.send({ topic: 'watch-events', messages: [{ key: keyOf(event), value: JSON.stringify(event) }] });
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
  await producer.disconnect();
}

main();
