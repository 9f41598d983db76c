// Which share partition is meant, and where its state is kept (Kafka SharePartitionKey, ShareCoordinatorService.partitionFor).
import { SHARE_STATE_PARTITIONS } from '../../metadata/image.ts';
import { partitionOfName } from '../../javaHash.ts';

export interface ShareKey {
  readonly group: string;
  readonly topicId: string;
  readonly partition: number;
}

/** As FindCoordinator takes it. */
export const SHARE_KEY = /^[^:]+:[\w-]{22}:\d+$/;

export function keyText({ group, topicId, partition }: ShareKey): string {
  return `${group}:${topicId}:${partition}`;
}

export function statePartitionOf(key: string): number {
  return partitionOfName(key, SHARE_STATE_PARTITIONS);
}
