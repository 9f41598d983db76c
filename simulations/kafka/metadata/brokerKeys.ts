// The settings of brokers as an administrator meets them: what each is called, how it is told and what may be set (Kafka 4.0 KafkaConfig,
// DynamicBrokerConfig, ConfigDef). What topics take from brokers is among them; how the engine uses it stands in configs.ts.
import { OPERATION } from '../protocol/adminMessages.ts';
import { BROKER_TABLE } from './brokerTable.ts';

/** Kafka's numbers of types in DescribeConfigs. */
const TYPE = { unknown: 0, boolean: 1, string: 2, int: 3, short: 4, long: 5, double: 6, list: 7, class: 8, password: 9 } as const;

/** Who can have a setting changed while brokers run: nobody; one broker or all; one broker; one broker, under the name of a listener. */
export type Reach = '-' | 'c' | 'b' | 'l';

export interface BrokerKey {
  readonly name: string;
  readonly type: keyof typeof TYPE;
  readonly reach: Reach;
  /** null = none. */
  readonly fallback: string | null;
  readonly rule: string;
}

export const BROKER_KEYS: readonly BrokerKey[] = BROKER_TABLE.trim()
  .split('\n')
  .map((line) => {
    const [name, type, reach, fallback, rule = ''] = line.split(' ') as [string, BrokerKey['type'], Reach, string, string?];
    return { name, type, reach, fallback: fallback === 'null' ? null : fallback === "''" ? '' : fallback, rule };
  });

/** Rates of replication, which are told only where they are set, and then as settings that cannot be (Kafka QuotaConfig.brokerQuotaConfigs). */
const RATES: readonly BrokerKey[] = ['follower.replication.throttled.rate', 'leader.replication.throttled.rate', 'replica.alter.log.dirs.io.max.bytes.per.second'].map((name) => ({
  name,
  type: 'long',
  reach: 'c',
  fallback: null,
  rule: '0..',
}));

/** The setting in a larger unit that counts where the one in milliseconds has no value (Kafka DynamicBrokerConfig.brokerConfigSynonyms). */
const COARSE: ReadonlyMap<string, readonly string[]> = new Map([
  ['log.flush.interval.ms', ['log.flush.scheduler.interval.ms']],
  ['log.retention.minutes', ['log.retention.hours']],
  ['log.retention.ms', ['log.retention.minutes', 'log.retention.hours']],
  ['log.roll.jitter.ms', ['log.roll.jitter.hours']],
  ['log.roll.ms', ['log.roll.hours']],
]);

/** What listeners have of their own and all brokers may share. */
const OF_LISTENERS: ReadonlySet<string> = new Set(['max.connection.creation.rate', 'max.connections', 'num.network.threads']);
const LISTENER = /^listener\.name\.[^.]*\.(.*)$/;

const byName = new Map([...BROKER_KEYS, ...RATES].map((key) => [key.name, key]));
const told: ReadonlySet<BrokerKey> = new Set(BROKER_KEYS);

/** The setting of a name; the name of a listener before it makes it that listener's. A name that nobody knows is kept for plugins that may read it. */
export function brokerSetting(name: string): BrokerKey {
  const known = byName.get(name);
  if (known) return known;
  const listener = LISTENER.exec(name)?.[1];
  const base = listener === undefined ? undefined : byName.get(listener);
  if (listener !== undefined)
    return {
      name,
      type: base?.type ?? 'unknown',
      reach: OF_LISTENERS.has(listener) ? 'c' : 'b',
      fallback: null,
      rule: base?.rule === 'threads' && !OF_LISTENERS.has(listener) ? '1..' : (base?.rule ?? ''),
    };
  return { name, type: 'unknown', reach: 'c', fallback: null, rule: '' };
}

/** Names under which a value may stand, the setting's own first. */
export function namesOf(name: string): readonly string[] {
  const listener = LISTENER.exec(name)?.[1];
  return [name, ...(listener === undefined ? (COARSE.get(name) ?? []) : [listener])];
}

export function typeOf(key: BrokerKey): number {
  return TYPE[key.type];
}

/** Whether it is one of the settings that every broker tells. */
export function everyBrokerHas(key: BrokerKey): boolean {
  return told.has(key);
}

/** Whether a setting is told as one that cannot be changed: Kafka says so of every name that is not in its list of dynamic ones. */
export function readOnly(key: BrokerKey): boolean {
  return key.reach === '-' || !everyBrokerHas(key);
}

/** Whether nobody is told its value: passwords, and what might be one. */
export function sensitive(key: BrokerKey): boolean {
  return key.type === 'password' || key.type === 'unknown';
}

/** A value as Kafka tells it, read and written again. */
export function toldValue(type: string, value: string): string {
  const text = value.trim();
  switch (type) {
    case 'boolean':
      return text.toLowerCase();
    case 'int':
    case 'long':
    case 'short':
      return String(BigInt(text.replace(/^\+/, '')));
    case 'double':
      return javaDouble(parsedDouble(text));
    case 'list':
      return text === '' ? '' : text.split(/\s*,\s*/).join(',');
    default:
      return text;
  }
}

const DOUBLE = /^([+-]?)(NaN|Infinity|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?[fFdD]?)$/;

/** A number as Java reads a double, which may say that it is one; */
function parsedDouble(text: string): number {
  const [, sign, digits] = DOUBLE.exec(text)!;
  return (sign === '-' ? -1 : 1) * Number(digits!.replace(/[fFdD]$/, ''));
}

/** A number as Java writes a double. */
function javaDouble(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  if (size === 0 || (size >= 1e-3 && size < 1e7)) return Number.isInteger(value) ? `${value}.0` : String(value);
  const [digits, exponent] = value.toExponential().split('e') as [string, string];
  return `${digits.includes('.') ? digits : `${digits}.0`}E${exponent.replace('+', '')}`;
}

const BITS = { short: 16, int: 32, long: 64 } as const;

/** What is wrong with a value by itself; null when nothing is. */
export function wrongValue({ name, type, rule }: BrokerKey, value: string): string | null {
  const text = value.trim();
  switch (type) {
    case 'boolean':
      return /^(?:true|false)$/i.test(text) ? null : 'must be true or false';
    case 'double':
      return DOUBLE.test(text) ? outside(rule, parsedDouble(text)) : 'must be a number';
    case 'short':
    case 'int':
    case 'long': {
      if (!/^[+-]?\d{1,20}$/.test(text)) return 'must be a whole number';
      const exact = BigInt(text.replace(/^\+/, ''));
      if (BigInt.asIntN(BITS[type], exact) !== exact) return `must fit ${BITS[type]} bits`;
      if (name === 'compression.gzip.level' && exact === 0n) return 'must be between 1 and 9, or -1';
      return outside(rule === 'threads' ? '1..' : rule, Number(exact));
    }
    case 'string':
      return rule === '' || rule.split('/').includes(text) ? null : `must be one of ${rule.split('/').join(', ')}`;
    case 'list':
      return rule === '' || text === '' || text.split(/\s*,\s*/).every((part) => rule.split('/').includes(part)) ? null : `may list ${rule.split('/').join(', ')}`;
    case 'class':
      return isClass(text) ? null : 'must be a class that the broker has';
    case 'password':
    case 'unknown':
      return null;
  }
}

/** Whether a broker without plugins has a class. */
export function isClass(name: string): boolean {
  return /^(?:java|javax|kafka|org\.apache\.kafka)\.[\w.$]+$/.test(name);
}

function outside(rule: string, value: number): string | null {
  const [least, most] = rule.split('..');
  if (least !== undefined && least !== '' && value < Number(least)) return `must be at least ${least}`;
  return most !== undefined && most !== '' && value > Number(most) ? `must be at most ${most}` : null;
}

/** A list with parts added or taken away. */
export function changedList(list: string, value: string, operation: number): string {
  const parts = list.split(',').filter((part) => part !== '');
  const given = value.split(',');
  return (operation === OPERATION.append ? [...parts, ...given.filter((part) => !parts.includes(part))] : parts.filter((part) => !given.includes(part))).join(',');
}
