// Replicas that are moved: added first, removed when the added ones are in sync.
import { describe, expect, it } from 'vitest';
import { bodyOf, errorsOf, listReassignments, reassign, setConfigs, TOPIC } from '../admin.test-helper.ts';
import { batchOf, probe, type Ask } from '../probe.test-helper.ts';
import { KEY } from '../protocol/apiKeys.ts';
import type { ListPartitionReassignmentsResponse } from '../protocol/adminMessages.ts';

const document = (over: object = {}) => ({ cluster: { brokers: 5 }, topics: [TOPIC], horizonMs: 30_000, ...over });
const first = probe(document({ horizonMs: 10 }), [])
  .of('kafka.leaderElected')
  .find((e) => e.topic === 't')!;
const [L, F1, F2] = first.replicas.split(',').map(Number) as [number, number, number];
const [N1, N2] = [1, 2, 3, 4, 5].filter((b) => ![L, F1, F2].includes(b)) as [number, number];

const produce = (atMs: number, broker = L): Ask => ({
  atMs,
  broker,
  api: KEY.Produce,
  version: 9,
  on: 'produce',
  body: { transactionalId: null, acks: -1, timeoutMs: 2_000, topicData: [{ name: 't', partitionData: [{ index: 0, records: [batchOf(3)] }] }] },
});
const steps = (of: ReturnType<typeof probe>['of']) => of('kafka.reassigned').map((e) => `${e.replicas} +${e.adding} -${e.removing}`);
const listed = (answer: Parameters<typeof bodyOf>[0]) => bodyOf<ListPartitionReassignmentsResponse>(answer).topics;
/** The new brokers hear nothing of the leader: their replicas never catch up. */
const stalled = `cut {broker-${N1},broker-${N2}}<->broker-${L} at 1s`;

/** In-sync replicas stand in the order in which they came in. */
const inAnyOrder = (...ids: readonly number[]) => expect.toSatisfy((isr: string) => isr.split(',').toSorted().join() === ids.map(String).toSorted().join());

describe('a reassignment', () => {
  it('adds replicas, waits until they are in sync, then removes the others and elects the new preferred leader', () => {
    const { of, answers, result } = probe(document(), [produce(500), reassign(2_000, 't', 0, [N1, N2, F1]), produce(10_000, N1), listReassignments(12_000)]);
    expect(errorsOf(answers[1])).toEqual([0, 0]);
    const removing = [L, F2].sort((a, b) => a - b);
    expect(steps(of)).toEqual([`${N1},${N2},${F1},${removing.join(',')} +${N1},${N2} -${removing.join(',')}`, `${N1},${N2},${F1} + -`]);
    expect(
      of('kafka.leaderElected')
        .filter((e) => e.topic === 't')
        .at(-1),
    ).toMatchObject({ leader: N1, was: L, isr: inAnyOrder(N1, N2, F1), unclean: false });
    expect(of('kafka.replicaDropped').map((e) => [e.process, e.logEndOffset])).toEqual(expect.arrayContaining([`broker-${L}`, `broker-${F2}`].map((p) => [p, 3])));
    expect(errorsOf(answers[2])).toEqual([0]);
    expect(listed(answers[3])).toEqual([]);
    expect(result.invariants.every((i) => i.held)).toBe(true);
  });

  it('is listed while it is under way, and cancelled with the new replicas taken out again', () => {
    const { of, answers } = probe(
      document(),
      [
        produce(500),
        { ...reassign(2_000, 't', 0, [N1, L, F1]), broker: L },
        { ...listReassignments(4_000), broker: L },
        { ...reassign(5_000, 't', 0, null), broker: L },
        { ...listReassignments(6_000), broker: L },
        { ...reassign(7_000, 't', 0, null), broker: L },
      ],
      [stalled],
    );
    expect(listed(answers[2])).toEqual([{ name: 't', partitions: [{ partitionIndex: 0, replicas: [N1, L, F1, F2], addingReplicas: [N1], removingReplicas: [F2] }] }]);
    expect([errorsOf(answers[3]), listed(answers[4]), errorsOf(answers[5])]).toEqual([[0, 0], [], [0, 85]]);
    expect(steps(of)).toEqual([`${N1},${L},${F1},${F2} +${N1} -${F2}`, `${L},${F1},${F2} + -`]);
  });

  it('may be replaced by another one', () => {
    const { of } = probe(
      document(),
      [
        { ...reassign(2_000, 't', 0, [N1, L, F1]), broker: L },
        { ...reassign(4_000, 't', 0, [F2, L]), broker: L },
      ],
      [stalled],
    );
    expect(steps(of).at(-1)).toBe(`${F2},${L} + -`);
    expect(
      of('kafka.isrChanged')
        .filter((e) => e.topic === 't')
        .at(-1),
    ).toMatchObject({ isr: inAnyOrder(F2, L) });
  });

  it('that only puts replicas in another order is done at once and moves no leadership', () => {
    const { of } = probe(document(), [reassign(2_000, 't', 0, [F2, F1, L])]);
    expect(steps(of)).toEqual([`${F2},${F1},${L} + -`]);
    expect(of('kafka.leaderElected').filter((e) => e.topic === 't')).toHaveLength(1);
  });

  it('that only removes is done at once, with a new epoch, for the leader must not count who is gone', () => {
    const { of } = probe(document(), [reassign(2_000, 't', 0, [L, F1])]);
    expect(steps(of)).toEqual([`${L},${F1} + -`]);
    expect(
      of('kafka.roleTaken')
        .filter((e) => e.topic === 't' && e.process === `broker-${L}`)
        .map((e) => e.leaderEpoch),
    ).toEqual([0, 1]);
  });

  it.each([
    ['to nobody', [], 39],
    ['to one broker twice', [1, 1], 39],
    ['to a broker that nobody registered', [1, 9], 39],
  ])('%s is refused', (_what, replicas, code) => {
    const { answers, of } = probe(document({ horizonMs: 5_000 }), [reassign(2_000, 't', 0, replicas)]);
    expect(errorsOf(answers[0])).toEqual([0, code]);
    expect(of('kafka.reassigned')).toEqual([]);
  });

  it('of an unknown partition is refused', () => {
    const { answers } = probe(document({ horizonMs: 5_000 }), [reassign(2_000, 't', 7, [1, 2]), reassign(2_100, 'nowhere', 0, null)]);
    expect(answers.map((a) => errorsOf(a))).toEqual([
      [0, 3],
      [0, 3],
    ]);
  });

  it('goes on to its end over the death of its leader', () => {
    const { of, result } = probe(document({ horizonMs: 60_000 }), [produce(500), reassign(2_000, 't', 0, [N1, N2, F1])], [`kill broker-${L} at 2020ms`]);
    expect(steps(of).at(-1)).toBe(`${N1},${N2},${F1} + -`);
    expect(result.invariants.every((i) => i.held)).toBe(true);
  });

  it('is not cancelled into a replica out of sync unless that is allowed', () => {
    // One new replica is in sync when the old ones die; the other hears of nobody, so that the reassignment is never done.
    const faults = [`cut broker-${N2}<->{broker-${L},broker-${N1}} at 1s`, `kill broker-${F1} at 8s`, `kill broker-${F2} at 8s`, `kill broker-${L} at 22s`];
    const asks = [
      { ...reassign(2_000, 't', 0, [N1, N2]), broker: N1 },
      { ...reassign(50_000, 't', 0, null), broker: N1 },
      { ...setConfigs(51_000, 't', { 'unclean.leader.election.enable': 'true' }), broker: N1 },
      { ...reassign(52_000, 't', 0, null), broker: N1 },
    ];
    const { answers, of } = probe(document({ horizonMs: 60_000 }), asks, faults);
    expect([errorsOf(answers[1]), errorsOf(answers[3])]).toEqual([
      [0, 39],
      [0, 0],
    ]);
    expect(
      of('kafka.isrChanged')
        .filter((e) => e.topic === 't')
        .map((e) => e.isr),
    ).toContain(String(N1));
    expect(
      of('kafka.leaderElected')
        .filter((e) => e.topic === 't')
        .at(-1),
    ).toMatchObject({ leader: -1 });
  });
});
