// Stream jobs that learner code puts together: types as the editor has them, a run on the simulated cluster through a crash, and what mistakes say.
import { beforeAll, describe, expect, it } from 'vitest';
import { buildGuest } from './build-guest.ts';
import { tryOut, type Trial } from './guestTrial.ts';

const JOB = `
import { StreamExecutionEnvironment, WatermarkStrategy, TumblingEventTimeWindows, kafkaSource, kafkaSink } from 'millrace/streams'

interface View { readonly at: number; readonly title: string; readonly minutes: number }

const env = StreamExecutionEnvironment.getExecutionEnvironment()
env.enableCheckpointing(1000)

env
  .fromSource(
    kafkaSource<View>({ topics: ['views'], groupId: 'counts' }),
    WatermarkStrategy.forBoundedOutOfOrderness<View>(60_000).withTimestampAssigner((v) => v.at),
    'views',
  )
  .keyBy((v) => v.title)
  .window(TumblingEventTimeWindows.of(60_000))
  .aggregate<number, number, { title: string; until: number; minutes: number }>({ createAccumulator: () => 0, add: (v, n) => n + v.minutes, getResult: (n) => n }, {
    process: (title, { window }, [minutes], out) => out.collect({ title, until: window.endMs, minutes: minutes! }),
  })
  .sinkTo(kafkaSink({ topic: 'minutes', keyOf: (r) => r.title, guarantee: 'EXACTLY_ONCE', transactionalIdPrefix: 'counts' }))

env.execute('counts').then(({ state }) => console.log('over', state), (error) => console.log('failed', error.code))
`;

const PATTERN = `
import { CEP, Pattern, StreamExecutionEnvironment, WatermarkStrategy, kafkaSource, kafkaSink } from 'millrace/streams'

interface View { readonly at: number; readonly viewer: string; readonly genre: string }

const env = StreamExecutionEnvironment.getExecutionEnvironment()
const views = env
  .fromSource(kafkaSource<View>({ topics: ['views'], groupId: 'twice' }), WatermarkStrategy.forBoundedOutOfOrderness<View>(60_000).withTimestampAssigner((v) => v.at), 'views')
  .keyBy((v) => v.viewer)
const pattern = Pattern.begin<View>('one').followedBy('two').where((v, context) => context.getEventsForPattern('one')[0]!.genre === v.genre).within(3_600_000)
CEP.pattern(views, pattern)
  .select((match) => ({ viewer: match.get('two')![0]!.viewer, genre: match.get('two')![0]!.genre }))
  .sinkTo(kafkaSink({ topic: 'minutes', keyOf: (r) => r.viewer }))
env.execute('counts').then(({ state }) => console.log('over', state), (error) => console.log('failed', error.code))
`;

function trial(source: string, more: Partial<Trial> = {}, job: object = {}, endMarker = true) {
  return tryOut({
    files: { 'my-job.ts': source },
    horizonMs: 25_000,
    topics: [
      { name: 'views', partitions: 2, replicationFactor: 3 },
      { name: 'minutes', partitions: 2, replicationFactor: 3, config: { 'message.timestamp.type': 'LogAppendTime' } },
    ],
    beside: {
      processes: [{ name: 'playback-svc', role: 'producer' }],
      workloads: [{ process: 'playback-svc', topic: 'views', records: 120, startMs: 1_000, everyUs: 50_000, story: { kind: 'views', outOfOrderMs: 30_000, endMarker } }],
      streams: { taskManagers: 2, slots: 1, jobs: [{ name: 'counts', job: 'submitted', parallelism: 2, restart: { strategy: 'fixed-delay', attempts: 2, delayMs: 300 }, ...job }] },
    },
    ...more,
  });
}

beforeAll(async () => void (await buildGuest(process.cwd())), 60_000);

describe('a job of the learner', () => {
  it('is checked by its types, runs, and ends', async () => {
    const t = await trial(JOB);
    expect(t.diagnostics).toEqual([]);
    expect(t.lines('my-job')).toEqual(['over FINISHED']);
    expect(t.of('window.fired').length).toBeGreaterThan(10);
    expect(t.of('checkpoint.completed').length).toBeGreaterThan(4);
  });

  it('gives the same results after a crash, each committed once', async () => {
    const committed = async (faults: readonly string[]) => {
      const t = await trial(JOB, { faults });
      expect(t.lines('my-job')).toEqual(['over FINISHED']);
      const aborted = new Set(t.of('sink.transactionChanged').flatMap((e) => (e.to === 'aborted' ? [e.transactionalId] : [])));
      return { values: t.of('operator.emitted').map((e) => e.value), restored: t.of('job.restored').length, aborted: aborted.size };
    };
    const quiet = await committed([]);
    const crashed = await committed(['kill taskmanager-1 at 4s for 2s']);
    expect([quiet.restored, crashed.restored]).toEqual([0, 1]);
    expect([...new Set(crashed.values)].toSorted()).toEqual([...new Set(quiet.values)].toSorted());
  });

  it('has the same hash every time', async () => {
    const hashes = [await trial(JOB), await trial(JOB)].map((t) => t.hash);
    expect(hashes[0]).toMatch(/^[0-9a-f]{32}$/);
    expect(hashes[1]).toBe(hashes[0]);
  });

  it('can look for patterns', async () => {
    const t = await trial(PATTERN);
    expect(t.diagnostics).toEqual([]);
    expect(t.lines('my-job')).toEqual(['over FINISHED']);
    expect(t.of('cep.matched').length).toBeGreaterThan(10);
  });

  it('is told by the types what does not fit', async () => {
    const t = await trial(JOB.replace('(v) => v.title)', '(v) => v.nothing)'));
    expect(t.diagnostics.map((d) => d.code)).toContain(2339);
  });
});

const COPY = `
import { StreamExecutionEnvironment, WatermarkStrategy, kafkaSource, kafkaSink } from 'millrace/streams'

const env = StreamExecutionEnvironment.getExecutionEnvironment()
env.enableCheckpointing(1000)
env
  .fromSource(
    kafkaSource<{ title: string }>({ topics: ['views'], groupId: 'counts', startingOffsets: 'latest', ends: false, partitionDiscoveryIntervalMs: EVERY }),
    WatermarkStrategy.noWatermarks(),
    'views',
  )
  .map((v) => v.title)
  .sinkTo(kafkaSink({ topic: 'minutes' }))
void env.execute('counts')
`;

const GROW = `
import { Kafka } from 'kafkajs'

const kafka = new Kafka({ clientId: 'ops', brokers: ['broker-1:9092'] })
const admin = kafka.admin()
const producer = kafka.producer()
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
const say = async (title: string) => void (await producer.send({ topic: 'views', messages: [2, 3].map((partition) => ({ partition, value: JSON.stringify({ title: title + partition }) })) }))
const grow = async () => {
  await admin.connect()
  await producer.connect()
  await pause(5000)
  await admin.createPartitions({ topicPartitions: [{ topic: 'views', count: 4 }] })
  await say('first-')
  await pause(8000)
  await say('second-')
}
void grow()
`;

describe('partitions that are added while a job runs', () => {
  const grown = async (everyMs: number, faults: readonly string[] = []) => {
    const job = COPY.replace('EVERY', String(everyMs));
    const t = await trial(job, { files: { 'my-job.ts': job, 'ops.ts': GROW }, faults }, {}, false);
    expect(t.diagnostics).toEqual([]);
    const added = t.of('operator.emitted').flatMap((e) => /(first|second)-\d/.exec(e.value)?.[0] ?? []);
    return {
      found: t
        .of('source.splitDiscovered')
        .map((e) => `${e.topic}-${e.partition}`)
        .toSorted(),
      added: added.toSorted(),
    };
  };

  it('are found at the next look and read from their beginning, though the source began at the end', async () => {
    expect(await grown(2_000)).toEqual({ found: ['views-2', 'views-3'], added: ['first-2', 'first-3', 'second-2', 'second-3'] });
  });

  it('are not read before it, nor ever without looking', async () => {
    expect(await grown(300_000)).toEqual({ found: [], added: [] });
  });

  it('are found once: a restart reads on in them', async () => {
    const { found, added } = await grown(1_000, ['kill taskmanager-1 at 10s for 500ms']);
    expect(found).toEqual(['views-2', 'views-3']);
    expect(added).toEqual(['first-2', 'first-3', 'second-2', 'second-3']);
  });

  it('are found by a restart', async () => {
    const { found, added } = await grown(0, ['kill taskmanager-1 at 10s for 500ms']);
    expect(found).toEqual(['views-2', 'views-3']);
    expect(added).toEqual(['first-2', 'first-3', 'second-2', 'second-3']);
  });
});

describe('what mistakes say', () => {
  it('a function that throws fails its task, and the console names its line', async () => {
    const t = await trial(JOB.replace('n + v.minutes', '{ if (v.minutes > 40) throw new RangeError("too long"); return n + v.minutes }'));
    expect(t.lines('my-job').at(-1)).toBe('failed JOB_FAILED');
    const failed = t.of('task.stateChanged').filter((e) => e.to === 'FAILED');
    // The first attempt and two more, as the restart strategy has it.
    expect(failed.length).toBeGreaterThanOrEqual(3);
    expect(failed[0]!.reason).toBe('RangeError');
    const said = t.of('guest.console').find((e) => e.level === 'error')!;
    expect([said.process, said.file, said.line]).toEqual(['my-job', 'my-job.ts', 17]);
    expect(said.text).toContain('too long');
  });

  it('a condition that throws does so too', async () => {
    const t = await trial(PATTERN.replace('.genre === v.genre)', '.nothing.genre === v.genre)'));
    expect(t.lines('my-job').at(-1)).toBe('failed JOB_FAILED');
    expect(t.of('task.stateChanged').find((e) => e.to === 'FAILED')!.reason).toBe('CONDITION_FAILED');
    const said = t.of('guest.console').find((e) => e.level === 'error')!;
    expect([said.file, said.line]).toEqual(['my-job.ts', 10]);
    expect(said.text).toMatch(/^TypeError/);
  });

  it('a job that cannot run is rejected', async () => {
    const t = await trial(`
import { StreamExecutionEnvironment } from 'millrace/streams'
StreamExecutionEnvironment.getExecutionEnvironment().execute('counts').catch((error) => console.log(error.code))`);
    expect(t.lines('my-job')).toEqual(['NO_SOURCE']);
  });

  it('so is one under a name that the scenario does not have', async () => {
    const t = await trial(JOB.replace("execute('counts')", "execute('nobody')"));
    expect(t.lines('my-job')).toEqual(['failed UNKNOWN_JOB']);
  });
});
