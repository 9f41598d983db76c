// Which share partition is meant, and where its state is kept (Kafka SharePartitionKey, ShareCoordinatorService.partitionFor).
import { SHARE_STATE_PARTITIONS } from '../../metadata/image.ts';
import { javaHash } from '../../javaHash.ts';

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
  const hash = javaHash(key);
  return (hash === -2_147_483_648 ? 0 : Math.abs(hash)) % SHARE_STATE_PARTITIONS;
}
