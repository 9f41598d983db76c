// The golden universes that run learner code: the real client library through a broker crash, and a group through a rebalance.
import { learnerJob } from './learnerJob.ts';
import { lessons } from '../catalogue.ts';
import { execute } from '../sim/execute.ts';
import { defineScenario } from '../../simulations/scenarios/define.ts';
import { TraceStore } from '../../simulations/kernel/traceStore.ts';
import type { GoldenUniverse } from './universes.ts';

const PRODUCER = `import { Kafka } from 'kafkajs'

const kafka = new Kafka({ clientId: 'app', brokers: ['broker-1:9092', 'broker-2:9092', 'broker-3:9092'], retry: { retries: 30, maxRetryTime: 1000 } })
const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1 })

async function main() {
  await producer.connect()
  for (let n = 0; n < 120; n++) {
    await producer.send({ topic: 'events', messages: [{ key: 'user-' + (n % 9), value: JSON.stringify({ n, luck: Math.random(), at: Date.now() }) }] })
    await new Promise((resolve) => setTimeout(resolve, 150))
  }
  console.log('sent', 120)
  await producer.disconnect()
}

main()
`;

const CONSUMER = `import { Kafka } from 'kafkajs'

const kafka = new Kafka({ clientId: 'worker', brokers: ['broker-1:9092', 'broker-2:9092', 'broker-3:9092'] })
const consumer = kafka.consumer({ groupId: 'workers', sessionTimeout: 10_000, heartbeatInterval: 1_000, maxWaitTimeInMs: 500 })
let seen = 0

async function main() {
  await consumer.connect()
  await consumer.subscribe({ topics: ['events'], fromBeginning: true })
  await consumer.run({
    eachMessage: async ({ partition, message }) => {
      seen++
      if (seen % 25 === 0) console.log('seen', seen, 'last', partition, message.offset)
    },
  })
}

main()
`;

export function guestGolden(): GoldenUniverse[] {
  const scenario = defineScenario({
    schemaVersion: 1, id: 'golden-guests', title: { ko: '실습 코드', en: 'Learner code' }, summary: { ko: '실습 코드', en: 'Learner code' }, horizonMs: 45_000,
    cluster: { brokers: 3 },
    topics: [{ name: 'events', partitions: 4, replicationFactor: 3, minInsyncReplicas: 2 }],
    processes: [
      { name: 'app', role: 'guest', startMs: 500 },
      { name: 'worker-1', role: 'guest', startMs: 200 },
      { name: 'worker-2', role: 'guest', startMs: 400 },
    ],
    learner: [{ process: 'app', entry: 'producer.ts' }, { process: 'worker-1', entry: 'consumer.ts' }, { process: 'worker-2', entry: 'consumer.ts' }],
    files: { 'producer.ts': PRODUCER, 'consumer.ts': CONSUMER },
    faults: ['kill broker-2 at 9s for 12s', 'kill worker-2 at 27s'],
  });
  return [
    { name: 'guests-crash-and-rebalance', universe: { scenario, faults: scenario.faults, seed: 5, files: scenario.files } },
    { name: 'learner-job', universe: learnerJob() },
    ...lessons().map((l) => ({ name: `lesson-${l.id}`, universe: l.kit.experiment })),
  ];
}

export async function runGuestGolden({ universe }: GoldenUniverse): Promise<{ store: TraceStore; hash: string }> {
  const store = new TraceStore();
  const result = await execute(universe, (chunk) => store.append(chunk));
  if (result.hash === null) throw new Error('a golden run was stopped by the watchdog');
  return { store, hash: result.hash };
}
