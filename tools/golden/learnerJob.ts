// A job that learner code puts together: a window and a pattern behind one source, each with a sink of its own on one topic.
import type { Universe } from '../../simulations/contract/scenario.ts';
import { defineScenario } from '../../simulations/scenarios/define.ts';

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
export function learnerJob(): Universe {
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
  return { scenario, faults: scenario.faults, seed: 6, files: scenario.files };
}
