// AlterPartition: what a leader may propose, and the error for each thing it may not.
import { describe, expect, it } from 'vitest';
import { createTopics, errorsOf, TOPIC } from '../admin.test-helper.ts';
import { probe, type Ask } from '../probe.test-helper.ts';
import { KEY } from '../protocol/apiKeys.ts';
import { drawUuid } from '../protocol/uuid.ts';
import type { AlterPartitionRequest } from './messages.ts';

const leader = probe({ topics: [TOPIC], horizonMs: 10 }, [])
  .of('kafka.leaderElected')
  .find((e) => e.topic === 't')!;
const [L, F1, F2] = leader.replicas.split(',').map(Number) as [number, number, number];
/** Brokers that stood before the run have their id as epoch. */
const isr = (...ids: readonly number[]) => ids.map((brokerId) => ({ brokerId, brokerEpoch: brokerId }));

const propose = (atMs: number, over: Partial<AlterPartitionRequest> = {}): Ask => ({
  atMs,
  broker: 0,
  api: KEY.AlterPartition,
  version: 3,
  body: { brokerId: L, brokerEpoch: L, topicId: drawUuid(1, 'topic/t/id/0'), partition: 0, leaderEpoch: 0, partitionEpoch: 0, newIsr: isr(L, F1), ...over } satisfies AlterPartitionRequest,
});

describe('a proposed in-sync set', () => {
  it.each<[string, Partial<AlterPartitionRequest>, number]>([
    ['of the leader as it stands', {}, 0],
    ['without the epochs of its members', { newIsr: [L, F1].map((brokerId) => ({ brokerId, brokerEpoch: -1 })) }, 0],
    ['from a broker epoch that is over', { brokerEpoch: 99 }, 77],
    ['from a broker that does not lead', { brokerId: F1, brokerEpoch: F1 }, 42],
    ['of an unknown topic', { topicId: 'AAAAAAAAAAAAAAAAAAAAZw' }, 100],
    ['of an unknown partition', { partition: 3 }, 3],
    ['in an older leader epoch', { leaderEpoch: -1 }, 74],
    ['in a newer leader epoch than the controller has', { leaderEpoch: 1 }, 41],
    ['on another partition epoch', { partitionEpoch: -1 }, 95],
    ['on a newer partition epoch than the controller has', { partitionEpoch: 7 }, 41],
    ['with a broker that has no replica', { newIsr: isr(L, 9) }, 42],
    ['with a broker twice', { newIsr: isr(L, L) }, 42],
    ['without the leader', { newIsr: isr(F1, F2) }, 42],
    [
      'with a member in an incarnation that is over',
      {
        newIsr: [
          { brokerId: L, brokerEpoch: L },
          { brokerId: F1, brokerEpoch: 77 },
        ],
      },
      107,
    ],
  ])('%s', (_what, over, code) => {
    const { answers, of } = probe({ topics: [TOPIC], horizonMs: 1_000 }, [propose(100, over)]);
    expect(errorsOf(answers[0])).toEqual([code]);
    // The follower left out fetches on and is soon proposed again by the leader itself.
    expect(of('kafka.isrChanged').length > 0).toBe(code === 0);
  });

  it('with a member that is fenced or shutting down is refused', () => {
    const { answers } = probe({ topics: [TOPIC], horizonMs: 20_000 }, [propose(16_000, { partitionEpoch: 1, newIsr: isr(L, F1, F2) })], [`kill broker-${F1} at 1s`]);
    expect(errorsOf(answers[0])).toEqual([107]);
  });

  it('on a partition epoch that it has already used is refused the second time', () => {
    const { answers } = probe({ topics: [TOPIC], horizonMs: 1_000 }, [propose(100), propose(100)]);
    expect(answers.map((a) => errorsOf(a))).toEqual([[0], [95]]);
  });
});

describe('a leader', () => {
  const sent = (of: ReturnType<typeof probe>['of']) => of('net.sent').filter((e) => e.api === 'AlterPartition' && !e.response && e.from === `broker-${L}`);
  /** How often the controller took F1 into a set that L leads: of the topic, and of the partitions of __consumer_offsets. */
  const taken = (of: ReturnType<typeof probe>['of']) => of('kafka.isrChanged').filter((e) => e.leader === L && e.isr.split(',').includes(String(F1)));
  const backIn = (of: ReturnType<typeof probe>['of']) =>
    of('kafka.isrChanged')
      .filter((e) => e.topic === 't')
      .at(-1)!
      .isr.split(',')
      .includes(String(F1));

  it('proposes a follower when it has caught up again, one time for each partition', () => {
    const { of } = probe({ topics: [TOPIC], horizonMs: 20_000 }, [], [`restart broker-${F1} at 1s`]);
    expect(sent(of)).toHaveLength(taken(of).length);
    expect(backIn(of)).toBe(true);
  });

  it('asks again until it is answered', () => {
    // The follower reaches the leader from 18 s on, while the leader reaches nobody who could answer until 22 s.
    const faults = [`restart broker-${F1} at 1s`, `cut broker-${F1}<->broker-${L} at 2s for 16s`, `cut broker-${L}->controller at 17s for 5s`, 'restart controller at 21s'];
    const { of } = probe({ topics: [TOPIC], horizonMs: 40_000 }, [{ ...createTopics(500, { other: {} }), broker: L }], faults);
    expect(sent(of).length).toBeGreaterThan(taken(of).length);
    expect(backIn(of)).toBe(true);
  });
});
