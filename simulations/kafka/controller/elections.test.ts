// Leaders elected on request, back to preferred replicas, out of sync, and among replicas that are eligible without being in sync.
import { describe, expect, it } from 'vitest';
import { bodyOf, describeTopics, electLeaders, errorsOf, setConfigs, TOPIC } from '../admin.test-helper.ts';
import { batchOf, probe, type Ask } from '../probe.test-helper.ts';
import { KEY } from '../protocol/apiKeys.ts';
import type { DescribedTopic } from '../protocol/adminMessages.ts';

const PREFERRED = 0;
const UNCLEAN = 1;
const leader = probe({ topics: [TOPIC], horizonMs: 10 }, [])
  .of('kafka.leaderElected')
  .find((e) => e.topic === 't')!;
const [L, F1, F2] = leader.replicas.split(',').map(Number) as [number, number, number];

const from = (broker: number, ask: Ask): Ask => ({ ...ask, broker });
const elections = (of: ReturnType<typeof probe>['of']) =>
  of('kafka.leaderElected')
    .filter((e) => e.topic === 't' && e.timeUs > 0)
    .map((e) => ({ at: Math.round(e.timeUs / 1000), leader: e.leader, isr: e.isr, unclean: e.unclean }));

describe('electing leaders on request', () => {
  const faults = [`restart broker-${L} at 1s`];

  it('gives a partition back to its preferred replica once that is in sync', () => {
    const { answers, of } = probe(
      { topics: [TOPIC], horizonMs: 40_000 },
      [from(F1, electLeaders(500, PREFERRED, { t: [0] })), from(F1, electLeaders(11_000, PREFERRED, { t: [0] })), from(F1, electLeaders(35_000, PREFERRED, { t: [0] }))],
      faults,
    );
    expect(answers.map((a) => errorsOf(a))).toEqual([
      [0, 84],
      [0, 80],
      [0, 0],
    ]);
    expect(elections(of).at(-1)).toMatchObject({ leader: L, unclean: false });
    expect(elections(of).at(-1)!.at).toBeGreaterThan(35_000);
  });

  it('answers for all partitions only where something was done or failed', () => {
    const { answers } = probe({ topics: [{ ...TOPIC, partitions: 6 }], horizonMs: 2_000 }, [
      electLeaders(500, PREFERRED, null),
      electLeaders(700, PREFERRED, { nowhere: [0], t: [9, 0] }),
      electLeaders(900, 5, null),
    ]);
    expect(errorsOf(answers[0])).toEqual([0]);
    expect(errorsOf(answers[1])).toEqual([0, 3, 3, 84]);
    expect(errorsOf(answers[2])).toEqual([42]);
  });

  it('takes a replica that is out of sync only where that is asked for and nobody leads', () => {
    const dead = [`kill broker-${F1} at 1s`, `kill broker-${F2} at 1s`, `kill broker-${L} at 14s`, `restart broker-${F1} at 15s`];
    const { answers, of } = probe(
      { topics: [TOPIC], horizonMs: 60_000 },
      [
        from(F1, electLeaders(40_000, PREFERRED, { t: [0] })),
        from(F1, electLeaders(41_000, UNCLEAN, { t: [0] })),
        from(F1, electLeaders(42_000, UNCLEAN, { t: [0] })),
        from(F1, describeTopics(43_000, ['t'])),
      ],
      dead,
    );
    expect(answers.slice(0, 3).map((a) => errorsOf(a))).toEqual([
      [0, 80],
      [0, 0],
      [0, 84],
    ]);
    expect(elections(of)).toMatchObject([{ leader: -1 }, { leader: F1, isr: String(F1), unclean: true }]);
    expect(bodyOf<{ topics: DescribedTopic[] }>(answers[3]).topics[0]!.partitions[0]).toMatchObject({ leaderId: F1, isrNodes: [F1] });
  });

  it('finds no replica that could lead where all are dead', () => {
    const { answers } = probe({ topics: [{ ...TOPIC, replicationFactor: 1 }], horizonMs: 20_000 }, [from(F1, electLeaders(15_000, UNCLEAN, { t: [0] }))], [`kill broker-${L} at 1s`]);
    expect(errorsOf(answers[0])).toEqual([0, 83]);
  });
});

describe('leadership', () => {
  const faults = [`restart broker-${L} at 1s`];

  it('goes back to preferred replicas at the check every 300 s', () => {
    const { of } = probe({ topics: [TOPIC], horizonMs: 310_000 }, [], faults);
    expect(elections(of)).toMatchObject([{ leader: F1 }, { at: 300_000, leader: L, unclean: false }]);
  });

  it('stays where auto.leader.rebalance.enable is off', () => {
    const { of } = probe({ topics: [TOPIC], horizonMs: 310_000, cluster: { brokers: 3, config: { autoLeaderRebalanceEnable: false } } }, [], faults);
    expect(elections(of).map((e) => e.leader)).toEqual([F1]);
  });
});

describe('a partition without a leader', () => {
  const dead = [`kill broker-${F1} at 1s`, `kill broker-${F2} at 1s`, `kill broker-${L} at 14s`, `restart broker-${F1} at 15s`];

  it('is tried again every 5 minutes once unclean.leader.election.enable is set', () => {
    const { of, result } = probe({ topics: [TOPIC], horizonMs: 305_000 }, [from(F1, setConfigs(60_000, 't', { 'unclean.leader.election.enable': 'true' }))], dead);
    expect(elections(of)).toMatchObject([{ leader: -1 }, { at: 300_000, leader: F1, unclean: true }]);
    expect(result.invariants.every((i) => i.held || !i.promised)).toBe(true);
  });

  it('stays so where it is not set', () => {
    const { of } = probe({ topics: [TOPIC], horizonMs: 305_000 }, [], dead);
    expect(elections(of).map((e) => e.leader)).toEqual([-1]);
  });

  it('gets a leader as soon as one may lead, where the topic was made so', () => {
    const { of } = probe({ topics: [{ ...TOPIC, config: { 'unclean.leader.election.enable': 'true' } }], horizonMs: 60_000 }, [], dead);
    const [only, ...rest] = elections(of);
    expect(only).toMatchObject({ leader: F1, unclean: true });
    expect(only!.at).toBeLessThan(26_000);
    expect(rest).toEqual([]);
  });
});

describe('eligible leader replicas', () => {
  const produce = (atMs: number): Ask => ({
    atMs,
    broker: L,
    api: KEY.Produce,
    version: 9,
    on: 'produce',
    body: { transactionalId: null, acks: 1, timeoutMs: 2_000, topicData: [{ name: 't', partitionData: [{ index: 0, records: [batchOf(1)] }] }] },
  });
  const described = (atMs: number) => from(F1, describeTopics(atMs, ['t']));
  const partition = (answer: Parameters<typeof bodyOf>[0]) => bodyOf<{ topics: DescribedTopic[] }>(answer).topics[0]!.partitions[0]!;
  /** Both followers shut down in order, one after the other, then the leader dies. */
  const inOrder = [`shutdown broker-${F2} at 1s`, `shutdown broker-${F1} at 10s for 30s`, `kill broker-${L} at 20s`];

  it('are kept from Kafka 4.1 on: who left below min.insync.replicas may lead without being in sync', () => {
    const { answers, of } = probe({ profile: 'kafka-4.1', topics: [TOPIC], horizonMs: 60_000 }, [from(L, describeTopics(15_000, ['t'])), described(50_000)], inOrder);
    expect(partition(answers[0])).toMatchObject({ leaderId: L, isrNodes: [L], eligibleLeaderReplicas: [F1] });
    expect(elections(of).map((e) => [e.leader, e.unclean])).toEqual([
      [-1, false],
      [F1, false],
    ]);
    expect(partition(answers[1])).toMatchObject({ leaderId: F1, isrNodes: [F1], eligibleLeaderReplicas: [L], lastKnownElr: [] });
    expect(of('kafka.elrChanged').length).toBeGreaterThan(1);
  });

  it('are not kept before: the last in-sync replica alone may lead', () => {
    const { answers, of } = probe({ topics: [TOPIC], horizonMs: 60_000 }, [from(L, describeTopics(15_000, ['t'])), described(50_000)], inOrder);
    expect(partition(answers[0])).toMatchObject({ leaderId: L, isrNodes: [L], eligibleLeaderReplicas: [] });
    expect(elections(of).map((e) => e.leader)).toEqual([-1]);
    expect(partition(answers[1])).toMatchObject({ errorCode: 5, leaderId: -1, isrNodes: [L] });
  });

  it('move no high watermark while the ISR is below min.insync.replicas, so that nothing they lack is readable', () => {
    const { of, result } = probe({ profile: 'kafka-4.1', topics: [TOPIC], horizonMs: 60_000 }, [produce(500), produce(16_000)], inOrder);
    const marks = of('kafka.highWatermark').filter((e) => e.topic === 't' && e.process === `broker-${L}`);
    expect(marks.map((e) => e.offset)).toEqual([1]);
    expect(result.invariants.find((i) => i.id === 'delivered-stands')).toMatchObject({ held: true });
  });

  it('lose that place when they end without order, for their disk may lack what they had', () => {
    const faults = [`shutdown broker-${F2} at 1s`, `shutdown broker-${F1} at 5s for 3s`, `kill broker-${L} at 40s`];
    const { answers } = probe({ profile: 'kafka-4.1', topics: [TOPIC], horizonMs: 60_000 }, [from(F1, describeTopics(55_000, ['t']))], faults);
    // Back in order it rejoined; the leader that was killed at 40 s is eligible as long as it has not come back without its clean end.
    expect(partition(answers[0])).toMatchObject({ leaderId: F1, isrNodes: [F1], eligibleLeaderReplicas: [L] });
    const { all } = probe({ profile: 'kafka-4.1', topics: [TOPIC], horizonMs: 60_000 }, [], [...faults, `restart broker-${L} at 52s`]);
    const changes = all().flatMap((e) =>
      e.timeUs < 52_000_000 ? [] : e.type === 'kafka.elrChanged' ? [`eligible ${e.elr}`] : e.type === 'kafka.isrChanged' && e.topic === 't' ? ['in sync again'] : [],
    );
    expect(changes).toEqual(['eligible ', 'in sync again']);
  });

  it('are forgotten when min.insync.replicas changes', () => {
    const { answers, of } = probe(
      { profile: 'kafka-4.1', topics: [TOPIC], horizonMs: 30_000 },
      [
        from(L, setConfigs(15_000, 't', { 'min.insync.replicas': '1' })),
        from(L, describeTopics(16_000, ['t'])),
        from(L, setConfigs(17_000, String(L), { 'min.insync.replicas': '1' })),
        from(L, setConfigs(18_000, '', { 'min.insync.replicas': null })),
      ],
      inOrder.slice(0, 2),
    );
    expect(partition(answers[1])).toMatchObject({ eligibleLeaderReplicas: [] });
    expect(
      of('kafka.elrChanged')
        .filter((e) => e.topic === 't')
        .map((e) => e.elr),
    ).toEqual([String(F1), '']);
    expect(answers.slice(2).map((a) => errorsOf(a))).toEqual([[40], [40]]);
  });
});
