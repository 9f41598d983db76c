// What a Kafka source reads (Flink KafkaSource).
import type { RecordRow } from '../../kernel/records.ts';

export interface KafkaSourceSpec {
  readonly topics: readonly string[];
  /** Shown as the group that reads; offsets live in the job's state, not in the group. */
  readonly groupId: string;
  readonly startingOffsets: 'earliest' | 'latest';
  /** What the job gets of a record. */
  readonly deserialize: (row: RecordRow) => unknown;
  /** Whether a record says that its partition has ended; it is not handed on. null = partitions do not end. */
  readonly isEndOfStream: ((row: RecordRow) => boolean) | null;
}
