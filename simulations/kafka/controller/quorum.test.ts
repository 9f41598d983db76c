// The quorum as administrators see it: one voter, and the brokers that pull its log.
import { describe, expect, it } from 'vitest';
import { bodyOf, createTopics, describeQuorum, errorsOf, TOPIC } from '../admin.test-helper.ts';
import { probe, type Answer } from '../probe.test-helper.ts';
import type { DescribeQuorumResponse } from '../protocol/adminMessages.ts';

const EPOCH_MS = Date.UTC(2026, 0, 1);
const quorum = (answer: Answer | undefined) => bodyOf<DescribeQuorumResponse>(answer).topics[0]!.partitions[0]!;

describe('the quorum', () => {
  it('has the controller as its one voter and leader, and every broker as an observer that has read everything', () => {
    const { answers } = probe({ topics: [TOPIC], horizonMs: 5_000 }, [describeQuorum(1_000), createTopics(1_500, { more: {} }), describeQuorum(3_000)]);
    const [before, after] = [quorum(answers[0]), quorum(answers[2])];
    expect([before.leaderId, before.leaderEpoch, before.errorCode]).toEqual([3_000, 1, 0]);
    const nowMs = EPOCH_MS + Math.floor(answers[0]!.atMs);
    expect(before.currentVoters).toMatchObject([{ replicaId: 3_000, logEndOffset: before.highWatermark }]);
    expect(nowMs - before.currentVoters[0]!.lastFetchTimestamp).toBeLessThan(10);
    expect(before.observers.map((o) => [o.replicaId, o.logEndOffset])).toEqual([1, 2, 3].map((id) => [id, before.highWatermark]));
    for (const o of before.observers) {
      expect(nowMs - o.lastFetchTimestamp).toBeLessThan(520);
      expect(o.lastCaughtUpTimestamp).toBe(o.lastFetchTimestamp);
    }
    expect(after.highWatermark).toBeGreaterThan(before.highWatermark);
    expect(bodyOf<DescribeQuorumResponse>(answers[0]).nodes).toEqual([{ nodeId: 3_000, listeners: [{ name: 'CONTROLLER', host: 'controller', port: 9093 }] }]);
  });

  it('tells how far behind a broker is that cannot reach the controller', () => {
    const { answers } = probe({ topics: [TOPIC], horizonMs: 5_000 }, [createTopics(2_000, { more: {} }), describeQuorum(4_000)], ['cut broker-2<->controller at 1s for 10s']);
    const { observers, highWatermark } = quorum(answers[1]);
    const [, two, three] = observers;
    expect(two!.logEndOffset).toBeLessThan(highWatermark);
    expect(two!.lastFetchTimestamp - EPOCH_MS).toBeLessThan(1_010);
    expect([three!.replicaId, three!.logEndOffset]).toEqual([3, highWatermark]);
  });

  it('is in another epoch after the controller has started again, and forgets a broker that is away for five minutes', () => {
    const { answers } = probe(
      { topics: [TOPIC], horizonMs: 400_000 },
      [describeQuorum(20_000), describeQuorum(100_000), describeQuorum(390_000)],
      ['kill controller at 1s for 2s', 'kill broker-3 at 50s for 390s'],
    );
    expect(quorum(answers[0]).leaderEpoch).toBe(2);
    expect(answers.map((a) => quorum(a).observers.map((o) => o.replicaId))).toEqual([
      [1, 2, 3],
      [1, 2, 3],
      [1, 2],
    ]);
  });

  it('is that of the metadata log only, and not to be had while the controller is away', () => {
    const document = { topics: [TOPIC], horizonMs: 60_000 };
    const { answers } = probe(document, [describeQuorum(1_000, 't'), describeQuorum(1_000, '__cluster_metadata', 1)]);
    expect(answers.map((a) => errorsOf(a))).toEqual([
      [0, 3],
      [0, 3],
    ]);
    const away = probe(document, [describeQuorum(2_000)], ['kill controller at 1s for 55s']);
    expect(errorsOf(away.answers[0])).toEqual([7]);
  });
});
