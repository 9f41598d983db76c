// Cluster metadata as a log of records and the image folded from it (KRaft). Controller and brokers hold the same fold at different moments.
import { ClientQuotas, type QuotaEntity } from './quotas.ts';
import { ScramCredentials } from './scram.ts';

export type MetadataRecord =
  | { readonly type: 'broker'; readonly id: number; readonly epoch: number; readonly fenced: boolean; readonly shuttingDown: boolean }
  | { readonly type: 'brokerRemoved'; readonly id: number }
  | { readonly type: 'topic'; readonly name: string; readonly id: string; readonly internal: boolean }
  | { readonly type: 'topicRemoved'; readonly name: string; readonly id: string }
  /** `resource` is a topic's name, a broker's id, a group's id or the name of a subscription to metrics; '' as a broker means all of them. `value` null takes the setting back. */
  | { readonly type: 'config'; readonly of: ConfigResource; readonly resource: string; readonly key: string; readonly value: string | null }
  /** `value` null takes the quota back. */
  | { readonly type: 'quota'; readonly entity: QuotaEntity; readonly key: string; readonly value: number | null }
  /** `iterations` null takes the credential back. */
  | { readonly type: 'scram'; readonly user: string; readonly mechanism: number; readonly iterations: number | null }
  | { readonly type: 'partition'; readonly topic: string; readonly partition: number; readonly state: PartitionState };

export type ConfigResource = 'topic' | 'broker' | 'group' | 'clientMetrics';

export interface PartitionState {
  /** Broker ids; the first is the preferred leader. */
  readonly replicas: readonly number[];
  /** In-sync replicas, in replica order. */
  readonly isr: readonly number[];
  /** Eligible leader replicas: fell out of sync while too few were left, so they hold all that was committed (KIP-966). */
  readonly elr: readonly number[];
  /** Who led last, while nobody is in sync; else empty. */
  readonly lastKnownElr: readonly number[];
  /** Replicas that a reassignment adds and removes; `replicas` holds both until it is done. */
  readonly adding: readonly number[];
  readonly removing: readonly number[];
  /** -1 = none. */
  readonly leader: number;
  /** Grows with every change of leader, also to none. */
  readonly leaderEpoch: number;
  /** Grows with every change of this state. */
  readonly partitionEpoch: number;
  /** LeaderRecoveryState RECOVERING: the leader was elected out of sync and has not said yet that it is done with that. */
  readonly recovering: boolean;
}

/** What a replica knows of its partition before it has read anything. */
export const NO_STATE: PartitionState = { replicas: [], isr: [], elr: [], lastKnownElr: [], adding: [], removing: [], leader: -1, leaderEpoch: -1, partitionEpoch: -1, recovering: false };

/** A partition as it is created: its first in-sync replica leads. */
export function newPartition(replicas: readonly number[], isr: readonly number[]): PartitionState {
  return { replicas, isr, elr: [], lastKnownElr: [], adding: [], removing: [], leader: isr[0]!, leaderEpoch: 0, partitionEpoch: 0, recovering: false };
}

export interface BrokerState {
  readonly id: number;
  readonly epoch: number;
  readonly fenced: boolean;
  /** In controlled shutdown: it leads nothing and joins no in-sync set until it registers again. */
  readonly shuttingDown: boolean;
}

export interface TopicState {
  readonly name: string;
  /** Uuid, 22 characters: another one each time a topic of this name is created. */
  readonly id: string;
  readonly internal: boolean;
  readonly partitions: PartitionState[];
  /** Settings of its own, by Kafka's names. */
  readonly configs: Map<string, string>;
}

export class MetadataImage {
  /** Records applied so far: the metadata offset. */
  offset = 0;
  readonly brokers = new Map<number, BrokerState>();
  readonly topics = new Map<string, TopicState>();
  /** Broker settings changed while the cluster runs, by broker id as text; '' = those of all brokers. */
  readonly brokerConfigs = new Map<string, Map<string, string>>();
  /** Settings that groups have of their own, by group id. */
  readonly groupConfigs = new Map<string, Map<string, string>>();
  /** Subscriptions to metrics of clients, by name. */
  readonly clientMetrics = new Map<string, Map<string, string>>();
  readonly quotas = new ClientQuotas();
  readonly scram = new ScramCredentials();
  private readonly namesById = new Map<string, string>();

  apply(record: MetadataRecord): void {
    this.offset++;
    switch (record.type) {
      case 'broker':
        this.brokers.set(record.id, { id: record.id, epoch: record.epoch, fenced: record.fenced, shuttingDown: record.shuttingDown });
        return;
      case 'brokerRemoved':
        this.brokers.delete(record.id);
        return;
      case 'topic':
        this.namesById.set(record.id, record.name);
        this.topics.set(record.name, { name: record.name, id: record.id, internal: record.internal, partitions: [], configs: new Map() });
        return;
      case 'topicRemoved':
        this.namesById.delete(record.id);
        this.topics.delete(record.name);
        return;
      case 'config':
        return this.applyConfig(record);
      case 'quota':
        return this.quotas.set(record.entity, record.key, record.value);
      case 'scram':
        return this.scram.set(record.user, record.mechanism, record.iterations);
      case 'partition':
        this.topics.get(record.topic)!.partitions[record.partition] = record.state;
    }
  }

  private applyConfig(record: Extract<MetadataRecord, { type: 'config' }>): void {
    const { of, resource } = record;
    let configs = this.configsOf(of, resource);
    if (!configs && of !== 'topic') this.tableOf(of).set(resource, (configs = new Map()));
    if (record.value === null) configs?.delete(record.key);
    else configs?.set(record.key, record.value);
    // A subscription is there as long as it says anything.
    if (of === 'clientMetrics' && configs?.size === 0) this.clientMetrics.delete(resource);
  }

  /** What was set for a resource. */
  configsOf(of: ConfigResource, resource: string): Map<string, string> | undefined {
    return of === 'topic' ? this.topics.get(resource)?.configs : this.tableOf(of).get(resource);
  }

  private tableOf(of: Exclude<ConfigResource, 'topic'>): Map<string, Map<string, string>> {
    return of === 'broker' ? this.brokerConfigs : of === 'group' ? this.groupConfigs : this.clientMetrics;
  }

  /** The topic of an id. */
  topicById(id: string): TopicState | undefined {
    const name = this.namesById.get(id);
    return name === undefined ? undefined : this.topics.get(name);
  }

  partition(topic: string, partition: number): PartitionState | undefined {
    return this.topics.get(topic)?.partitions[partition];
  }

  /** Whether a broker may lead and be in sync: registered, not fenced, not shutting down (Kafka ClusterControlManager.isActive). */
  isActive(id: number): boolean {
    const broker = this.brokers.get(id);
    return broker !== undefined && !broker.fenced && !broker.shuttingDown;
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

/** Legal topic names (Kafka Topic.validate); `.` and `..` are not among them either. */
export const TOPIC_NAME = /^(?!\.{1,2}$)[A-Za-z0-9._-]{1,249}$/;
export const CLUSTER_ID = 'millrace';
/** Where every broker listens. */
export const PORT = 9092;
/** log.dirs: each broker has one. */
export const LOG_DIR = '/var/lib/kafka/data';
export const CONTROLLER = 'controller';
/** node.id of the controller: none that a broker may have. */
export const CONTROLLER_ID = 3000;
export const METADATA_TOPIC = '__cluster_metadata';
export const OFFSETS_TOPIC = '__consumer_offsets';
export const TRANSACTIONS_TOPIC = '__transaction_state';
/** offsets.topic.num.partitions (Kafka 4.0 default). */
export const OFFSETS_PARTITIONS = 50;
/** transaction.state.log.num.partitions (Kafka 4.0 default). */
export const TRANSACTIONS_PARTITIONS = 50;

/** How a topic of the cluster's own is made. */
export interface InternalTopic {
  readonly partitions: number;
  readonly configs: readonly (readonly [name: string, value: string])[];
}

export const SHARE_STATE_TOPIC = '__share_group_state';
/** share.coordinator.state.topic.num.partitions (Kafka 4.0 default). */
export const SHARE_STATE_PARTITIONS = 50;

/** Topics of the cluster's own (Kafka Topic.isInternal, GroupCoordinatorService.groupMetadataTopicConfigs, TransactionStateManager.transactionTopicConfigs,
 * ShareCoordinatorService.shareGroupStateTopicConfigs). */
export const INTERNAL_TOPICS: ReadonlyMap<string, InternalTopic> = new Map([
  [
    OFFSETS_TOPIC,
    {
      partitions: OFFSETS_PARTITIONS,
      configs: [
        ['cleanup.policy', 'compact'],
        ['compression.type', 'producer'],
        ['segment.bytes', '104857600'],
      ],
    },
  ],
  [
    TRANSACTIONS_TOPIC,
    {
      partitions: TRANSACTIONS_PARTITIONS,
      configs: [
        ['cleanup.policy', 'compact'],
        ['compression.type', 'uncompressed'],
        ['min.insync.replicas', '2'],
        ['segment.bytes', '104857600'],
        ['unclean.leader.election.enable', 'false'],
      ],
    },
  ],
  [
    SHARE_STATE_TOPIC,
    {
      partitions: SHARE_STATE_PARTITIONS,
      configs: [
        ['cleanup.policy', 'delete'],
        ['retention.ms', '-1'],
        ['min.insync.replicas', '2'],
      ],
    },
  ],
]);
