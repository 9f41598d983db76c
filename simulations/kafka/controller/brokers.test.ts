// Brokers that end in order, that fall silent, that join and that leave for good.
import { describe, expect, it } from 'vitest';
import { bodyOf, createTopics, describeCluster, errorsOf, reassign, TOPIC, unregister } from '../admin.test-helper.ts';
import { batchOf, probe, type Ask } from '../probe.test-helper.ts';
import { KEY } from '../protocol/apiKeys.ts';
import type { DescribeClusterResponse } from '../protocol/adminMessages.ts';

const leader = probe({ topics: [TOPIC], horizonMs: 10 }, [])
  .of('kafka.leaderElected')
  .find((e) => e.topic === 't')!;
const [L, F1, F2] = leader.replicas.split(',').map(Number) as [number, number, number];

const produce = (atMs: number, broker: number): Ask => ({
  atMs,
  broker,
  api: KEY.Produce,
  version: 9,
  on: 'produce',
  body: { transactionalId: null, acks: -1, timeoutMs: 2_000, topicData: [{ name: 't', partitionData: [{ index: 0, records: [batchOf(1)] }] }] },
});
const heartbeat = (atMs: number, brokerId: number, brokerEpoch: number): Ask => ({
  atMs,
  broker: 0,
  api: KEY.BrokerHeartbeat,
  version: 1,
  body: { brokerId, brokerEpoch, currentMetadataOffset: 0, wantShutDown: false },
});
const ms = (event: { timeUs: number } | undefined) => event!.timeUs / 1000;
const brokersOf = (answer: Parameters<typeof bodyOf>[0]) => bodyOf<DescribeClusterResponse>(answer).brokers.map((b) => (b.isFenced ? `${b.brokerId} fenced` : String(b.brokerId)));

describe('a broker that is shut down', () => {
  const run = probe({ topics: [TOPIC], horizonMs: 30_000 }, [produce(500, L), produce(6_000, F1)], [`shutdown broker-${L} at 2s for 20s`]);
  const { of, answers, result } = run;

  it('hands its leaderships over first and ends when the others have read of it', () => {
    const asked = of('fault.started')[0]!;
    expect(asked).toMatchObject({ kind: 'shutdown', tookEffect: true });
    const moving = of('kafka.shuttingDown')[0];
    const elected = of('kafka.leaderElected').find((e) => e.topic === 't' && e.timeUs > 0);
    const exited = of('process.exited')[0];
    expect(elected).toMatchObject({ leader: F1, was: L, isr: `${F1},${F2}`, unclean: false });
    expect(exited).toMatchObject({ process: `broker-${L}`, code: 0 });
    expect(ms(moving) - ms(asked)).toBeLessThan(5);
    expect(ms(elected)).toBe(ms(moving));
    expect(ms(exited)).toBeGreaterThan(ms(elected) + 50);
    expect(ms(exited)).toBeLessThan(ms(elected) + 5_000);
    expect(of('kafka.fenced').map((e) => [e.broker, e.reason])).toEqual([[L, 'shutdown']]);
  });

  it('is no loss to clients: the next leader takes their records', () => {
    expect(answers.map((a) => errorsOf(a))).toEqual([[0], [0]]);
    expect(result.invariants.every((i) => i.held)).toBe(true);
  });

  it('registers at once when it starts again, for its session is over, and its replicas rejoin', () => {
    expect(ms(of('process.restarted')[0])).toBe(22_000);
    expect(
      of('request.answered')
        .filter((e) => e.api === 'BrokerRegistration')
        .map((e) => e.error),
    ).toEqual(['NONE']);
    expect(
      of('kafka.isrChanged')
        .filter((e) => e.topic === 't')
        .at(-1),
    ).toMatchObject({ isr: `${F1},${F2},${L}`, leader: F1 });
  });

  it('keeps the last in-sync replica in place and its partition without a leader', () => {
    const alone = probe({ topics: [{ ...TOPIC, replicationFactor: 1 }], horizonMs: 20_000 }, [], [`shutdown broker-${L} at 2s for 10s`]);
    expect(
      alone
        .of('kafka.leaderElected')
        .filter((e) => e.topic === 't' && e.timeUs > 0)
        .map((e) => [e.leader, e.isr]),
    ).toEqual([
      [-1, String(L)],
      [L, String(L)],
    ]);
  });

  it('is killed where it should be back before it has ended', () => {
    const cut = probe({ topics: [TOPIC], horizonMs: 30_000 }, [], [`cut broker-${L}->controller at 1s for 8s`, `shutdown broker-${L} at 2s for 3s`]);
    expect(cut.of('process.killed')).toHaveLength(1);
    expect(cut.of('process.restarted').map(ms)).toEqual([5_000]);
    expect(cut.of('process.exited')).toEqual([]);
  });

  it('ends at once where it does not serve yet', () => {
    const early = probe({ topics: [TOPIC], horizonMs: 20_000 }, [], [`kill broker-${L} at 1s for 2s`, `shutdown broker-${L} at 4s for 5s`]);
    expect(early.of('process.exited').map(ms)).toEqual([4_000]);
    expect(early.of('kafka.shuttingDown')).toEqual([]);
  });

  it('ends without leave after five minutes when the controller does not answer', () => {
    const lost = probe({ topics: [TOPIC], horizonMs: 320_000 }, [], [`kill controller at 1s`, `shutdown broker-${L} at 2s`]);
    expect(lost.of('process.exited').map((e) => [e.process, Math.round(ms(e))])).toEqual([[`broker-${L}`, 302_000]]);
  });
});

describe('the controller', () => {
  it('hears no heartbeat of an epoch that is over, nor of a broker that it does not know', () => {
    const { answers } = probe({ topics: [TOPIC], horizonMs: 1_000 }, [heartbeat(100, 1, 1), heartbeat(200, 1, 77), heartbeat(300, 9, 1)]);
    expect(errorsOf(answers[1])).toEqual([77]);
    expect(errorsOf(answers[2])).toEqual([77]);
    expect(errorsOf(answers[0])).toEqual([0]);
  });

  it('forgets no fencing when it starts again, and gives every broker a new session', () => {
    const { of } = probe({ topics: [TOPIC], horizonMs: 30_000 }, [], [`kill broker-${F1} at 1s`, 'restart controller at 14s']);
    expect(of('kafka.fenced').map((e) => e.broker)).toEqual([F1]);
    expect(of('kafka.unfenced')).toEqual([]);
  });
});

describe('a broker that joins', () => {
  const cluster = { brokers: 3, joining: [{ atMs: 3_000 }] };

  it('registers, is let in, and takes replicas that are moved to it', () => {
    const { of, answers, result } = probe({ cluster, topics: [TOPIC], horizonMs: 20_000 }, [
      produce(500, L),
      describeCluster(2_000),
      describeCluster(6_000),
      reassign(7_000, 't', 0, [4, F1, F2]),
      describeCluster(8_000, {}, 4),
      createTopics(9_000, { wide: { replicationFactor: 4 } }),
    ]);
    expect(of('kafka.brokerJoined').map((e) => e.broker)).toEqual([4]);
    expect(of('kafka.unfenced').map((e) => e.broker)).toEqual([4]);
    expect(brokersOf(answers[1])).toEqual(['1', '2', '3']);
    expect(brokersOf(answers[2])).toEqual(['1', '2', '3', '4']);
    expect(brokersOf(answers[4])).toEqual(['1', '2', '3', '4']);
    expect(of('kafka.append').filter((e) => e.process === 'broker-4' && e.topic === 't')).toHaveLength(1);
    expect(
      of('kafka.leaderElected')
        .filter((e) => e.topic === 't')
        .at(-1),
    ).toMatchObject({ leader: 4, replicas: `4,${F1},${F2}` });
    expect(errorsOf(answers[5])).toEqual([0]);
    expect(result.invariants.every((i) => i.held)).toBe(true);
  });

  it('is not in a cluster before its time, also not for faults and topics', () => {
    const { answers, of } = probe({ cluster, topics: [TOPIC], horizonMs: 2_500 }, [createTopics(1_000, { wide: { replicationFactor: 4 } })], ['kill broker-4 at 500ms']);
    expect(errorsOf(answers[0])).toEqual([38]);
    expect(of('fault.started')[0]).toMatchObject({ tookEffect: false });
  });
});

describe('a broker that is taken out of the cluster', () => {
  it('is gone from metadata and in-sync sets; while it lives on, it is not heard any more', () => {
    const { answers, of } = probe({ topics: [TOPIC], horizonMs: 30_000 }, [
      { ...unregister(2_000, F1), broker: L },
      { ...describeCluster(4_000, { includeFencedBrokers: true }), broker: L },
      { ...unregister(5_000, F1), broker: L },
    ]);
    expect(errorsOf(answers[0])).toEqual([0]);
    expect(brokersOf(answers[1])).toEqual([L, F2].sort((a, b) => a - b).map(String));
    expect(errorsOf(answers[2])).toEqual([102]);
    expect(of('kafka.brokerLeft').map((e) => e.broker)).toEqual([F1]);
    expect(of('kafka.isrChanged').find((e) => e.topic === 't')).toMatchObject({ isr: `${L},${F2}` });
    const refused = of('request.answered').filter((e) => e.api === 'BrokerHeartbeat' && e.client === `broker-${F1}` && e.timeUs > 3_000_000);
    expect(refused.length).toBeGreaterThan(2);
    expect(new Set(refused.map((e) => e.error))).toEqual(new Set(['STALE_BROKER_EPOCH']));
  });

  it('comes back as a new one when its process starts again', () => {
    const { of } = probe({ topics: [TOPIC], horizonMs: 30_000 }, [{ ...unregister(5_000, F1), broker: L }], [`shutdown broker-${F1} at 1s for 9s`]);
    expect(of('kafka.brokerJoined').map((e) => e.broker)).toEqual([F1]);
    expect(
      of('kafka.isrChanged')
        .filter((e) => e.topic === 't')
        .at(-1)!
        .isr.split(','),
    ).toContain(String(F1));
  });
});

describe('DescribeCluster', () => {
  it('tells brokers, with the fenced where that is asked, and refuses to speak for controllers', () => {
    const { answers } = probe(
      { topics: [TOPIC], horizonMs: 20_000 },
      [
        { ...describeCluster(15_000), broker: L },
        { ...describeCluster(15_000, { includeFencedBrokers: true, includeClusterAuthorizedOperations: true }), broker: L },
        { ...describeCluster(15_000, { endpointType: 2 }), broker: L },
        { ...describeCluster(15_000, { endpointType: 3 }), broker: L },
      ],
      [`kill broker-${F1} at 1s`],
    );
    expect(brokersOf(answers[0])).toEqual([L, F2].sort((a, b) => a - b).map(String));
    expect(brokersOf(answers[1])).toContain(`${F1} fenced`);
    expect(bodyOf<DescribeClusterResponse>(answers[0])).toMatchObject({ clusterId: 'millrace', endpointType: 1, clusterAuthorizedOperations: -2_147_483_648 });
    expect(bodyOf<DescribeClusterResponse>(answers[1]).clusterAuthorizedOperations).toBeGreaterThan(0);
    expect([errorsOf(answers[2])[0], errorsOf(answers[3])[0]]).toEqual([114, 115]);
  });
});
