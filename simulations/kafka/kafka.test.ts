import { describe, expect, it } from 'vitest';
import { told, universe } from '../testing.ts';
import { batchOf, fetchBody, probe, type Answer, type Ask } from './probe.test-helper.ts';
import { KEY } from './protocol/apiKeys.ts';
import { ZERO_UUID } from './protocol/layout.ts';

const topic = { name: 't', partitions: 1, replicationFactor: 3, minInsyncReplicas: 2 };
/** Partition 0 of topic t is led by this broker with seed 1. */
const leader = probe({ topics: [topic], horizonMs: 10 }, [])
  .of('kafka.leaderElected')
  .find((e) => e.topic === 't')!;
const replicas = leader.replicas.split(',').map(Number);
const [L, F1, F2] = replicas as [number, number, number];

const produce = (acks: number, over: object = {}, index = 0, name = 't') => ({
  transactionalId: null,
  acks,
  timeoutMs: 5_000,
  topicData: [{ name, partitionData: [{ index, records: [batchOf(1, over)] }] }],
});
const asking = (body: unknown, atMs = 100, broker = L): Ask => ({ atMs, broker, api: KEY.Produce, version: 9, body });
const errorOf = (a: unknown) => (a as { body: { responses: { partitionResponses: { errorCode: number; baseOffset: number }[] }[] } }).body.responses[0]!.partitionResponses[0]!;

describe('produce', () => {
  it.each([
    ['acks=1', produce(1), L, 0],
    ['acks=all', produce(-1), L, 0],
    ['acks that Kafka does not know', produce(2), L, 21],
    ['a follower', produce(1), F1, 6],
    ['an unknown topic', produce(1, {}, 0, 'nowhere'), L, 3],
    ['an unknown partition', produce(1, {}, 7), L, 3],
    ['a batch too large', produce(1, { bytes: 2_000_000 }), L, 10],
    ['a plain batch beside a transactional id', { ...produce(-1), transactionalId: 'tx' }, L, 0],
    ['a transactional batch without a transactional id', produce(-1, { producerId: 7, producerEpoch: 0, baseSequence: 0, attributes: 0x10 }), L, 53],
    ['a transactional batch of an id that nobody coordinates', { ...produce(-1, { producerId: 7, producerEpoch: 0, baseSequence: 0, attributes: 0x10 }), transactionalId: 'tx' }, L, 19],
    ['a control batch', produce(-1, { attributes: 0x30 }), L, 87],
    ['no batch', { ...produce(1), topicData: [{ name: 't', partitionData: [{ index: 0, records: [] }] }] }, L, 87],
  ])('answers %s', (_what, body, broker, code) => {
    const { answers } = probe({ topics: [topic], horizonMs: 2_000 }, [asking(body, 100, broker)]);
    expect(errorOf(answers[0]).errorCode).toBe(code);
    expect(errorOf(answers[0]).baseOffset).toBe(code === 0 ? 0 : -1);
  });

  it('with acks=all answers only when every in-sync replica has it; with acks=1 at once', () => {
    const slow = [`delay {broker-${F1},broker-${F2}}<->broker-${L} by=200ms at 50ms`];
    const one = probe({ topics: [topic], horizonMs: 3_000 }, [asking(produce(1), 1_000)], slow).answers[0]!;
    const all = probe({ topics: [topic], horizonMs: 3_000 }, [asking(produce(-1), 1_000)], slow).answers[0]!;
    expect(one.atMs).toBeLessThan(1_010);
    expect(all.atMs).toBeGreaterThan(1_400);
  });

  it('with acks=0 is never answered, and an error closes the connection', () => {
    const fine = probe({ topics: [topic], horizonMs: 2_000 }, [asking(produce(0))]);
    expect(fine.answers[0]).toBeUndefined();
    expect(fine.of('kafka.append').length).toBe(3);
    const wrong = probe({ topics: [topic], horizonMs: 2_000 }, [asking(produce(0, {}, 9))]);
    expect(wrong.answers[0]).toMatchObject({ body: null, why: 'DISCONNECTED' });
  });

  it('refuses acks=all below min.insync.replicas and appends nothing; acks=1 is stored but not readable', () => {
    const faults = [`kill broker-${F1} at 100ms`, `kill broker-${F2} at 100ms`];
    const { answers, of } = probe(
      { topics: [topic], horizonMs: 25_000 },
      [
        asking(produce(-1), 20_000),
        asking(produce(1), 21_000),
        {
          atMs: 22_000,
          broker: L,
          api: KEY.ListOffsets,
          version: 6,
          body: { replicaId: -1, isolationLevel: 0, topics: [{ name: 't', partitions: [{ partitionIndex: 0, currentLeaderEpoch: -1, timestamp: -1 }] }] },
        },
      ],
      faults,
    );
    expect(errorOf(answers[0]).errorCode).toBe(19);
    expect(errorOf(answers[1])).toMatchObject({ errorCode: 0, baseOffset: 0 });
    expect(of('kafka.append')).toHaveLength(1);
    expect(answers[2]!.body).toMatchObject({ topics: [{ partitions: [{ errorCode: 0, offset: 0 }] }] });
  });

  it('times out with acks=all while a follower stalls, with the record in the log (timeline A)', () => {
    const { answers, of } = probe({ topics: [topic], horizonMs: 60_000 }, [asking(produce(-1), 1_000)], [`pause broker-${F1} at 500ms for 3s`]);
    expect(errorOf(answers[0]).errorCode).toBe(0);
    const cut = probe({ topics: [topic], horizonMs: 60_000 }, [asking(produce(-1), 1_000)], [`cut broker-${F1}->broker-${L} at 500ms`]);
    expect(errorOf(cut.answers[0]).errorCode).toBe(7);
    expect(cut.answers[0]!.atMs).toBeCloseTo(6_001, -1);
    // The broker itself lives, so only the leader’s check every 15 s takes it out, 30 to 45 s after its last fetch.
    const shrunk = cut.of('kafka.isrChanged').find((e) => e.topic === 't')!;
    expect(shrunk.timeUs / 1000).toBeGreaterThan(30_000);
    expect(shrunk.timeUs / 1000).toBeLessThan(45_500);
    expect(of('kafka.isrChanged').filter((e) => e.topic === 't')).toEqual([]);
  });

  it('gives a resent batch the offset it already has, and refuses a gap', () => {
    const ids = { producerId: 7, producerEpoch: 0 };
    const { answers, of } = probe({ topics: [topic], horizonMs: 3_000 }, [
      asking(produce(-1, { ...ids, baseSequence: 0 }), 100),
      asking(produce(-1, { ...ids, baseSequence: 1 }), 200),
      asking(produce(-1, { ...ids, baseSequence: 0 }), 300),
      asking(produce(-1, { ...ids, baseSequence: 5 }), 400),
    ]);
    expect(answers.map((a) => errorOf(a))).toMatchObject([
      { errorCode: 0, baseOffset: 0 },
      { errorCode: 0, baseOffset: 1 },
      { errorCode: 0, baseOffset: 0 },
      { errorCode: 45, baseOffset: -1 },
    ]);
    expect(of('kafka.duplicate')).toHaveLength(1);
  });
});

describe('the controller', () => {
  it('fences a killed broker 9 s after its last heartbeat and moves its leaderships in replica order (timeline C)', () => {
    const { of } = told(universe({ topics: [topic], horizonMs: 15_000 }, [`kill broker-${L} at 3s`]));
    const fenced = of('kafka.fenced')[0]!;
    expect(fenced).toMatchObject({ broker: L, reason: 'sessionTimeout' });
    expect(fenced.timeUs).toBeGreaterThan(10_000_000);
    expect(fenced.timeUs).toBeLessThanOrEqual(12_002_000);
    expect(of('kafka.leaderElected').at(-1)).toMatchObject({ topic: 't', leader: F1, was: L, leaderEpoch: 1, isr: `${F1},${F2}`, unclean: false, timeUs: fenced.timeUs });
  });

  it('refuses a restarted broker while the session of its last incarnation stands, then takes it in and lets its replicas rejoin', () => {
    const { of } = told(universe({ topics: [topic], horizonMs: 20_000 }, [`restart broker-${F1} at 3s`]));
    const refusals = of('request.answered').filter((e) => e.api === 'BrokerRegistration');
    expect(refusals[0]!.error).toBe('DUPLICATE_BROKER_REGISTRATION');
    expect(refusals.at(-1)!.error).toBe('NONE');
    expect(of('kafka.unfenced')).toHaveLength(1);
    expect(of('kafka.isrChanged').map((e) => e.isr)).toEqual([replicas.filter((r) => r !== F1).join(','), [...replicas.filter((r) => r !== F1), F1].join(',')]);
  });

  it('leaves a partition without a leader when its only in-sync replica is dead, and returns it when that one comes back', () => {
    const faults = [`kill broker-${F1} at 1s`, `kill broker-${F2} at 1s`, `kill broker-${L} at 14s for 12s`, `restart broker-${F1} at 15s`];
    const { of } = told(universe({ topics: [topic], horizonMs: 45_000 }, faults));
    const moves = of('kafka.leaderElected').filter((e) => e.topic === 't' && e.timeUs > 0);
    expect(moves.map((e) => [e.leader, e.leaderEpoch, e.unclean])).toEqual([
      [-1, 1, false],
      [L, 2, false],
    ]);
  });

  it('elects out of sync only where that is allowed, and says so', () => {
    const faults = [`kill broker-${F1} at 1s`, `kill broker-${F2} at 1s`, `kill broker-${L} at 14s`, `restart broker-${F1} at 15s`];
    const { of } = told(universe({ topics: [topic], horizonMs: 45_000, cluster: { brokers: 3, config: { uncleanLeaderElectionEnable: true } } }, faults));
    expect(of('kafka.leaderElected').filter((e) => e.unclean).length).toBeGreaterThan(0);
  });

  it('creates topics, and refuses bad ones with Kafka’s errors', () => {
    const make = (name: string, numPartitions: number, replicationFactor: number, configs: object[] = []) => ({ name, numPartitions, replicationFactor, assignments: [], configs });
    const { answers, of } = probe({ topics: [topic], horizonMs: 3_000 }, [
      {
        atMs: 100,
        broker: 1,
        api: KEY.CreateTopics,
        version: 5,
        body: {
          topics: [make('a', 3, 2), make('t', 1, 1), make('no spaces', 1, 1), make('b', 0, 1), make('c', 1, 9), make('d', -1, -1), make('e', 1, 1, [{ name: 'cleanup.polish', value: 'compact' }])],
          timeoutMs: 1_000,
          validateOnly: false,
        },
      },
    ]);
    expect((answers[0]!.body as { topics: { errorCode: number }[] }).topics.map((t) => t.errorCode)).toEqual([0, 36, 17, 37, 38, 0, 40]);
    expect(
      of('kafka.topicCreated')
        .map((e) => [e.topic, e.partitions, e.replicationFactor, e.auto])
        .filter(([name]) => name === 'a' || name === 'd'),
    ).toEqual([
      ['a', 3, 2, false],
      ['d', 1, 1, false],
    ]);
  });

  it('creates a topic that a client only names, and says that it did', () => {
    const ask = (atMs: number) => ({ atMs, broker: 1, api: KEY.Metadata, version: 6, body: { topics: [{ topicId: ZERO_UUID, name: 'auto' }], allowAutoTopicCreation: true } });
    const { answers, of } = probe({ horizonMs: 3_000 }, [ask(100), ask(1_000)]);
    expect(answers.map((a) => (a!.body as { topics: { errorCode: number }[] }).topics[0]!.errorCode)).toEqual([3, 0]);
    expect(of('kafka.topicCreated').find((e) => e.topic === 'auto')).toMatchObject({ partitions: 1, replicationFactor: 1, auto: true });
    const off = probe({ horizonMs: 3_000, cluster: { brokers: 3, config: { autoCreateTopicsEnable: false } } }, [ask(100), ask(1_000)]);
    expect((off.answers[1]!.body as { topics: { errorCode: number }[] }).topics[0]!.errorCode).toBe(3);
  });
});

describe('reading', () => {
  const fetch = (atMs: number, fetchOffset: number, maxWaitMs = 500): Ask => ({
    atMs,
    broker: L,
    api: KEY.Fetch,
    version: 11,
    on: 'fetch',
    body: fetchBody({ fetchOffset }, { maxWaitMs }),
  });

  it('from version 11 is served by a follower too, as far as the high watermark that it knows, and woken when that moves (KIP-392)', () => {
    const ofFollower = (ask: Ask, version = 11): Ask => ({ ...ask, broker: F1, version });
    const read = (a: Answer | undefined) =>
      (a!.body as unknown as { responses: { partitions: { errorCode: number; highWatermark: number; records: readonly unknown[] | null }[] }[] }).responses[0]!.partitions[0]!;
    const { answers } = probe({ topics: [topic], horizonMs: 4_000 }, [
      asking(produce(-1), 100),
      ofFollower(fetch(1_500, 0)),
      ofFollower(fetch(1_600, 0), 10),
      { ...ofFollower(fetch(1_700, 1, 2_000)), on: 'waits' },
      asking(produce(-1), 2_000),
    ]);
    expect(read(answers[1])).toMatchObject({ errorCode: 0, highWatermark: 1, records: { length: 1 } });
    expect(read(answers[2])).toMatchObject({ errorCode: 6 });
    expect(read(answers[3])).toMatchObject({ errorCode: 0, highWatermark: 2, records: { length: 1 } });
    expect(answers[3]!.atMs).toBeLessThan(2_600);
  });

  it('waits for data as long as asked, and is answered when it comes', () => {
    const idle = probe({ topics: [topic], horizonMs: 3_000 }, [fetch(100, 0, 700)]).answers[0]!;
    expect(idle.atMs).toBeGreaterThan(800);
    expect(idle.atMs).toBeLessThan(806);
    const fed = probe({ topics: [topic], horizonMs: 3_000 }, [fetch(100, 0, 2_000), asking(produce(-1), 400)]).answers[0]!;
    expect(fed.atMs).toBeGreaterThan(400);
    expect(fed.atMs).toBeLessThan(415);
  });

  it('answers offsets out of range, and offsets by time', () => {
    const at = (timestamp: number) => ({
      atMs: 900,
      broker: L,
      api: KEY.ListOffsets,
      version: 6,
      body: { replicaId: -1, isolationLevel: 0, topics: [{ name: 't', partitions: [{ partitionIndex: 0, currentLeaderEpoch: -1, timestamp }] }] },
    });
    const { answers } = probe({ topics: [topic], horizonMs: 3_000 }, [asking(produce(-1), 100), fetch(500, 99), at(-1), at(-2), at(500), at(2_000)]);
    expect((answers[1]!.body as { responses: { partitions: { errorCode: number }[] }[] }).responses[0]!.partitions[0]!.errorCode).toBe(1);
    expect(answers.slice(2).map((a) => (a!.body as { topics: { partitions: { offset: number }[] }[] }).topics[0]!.partitions[0]!.offset)).toEqual([1, 0, 0, -1]);
  });

  it('tells the features of the release, those that are on, and to old clients only what they can read', () => {
    const told = (version: number, profile: 'kafka-4.0' | 'kafka-4.1') => {
      const { answers } = probe({ profile, horizonMs: 2_000 }, [{ atMs: 500, broker: 1, api: KEY.ApiVersions, version, body: { clientSoftwareName: 'test', clientSoftwareVersion: '1' } }]);
      const body = answers[0]!.body as { supportedFeatures: { name: string; minVersion: number; maxVersion: number }[]; finalizedFeatures: { name: string; maxVersionLevel: number }[] };
      return { supported: body.supportedFeatures.map((f) => `${f.name} ${f.minVersion}-${f.maxVersion}`), finalized: body.finalizedFeatures.map((f) => `${f.name} ${f.maxVersionLevel}`) };
    };
    expect(told(4, 'kafka-4.0')).toEqual({
      supported: ['eligible.leader.replicas.version 0-1', 'group.version 0-1', 'kraft.version 0-1', 'metadata.version 7-25', 'transaction.version 0-2'],
      finalized: ['group.version 1', 'metadata.version 25', 'transaction.version 2'],
    });
    expect(told(3, 'kafka-4.0').supported).toEqual(['metadata.version 7-25']);
    expect(told(4, 'kafka-4.1').finalized).toEqual(['eligible.leader.replicas.version 1', 'group.version 1', 'metadata.version 27', 'transaction.version 2']);
  });

  it('tells what it does not speak', () => {
    const { answers } = probe({ horizonMs: 2_000 }, [
      { atMs: 100, broker: 1, api: KEY.ApiVersions, version: 9, body: {} },
      { atMs: 200, broker: 1, api: KEY.FindCoordinator, version: 2, body: { coordinatorKeys: ['s'], keyType: 2 } },
      { atMs: 300, broker: 1, api: 71, version: 0, body: {} },
    ]);
    expect(answers[0]!.body).toMatchObject({ errorCode: 35, apiKeys: [{ apiKey: 18 }] });
    expect(answers[1]!.body).toMatchObject({ coordinators: [{ key: 's', nodeId: -1, errorCode: 42 }] });
    expect(answers[2]).toMatchObject({ body: null, why: 'DISCONNECTED' });
  });
});
