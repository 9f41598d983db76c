// What a Kafka source reads (Flink KafkaSource).

/** A record as it is read. */
export interface SourceRecord {
  readonly key: string | null;
  /** null = a tombstone; undefined = not kept, which only records without content are. */
  readonly value: string | null | undefined;
  readonly timestampMs: number;
}

export interface KafkaSourceSpec {
  readonly topics: readonly string[];
  /** The group that shows how far the job is. It begins at the offsets of its own state, not at those of the group. */
  readonly groupId: string;
  readonly startingOffsets: 'earliest' | 'latest';
  /** isolation.level: whether records of open and aborted transactions are read too. */
  readonly isolationLevel: 'read_uncommitted' | 'read_committed';
  /** How often it looks for partitions that were added, ms; they are read from their beginning. 0 = only when the job starts, as for a source whose partitions end. */
  readonly partitionDiscoveryIntervalMs: number;
  /** What the job gets of a record. */
  readonly deserialize: (row: SourceRecord) => unknown;
  /** Whether a record says that its partition has ended; it is not handed on. null = partitions do not end. */
  readonly isEndOfStream: ((row: SourceRecord) => boolean) | null;
}
