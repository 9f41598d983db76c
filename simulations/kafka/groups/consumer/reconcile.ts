// One step of a member towards its target: keep what both have, give up what is not in the target, take what is free (Kafka CurrentAssignmentBuilder).
import { both, NOTHING, together, touches, without, type Assignment } from '../assignment.ts';
import { isReconciledTo, type Member } from '../modern/group.ts';
import { MEMBER_TABLE, type MemberEvent } from './machine.ts';

export interface Step {
  readonly member: Member;
  readonly targetEpoch: number;
  readonly target: Assignment;
  /** What all members hold or have not yet given up, this one included. */
  readonly held: Assignment;
  /** What the member says it owns; null = not told. */
  readonly owned: Assignment | null;
}

/** @returns the member after the step: the same object when it cannot move. */
export function reconcile({ member, targetEpoch, target, held, owned }: Step): Member {
  if (isReconciledTo(member, targetEpoch)) return member;
  const owns = (partitions: Assignment) => owned === null || touches(owned, partitions);
  const unrevoked = member.state === 'UNREVOKED_PARTITIONS';
  if (unrevoked && owns(member.pendingRevocation)) return member;
  const kept = both(member.assigned, target);
  const toRevoke = without(member.assigned, kept);
  const wanted = without(target, kept);
  const toAssign = without(wanted, held);
  // Who has given up what it was to comes an epoch further, even where there is more to give up meanwhile.
  if (toRevoke.size > 0 && owns(toRevoke)) return moved(member, 'mustRevoke', member.epoch + (unrevoked ? 1 : 0), kept, toRevoke);
  const unreleased = without(wanted, toAssign).size > 0;
  return moved(member, unreleased ? 'mustWait' : 'reconciled', targetEpoch, together(kept, toAssign), NOTHING);
}

function moved(member: Member, event: MemberEvent, epoch: number, assigned: Assignment, pendingRevocation: Assignment): Member {
  return { ...member, state: MEMBER_TABLE.next(member.state, event)!, previousEpoch: member.epoch, epoch, assigned, pendingRevocation };
}
