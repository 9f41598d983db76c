// What brokers and controller say to each other, by Kafka's API names. The metadata log is pulled with Fetch, as observers of the quorum do.
import type { MetadataRecord } from '../metadata/image.ts';
import type { CreatePartitionsRequest, DeleteTopicsRequest } from '../protocol/adminMessages.ts';
import type { CreateTopicsRequest } from '../protocol/messages.ts';

export interface BrokerRegistrationRequest {
  readonly brokerId: number;
  /** Counts the starts of the process. */
  readonly incarnation: number;
  /** Broker epoch of an incarnation that ended in order; -1 = the last one did not (KIP-966). */
  readonly previousBrokerEpoch: number;
}
export interface BrokerRegistrationResponse {
  readonly errorCode: number;
  readonly brokerEpoch: number;
}
export interface BrokerHeartbeatRequest {
  readonly brokerId: number;
  readonly brokerEpoch: number;
  readonly currentMetadataOffset: number;
  readonly wantShutDown: boolean;
}
export interface BrokerHeartbeatResponse {
  readonly errorCode: number;
  readonly isFenced: boolean;
  readonly shouldShutDown: boolean;
}
export interface MetadataFetchRequest {
  /** Broker id. */
  readonly replicaId: number;
  readonly fetchOffset: number;
  readonly maxWaitMs: number;
}
export interface MetadataFetchResponse {
  readonly fetchOffset: number;
  readonly records: readonly MetadataRecord[];
}
export interface AlterPartitionRequest {
  readonly brokerId: number;
  readonly brokerEpoch: number;
  readonly topicId: string;
  readonly partition: number;
  readonly leaderEpoch: number;
  readonly partitionEpoch: number;
  readonly newIsr: readonly IsrMember[];
}
/** A member of a proposed in-sync set, in the incarnation that the leader saw caught up (KIP-903); epoch -1 = not known. */
export interface IsrMember {
  readonly brokerId: number;
  readonly brokerEpoch: number;
}
export interface AlterPartitionResponse {
  readonly errorCode: number;
}
/** Whose request a broker passes on, as Kafka's Envelope says it (KIP-590); undefined = the broker's own, which no quota binds. */
export interface Forwarded {
  readonly client?: string;
}
/** Kafka's CreateTopics with the mark whether a client only named the topic. */
export interface ForwardedCreateTopics extends CreateTopicsRequest, Forwarded {
  readonly auto: boolean;
}
export interface ForwardedDeleteTopics extends DeleteTopicsRequest, Forwarded {}
export interface ForwardedCreatePartitions extends CreatePartitionsRequest, Forwarded {}
