// Settings of brokers and their log levels, read and changed by administrators: answers as Kafka 4.0.0 gives them.
import { describe, expect, it } from 'vitest';
import { bodyOf, describeConfigs, errorsOf, setConfigs } from '../admin.test-helper.ts';
import { probe, type Answer, type Ask } from '../probe.test-helper.ts';
import { KEY } from '../protocol/apiKeys.ts';
import { OPERATION, RESOURCE, type DescribeConfigsResponse } from '../protocol/adminMessages.ts';

const told = (answer: Answer | undefined) => bodyOf<DescribeConfigsResponse>(answer).results[0]!.configs;
const setting = (answer: Answer | undefined, name: string) => told(answer).find((c) => c.name === name);
const synonyms = (answer: Answer | undefined, name: string) => setting(answer, name)!.synonyms.map((s) => [s.name, s.value, s.source]);
const short = (answer: Answer | undefined) => told(answer).map((c) => [c.name, c.value, c.configSource]);

const replaceAll = (atMs: number, name: string, settings: Readonly<Record<string, string>>): Ask => ({
  atMs,
  broker: 1,
  api: KEY.AlterConfigs,
  version: 2,
  body: { resources: [{ resourceType: RESOURCE.broker, resourceName: name, configs: Object.entries(settings).map(([key, value]) => ({ name: key, value })) }], validateOnly: false },
});

describe('a broker', () => {
  it('tells all its settings: what it is, what its file says, and Kafka’s defaults', () => {
    const cluster = { brokers: 2, config: { replicaLagTimeMaxMs: 4_000, groupConsumerSessionTimeoutMs: 20_000 }, topicConfig: { 'retention.ms': '500' } };
    const { answers } = probe({ cluster, horizonMs: 1_000 }, [describeConfigs(100, '1')]);
    expect(told(answers[0])).toHaveLength(290);
    const short = (name: string) => [setting(answers[0], name)!.value, setting(answers[0], name)!.configSource, setting(answers[0], name)!.readOnly];
    expect(short('node.id')).toEqual(['1', 4, true]);
    expect(short('advertised.listeners')).toEqual(['PLAINTEXT://broker-1:9092', 4, true]);
    expect(short('replica.lag.time.max.ms')).toEqual(['4000', 4, true]);
    expect(short('group.consumer.session.timeout.ms')).toEqual(['20000', 4, true]);
    expect(short('group.consumer.min.session.timeout.ms')).toEqual(['20000', 4, true]);
    expect(short('group.consumer.max.session.timeout.ms')).toEqual(['60000', 5, true]);
    expect(short('offsets.topic.replication.factor')).toEqual(['2', 4, true]);
    expect(short('num.io.threads')).toEqual(['8', 5, false]);
    expect(short('log.roll.ms')).toEqual([null, 5, false]);
    expect(setting(answers[0], 'ssl.key.password')).toMatchObject({ value: null, isSensitive: true, configType: 9, documentation: null });
    expect(synonyms(answers[0], 'replica.lag.time.max.ms')).toEqual([
      ['replica.lag.time.max.ms', '4000', 4],
      ['replica.lag.time.max.ms', '30000', 5],
    ]);
    expect(synonyms(answers[0], 'log.retention.ms')).toEqual([
      ['log.retention.ms', '500', 4],
      ['log.retention.hours', '168', 5],
    ]);
    expect(synonyms(answers[0], 'log.roll.ms')).toEqual([]);
  });

  it('tells them in the order of a Scala map, whose size is that of what was asked for', () => {
    const { answers } = probe({ horizonMs: 1_000 }, [
      describeConfigs(100, '1'),
      describeConfigs(200, '1', ['zz', 'num.io.threads', 'node.id', 'message.max.bytes', 'log.retention.ms', 'log.dirs', 'broker.id', 'group.max.size', 'background.threads', 'compression.type']),
    ]);
    expect(
      told(answers[0])
        .slice(0, 3)
        .map((c) => c.name),
    ).toEqual(['log.cleaner.min.compaction.lag.ms', 'offsets.topic.num.partitions', 'sasl.oauthbearer.jwks.endpoint.refresh.ms']);
    expect(told(answers[1]).map((c) => c.name)).toEqual([
      'compression.type',
      'node.id',
      'log.retention.ms',
      'message.max.bytes',
      'num.io.threads',
      'group.max.size',
      'broker.id',
      'log.dirs',
      'background.threads',
    ]);
  });

  it('tells what was changed for it before what was changed for all, also settings that nobody knows', () => {
    const { answers, of } = probe({ horizonMs: 4_000 }, [
      setConfigs(100, '', { 'num.io.threads': '9', 'log.retention.ms': ' 5000', 'foo.baz': 'x' }),
      setConfigs(500, '1', { 'num.io.threads': ' 10 ', 'foo.bar': 'x' }),
      describeConfigs(900, '1'),
      describeConfigs(900, '', null, 2),
      describeConfigs(900, '2', ['num.io.threads'], 2),
      replaceAll(1_000, '1', { 'background.threads': '7' }),
      describeConfigs(1_400, '1', ['num.io.threads', 'background.threads', 'foo.bar']),
    ]);
    expect(synonyms(answers[2], 'num.io.threads')).toEqual([
      ['num.io.threads', ' 10 ', 2],
      ['num.io.threads', '9', 3],
      ['num.io.threads', '8', 5],
    ]);
    expect([setting(answers[2], 'num.io.threads')!.value, told(answers[2]).length]).toEqual(['10', 292]);
    expect(setting(answers[2], 'foo.bar')).toEqual({
      name: 'foo.bar',
      value: null,
      readOnly: true,
      configSource: 2,
      isSensitive: true,
      synonyms: [{ name: 'foo.bar', value: null, source: 2 }],
      configType: 0,
      documentation: null,
    });
    expect(short(answers[3])).toEqual([
      ['log.retention.ms', ' 5000', 3],
      ['num.io.threads', '9', 3],
      ['foo.baz', null, 3],
    ]);
    expect(short(answers[4])).toEqual([['num.io.threads', '9', 3]]);
    expect(short(answers[6])).toEqual([
      ['num.io.threads', '9', 3],
      ['background.threads', '7', 2],
    ]);
    expect(of('kafka.configChanged')).toHaveLength(8);
  });

  it.each([
    ['2', 42],
    ['-1', 42],
    ['x', 42],
    ['1 ', 42],
    ['01', 0],
  ])('is asked for the settings of %j: error %i', (name, code) => {
    const ask: Ask = {
      atMs: 100,
      broker: 1,
      api: KEY.DescribeConfigs,
      version: 4,
      body: { resources: [{ resourceType: RESOURCE.broker, resourceName: name, configurationKeys: null }], includeSynonyms: false, includeDocumentation: false },
    };
    const { answers } = probe({ horizonMs: 500 }, [ask]);
    expect(errorsOf(answers[0])).toEqual([code]);
  });

  it.each([
    ['a value of a wrong kind', '1', { 'num.io.threads': 'x' }, 42],
    ['a setting that stands in the file', '1', { 'node.id': '7' }, 42],
    ['a good one beside it', '1', { 'num.io.threads': '9', 'node.id': '7' }, 42],
    ['security of all brokers', '', { 'sasl.jaas.config': 'x' }, 42],
    ['security of no listener', '1', { 'ssl.keystore.location': '/x' }, 42],
    ['security of a listener', '1', { 'listener.name.internal.ssl.keystore.location': '/x' }, 0],
    ['more than double the threads', '1', { 'num.io.threads': '17' }, 42],
    ['a contradiction of which Kafka takes no notice', '1', { 'log.cleaner.min.compaction.lag.ms': '5', 'log.cleaner.max.compaction.lag.ms': '3' }, 0],
    ['another broker', '9', { 'num.io.threads': '9' }, 42],
  ])('is given %s', (_what, name, settings, code) => {
    const { answers, of } = probe({ horizonMs: 1_000 }, [setConfigs(100, name, settings)]);
    expect(errorsOf(answers[0])).toEqual([code]);
    expect(of('kafka.configChanged').length > 0).toBe(code === 0);
  });

  it('changes its threads by halves at most, also where a change is taken back, and not at all behind a setting of its own', () => {
    const { answers } = probe({ horizonMs: 4_000 }, [
      setConfigs(100, '1', { 'num.io.threads': '16' }),
      setConfigs(500, '1', { 'num.io.threads': '20' }),
      setConfigs(900, '1', { 'num.io.threads': null }),
      setConfigs(1_300, '', { 'num.io.threads': '40' }),
      setConfigs(1_700, '1', { 'num.io.threads': null }),
      setConfigs(2_100, '', { 'num.io.threads': '20' }),
      setConfigs(2_500, '', { 'num.io.threads': null }),
    ]);
    expect(answers.flatMap((a) => errorsOf(a))).toEqual([0, 0, 42, 0, 0, 0, 42]);
  });

  it('looks as often as its cleaner is told to, from its next look on', () => {
    const topics = [{ name: 't', partitions: 1, replicationFactor: 1, config: { 'cleanup.policy': 'compact' } }];
    const { answers } = probe({ topics, horizonMs: 1_000 }, [
      setConfigs(100, '1', { 'log.cleaner.backoff.ms': '0', 'producer.id.expiration.ms': '1' }),
      describeConfigs(900, '1', ['log.cleaner.backoff.ms']),
    ]);
    expect([errorsOf(answers[0]), short(answers[1])]).toEqual([[0], [['log.cleaner.backoff.ms', '0', 2]]]);
  });
});

describe('log levels', () => {
  const logger = (atMs: number, name: string, value: string | null, operation: number = OPERATION.set, resourceName = '1'): Ask => ({
    atMs,
    broker: 1,
    api: KEY.IncrementalAlterConfigs,
    version: 1,
    body: { resources: [{ resourceType: RESOURCE.brokerLogger, resourceName, configs: [{ name, value, configOperation: operation }] }], validateOnly: false },
  });
  const levels = (atMs: number, resourceName = '1'): Ask => ({
    atMs,
    broker: 1,
    api: KEY.DescribeConfigs,
    version: 4,
    body: {
      resources: [{ resourceType: RESOURCE.brokerLogger, resourceName, configurationKeys: ['root', 'kafka', 'kafka.server.KafkaApis', 'nobody'] }],
      includeSynonyms: true,
      includeDocumentation: false,
    },
  });
  const byName = (answer: Answer | undefined) => Object.fromEntries(told(answer).map((c) => [c.name, c.value]));

  it('are a broker’s own, inherited from the logger above, and forgotten when it starts anew', () => {
    const { answers, of } = probe(
      { horizonMs: 40_000 },
      [levels(100), logger(200, 'kafka', 'DEBUG'), levels(300), logger(400, 'kafka', null, OPERATION.delete), logger(500, 'root', 'WARN'), levels(600), { ...levels(30_000), on: 'later' }],
      ['kill broker-1 at 5s', 'restart broker-1 at 10s'],
    );
    expect(told(answers[0])[0]).toMatchObject({ value: 'INFO', readOnly: false, configSource: 6, isSensitive: false, synonyms: [], configType: 0, documentation: '' });
    expect([0, 2, 5].map((i) => byName(answers[i]))).toEqual([
      { root: 'INFO', kafka: 'INFO', 'kafka.server.KafkaApis': 'INFO' },
      { root: 'INFO', kafka: 'DEBUG', 'kafka.server.KafkaApis': 'DEBUG' },
      { root: 'WARN', kafka: 'WARN', 'kafka.server.KafkaApis': 'WARN' },
    ]);
    expect(byName(answers[6])).toEqual({ root: 'INFO', kafka: 'INFO', 'kafka.server.KafkaApis': 'INFO' });
    expect(of('kafka.configChanged')).toEqual([]);
  });

  it.each([
    ['a level that is none', 'kafka', 'LOUD', OPERATION.set, '1', 40],
    ['a level in small letters', 'kafka', 'warn', OPERATION.set, '1', 40],
    ['a logger that is none', 'nobody', 'INFO', OPERATION.set, '1', 40],
    ['the root without a level', 'root', null, OPERATION.delete, '1', 42],
    ['a level to append', 'root', 'INFO', OPERATION.append, '1', 42],
    ['an operation that is none', 'root', 'INFO', 7, '1', -1],
    ['no level', 'kafka', null, OPERATION.set, '1', 42],
    ['another broker', 'root', 'INFO', OPERATION.set, '2', 42],
    ['all brokers', 'root', 'INFO', OPERATION.set, '', 42],
  ])('are not changed by %s', (_what, name, value, operation, resourceName, code) => {
    const { answers } = probe({ horizonMs: 500 }, [logger(100, name, value, operation, resourceName)]);
    expect(errorsOf(answers[0])).toEqual([code]);
  });

  it('are not asked of another broker or of all, and not changed in the old form', () => {
    const old: Ask = {
      ...logger(300, 'root', 'INFO'),
      api: KEY.AlterConfigs,
      version: 2,
      body: { resources: [{ resourceType: 8, resourceName: '1', configs: [{ name: 'root', value: 'INFO' }] }], validateOnly: false },
    };
    const { answers } = probe({ horizonMs: 500 }, [levels(100, '2'), levels(200, ''), old]);
    expect(answers.map((a) => errorsOf(a))).toEqual([[42], [42], [42]]);
  });
});
