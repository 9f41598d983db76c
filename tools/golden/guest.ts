// The golden universes that run learner code: the real client library through a broker crash, and a group through a rebalance.
import { lessons } from '../catalogue.ts';
import { execute } from '../sim/execute.ts';
import { defineScenario } from '../../simulations/scenarios/define.ts';
import { TraceStore } from '../../simulations/kernel/trace.ts';
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

const JOB = `import { CEP, Pattern, StreamExecutionEnvironment, WatermarkStrategy, TumblingEventTimeWindows, kafkaSink, kafkaSource } from 'millrace/streams'

interface View { readonly at: number; readonly viewer: string; readonly genre: string; readonly minutes: number }

const env = StreamExecutionEnvironment.getExecutionEnvironment()
env.enableCheckpointing(1500)
const views = env.fromSource(
  kafkaSource<View>({ topics: ['views'], groupId: 'own' }),
  WatermarkStrategy.forBoundedOutOfOrderness<View>(60_000).withTimestampAssigner((v) => v.at),
  'views',
)
views
  .keyBy((v) => v.genre)
  .window(TumblingEventTimeWindows.of(120_000))
  .aggregate<number, number, { genre: string; minutes: number }>({ createAccumulator: () => 0, add: (v, n) => n + v.minutes, getResult: (n) => n }, {
    process: (genre, _, [minutes], out) => out.collect({ genre, minutes: minutes! }),
  })
  .sinkTo(kafkaSink({ topic: 'results', keyOf: (r) => r.genre, guarantee: 'EXACTLY_ONCE', transactionalIdPrefix: 'own-minutes' }))
const twice = Pattern.begin<View>('one').followedBy('two').where((v, context) => context.getEventsForPattern('one')[0]!.genre === v.genre).within(600_000)
CEP.pattern(views.keyBy((v) => v.viewer), twice)
  .select((match) => ({ genre: match.get('two')![0]!.genre, luck: Math.floor(Math.random() * 1000) }))
  .sinkTo(kafkaSink({ topic: 'results', keyOf: (r) => r.genre, guarantee: 'EXACTLY_ONCE', transactionalIdPrefix: 'own-twice' }))

env.execute('own').then(({ state }) => console.log('over', state))
`;

/** A job that learner code puts together, through a crash. */
function learnerJob(): GoldenUniverse {
  const scenario = defineScenario({
    schemaVersion: 1,
    id: 'golden-job',
    title: { ko: '내 잡', en: 'My job' },
    summary: { ko: '내 잡', en: 'My job' },
    horizonMs: 30_000,
    cluster: { brokers: 3 },
    topics: [
      { name: 'views', partitions: 4, replicationFactor: 3, minInsyncReplicas: 2 },
      { name: 'results', partitions: 2, replicationFactor: 3, minInsyncReplicas: 2, config: { 'message.timestamp.type': 'LogAppendTime' } },
    ],
    processes: [
      { name: 'playback-svc', role: 'producer' },
      { name: 'my-job', role: 'guest', startMs: 500 },
    ],
    workloads: [{ process: 'playback-svc', topic: 'views', records: 250, startMs: 1_500, everyUs: 50_000, story: { kind: 'views', outOfOrderMs: 45_000, endMarker: true } }],
    learner: [{ process: 'my-job', entry: 'job.ts' }],
    files: { 'job.ts': JOB },
    streams: { taskManagers: 2, slots: 2, jobs: [{ name: 'own', job: 'submitted', parallelism: 2 }] },
    faults: ['kill taskmanager-1 at 7s for 3s'],
  });
  return { name: 'learner-job', universe: { scenario, faults: scenario.faults, seed: 6, files: scenario.files } };
}

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
    learnerJob(),
    ...lessons().map((l) => ({ name: `lesson-${l.id}`, universe: l.kit.experiment })),
  ];
}

export async function runGuestGolden({ universe }: GoldenUniverse): Promise<{ store: TraceStore; hash: string }> {
  const store = new TraceStore();
  const result = await execute(universe, (chunk) => store.append(chunk));
  if (result.hash === null) throw new Error('a golden run was stopped by the watchdog');
  return { store, hash: result.hash };
}
