// The settings of brokers: values as Kafka 4.0.0 reads, refuses and tells them.
import { describe, expect, it } from 'vitest';
import { TOPIC_KEYS } from './configs.ts';
import { BROKER_KEYS, brokerSetting, readOnly, sensitive, toldValue, wrongValue } from './brokerKeys.ts';
import { wrongForReach, wrongThreads, wrongTogether } from './brokerRules.ts';

describe('the settings of a broker', () => {
  it('are Kafka’s 290, in the order of their names, of which 90 can be changed while it runs', () => {
    expect(BROKER_KEYS).toHaveLength(290);
    expect(BROKER_KEYS.map((key) => key.name)).toEqual([...BROKER_KEYS.map((key) => key.name)].sort());
    const count = (reach: string) => BROKER_KEYS.filter((key) => key.reach === reach).length;
    expect(['-', 'c', 'b', 'l'].map(count)).toEqual([200, 54, 26, 10]);
    expect(BROKER_KEYS.every((key) => key.reach !== '-' || key.rule === '')).toBe(true);
  });

  it('have the defaults that topics take from them', () => {
    for (const key of TOPIC_KEYS) {
      const fallback = key.broker === '' ? null : brokerSetting(key.broker).fallback;
      if (fallback !== null) expect([key.name, fallback]).toEqual([key.name, key.fallback]);
    }
  });

  it('are kept under any other name, and told as secrets', () => {
    expect([sensitive(brokerSetting('foo.bar')), readOnly(brokerSetting('foo.bar'))]).toEqual([true, true]);
    expect([sensitive(brokerSetting('ssl.key.password')), sensitive(brokerSetting('num.io.threads'))]).toEqual([true, false]);
    expect(readOnly(brokerSetting('leader.replication.throttled.rate'))).toBe(true);
  });

  it.each([
    ['int', ' 9 ', '9'],
    ['long', '+7', '7'],
    ['boolean', 'TRUE', 'true'],
    ['list', ' compact , delete ', 'compact,delete'],
    ['list', '', ''],
    ['string', ' gzip ', 'gzip'],
    ['double', '.5', '0.5'],
    ['double', '1000000', '1000000.0'],
    ['double', '12345678', '1.2345678E7'],
    ['double', '1.7976931348623157E308', '1.7976931348623157E308'],
    ['double', '10000000', '1.0E7'],
    ['double', '5d', '5.0'],
    ['double', 'NaN', 'NaN'],
    ['double', '1E400', 'Infinity'],
  ])('of type %s tell %j as %j', (type, value, told) => {
    expect(toldValue(type, value)).toBe(told);
  });

  it.each([
    ['num.io.threads', '1', true],
    ['num.io.threads', '0', false],
    ['num.io.threads', '', false],
    ['producer.id.expiration.ms', '2147483648', false],
    ['sasl.login.refresh.min.period.seconds', '-5', true],
    ['sasl.login.refresh.min.period.seconds', '70000', false],
    ['compression.gzip.level', '0', false],
    ['compression.gzip.level', '-1', true],
    ['log.segment.bytes', '1048575', false],
    ['log.cleaner.min.cleanable.ratio', '1.5', false],
    ['log.cleaner.io.max.bytes.per.second', '1e6', true],
    ['unclean.leader.election.enable', 'True', true],
    ['unclean.leader.election.enable', 'yes', false],
    ['ssl.client.auth', 'REQUIRED', false],
    ['log.cleanup.policy', '', true],
    ['log.cleanup.policy', 'compact,shred', false],
    ['principal.builder.class', 'Nobody', false],
    ['listener.name.internal.max.connections', 'x', false],
    ['log.cleaner.io.max.bytes.per.second', '1f', true],
    ['log.cleaner.io.max.bytes.per.second', 'f', false],
    ['foo.bar', 'anything', true],
  ])('%s takes %j: %s', (name, value, taken) => {
    expect(wrongValue(brokerSetting(name), value) === null).toBe(taken);
  });

  it.each([
    ['num.io.threads', '4', true],
    ['num.io.threads', '3', false],
    ['num.io.threads', '16', true],
    ['num.io.threads', '17', false],
    ['listener.name.internal.num.network.threads', '7', false],
  ])('%s goes to %j at once: %s', (name, value, taken) => {
    const now = (n: string) => (n.startsWith('listener.') ? brokerSetting('num.network.threads').fallback : brokerSetting(n).fallback);
    expect(wrongThreads([brokerSetting(name)], (n) => (n === name ? value : now(n)), now) === null).toBe(taken);
  });

  it('reach one broker, all of them, or nobody', () => {
    const why = (name: string, own: boolean) => wrongForReach([brokerSetting(name)], own);
    expect([why('num.io.threads', true), why('num.io.threads', false), why('sasl.jaas.config', true)]).toEqual([null, null, null]);
    expect(why('sasl.jaas.config', false)).toContain('one broker');
    expect(why('ssl.keystore.location', true)).toContain('listener');
    expect(why('listener.name.internal.ssl.keystore.location', true)).toBeNull();
    expect(why('listener.name.internal.num.network.threads', false)).toBeNull();
    expect(why('node.id', true)).toContain('while a broker runs');
  });

  it.each([
    [{ 'log.cleaner.dedupe.buffer.size': '1048576' }, false],
    [{ 'log.cleaner.dedupe.buffer.size': '1048577' }, true],
    [{ 'log.retention.ms': '0' }, false],
    [{ 'log.retention.ms': '-5' }, true],
    [{ 'log.local.retention.ms': '604800001' }, false],
    [{ 'log.local.retention.ms': '604800001', 'log.retention.ms': '-1' }, true],
    [{ 'log.local.retention.bytes': '5' }, true],
    [{ 'log.cleaner.min.compaction.lag.ms': '5', 'log.cleaner.max.compaction.lag.ms': '3' }, true],
    [{ 'max.connections.per.ip': '0' }, false],
    [{ 'max.connections.per.ip': '0', 'max.connections.per.ip.overrides': '127.0.0.1:5' }, true],
    [{ 'max.connections.per.ip.overrides': 'a:5,b:x' }, false],
    [{ 'metric.reporters': 'Nobody' }, false],
    [{ 'listener.security.protocol.map': 'PLAINTEXT:SPOKEN,CONTROLLER:PLAINTEXT' }, false],
    [{ listeners: 'PLAINTEXT://:1,PLAINTEXT://:2' }, false],
    [{ listeners: 'SSL://:1' }, false],
    [{ listeners: 'PLAINTEXT://:1,SSL://:2' }, true],
    [{ listeners: 'plaintext://:1' }, true],
    [{ listeners: 'PLAINTEXT://:1,CONTROLLER://:2' }, false],
    [{ 'listener.security.protocol.map': 'PLAINTEXT:plaintext,CONTROLLER:PLAINTEXT' }, true],
    [{ 'listener.security.protocol.map': 'PLAINTEXT:SSL,CONTROLLER:PLAINTEXT' }, false],
    [{ 'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT' }, false],
  ])('%j together: %s', (settings, sound) => {
    const file = { listeners: 'PLAINTEXT://a:9092', 'advertised.listeners': 'PLAINTEXT://a:9092', 'controller.listener.names': 'CONTROLLER' };
    const map = 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SSL:SSL';
    const now = new Map<string, string>(Object.entries({ ...file, 'listener.security.protocol.map': map }));
    const after = new Map<string, string>([...now, ...Object.entries<string>(settings)]);
    const from = (values: ReadonlyMap<string, string>) => (name: string) => values.get(name) ?? brokerSetting(name).fallback;
    expect(wrongTogether(from(after), from(now)) === null).toBe(sound);
  });
});
