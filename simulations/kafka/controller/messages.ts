// What brokers and controller say to each other, by Kafka's API names. The metadata log is pulled with Fetch, as observers of the quorum do.
import type { MetadataRecord } from '../metadata/image.ts';

export interface BrokerRegistrationRequest {
  readonly brokerId: number;
  /** Counts the starts of the process. */
  readonly incarnation: number;
}
export interface BrokerRegistrationResponse {
  readonly errorCode: number;
  readonly brokerEpoch: number;
}
export interface BrokerHeartbeatRequest {
  readonly brokerId: number;
  readonly brokerEpoch: number;
  readonly currentMetadataOffset: number;
}
export interface BrokerHeartbeatResponse {
  readonly errorCode: number;
  readonly isFenced: boolean;
}
export interface MetadataFetchRequest {
  readonly fetchOffset: number;
  readonly maxWaitMs: number;
}
export interface MetadataFetchResponse {
  readonly fetchOffset: number;
  readonly records: readonly MetadataRecord[];
}
export interface AlterPartitionRequest {
  readonly brokerId: number;
  readonly topic: string;
  readonly partition: number;
  readonly leaderEpoch: number;
  readonly partitionEpoch: number;
  readonly newIsr: readonly number[];
}
export interface AlterPartitionResponse {
  readonly errorCode: number;
}
