// Kafka as source and sink of a job (Flink KafkaSource, KafkaSink).
import type { DeliveryGuarantee } from '../connectors/kafkaSinkSpec.ts';
import { StreamError } from '../errors.ts';
import { END_OF_STREAM } from '../../story/catalogue.ts';
import type { Sink } from './dataStream.ts';
import type { Source } from './environment.ts';

function readable(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    throw new StreamError('RECORD_NOT_READABLE', `The record is not JSON: ${value.slice(0, 60)}`);
  }
}

export interface KafkaSourceOptions {
  readonly topics: readonly string[];
  /** The group to which offsets are committed when a checkpoint is complete, for others to see. */
  readonly groupId: string;
  /** earliest unless told. */
  readonly startingOffsets?: 'earliest' | 'latest';
  /** read_uncommitted unless told, as in Kafka: a job that reads what another one commits needs read_committed. */
  readonly isolationLevel?: 'read_uncommitted' | 'read_committed';
  /** partition.discovery.interval.ms: how often it looks for partitions that were added, ms; 5 min unless told. A source whose partitions end looks when the job starts, and no more. */
  readonly partitionDiscoveryIntervalMs?: number;
  /** Whether a partition ends at the record that says so; true unless told. */
  readonly ends?: boolean;
}

/** Reads JSON. */
export function kafkaSource<T>(options: KafkaSourceOptions): Source<T> {
  const { topics, groupId, startingOffsets = 'earliest', isolationLevel = 'read_uncommitted', partitionDiscoveryIntervalMs = 300_000, ends = true } = options;
  return {
    spec: {
      topics,
      groupId,
      startingOffsets,
      isolationLevel,
      partitionDiscoveryIntervalMs: ends ? 0 : partitionDiscoveryIntervalMs,
      deserialize: (row) => readable(row.value!),
      isEndOfStream: ends ? (row) => row.value === END_OF_STREAM : null,
    },
  };
}

export interface KafkaSinkOptions<T> {
  readonly topic: string;
  readonly keyOf?: (value: T) => string;
  /** NONE unless told, as in Flink. */
  readonly guarantee?: DeliveryGuarantee;
  /** Needed for EXACTLY_ONCE. */
  readonly transactionalIdPrefix?: string;
  /** transaction.timeout.ms; 15 min unless told, which is the most that a broker allows by default. */
  readonly transactionTimeoutMs?: number;
}

/** Writes JSON. @throws StreamError TRANSACTIONAL_ID_PREFIX_MISSING */
export function kafkaSink<T>(options: KafkaSinkOptions<T>): Sink<T> {
  const { topic, keyOf, guarantee = 'NONE', transactionalIdPrefix, transactionTimeoutMs = 900_000 } = options;
  if (guarantee === 'EXACTLY_ONCE' && !transactionalIdPrefix)
    throw new StreamError('TRANSACTIONAL_ID_PREFIX_MISSING', 'An exactly-once sink needs a transactionalIdPrefix that no other application has: its transactions are found by it after a restart.');
  return {
    spec: {
      topic,
      keyOf: (keyOf as ((value: unknown) => string) | undefined) ?? null,
      serialize: (value) => JSON.stringify(value),
      guarantee,
      transactionalIdPrefix: transactionalIdPrefix ?? '',
      transactionTimeoutMs,
    },
  };
}
