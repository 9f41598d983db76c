// Settings of a topic as the log uses them: Kafka's defaults, overridden by what the topic says (Kafka LogConfig, TopicConfig).
import type { Broker } from './broker.ts';

export interface LogConfig {
  /** Keep at most so long, milliseconds; -1 = for ever. */
  readonly retentionMs: number;
  /** Keep at most so many bytes; -1 = no limit. */
  readonly retentionBytes: number;
  readonly segmentBytes: number;
  readonly segmentMs: number;
  readonly delete: boolean;
  readonly compact: boolean;
  /** How long a tombstone stays after the first cleaning that saw it. */
  readonly deleteRetentionMs: number;
  readonly minCleanableDirtyRatio: number;
  readonly minCompactionLagMs: number;
  readonly maxCompactionLagMs: number;
  /** Largest record batch, bytes. */
  readonly maxMessageBytes: number;
  readonly logAppendTime: boolean;
  readonly timestampBeforeMaxMs: number;
  readonly timestampAfterMaxMs: number;
}

/** Java's Long.MAX_VALUE, where a setting means "never": as near as a number comes. */
const NEVER = Infinity;

/** Kafka 4.0 defaults (TopicConfig, LogConfig; message.timestamp.after.max.ms by KIP-1030). */
export const LOG_DEFAULTS: LogConfig = {
  retentionMs: 604_800_000,
  retentionBytes: -1,
  segmentBytes: 1_073_741_824,
  segmentMs: 604_800_000,
  delete: true,
  compact: false,
  deleteRetentionMs: 86_400_000,
  minCleanableDirtyRatio: 0.5,
  minCompactionLagMs: 0,
  maxCompactionLagMs: NEVER,
  maxMessageBytes: 1_048_588,
  logAppendTime: false,
  timestampBeforeMaxMs: NEVER,
  timestampAfterMaxMs: 3_600_000,
};

/** offsets.topic.segment.bytes and transaction.state.log.segment.bytes. */
const INTERNAL_SEGMENT_BYTES = 104_857_600;

/** The settings of a topic. @param broker whose metadata image and cluster settings hold. */
export function topicConfig(broker: Broker, topic: string): LogConfig {
  const state = broker.image.topics.get(topic) as { readonly internal: boolean; readonly config?: unknown } | undefined;
  const overrides = entriesOf(state?.config ?? broker.scenario.topics.find((t) => t.name === topic)?.config);
  const base: LogConfig = { ...LOG_DEFAULTS, maxMessageBytes: broker.config.messageMaxBytes };
  return logConfig(overrides, state?.internal ? { ...base, segmentBytes: INTERNAL_SEGMENT_BYTES, compact: true, delete: false } : base);
}

/** Overrides as a map or a record. */
function entriesOf(config: unknown): ReadonlyMap<string, string> {
  if (config instanceof Map) return config as ReadonlyMap<string, string>;
  return new Map(Object.entries((config ?? {}) as Record<string, string>));
}

export function logConfig(overrides: ReadonlyMap<string, string>, base: LogConfig = LOG_DEFAULTS): LogConfig {
  const number = (name: string, otherwise: number) => (overrides.has(name) ? Number(overrides.get(name)) : otherwise);
  const policy = overrides.get('cleanup.policy')?.split(',');
  const type = overrides.get('message.timestamp.type');
  return {
    retentionMs: number('retention.ms', base.retentionMs),
    retentionBytes: number('retention.bytes', base.retentionBytes),
    segmentBytes: number('segment.bytes', base.segmentBytes),
    segmentMs: number('segment.ms', base.segmentMs),
    delete: policy ? policy.includes('delete') : base.delete,
    compact: policy ? policy.includes('compact') : base.compact,
    deleteRetentionMs: number('delete.retention.ms', base.deleteRetentionMs),
    minCleanableDirtyRatio: number('min.cleanable.dirty.ratio', base.minCleanableDirtyRatio),
    minCompactionLagMs: number('min.compaction.lag.ms', base.minCompactionLagMs),
    maxCompactionLagMs: number('max.compaction.lag.ms', base.maxCompactionLagMs),
    maxMessageBytes: number('max.message.bytes', base.maxMessageBytes),
    logAppendTime: type ? type === 'LogAppendTime' : base.logAppendTime,
    timestampBeforeMaxMs: number('message.timestamp.before.max.ms', base.timestampBeforeMaxMs),
    timestampAfterMaxMs: number('message.timestamp.after.max.ms', base.timestampAfterMaxMs),
  };
}
