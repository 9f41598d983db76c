// Takes members out of a group: what they had is assigned anew at the next heartbeat of another (Kafka consumerGroupFenceMembers, shareGroupFenceMember).
import type { Deadline } from '../../deadlines.ts';
import type { Coordinator } from '../coordinator.ts';
import { downgradeWithout, leavesClassicGroup } from '../migration/downgrade.ts';
import { Draft, settle, type Gone } from './draft.ts';
import { topicMetadataOf, type ModernGroup } from './group.ts';

/** When a fence cannot be written it is tried again after this (Kafka CoordinatorRuntime, write of a timer). */
const RETRY_MS = 500;

/** @param timer whose time was over; null = they were asked to go. */
export function fence(c: Coordinator, group: ModernGroup, ids: readonly string[], gone: Gone, done: (error: number) => void = () => {}, timer: Deadline | null = null): void {
  const members = new Set(ids.filter((id) => group.data.members.has(id)));
  if (members.size === 0) return done(0);
  const written = leavesClassicGroup(c, group, members) ? downgradeWithout(c, group, members, gone, done) : fenceAll(c, group, members, gone, done);
  if (!written && timer) c.deadlines.set(timer, RETRY_MS);
}

function fenceAll(c: Coordinator, group: ModernGroup, ids: ReadonlySet<string>, gone: Gone, done: (error: number) => void): boolean {
  const draft = new Draft(group);
  draft.gone = gone;
  for (const id of ids) remove(draft, id);
  const topicMetadata = topicMetadataOf(draft.data, c.broker.image);
  if (topicMetadata !== draft.data.topicMetadata) draft.put({ type: 'topics', topicMetadata });
  draft.bump('left');
  return settle(c, draft, done);
}

export function remove(draft: Draft, id: string): void {
  draft.put({ type: 'target', id, partitions: null });
  draft.put({ type: 'member', id, metadata: null });
}
