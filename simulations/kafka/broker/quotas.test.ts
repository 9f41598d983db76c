// Client quotas: set on the controller, known to every broker, and in force for what producers send and consumers fetch.
import { describe, expect, it } from 'vitest';
import { alterQuotas, bodyOf, describeQuotas, errorsOf, TOPIC } from '../admin.test-helper.ts';
import { batchOf, fetchBody, probe, type Answer, type Ask } from '../probe.test-helper.ts';
import { KEY } from '../protocol/apiKeys.ts';
import type { FetchResponse, ProduceResponse } from '../protocol/messages.ts';
import type { DescribeClientQuotasResponse } from '../protocol/quotaMessages.ts';

const CLUSTER = { topics: [TOPIC], horizonMs: 30_000 };
const [L] = probe({ ...CLUSTER, horizonMs: 10 }, [])
  .of('kafka.leaderElected')
  .find((e) => e.topic === 't')!
  .replicas.split(',')
  .map(Number) as [number];

const found = (answer: Answer | undefined) =>
  bodyOf<DescribeClientQuotasResponse>(answer).entries!.map((e) => [e.entity.map((p) => p.entityName), Object.fromEntries(e.values.map((v) => [v.key, v.value]))]);

describe('quotas that are set', () => {
  it('are known to every broker, found by filters, and go when they are taken back', () => {
    const { answers, of } = probe(CLUSTER, [
      alterQuotas(100, { user: 'ann' }, { producer_byte_rate: 1_024, request_percentage: 12.5 }),
      alterQuotas(200, { user: null, 'client-id': 'app' }, { controller_mutation_rate: 0.5 }),
      alterQuotas(300, { ip: '10.0.0.1' }, { connection_creation_rate: 10 }),
      describeQuotas(600, {}, false, 1),
      describeQuotas(600, {}, false, 2),
      describeQuotas(600, { user: undefined }),
      describeQuotas(600, { user: undefined }, true),
      describeQuotas(600, { 'client-id': 'app' }),
      alterQuotas(700, { user: 'ann' }, { producer_byte_rate: null, request_percentage: null }),
      describeQuotas(1_000, {}, false, 3),
    ]);
    const ann = [['ann'], { producer_byte_rate: 1_024, request_percentage: 12.5 }];
    const app = [[null, 'app'], { controller_mutation_rate: 0.5 }];
    const address = [['10.0.0.1'], { connection_creation_rate: 10 }];
    expect(found(answers[3])).toEqual([ann, app, address]);
    expect(found(answers[4])).toEqual(found(answers[3]));
    expect(found(answers[5])).toEqual([ann, app]);
    expect(found(answers[6])).toEqual([ann]);
    expect(found(answers[7])).toEqual([app]);
    expect(found(answers[9])).toEqual([app, address]);
    expect(of('kafka.quotaChanged').map((e) => [e.entity, e.key, e.value, e.removed])).toEqual([
      ['user=ann', 'producer_byte_rate', '1024', false],
      ['user=ann', 'request_percentage', '12.5', false],
      ['user=<default>, client-id=app', 'controller_mutation_rate', '0.5', false],
      ['ip=10.0.0.1', 'connection_creation_rate', '10', false],
      ['user=ann', 'producer_byte_rate', '', true],
      ['user=ann', 'request_percentage', '', true],
    ]);
  });

  it('stay out where a request is only checked or wrong, and a wrong filter finds nothing', () => {
    const { answers, of } = probe(CLUSTER, [
      alterQuotas(100, { user: 'ann' }, { producer_byte_rate: 1 }, { validateOnly: true }),
      alterQuotas(200, { user: 'ann' }, { producer_byte_rate: 1, nonsense: 1 }),
      alterQuotas(300, { ip: '10.0.0.1', user: 'ann' }, { connection_creation_rate: 1 }),
      describeQuotas(400, { host: 'x' }),
      describeQuotas(400, { ip: null, user: null }),
    ]);
    expect(answers.map((a) => errorsOf(a))).toEqual([[0], [42], [42], [35], [42]]);
    expect(bodyOf<DescribeClientQuotasResponse>(answers[3]).entries).toBeNull();
    expect(of('kafka.quotaChanged')).toEqual([]);
  });

  it('outlive a broker that restarts, and bind there', () => {
    const { answers, of } = probe(CLUSTER, [alterQuotas(100, { 'client-id': 'probe' }, { producer_byte_rate: 1_000 }), describeQuotas(14_000, {}, false, 2)], ['kill broker-2 at 1s for 5s']);
    expect(found(answers[1])).toEqual([[['probe'], { producer_byte_rate: 1_000 }]]);
    expect(of('process.restarted').length).toBeGreaterThan(0);
  });

  it('cannot be changed while the controller is away', () => {
    const { answers } = probe({ ...CLUSTER, horizonMs: 60_000 }, [alterQuotas(1_000, { user: null }, { producer_byte_rate: 1 })], ['kill controller at 500ms for 50s']);
    expect(errorsOf(answers[0])).toEqual([7]);
  });
});

/** A Produce request of so many bytes. */
const produce = (atMs: number, bytes: number, acks = -1): Ask => ({
  atMs,
  broker: L,
  api: KEY.Produce,
  version: 9,
  on: 'produce',
  bytes,
  body: { transactionalId: null, acks, timeoutMs: 2_000, topicData: [{ name: 't', partitionData: [{ index: 0, records: [batchOf(1, { bytes })] }] }] },
});
const fetch = (atMs: number, fetchOffset: number, over: object = {}): Ask => ({
  atMs,
  broker: L,
  api: KEY.Fetch,
  version: 12,
  on: 'fetch',
  body: fetchBody({ fetchOffset, partitionMaxBytes: 1_048_576 }, { maxWaitMs: 500, maxBytes: 52_428_800, ...over }),
});
const throttleOf = (answer: Answer | undefined) => bodyOf<ProduceResponse | FetchResponse>(answer).throttleTimeMs;

describe('a producer beyond its quota', () => {
  it('is answered at once, with how long to wait, and not read from until then', () => {
    const { answers, of } = probe(CLUSTER, [
      alterQuotas(100, { 'client-id': 'probe' }, { producer_byte_rate: 1_000 }),
      produce(1_000, 15_000),
      produce(1_100, 10),
      describeQuotas(1_200, {}, false, L),
    ]);
    // 15,000 bytes count over ten seconds: half as much again as the quota takes half as long again.
    expect(throttleOf(answers[1])).toBe(5_000);
    expect(answers[1]!.atMs).toBeLessThan(1_010);
    expect(answers[2]!.atMs).toBeGreaterThan(6_000);
    expect(answers[2]!.atMs).toBeLessThan(6_010);
    expect(answers[3]!.atMs).toBeLessThan(1_210);
    const [first] = of('kafka.throttled');
    expect(first).toMatchObject({ process: `broker-${L}`, client: 'probe', clientId: 'probe', quota: 'producer_byte_rate', rate: 1_500, limit: 1_000, throttleMs: 5_000 });
    // What is read after the wait has the throttle for its cause.
    const next = of('request.received').find((e) => e.timeUs > 5_000_000 && e.process === `broker-${L}` && e.client === 'probe' && e.api === 'Produce')!;
    expect(next.cause).toBe(first!.seq);
  });

  it('with acks=0 is not read from either', () => {
    const { of } = probe(CLUSTER, [alterQuotas(100, { user: null }, { producer_byte_rate: 1_000 }), produce(1_000, 15_000, 0), produce(1_100, 10, 0)]);
    const appends = of('kafka.append').filter((e) => e.process === `broker-${L}`);
    expect(appends.map((e) => Math.floor(e.timeUs / 1_000_000))).toEqual([1, 6]);
  });

  it('is within it again once the quota is raised, and not read from until what was said is over', () => {
    const { answers } = probe(CLUSTER, [
      alterQuotas(100, { 'client-id': null }, { producer_byte_rate: 1_000 }),
      produce(1_000, 15_000),
      alterQuotas(1_500, { 'client-id': null }, { producer_byte_rate: 1_000_000 }),
      produce(1_600, 15_000),
    ]);
    expect([throttleOf(answers[1]), throttleOf(answers[3])]).toEqual([5_000, 0]);
    expect(answers[3]!.atMs).toBeGreaterThan(6_000);
  });

  it('is bound by the most specific quota that names it', () => {
    const quotas = [
      alterQuotas(100, { 'client-id': 'probe' }, { producer_byte_rate: 1 }),
      alterQuotas(110, { user: null }, { producer_byte_rate: 2 }),
      alterQuotas(120, { user: 'ANONYMOUS' }, { producer_byte_rate: 3 }),
      alterQuotas(130, { user: null, 'client-id': 'probe' }, { producer_byte_rate: 4 }),
      alterQuotas(140, { user: 'ANONYMOUS', 'client-id': null }, { producer_byte_rate: 5 }),
      alterQuotas(150, { user: 'ANONYMOUS', 'client-id': 'probe' }, { producer_byte_rate: 6 }),
    ];
    const limitWith = (n: number) => probe(CLUSTER, [...quotas.slice(0, n), produce(1_000, 15_000)]).of('kafka.throttled')[0]!.limit;
    expect([1, 2, 3, 4, 5, 6].map(limitWith)).toEqual([1, 2, 3, 3, 5, 6]);
  });
});

describe('a consumer beyond its quota', () => {
  it('gets an empty answer and what it asked for after the wait, and followers are not counted', () => {
    const { answers, of } = probe(CLUSTER, [
      alterQuotas(100, { 'client-id': 'probe' }, { consumer_byte_rate: 1_000 }),
      produce(1_000, 9_000),
      produce(1_100, 9_000),
      fetch(2_000, 0),
      fetch(2_500, 1),
      fetch(2_600, 1),
      fetch(2_700, 1),
    ]);
    const records = (i: number) => bodyOf<FetchResponse>(answers[i]).responses.flatMap((r) => r.partitions.flatMap((p) => p.records ?? [])).length;
    expect([records(3), throttleOf(answers[3])]).toEqual([1, 0]);
    expect(bodyOf<FetchResponse>(answers[4]).responses).toEqual([]);
    const waitMs = throttleOf(answers[4]);
    expect(waitMs).toBeGreaterThan(7_000);
    // What was held back was not counted; what was sent eight seconds ago still is, so that it takes a second wait.
    const moreMs = throttleOf(answers[5]);
    expect(moreMs).toBeGreaterThan(0);
    expect(records(6)).toBe(1);
    expect(answers[6]!.atMs).toBeGreaterThan(2_500 + waitMs + moreMs);
    expect(of('kafka.throttled').map((e) => [e.quota, e.throttleMs])).toEqual([
      ['consumer_byte_rate', waitMs],
      ['consumer_byte_rate', moreMs],
    ]);
  });

  it('is given no more at once than an idle client may have', () => {
    const { answers, of } = probe(CLUSTER, [
      alterQuotas(100, { 'client-id': 'probe' }, { consumer_byte_rate: 1_000 }),
      ...Array.from({ length: 5 }, (_, i) => produce(1_000 + i * 100, 3_000)),
      fetch(2_000, 0, { minBytes: 100_000, maxWaitMs: 5_000 }),
    ]);
    expect(bodyOf<FetchResponse>(answers[6]).responses[0]!.partitions[0]!.records).toHaveLength(3);
    expect(answers[6]!.atMs).toBeLessThan(2_010);
    expect(of('kafka.throttled')).toEqual([]);
  });
});

describe('native clients', () => {
  const processes = [
    { name: 'writer', role: 'producer' },
    { name: 'reader', role: 'consumer', group: 'g', topics: ['t'], autoOffsetReset: 'earliest' },
  ];
  const workloads = [{ process: 'writer', topic: 't', records: 400, everyUs: 10_000, keys: 5, valueBytes: 200 }];
  const run = (quota: Readonly<Record<string, number>>, more: object = {}) =>
    probe({ ...CLUSTER, horizonMs: 120_000, processes, workloads, ...more }, [alterQuotas(100, { 'client-id': null }, quota)]);
  const lastUs = (events: readonly { readonly timeUs: number }[]) => events.at(-1)!.timeUs;

  it('send more slowly, lose nothing and time nothing out', () => {
    const free = run({ request_percentage: 1 });
    const bound = run({ producer_byte_rate: 2_000 });
    const acked = (r: typeof free) => r.of('producer.acknowledged').reduce((n, e) => n + e.records, 0);
    expect([acked(free), acked(bound)]).toEqual([400, 400]);
    expect(bound.of('kafka.throttled').length).toBeGreaterThan(0);
    expect(free.of('kafka.throttled')).toEqual([]);
    expect(lastUs(bound.of('producer.acknowledged'))).toBeGreaterThan(4 * lastUs(free.of('producer.acknowledged')));
    expect(bound.of('producer.retried')).toEqual([]);
    expect(bound.of('producer.failed')).toEqual([]);
    // Nothing is sent to a broker that asked for silence.
    for (const t of bound.of('kafka.throttled'))
      expect(bound.of('request.received').filter((e) => e.api === 'Produce' && e.process === t.process && e.timeUs > t.timeUs && e.timeUs < t.timeUs + t.throttleMs * 1000)).toEqual([]);
  });

  it('read more slowly and read everything', () => {
    const bound = run({ consumer_byte_rate: 2_000 });
    expect(bound.of('consumer.delivered').reduce((n, e) => n + e.records, 0)).toBe(400);
    expect(bound.of('kafka.throttled').every((e) => e.client === 'reader')).toBe(true);
    expect(lastUs(bound.of('consumer.delivered'))).toBeGreaterThan(20_000_000);
  });

  it('read more slowly as members of a share group', () => {
    const shared = [processes[0]!, { ...processes[1]!, groupType: 'share' }];
    const bound = run({ consumer_byte_rate: 2_000 }, { processes: shared });
    expect(bound.of('kafka.throttled').some((e) => e.client === 'reader')).toBe(true);
    expect(bound.of('share.acknowledged').length).toBeGreaterThan(0);
  });
});
