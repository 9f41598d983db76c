// Settings that a group may have of its own: names, ranges, and which value is in force (Kafka 4.0 GroupConfig, KIP-848, KIP-932).
import type { ClusterConfig } from '../../contract/scenario.ts';
import { wrongWith, type ConfigKey } from './configs.ts';
import type { MetadataImage } from './image.ts';

/** What a group's own setting stands in for: the broker's value, and the range that the broker's configuration allows. */
interface GroupKey extends ConfigKey {
  /** The broker's value, as text. */
  readonly ofBroker: (config: ClusterConfig) => string;
  /** group.*.min.* and group.*.max.* (Kafka 4.0 defaults), milliseconds; a broker whose own value is outside has them moved to it. Absent for what is no number. */
  readonly range?: readonly [min: number, max: number];
}

export type GroupSetting = 'consumer.session.timeout.ms' | 'consumer.heartbeat.interval.ms' | 'share.session.timeout.ms' | 'share.heartbeat.interval.ms' | 'share.record.lock.duration.ms';

const AUTO_OFFSET_RESET = 'share.auto.offset.reset';
const SESSION: readonly [number, number] = [45_000, 60_000];
const HEARTBEAT: readonly [number, number] = [5_000, 15_000];
const LOCK: readonly [number, number] = [15_000, 60_000];

/** `fallback` is Kafka's, `broker` the setting of brokers that counts where the group has none. */
export const GROUP_KEYS: readonly GroupKey[] = [
  {
    name: 'consumer.session.timeout.ms',
    broker: 'group.consumer.session.timeout.ms',
    type: 'int',
    fallback: '45000',
    min: 1,
    range: SESSION,
    ofBroker: (c) => String(c.groupConsumerSessionTimeoutMs),
  },
  {
    name: 'consumer.heartbeat.interval.ms',
    broker: 'group.consumer.heartbeat.interval.ms',
    type: 'int',
    fallback: '5000',
    min: 1,
    range: HEARTBEAT,
    ofBroker: (c) => String(c.groupConsumerHeartbeatIntervalMs),
  },
  { name: 'share.session.timeout.ms', broker: 'group.share.session.timeout.ms', type: 'int', fallback: '45000', min: 1, range: SESSION, ofBroker: (c) => String(c.groupShareSessionTimeoutMs) },
  {
    name: 'share.heartbeat.interval.ms',
    broker: 'group.share.heartbeat.interval.ms',
    type: 'int',
    fallback: '5000',
    min: 1,
    range: HEARTBEAT,
    ofBroker: (c) => String(c.groupShareHeartbeatIntervalMs),
  },
  {
    name: 'share.record.lock.duration.ms',
    broker: 'group.share.record.lock.duration.ms',
    type: 'int',
    fallback: '30000',
    min: 1_000,
    range: LOCK,
    ofBroker: (c) => String(c.groupShareRecordLockDurationMs),
  },
  { name: AUTO_OFFSET_RESET, broker: AUTO_OFFSET_RESET, type: 'string', fallback: 'latest', ofBroker: (c) => c.shareAutoOffsetReset },
];

const byName = new Map(GROUP_KEYS.map((k) => [k.name, k]));

export function groupKey(name: string): ConfigKey | undefined {
  return byName.get(name);
}

/** Least and most that a group may set, each with the setting of brokers that says so; empty for what is no number. */
export function rangeOf({ broker, range, ofBroker }: GroupKey, config: ClusterConfig): (readonly [setting: string, value: number])[] {
  if (!range) return [];
  const own = Number(ofBroker(config));
  const bound = (which: string) => broker.replace(/^group\.(consumer|share)\./, `group.$1.${which}.`);
  return [
    [bound('min'), Math.min(range[0], own)],
    [bound('max'), Math.max(range[1], own)],
  ];
}

/** What is wrong with a group's own settings taken together; null when nothing is. */
export function wrongGroup(settings: ReadonlyMap<string, string>, config: ClusterConfig): string | null {
  for (const [name, value] of settings) {
    const key = byName.get(name);
    if (!key) return `${name} is not a setting of groups`;
    const wrong = key.range ? wrongWith(key, value) : resetOf(value) === null ? 'must be earliest, latest or by_duration: with a duration of ISO 8601 that is not negative' : null;
    if (wrong) return `${name} ${wrong}, not ${JSON.stringify(value)}`;
  }
  // What is not set is judged at Kafka's default, as Kafka does.
  const valueOf = (name: string) => Number(settings.get(name) ?? byName.get(name)!.fallback);
  for (const key of GROUP_KEYS) {
    const [least, most] = rangeOf(key, config);
    if (!least || !most) continue;
    const value = valueOf(key.name);
    if (value < least[1]) return `${key.name} must not be less than ${least[0]} (${least[1]})`;
    if (value > most[1]) return `${key.name} must not be more than ${most[0]} (${most[1]})`;
  }
  for (const kind of ['consumer', 'share'])
    if (valueOf(`${kind}.session.timeout.ms`) <= valueOf(`${kind}.heartbeat.interval.ms`)) return `${kind}.session.timeout.ms must be more than ${kind}.heartbeat.interval.ms`;
  return null;
}

/** The value of each setting that is in force for a group, and whether it is its own. */
export function groupSettings(image: MetadataImage, config: ClusterConfig, group: string): { readonly key: ConfigKey; readonly value: string; readonly own: boolean }[] {
  const settings = image.groupConfigs.get(group);
  return GROUP_KEYS.map((key) => {
    const own = settings?.get(key.name);
    return { key, value: own?.trim() ?? key.ofBroker(config), own: own !== undefined };
  });
}

/** A time that is in force for a group, milliseconds. */
export function groupMs(image: MetadataImage, config: ClusterConfig, group: string, setting: GroupSetting): number {
  return Number(image.groupConfigs.get(group)?.get(setting) ?? byName.get(setting)!.ofBroker(config));
}

/** Where a share group begins to read: at an end of the log, or at the first record that is not older than so many milliseconds. */
export type ShareReset = 'earliest' | 'latest' | number;

export function shareReset(image: MetadataImage, config: ClusterConfig, group: string): ShareReset {
  return resetOf(image.groupConfigs.get(group)?.get(AUTO_OFFSET_RESET) ?? config.shareAutoOffsetReset)!;
}

const DURATION = /^([+-]?)P(?=[^T]|T[^T])(?:([+-]?\d+)D)?(?:T(?=.)(?:([+-]?\d+)H)?(?:([+-]?\d+)M)?(?:([+-]?\d+(?:[.,]\d{0,9})?)S)?)?$/i;

/** @returns null for what is none of the three. Durations are read as java.time.Duration does. */
function resetOf(text: string): ShareReset | null {
  const value = text.trim();
  if (value === 'earliest' || value === 'latest') return value;
  if (!value.startsWith('by_duration:')) return null;
  const m = DURATION.exec(value.slice('by_duration:'.length));
  if (!m) return null;
  const part = (i: number) => Number((m[i] ?? '0').replace(',', '.'));
  const ms = Math.trunc((((part(2) * 24 + part(3)) * 60 + part(4)) * 60 + part(5)) * 1_000) * (m[1] === '-' ? -1 : 1);
  return ms < 0 ? null : ms;
}
