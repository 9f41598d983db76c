// Cluster metadata as a log of records and the image folded from it (KRaft). Controller and brokers hold the same fold at different moments.

export type MetadataRecord =
  | { readonly type: 'broker'; readonly id: number; readonly epoch: number; readonly fenced: boolean }
  | { readonly type: 'topic'; readonly name: string; readonly partitions: number; readonly minInsyncReplicas: number; readonly internal: boolean }
  | { readonly type: 'partition'; readonly topic: string; readonly partition: number; readonly state: PartitionState };

export interface PartitionState {
  /** Broker ids; the first is the preferred leader. */
  readonly replicas: readonly number[];
  /** In-sync replicas, in replica order. */
  readonly isr: readonly number[];
  /** -1 = none. */
  readonly leader: number;
  /** Grows with every change of leader, also to none. */
  readonly leaderEpoch: number;
  /** Grows with every change of this state. */
  readonly partitionEpoch: number;
}

export interface BrokerState {
  readonly id: number;
  readonly epoch: number;
  readonly fenced: boolean;
}

export interface TopicState {
  readonly name: string;
  readonly minInsyncReplicas: number;
  readonly internal: boolean;
  readonly partitions: PartitionState[];
}

export class MetadataImage {
  /** Records applied so far: the metadata offset. */
  offset = 0;
  readonly brokers = new Map<number, BrokerState>();
  readonly topics = new Map<string, TopicState>();

  apply(record: MetadataRecord): void {
    this.offset++;
    switch (record.type) {
      case 'broker':
        this.brokers.set(record.id, { id: record.id, epoch: record.epoch, fenced: record.fenced });
        return;
      case 'topic':
        this.topics.set(record.name, { name: record.name, minInsyncReplicas: record.minInsyncReplicas, internal: record.internal, partitions: [] });
        return;
      case 'partition':
        this.topics.get(record.topic)!.partitions[record.partition] = record.state;
    }
  }

  partition(topic: string, partition: number): PartitionState | undefined {
    return this.topics.get(topic)?.partitions[partition];
  }

  /** Ids of brokers that are registered and not fenced, ascending. */
  liveBrokers(): number[] {
    return [...this.brokers.values()]
      .filter((b) => !b.fenced)
      .map((b) => b.id)
      .sort((x, y) => x - y);
  }
}

export function brokerName(id: number): string {
  return `broker-${id}`;
}

export const CONTROLLER = 'controller';
export const OFFSETS_TOPIC = '__consumer_offsets';
/** offsets.topic.num.partitions (Kafka 4.0 default). */
export const OFFSETS_PARTITIONS = 50;
export const TRANSACTIONS_TOPIC = '__transaction_state';
/** transaction.state.log.num.partitions (Kafka 4.0 default). */
export const TRANSACTIONS_PARTITIONS = 50;
/** transaction.state.log.min.isr (Kafka 4.0 default). */
export const TRANSACTIONS_MIN_ISR = 2;
/** Topics of the cluster's own. */
export const INTERNAL_TOPICS: readonly string[] = [OFFSETS_TOPIC, TRANSACTIONS_TOPIC];
