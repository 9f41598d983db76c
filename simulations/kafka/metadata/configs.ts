// The topic settings that are simulated: Kafka's names, defaults and rules, their broker-wide synonyms, and how a value is found
// (Kafka 4.0 LogConfig, ServerTopicConfigSynonyms).

/** Numbers of Kafka's config types, as DescribeConfigs gives them. */
const TYPE = { boolean: 1, string: 2, int: 3, long: 5, double: 6, list: 7 } as const;

export interface ConfigKey {
  readonly name: string;
  /** The broker setting that a topic without its own takes. */
  readonly broker: string;
  readonly type: keyof typeof TYPE;
  readonly fallback: string;
  /** What the default is called and worth where Kafka names it in another unit. */
  readonly defaultSynonym?: readonly [name: string, value: string];
  readonly min?: number;
  readonly max?: number;
  readonly choices?: readonly string[];
}

const LONG_MAX = '9223372036854775807';
const WEEK = '604800000';

export const TOPIC_KEYS: readonly ConfigKey[] = [
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
  { name: 'retention.ms', broker: 'log.retention.ms', type: 'long', fallback: WEEK, defaultSynonym: ['log.retention.hours', '168'], min: -1 },
  { name: 'segment.bytes', broker: 'log.segment.bytes', type: 'int', fallback: '1073741824', min: 14 },
  { name: 'segment.ms', broker: 'log.roll.ms', type: 'long', fallback: WEEK, defaultSynonym: ['log.roll.hours', '168'], min: 1 },
  { name: 'unclean.leader.election.enable', broker: 'unclean.leader.election.enable', type: 'boolean', fallback: 'false' },
];

/** The setting that more than one part asks for by name. */
export const MIN_ISR = 'min.insync.replicas';

const byName = new Map(TOPIC_KEYS.map((k) => [k.name, k]));
const byBrokerName = new Map(TOPIC_KEYS.map((k) => [k.broker, k]));

export function topicKey(name: string): ConfigKey | undefined {
  return byName.get(name);
}

/** By the name that brokers call it. */
export function brokerKey(name: string): ConfigKey | undefined {
  return byBrokerName.get(name);
}

export function typeNumber(key: ConfigKey): number {
  return TYPE[key.type];
}

/** What is wrong with a value; null when nothing is. */
export function wrongWith(key: ConfigKey, value: string): string | null {
  const text = value.trim();
  switch (key.type) {
    case 'boolean':
      return /^(?:true|false)$/i.test(text) ? null : 'must be true or false';
    case 'string':
      return key.choices!.includes(text) ? null : `must be one of ${key.choices!.join(', ')}`;
    case 'list':
      return parts(text).every((part) => key.choices!.includes(part)) ? null : `may list ${key.choices!.join(', ')}`;
    case 'double':
      return /^[+-]?(?:\d+\.?\d*|\.\d+)$/.test(text) ? outside(key, Number(text)) : 'must be a number';
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
