// What Kafka asks of a broker's changed settings beyond each value by itself: how far a setting reaches, and what one says of another
// (Kafka DynamicBrokerConfig.validate, KafkaConfig.validateValues, and what can be changed at run time: DynamicLogConfig, DynamicRemoteLogConfig).
import { BROKER_KEYS, isClass, toldValue, type BrokerKey } from './brokerKeys.ts';

const MIB = 1_048_576;
const MAP = 'listener.security.protocol.map';
const PROTOCOLS = ['PLAINTEXT', 'SSL', 'SASL_PLAINTEXT', 'SASL_SSL'];

/** Why settings cannot be changed while brokers run, or not for all of them; null when they can. */
export function wrongForReach(keys: readonly BrokerKey[], own: boolean): string | null {
  const names = (reach: BrokerKey['reach']) =>
    keys
      .filter((key) => key.reach === reach)
      .map((key) => key.name)
      .join(', ');
  const fixed = names('-');
  if (fixed !== '') return `Not to be changed while a broker runs: ${fixed}.`;
  const listeners = names('l');
  if (listeners !== '') return `Only to be changed under the name of a listener: ${listeners}.`;
  const single = own ? '' : names('b');
  return single === '' ? null : `Only to be changed for one broker: ${single}.`;
}

type ValueOf = (name: string) => string | null;

/** What is wrong with settings taken together; null when nothing is. @param valueOf the values as they would be, null = none. @param nowOf as they are. */
export function wrongTogether(valueOf: ValueOf, nowOf: ValueOf): string | null {
  const number = (name: string) => Number(valueOf(name) ?? 0);
  if (Math.floor(number('log.cleaner.dedupe.buffer.size') / number('log.cleaner.threads')) <= MIB) return 'log.cleaner.dedupe.buffer.size must be more than 1 MiB for each of log.cleaner.threads';
  // Not set counts as in the larger unit.
  if (valueOf('log.retention.ms')?.trim() === '0') return 'log.retention.ms must be -1 or at least 1';
  const local = wrongLocal('ms', number('log.local.retention.ms'), retentionMs(valueOf)) ?? wrongLocal('bytes', number('log.local.retention.bytes'), number('log.retention.bytes'));
  if (local) return local;
  const perIp = toldValue('list', valueOf('max.connections.per.ip.overrides') ?? '');
  if (perIp === '' && number('max.connections.per.ip') === 0) return 'max.connections.per.ip can be 0 only where max.connections.per.ip.overrides names who may connect';
  if (perIp !== '' && !/^[^,]+:\d+(?:,[^,]+:\d+)*$/.test(perIp)) return 'max.connections.per.ip.overrides must be a list of address:number';
  const reporters = toldValue('list', valueOf('metric.reporters') ?? '');
  if (reporters !== '' && !reporters.split(',').every(isClass)) return 'metric.reporters must be classes that the broker has';
  return wrongListeners(valueOf, nowOf);
}

const THREADS = BROKER_KEYS.filter((key) => key.rule === 'threads');

/** Threads are added and taken away by halves at most, also when a setting is taken back (Kafka DynamicThreadPool). */
export function wrongThreads(given: readonly BrokerKey[], valueOf: ValueOf, nowOf: ValueOf): string | null {
  for (const { name } of [...THREADS, ...given.filter((key) => key.rule === 'threads' && !THREADS.includes(key))]) {
    const [count, now] = [Number(valueOf(name)), Number(nowOf(name))];
    if (count < Math.trunc(now / 2)) return `${name} must be at least half of what it is, ${now}, not ${count}`;
    if (count > now * 2) return `${name} must not be more than double what it is, ${now}, not ${count}`;
  }
  return null;
}

function retentionMs(valueOf: ValueOf): number {
  const ms = valueOf('log.retention.ms');
  return ms === null ? Number(valueOf('log.retention.hours')) * 3_600_000 : Number(ms);
}

/** What is kept of a partition on the broker's own disk cannot be more than all of it. */
function wrongLocal(unit: string, local: number, all: number): string | null {
  if (local === -2 || all < 0) return null;
  return local < 0 || local > all ? `log.local.retention.${unit} must not be more than log.retention.${unit}` : null;
}

function wrongListeners(valueOf: ValueOf, nowOf: ValueOf): string | null {
  const protocols = protocolsIn(valueOf(MAP));
  if (typeof protocols === 'string') return protocols;
  const controllers = (valueOf('controller.listener.names') ?? '').split(',');
  const seen = new Set<string>();
  for (const listener of toldValue('list', valueOf('listeners') ?? '').split(',')) {
    const name = /^([A-Za-z0-9_-]+):\/\/\S*:\d+$/.exec(listener)?.[1]?.toUpperCase();
    if (name === undefined) return `listeners must be a list of listener://host:port, not ${JSON.stringify(listener)}`;
    if (seen.has(name)) return 'listeners must have different names';
    if (!protocols.has(name)) return `${MAP} must say what ${name} speaks`;
    if (controllers.includes(name)) return `${name} is the controller's listener`;
    seen.add(name);
  }
  for (const listener of toldValue('list', valueOf('advertised.listeners') ?? '').split(',')) {
    if (!seen.has(listener.split('://')[0]!)) return 'listeners must have every listener that is advertised';
  }
  const silent = controllers.find((name) => !protocols.has(name));
  if (silent !== undefined) return `${MAP} must say what ${silent} speaks`;
  const now = protocolsIn(nowOf(MAP));
  const changed = typeof now === 'string' ? undefined : [...seen].find((name) => now.has(name) && now.get(name) !== protocols.get(name));
  return changed === undefined ? null : `what ${changed} speaks cannot change`;
}

/** What each listener speaks; a text says what is wrong. */
function protocolsIn(map: string | null): ReadonlyMap<string, string> | string {
  const protocols = new Map<string, string>();
  for (const entry of toldValue('list', map ?? '').split(',')) {
    const [name, protocol] = entry.toUpperCase().split(':') as [string, string?];
    if (protocol === undefined) return `${MAP} must be a list of listener:protocol`;
    if (!PROTOCOLS.includes(protocol)) return `${MAP} must use ${PROTOCOLS.join(', ')}`;
    protocols.set(name, protocol);
  }
  return protocols;
}
