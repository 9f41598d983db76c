// Changes of a group worked out on a copy: written to the offsets topic as one batch and put into effect together, or not at all
// (Kafka CoordinatorRuntime: the records of one operation are appended atomically).
import type { Coordinator } from '../coordinator.ts';
import { namesOf } from '../assignment.ts';
import type { Upgrade } from '../migration/upgrade.ts';
import { dropTimers, setRebalanceTimer } from './timers.ts';
import { apply, copyOf, stateOf, type GroupChange, type GroupData, type Member, type ModernGroup } from './group.ts';

/** Why a member is no longer one. */
export type Gone = 'left' | 'sessionExpired' | 'rebalanceTimeout' | 'syncTimeout';
/** Why the group epoch grew. */
export type EpochReason = 'joined' | 'left' | 'subscription' | 'metadata' | 'regex';

export class Draft {
  readonly group: ModernGroup;
  readonly data: GroupData;
  readonly changes: GroupChange[] = [];
  /** Said in the trace with the changes. */
  epochReason: EpochReason = 'joined';
  gone: Gone = 'left';
  replaced: string | null = null;
  assignor = '';
  /** Its topics were compared with those that exist. */
  comparedMetadata = false;
  /** What makes the group of a classic one, written before the changes. */
  readonly upgrade: Upgrade | null;

  constructor(group: ModernGroup, upgrade: Upgrade | null = null) {
    this.group = group;
    this.upgrade = upgrade;
    this.data = copyOf(group.data);
  }

  put(change: GroupChange): void {
    this.changes.push(change);
    apply(this.data, change);
  }

  /** @returns the new group epoch. */
  bump(reason: EpochReason): number {
    this.epochReason = reason;
    this.put({ type: 'epoch', epoch: this.data.groupEpoch + 1 });
    return this.data.groupEpoch;
  }
}

/**
 * Writes what a draft changes and puts it into effect.
 * @param done takes 0 once it is committed, as everything written before it is; COORDINATOR_NOT_AVAILABLE or NOT_COORDINATOR otherwise.
 * @returns whether the changes are in effect.
 */
export function settle(c: Coordinator, draft: Draft, done: (error: number) => void): boolean {
  const { group, changes } = draft;
  if (changes.length === 0) {
    if (draft.comparedMetadata) group.metadataExpired = false;
    c.log.afterWrites(group.home, done);
    return true;
  }
  const refused = c.log.writable(group.home);
  if (refused !== 0) {
    done(refused);
    return false;
  }
  const before = group.data;
  const other = c.groups.get(group.id);
  group.data = draft.data;
  if (draft.comparedMetadata) group.metadataExpired = false;
  c.adopt(group);
  const k = c.broker.kernel;
  const { cause } = k;
  if (other?.type === 'classic' && other.generation > 0 && !draft.upgrade) tellBegun(c, group.id, 'consumer');
  tell(c, draft, before);
  c.log.write(group.home, { kind: 'modern', group: group.id, type: group.type, changes: draft.upgrade ? [...draft.upgrade.changes, ...changes] : changes }, done);
  k.cause = cause;
  return true;
}

function tell(c: Coordinator, draft: Draft, before: GroupData): void {
  if (draft.upgrade) tellConverted(c, draft.group, before);
  for (const change of draft.changes) tellOne(c, draft, change, before);
  tellState(c, draft.group, draft.upgrade?.from);
}

/** A group has begun in the place of one of another protocol that had no members. */
export function tellBegun(c: Coordinator, groupId: string, to: 'consumer' | 'classic'): void {
  const { kernel: k, process } = c.broker;
  k.cause = k.trace.emit('group.converted', process.sym, k.cause, k.trace.sym(groupId), k.trace.sym(to), 0, 0);
}

/** A classic group has become this one, its members with what they were assigned last. */
function tellConverted(c: Coordinator, group: ModernGroup, { members, groupEpoch }: GroupData): void {
  const { kernel: k, process } = c.broker;
  k.cause = k.trace.emit('group.converted', process.sym, k.cause, k.trace.sym(group.id), k.trace.sym('consumer'), groupEpoch, members.size);
  const converted = k.cause;
  for (const member of members.values()) {
    tellProgress(c, group, member);
    k.cause = converted;
  }
}

function tellOne(c: Coordinator, draft: Draft, change: GroupChange, before: GroupData): void {
  const { group } = draft;
  const { kernel: k, process, image } = c.broker;
  switch (change.type) {
    case 'member': {
      const { id, metadata } = change;
      const was = before.members.get(id);
      if (!metadata) {
        dropTimers(c, group, id);
        if (draft.replaced !== id) k.cause = k.trace.emit('group.memberLeft', process.sym, k.cause, k.trace.sym(group.id), k.trace.sym(id), k.trace.sym(was?.client ?? ''), k.trace.sym(draft.gone));
        return;
      }
      // One that takes a place over may at once say more of itself.
      if (was || draft.changes.find((x) => x.type === 'member' && x.id === id) !== change) return;
      k.cause =
        draft.replaced === null || metadata.instanceId === null
          ? k.trace.emit('group.memberJoined', process.sym, k.cause, k.trace.sym(group.id), k.trace.sym(id), k.trace.sym(metadata.client))
          : k.trace.emit(
              'group.memberReplaced',
              process.sym,
              k.cause,
              k.trace.sym(group.id),
              k.trace.sym(metadata.instanceId),
              k.trace.sym(id),
              k.trace.sym(draft.replaced),
              k.trace.sym(metadata.client),
            );
      return;
    }
    case 'epoch':
      k.cause = k.trace.emit('group.epochBumped', process.sym, k.cause, k.trace.sym(group.id), change.epoch, k.trace.sym(draft.epochReason));
      return;
    case 'assignmentEpoch': {
      const target = [...group.data.target].map(([id, partitions]) => `${id}=${namesOf(partitions, image)}`).join(';');
      k.cause = k.trace.emit('group.targetComputed', process.sym, k.cause, k.trace.sym(group.id), change.epoch, k.trace.sym(draft.assignor), k.trace.sym(target));
      return;
    }
    case 'progress':
      if (draft.changes.findLast((x) => x.type === 'progress' && x.id === change.id) !== change) return;
      // Who speaks the classic protocol has a time to join and a time to sync instead.
      if (!group.data.members.get(change.id)!.classic) setRebalanceTimer(c, group, change.id);
      tellProgress(c, group, group.data.members.get(change.id)!);
  }
}

/** How far a member has come. */
function tellProgress(c: Coordinator, group: ModernGroup, m: Member): void {
  const { kernel: k, process, image } = c.broker;
  k.cause = k.trace.emit(
    'group.memberReconciled',
    process.sym,
    k.cause,
    k.trace.sym(group.id),
    k.trace.sym(m.id),
    k.trace.sym(m.client),
    m.epoch,
    k.trace.sym(m.state),
    k.trace.sym(namesOf(m.assigned, image)),
    k.trace.sym(namesOf(m.pendingRevocation, image)),
  );
}

function tellState(c: Coordinator, group: ModernGroup, from: string = group.state): void {
  const to = stateOf(group);
  group.state = to;
  if (from === to) return;
  const { kernel: k, process } = c.broker;
  k.cause = k.trace.emit('group.stateChanged', process.sym, k.cause, k.trace.sym(group.id), k.trace.sym(from), k.trace.sym(to), group.data.groupEpoch, group.data.members.size);
}

/** A coordinator has read a group from its log. */
export function tellLoaded(c: Coordinator, group: ModernGroup): void {
  group.state = stateOf(group);
  const { kernel: k, process } = c.broker;
  const { cause } = k;
  k.cause = k.trace.emit('group.loaded', process.sym, k.cause, k.trace.sym(group.id), k.trace.sym(group.type), k.trace.sym(group.state), group.data.groupEpoch, group.data.members.size);
  const loaded = k.cause;
  for (const member of group.data.members.values()) {
    k.cause = loaded;
    tellProgress(c, group, member);
  }
  k.cause = cause;
}
