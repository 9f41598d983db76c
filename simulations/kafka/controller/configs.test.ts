// Settings of topics and brokers, changed while the cluster runs.
import { describe, expect, it } from 'vitest';
import { alterConfigs, bodyOf, createTopics, describeConfigs, errorsOf, replaceConfigs, setConfigs, TOPIC } from '../admin.test-helper.ts';
import { batchOf, probe, type Answer, type Ask } from '../probe.test-helper.ts';
import { KEY } from '../protocol/apiKeys.ts';
import { OPERATION, type DescribeConfigsResponse } from '../protocol/adminMessages.ts';

const leader = probe({ topics: [TOPIC], horizonMs: 10 }, [])
  .of('kafka.leaderElected')
  .find((e) => e.topic === 't')!;
const [L, F1, F2] = leader.replicas.split(',').map(Number) as [number, number, number];
const OTHER = L === 1 ? 2 : 1;

const produce = (atMs: number): Ask => ({
  atMs,
  broker: L,
  api: KEY.Produce,
  version: 9,
  on: 'produce',
  body: { transactionalId: null, acks: -1, timeoutMs: 2_000, topicData: [{ name: 't', partitionData: [{ index: 0, records: [batchOf(1)] }] }] },
});

/** A setting as an answer describes it: its value and where it comes from. */
const setting = (answer: Answer | undefined, name: string) => {
  const found = bodyOf<DescribeConfigsResponse>(answer).results[0]!.configs.find((c) => c.name === name);
  return found && [found.value, found.configSource];
};

describe('settings changed one by one', () => {
  it.each([
    ['a topic that is there', 't', { 'retention.ms': '1000' }, 0],
    ['a topic that is not', 'nowhere', { 'retention.ms': '1000' }, 3],
    ['a name that nobody knows', 't', { 'retention.millis': '1000' }, 40],
    ['a value of a wrong kind', 't', { 'segment.bytes': 'many' }, 40],
    ['a value out of range', 't', { 'min.insync.replicas': '0' }, 40],
    ['a value that 32 bits do not hold', 't', { 'segment.bytes': '3000000000' }, 40],
    ['a contradiction', 't', { 'min.compaction.lag.ms': '9', 'max.compaction.lag.ms': '8' }, 40],
    ['one broker', '2', { 'log.retention.ms': '1000' }, 0],
    ['all brokers', '', { 'log.retention.ms': '1000' }, 0],
    ['another broker than is asked', '9', { 'log.retention.ms': '1000' }, 42],
    ['a broker by a name that is none of its settings', '2', { 'retention.ms': '1000' }, 0],
  ])('of %s', (_what, name, settings, code) => {
    const { answers, of } = probe({ topics: [TOPIC], horizonMs: 1_000 }, [setConfigs(100, name, settings)]);
    expect(errorsOf(answers[0])).toEqual([code]);
    expect(of('kafka.configChanged')).toHaveLength(code === 0 ? 1 : 0);
  });

  it('stay unchanged where a request is only checked, and one bad setting leaves the good one aside', () => {
    const { of, answers } = probe({ topics: [TOPIC], horizonMs: 1_000 }, [
      setConfigs(100, 't', { 'retention.ms': '1' }, { validateOnly: true }),
      setConfigs(200, 't', { 'retention.ms': '1', 'segment.ms': '-4' }),
    ]);
    expect(answers.map((a) => errorsOf(a))).toEqual([[0], [40]]);
    expect(of('kafka.configChanged')).toEqual([]);
  });

  it('append to and subtract from lists only', () => {
    const change = (atMs: number, name: string, configOperation: number, value: string) => alterConfigs(atMs, 't', [{ name, value, configOperation }]);
    const { answers } = probe({ topics: [TOPIC], horizonMs: 2_000 }, [
      change(100, 'cleanup.policy', OPERATION.append, 'compact'),
      describeConfigs(300, 't'),
      change(400, 'cleanup.policy', OPERATION.subtract, 'delete'),
      describeConfigs(600, 't'),
      change(700, 'retention.ms', OPERATION.append, '5'),
      change(800, 'retention.ms', 7, '5'),
      alterConfigs(900, 't', [{ name: 'retention.ms', value: null, configOperation: OPERATION.set }]),
      alterConfigs(1_000, 't', [
        { name: 'retention.ms', value: '1', configOperation: OPERATION.set },
        { name: 'retention.ms', value: '2', configOperation: OPERATION.set },
      ]),
    ]);
    expect(setting(answers[1], 'cleanup.policy')).toEqual(['delete,compact', 1]);
    expect(setting(answers[3], 'cleanup.policy')).toEqual(['compact', 1]);
    expect(answers.slice(4).map((a) => errorsOf(a))).toEqual([[40], [-1], [42], [42]]);
  });

  it('are all given up by the controller where an operation is none, and by the broker only where it is its own', () => {
    const resource = (resourceType: number, resourceName: string, name: string, configOperation: number) => ({ resourceType, resourceName, configs: [{ name, value: '5', configOperation }] });
    const alter = (atMs: number, ...resources: readonly unknown[]): Ask => ({ atMs, broker: 1, api: KEY.IncrementalAlterConfigs, version: 1, body: { resources, validateOnly: false } });
    const { answers, of } = probe({ topics: [TOPIC], horizonMs: 2_000 }, [
      alter(100, resource(2, 't', 'retention.ms', 7), resource(2, 'nowhere', 'retention.ms', 0), resource(4, '1', 'background.threads', 0)),
      alter(500, resource(2, 't', 'retention.ms', 0), resource(4, '1', 'background.threads', 7)),
      alter(900, resource(32, 'g', 'consumer.session.timeout.ms', 7)),
    ]);
    expect(answers.map((a) => errorsOf(a))).toEqual([[-1, -1, -1], [0, 42], [-1]]);
    expect(of('kafka.configChanged').map((e) => e.key)).toEqual(['retention.ms']);
  });

  it('are the whole of a topic’s settings in the old form: what is not named is taken back', () => {
    const { answers, of } = probe({ topics: [TOPIC], horizonMs: 2_000 }, [
      replaceConfigs(100, 't', { 'retention.ms': '7' }),
      describeConfigs(300, 't'),
      replaceConfigs(400, 't', { 'retention.ms': null }),
    ]);
    expect([errorsOf(answers[0]), errorsOf(answers[2])]).toEqual([[0], [42]]);
    expect(setting(answers[1], 'retention.ms')).toEqual(['7', 1]);
    expect(setting(answers[1], 'min.insync.replicas')).toEqual(['1', 5]);
    expect(of('kafka.configChanged').map((e) => [e.key, e.value, e.removed])).toEqual([
      ['retention.ms', '7', false],
      ['min.insync.replicas', '', true],
    ]);
  });
});

describe('a setting in force', () => {
  it('is the topic’s own, else the broker’s, else all brokers’, else the file’s, else Kafka’s', () => {
    const cluster = { brokers: 3, topicConfig: { 'retention.ms': '500' } };
    const { answers } = probe({ topics: [TOPIC], cluster, horizonMs: 4_000 }, [
      describeConfigs(50, 't', ['retention.ms', 'segment.ms', 'min.insync.replicas']),
      setConfigs(100, '', { 'log.retention.ms': '400' }),
      describeConfigs(400, 't'),
      setConfigs(500, '1', { 'log.retention.ms': '300' }),
      describeConfigs(800, 't'),
      describeConfigs(800, 't', null, 2),
      setConfigs(900, 't', { 'retention.ms': '200' }),
      describeConfigs(1_200, 't'),
      setConfigs(1_300, 't', { 'retention.ms': null }),
      setConfigs(1_400, '1', { 'log.retention.ms': null }),
      setConfigs(1_500, '', { 'log.retention.ms': null }),
      describeConfigs(1_800, 't'),
    ]);
    const retention = (i: number) => setting(answers[i], 'retention.ms');
    expect([2, 4, 5, 7, 11].map(retention)).toEqual([
      ['400', 3],
      ['300', 2],
      ['400', 3],
      ['200', 1],
      ['500', 4],
    ]);
    expect(retention(0)).toEqual(['500', 4]);
    expect(setting(answers[0], 'segment.ms')).toEqual(['604800000', 5]);
    expect(setting(answers[0], 'min.insync.replicas')).toEqual(['2', 1]);
    expect(bodyOf<DescribeConfigsResponse>(answers[0]).results[0]!.configs).toHaveLength(3);
    const synonyms = bodyOf<DescribeConfigsResponse>(answers[7]).results[0]!.configs.find((c) => c.name === 'retention.ms')!.synonyms;
    expect(synonyms.map((s) => [s.name, s.value, s.source])).toEqual([
      ['retention.ms', '200', 1],
      ['log.retention.ms', '300', 2],
      ['log.retention.ms', '400', 3],
      ['log.retention.ms', '500', 4],
      ['log.retention.hours', '168', 5],
    ]);
  });

  it('is told of a broker by that broker, and of all brokers by any', () => {
    const { answers } = probe({ topics: [TOPIC], horizonMs: 2_000 }, [
      setConfigs(100, '', { 'min.insync.replicas': '2' }),
      describeConfigs(400, ''),
      describeConfigs(400, '1'),
      describeConfigs(400, '2'),
      describeConfigs(400, 'nowhere'),
      describeConfigs(400, 'no spaces'),
    ]);
    expect(bodyOf<DescribeConfigsResponse>(answers[1]).results[0]!.configs.map((c) => [c.name, c.value, c.configSource])).toEqual([['min.insync.replicas', '2', 3]]);
    expect(setting(answers[2], 'min.insync.replicas')).toEqual(['2', 3]);
    expect(answers.slice(3).map((a) => errorsOf(a))).toEqual([[42], [3], [17]]);
  });

  it('counts for the next produce request: min.insync.replicas raised above the ISR refuses it, lowered takes it', () => {
    const faults = [`kill broker-${F1} at 100ms`, `kill broker-${F2} at 100ms`].filter((f) => !f.includes(`broker-${OTHER} `));
    const { answers } = probe(
      { topics: [TOPIC], horizonMs: 25_000 },
      [
        produce(20_000),
        { ...setConfigs(20_500, 't', { 'min.insync.replicas': '3' }), broker: OTHER },
        produce(21_000),
        { ...setConfigs(21_500, 't', { 'min.insync.replicas': null }), broker: OTHER },
        produce(22_000),
      ],
      faults,
    );
    expect([0, 2, 4].map((i) => errorsOf(answers[i]))).toEqual([[0], [19], [0]]);
  });

  it('comes with a topic that is made, also by the scenario', () => {
    const { answers } = probe({ topics: [{ ...TOPIC, config: { 'cleanup.policy': 'compact' } }], horizonMs: 1_000 }, [
      createTopics(100, { made: { configs: { 'max.message.bytes': '4000' } } }),
      describeConfigs(400, 't'),
      describeConfigs(500, 'made'),
    ]);
    expect(setting(answers[1], 'cleanup.policy')).toEqual(['compact', 1]);
    expect(setting(answers[2], 'max.message.bytes')).toEqual(['4000', 1]);
  });
});
