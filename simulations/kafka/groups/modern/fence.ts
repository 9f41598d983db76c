// Takes a member out of a group: what it had is assigned anew at the next heartbeat of another (Kafka consumerGroupFenceMember, shareGroupFenceMember).
import type { Coordinator } from '../coordinator.ts';
import { Draft, settle, type Gone } from './draft.ts';
import { topicMetadataOf, type ModernGroup } from './group.ts';

/** When a fence cannot be written it is tried again after this (Kafka CoordinatorRuntime, write of a timer). */
const RETRY_MS = 500;

export function fence(c: Coordinator, group: ModernGroup, id: string, gone: Gone, done: (error: number) => void = () => {}): void {
  if (!group.data.members.has(id)) return done(0);
  const draft = new Draft(group);
  draft.gone = gone;
  remove(draft, id);
  const topicMetadata = topicMetadataOf(draft.data, c.broker.image);
  if (topicMetadata !== draft.data.topicMetadata) draft.put({ type: 'topics', topicMetadata });
  draft.bump('left');
  const timers = group.timers.get(id);
  const written = settle(c, draft, done);
  if (!written && gone !== 'left' && timers) c.deadlines.set(gone === 'sessionExpired' ? timers.session : timers.rebalance, RETRY_MS);
}

export function remove(draft: Draft, id: string): void {
  draft.put({ type: 'target', id, partitions: null });
  draft.put({ type: 'member', id, metadata: null });
}
