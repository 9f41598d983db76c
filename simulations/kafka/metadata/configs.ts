// The topic settings that are simulated: Kafka's names, defaults and rules, their broker-wide synonyms, and how a value is found
// (Kafka 4.0 LogConfig, ServerTopicConfigSynonyms).

/** Numbers of Kafka's config types, as DescribeConfigs gives them. */
const TYPE = { boolean: 1, string: 2, int: 3, long: 5, double: 6, list: 7 } as const;

export interface ConfigKey {
  readonly name: string;
  /** The broker setting that a topic without its own takes; '' = none. */
  readonly broker: string;
  readonly type: keyof typeof TYPE;
  readonly fallback: string;
  /** Kafka has it and here it changes nothing: it can be set and read by clients, not by scenarios. */
  readonly idle?: true;
  readonly min?: number;
  readonly max?: number;
  /** A value between that is none. */
  readonly except?: number;
  readonly choices?: readonly string[];
  /** A value that is sound and that this broker cannot take: it keeps no tiers of storage. */
  readonly refused?: string;
}

const LONG_MAX = '9223372036854775807';
const WEEK = '604800000';

const SIMULATED: readonly ConfigKey[] = [
  { name: 'cleanup.policy', broker: 'log.cleanup.policy', type: 'list', fallback: 'delete', choices: ['compact', 'delete'] },
  { name: 'compression.type', broker: 'compression.type', type: 'string', fallback: 'producer', choices: ['uncompressed', 'zstd', 'lz4', 'snappy', 'gzip', 'producer'] },
  { name: 'delete.retention.ms', broker: 'log.cleaner.delete.retention.ms', type: 'long', fallback: '86400000', min: 0 },
  { name: 'max.compaction.lag.ms', broker: 'log.cleaner.max.compaction.lag.ms', type: 'long', fallback: LONG_MAX, min: 1 },
  { name: 'max.message.bytes', broker: 'message.max.bytes', type: 'int', fallback: '1048588', min: 0 },
  { name: 'message.timestamp.after.max.ms', broker: 'log.message.timestamp.after.max.ms', type: 'long', fallback: '3600000', min: 0 },
  { name: 'message.timestamp.before.max.ms', broker: 'log.message.timestamp.before.max.ms', type: 'long', fallback: LONG_MAX, min: 0 },
  { name: 'message.timestamp.type', broker: 'log.message.timestamp.type', type: 'string', fallback: 'CreateTime', choices: ['CreateTime', 'LogAppendTime'] },
  { name: 'min.cleanable.dirty.ratio', broker: 'log.cleaner.min.cleanable.ratio', type: 'double', fallback: '0.5', min: 0, max: 1 },
  { name: 'min.compaction.lag.ms', broker: 'log.cleaner.min.compaction.lag.ms', type: 'long', fallback: '0', min: 0 },
  { name: 'min.insync.replicas', broker: 'min.insync.replicas', type: 'int', fallback: '1', min: 1 },
  { name: 'retention.bytes', broker: 'log.retention.bytes', type: 'long', fallback: '-1' },
  { name: 'retention.ms', broker: 'log.retention.ms', type: 'long', fallback: WEEK, min: -1 },
  { name: 'segment.bytes', broker: 'log.segment.bytes', type: 'int', fallback: '1073741824', min: 14 },
  { name: 'segment.ms', broker: 'log.roll.ms', type: 'long', fallback: WEEK, min: 1 },
  { name: 'unclean.leader.election.enable', broker: 'unclean.leader.election.enable', type: 'boolean', fallback: 'false' },
];

/** The rest of Kafka 4.0's, as a broker tells and checks them. */
const IDLE: readonly ConfigKey[] = (
  [
    { name: 'compression.gzip.level', broker: 'compression.gzip.level', type: 'int', fallback: '-1', min: -1, max: 9, except: 0 },
    { name: 'compression.lz4.level', broker: 'compression.lz4.level', type: 'int', fallback: '9', min: 1, max: 17 },
    { name: 'compression.zstd.level', broker: 'compression.zstd.level', type: 'int', fallback: '3', min: -131_072, max: 22 },
    { name: 'file.delete.delay.ms', broker: 'log.segment.delete.delay.ms', type: 'long', fallback: '60000', min: 0 },
    { name: 'flush.messages', broker: 'log.flush.interval.messages', type: 'long', fallback: LONG_MAX, min: 1 },
    { name: 'flush.ms', broker: 'log.flush.interval.ms', type: 'long', fallback: LONG_MAX, min: 0 },
    { name: 'follower.replication.throttled.replicas', broker: '', type: 'list', fallback: '' },
    { name: 'index.interval.bytes', broker: 'log.index.interval.bytes', type: 'int', fallback: '4096', min: 0 },
    { name: 'leader.replication.throttled.replicas', broker: '', type: 'list', fallback: '' },
    { name: 'local.retention.bytes', broker: 'log.local.retention.bytes', type: 'long', fallback: '-2', min: -2 },
    { name: 'local.retention.ms', broker: 'log.local.retention.ms', type: 'long', fallback: '-2', min: -2 },
    { name: 'preallocate', broker: 'log.preallocate', type: 'boolean', fallback: 'false' },
    { name: 'remote.log.copy.disable', broker: '', type: 'boolean', fallback: 'false' },
    { name: 'remote.log.delete.on.disable', broker: '', type: 'boolean', fallback: 'false' },
    { name: 'remote.storage.enable', broker: '', type: 'boolean', fallback: 'false', refused: 'true' },
    { name: 'segment.index.bytes', broker: 'log.index.size.max.bytes', type: 'int', fallback: '10485760', min: 4 },
    { name: 'segment.jitter.ms', broker: 'log.roll.jitter.ms', type: 'long', fallback: '0', min: 0 },
  ] as const
).map((key) => ({ ...key, idle: true }));

/** In the order of their names. */
export const TOPIC_KEYS: readonly ConfigKey[] = [...SIMULATED, ...IDLE].sort((a, b) => (a.name < b.name ? -1 : 1));

/** The setting that more than one part asks for by name. */
export const MIN_ISR = 'min.insync.replicas';

const byName = new Map(TOPIC_KEYS.map((k) => [k.name, k]));

export function topicKey(name: string): ConfigKey | undefined {
  return byName.get(name);
}

export function typeNumber(key: ConfigKey): number {
  return TYPE[key.type];
}

/** What is wrong with a value; null when nothing is. */
export function wrongWith(key: ConfigKey, value: string): string | null {
  const text = value.trim();
  if (key.refused !== undefined && text.toLowerCase() === key.refused) return `must not be ${key.refused}: tiered storage is off on the brokers`;
  switch (key.type) {
    case 'boolean':
      return /^(?:true|false)$/i.test(text) ? null : 'must be true or false';
    case 'string':
      return key.choices!.includes(text) ? null : `must be one of ${key.choices!.join(', ')}`;
    case 'list':
      if (!key.choices) return /^(?:\*|\d+:\d+(?:\s*,\s*\d+:\d+)*)?$/.test(text) ? null : 'must be * or a list of partition:broker';
      return parts(text).every((part) => key.choices!.includes(part)) ? null : `may list ${key.choices.join(', ')}`;
    case 'double':
      return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(text) ? outside(key, Number(text)) : 'must be a number';
    case 'int':
    case 'long': {
      if (!/^[+-]?\d{1,20}$/.test(text)) return 'must be a whole number';
      const exact = BigInt(text);
      const bits = key.type === 'int' ? 32 : 64;
      return BigInt.asIntN(bits, exact) === exact ? outside(key, Number(exact)) : `must fit ${bits} bits`;
    }
  }
}

function outside(key: ConfigKey, value: number): string | null {
  if (value === key.except) return `must not be ${value}`;
  if (key.min !== undefined && value < key.min) return `must be at least ${key.min}`;
  return key.max !== undefined && value > key.max ? `must be at most ${key.max}` : null;
}

function parts(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

/** The settings of one topic as the engine uses them. Times in milliseconds, sizes in bytes; Infinity where Kafka has the largest long. */
export interface TopicConfig {
  /** cleanup.policy: records go by age and size, or when a newer one has their key. */
  readonly delete: boolean;
  readonly compact: boolean;
  readonly compressionType: string;
  readonly deleteRetentionMs: number;
  readonly minCompactionLagMs: number;
  readonly maxCompactionLagMs: number;
  readonly minCleanableDirtyRatio: number;
  readonly maxMessageBytes: number;
  readonly timestampAfterMaxMs: number;
  readonly timestampBeforeMaxMs: number;
  /** message.timestamp.type is LogAppendTime: brokers stamp records as they append them. */
  readonly logAppendTime: boolean;
  readonly minInsyncReplicas: number;
  /** -1 = no limit. */
  readonly retentionBytes: number;
  /** -1 = no limit. */
  readonly retentionMs: number;
  readonly segmentBytes: number;
  readonly segmentMs: number;
  readonly uncleanLeaderElectionEnable: boolean;
}

/** Reads the settings through a function that finds the value of a key. */
export function typed(valueOf: (key: ConfigKey) => string): TopicConfig {
  const text = (name: string) => valueOf(byName.get(name)!).trim();
  const number = (name: string) => {
    const value = text(name);
    return value === LONG_MAX ? Infinity : Number(value);
  };
  const policy = parts(text('cleanup.policy'));
  return {
    delete: policy.includes('delete'),
    compact: policy.includes('compact'),
    compressionType: text('compression.type'),
    deleteRetentionMs: number('delete.retention.ms'),
    minCompactionLagMs: number('min.compaction.lag.ms'),
    maxCompactionLagMs: number('max.compaction.lag.ms'),
    minCleanableDirtyRatio: number('min.cleanable.dirty.ratio'),
    maxMessageBytes: number('max.message.bytes'),
    timestampAfterMaxMs: number('message.timestamp.after.max.ms'),
    timestampBeforeMaxMs: number('message.timestamp.before.max.ms'),
    logAppendTime: text('message.timestamp.type') === 'LogAppendTime',
    minInsyncReplicas: number('min.insync.replicas'),
    retentionBytes: number('retention.bytes'),
    retentionMs: number('retention.ms'),
    segmentBytes: number('segment.bytes'),
    segmentMs: number('segment.ms'),
    uncleanLeaderElectionEnable: /^true$/i.test(text('unclean.leader.election.enable')),
  };
}

/** Kafka's defaults. */
export const TOPIC_DEFAULTS: TopicConfig = typed((key) => key.fallback);

/** What is wrong with a topic's own settings taken together; null when nothing is. */
export function contradiction(config: TopicConfig): string | null {
  return config.minCompactionLagMs > config.maxCompactionLagMs ? `min.compaction.lag.ms (${config.minCompactionLagMs}) must not exceed max.compaction.lag.ms (${config.maxCompactionLagMs})` : null;
}
