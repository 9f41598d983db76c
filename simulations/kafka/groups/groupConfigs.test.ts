// Settings that groups have of their own: told by every broker, and in force for members of the new protocol and of share groups.
import { describe, expect, it } from 'vitest';
import { bodyOf, describeGroupConfigs, errorsOf, setGroupConfigs, TOPIC } from '../admin.test-helper.ts';
import { batchOf, probe, type Answer, type Ask } from '../probe.test-helper.ts';
import { KEY } from '../protocol/apiKeys.ts';
import type { DescribeConfigsResponse } from '../protocol/adminMessages.ts';
import { Script, topicIdOf, type Fields } from './script.test-helper.ts';

const settings = (answer: Answer | undefined) => Object.fromEntries(bodyOf<DescribeConfigsResponse>(answer).results[0]!.configs.map((c) => [c.name, [c.value, c.configSource, c.synonyms.length]]));

/** An administrator's request as a line of a script. */
const tell = (script: Script, a: Ask) => script.ask(`set ${a.atMs}`, a.atMs, a.api, a.version!, a.body as Fields, 'admin', a.broker);

describe('settings of a group', () => {
  it('are told by every broker, with Kafka’s default or the broker’s value where the group has none', () => {
    const cluster = { brokers: 3, config: { groupShareRecordLockDurationMs: 20_000 } };
    const { answers, of } = probe({ topics: [TOPIC], cluster, horizonMs: 5_000 }, [
      setGroupConfigs(100, 'g', { 'consumer.session.timeout.ms': '50000', 'share.auto.offset.reset': 'by_duration:PT1H' }),
      describeGroupConfigs(500, 'g', 2),
      describeGroupConfigs(500, 'other'),
      setGroupConfigs(600, 'g', { 'consumer.session.timeout.ms': null }),
      describeGroupConfigs(1_000, 'g', 3),
    ]);
    expect(settings(answers[1])).toEqual({
      'consumer.session.timeout.ms': ['50000', 8, 1],
      'consumer.heartbeat.interval.ms': ['5000', 5, 1],
      'share.session.timeout.ms': ['45000', 5, 1],
      'share.heartbeat.interval.ms': ['5000', 5, 1],
      'share.record.lock.duration.ms': ['20000', 5, 1],
      'share.auto.offset.reset': ['by_duration:PT1H', 8, 1],
    });
    expect(settings(answers[2])['share.auto.offset.reset']).toEqual(['latest', 5, 1]);
    expect(settings(answers[4])['consumer.session.timeout.ms']).toEqual(['45000', 5, 1]);
    expect(of('kafka.configChanged').map((e) => [e.resource, e.name, e.key, e.value, e.removed])).toEqual([
      ['group', 'g', 'consumer.session.timeout.ms', '50000', false],
      ['group', 'g', 'share.auto.offset.reset', 'by_duration:PT1H', false],
      ['group', 'g', 'consumer.session.timeout.ms', '', true],
    ]);
  });

  it.each([
    ['more than the broker allows', 'g', { 'consumer.session.timeout.ms': '60001' }, 40],
    ['less than it allows', 'g', { 'share.heartbeat.interval.ms': '4999' }, 40],
    ['a name that is none', 'g', { 'session.timeout.ms': '50000' }, 40],
    ['a value of a wrong kind', 'g', { 'share.auto.offset.reset': 'none' }, 40],
    ['all groups', '', { 'consumer.session.timeout.ms': '50000' }, 42],
  ])('are refused where they are %s', (_what, group, given, code) => {
    const { answers, of } = probe({ topics: [TOPIC], horizonMs: 1_000 }, [setGroupConfigs(100, group, given), describeGroupConfigs(300, group)]);
    expect([errorsOf(answers[0]), errorsOf(answers[1])]).toEqual([[code], [group === '' ? 42 : 0]]);
    expect(of('kafka.configChanged')).toEqual([]);
  });
});

describe('a consumer group with settings of its own', () => {
  it('tells its members how often to send heartbeats, and gives them its session, from their next heartbeat on', () => {
    const script = new Script('g', topicIdOf('t')).subscribe('a', 100).beat('a 1', 'a', 1, 5_000, [0, 1, 2, 3, 4, 5]);
    tell(script, setGroupConfigs(1_000, 'g', { 'consumer.session.timeout.ms': '55000', 'consumer.heartbeat.interval.ms': '7000' }));
    const { got, of } = script.run({ horizonMs: 70_000 });
    expect([got('a')['heartbeatIntervalMs'], got('a 1')['heartbeatIntervalMs']]).toEqual([5_000, 7_000]);
    expect(of('group.memberLeft').map((e) => [e.reason, e.timeUs / 1e6])).toEqual([['sessionExpired', expect.closeTo(60, 1)]]);
  });

  it('keeps them when the coordinator dies', () => {
    const script = new Script('g', topicIdOf('t')).subscribe('a', 2_000);
    tell(script, setGroupConfigs(100, 'g', { 'consumer.heartbeat.interval.ms': '7000' }));
    const { got } = script.run({ horizonMs: 5_000 }, ['kill controller at 1s for 3s']);
    expect(got('a')['heartbeatIntervalMs']).toBe(7_000);
  });
});

describe('a share group with settings of its own', () => {
  const ONE = [{ ...TOPIC, partitions: 1 }];
  const T = topicIdOf('t', ONE);
  const LEADER = new Script('g', T)
    .run({ topics: ONE, horizonMs: 50 })
    .of('kafka.leaderElected')
    .find((e) => e.topic === 't')!.leader;
  const NOW_MS = Date.UTC(2026, 0, 1);
  const topics = [{ topicId: T, partitions: [{ partitionIndex: 0, partitionMaxBytes: 1_048_576, acknowledgementBatches: [] }] }];
  const fetch = (script: Script, label: string, member: string, atMs: number, epoch = 0) =>
    script.ask(
      label,
      atMs,
      KEY.ShareFetch,
      0,
      { groupId: 'g', memberId: member, shareSessionEpoch: epoch, maxWaitMs: 400, minBytes: 1, maxBytes: 52_428_800, topics: epoch === 0 ? topics : [], forgottenTopicsData: [] },
      member,
      LEADER,
    );
  const produce = (script: Script, atMs: number, timestampMs: number) => {
    const records = [batchOf(1, { baseTimestampMs: timestampMs, maxTimestampMs: timestampMs })];
    return script.ask(
      `produce ${atMs}`,
      atMs,
      KEY.Produce,
      9,
      { transactionalId: null, acks: -1, timeoutMs: 5_000, topicData: [{ name: 't', partitionData: [{ index: 0, records }] }] },
      'writer',
      LEADER,
    );
  };
  const first = (answer: Fields) => {
    const p = (answer['responses'] as { partitions: { errorCode: number; acquiredRecords: { firstOffset: number }[] }[] }[])[0]?.partitions[0];
    return p && (p.errorCode || `from ${p.acquiredRecords[0]?.firstOffset}`);
  };
  /** Three records, ten minutes, one minute and a second old; what a group that has never read gets of them. */
  const beginsAt = (reset: string | null) => {
    const script = new Script('g', T);
    if (reset !== null) tell(script, setGroupConfigs(60, 'g', { 'share.auto.offset.reset': reset }));
    produce(script, 200, NOW_MS - 600_000);
    produce(script, 300, NOW_MS - 60_000);
    produce(script, 400, NOW_MS - 1_000);
    // The topic for the state is made when it is first needed.
    fetch(script, 'first', 'memberPmemberPmemberPP', 1_000);
    fetch(script, 'read', 'memberAmemberAmemberAA', 4_000);
    produce(script, 4_200, NOW_MS);
    return first(script.run({ topics: ONE, horizonMs: 12_000 }).got('read'));
  };

  it.each([
    [null, 'from 3'],
    ['latest', 'from 3'],
    ['earliest', 'from 0'],
    ['by_duration:PT5M', 'from 1'],
    ['by_duration:PT10S', 'from 2'],
    // No record is as young as that: OFFSET_NOT_AVAILABLE.
    ['by_duration:PT0.1S', 78],
  ])('begins to read by its share.auto.offset.reset %s', (reset, expected) => {
    expect(beginsAt(reset)).toEqual(expected);
  });

  it('locks records for its own time', () => {
    const script = new Script('g', T);
    tell(script, setGroupConfigs(60, 'g', { 'share.record.lock.duration.ms': '15000', 'share.auto.offset.reset': 'earliest' }));
    produce(script, 300, NOW_MS);
    fetch(script, 'first', 'memberPmemberPmemberPP', 1_000);
    fetch(script, 'read', 'memberAmemberAmemberAA', 4_000);
    const { of } = script.run({ topics: ONE, horizonMs: 40_000 });
    const [taken] = of('share.acquired');
    const [back] = of('share.released');
    expect(back!.reason).toBe('lockTimeout');
    expect((back!.timeUs - taken!.timeUs) / 1e6).toBeCloseTo(15, 1);
  });
});
