// How a member of a consumer group moves to the assignment the broker has computed for it (Kafka MemberState, CurrentAssignmentBuilder), as an
// XState definition and as the table the engine runs.
import { compileMachine, type FlatMachine } from '../../../kernel/machine.ts';

/** UNREVOKED_PARTITIONS: it must give some up first. UNRELEASED_PARTITIONS: it waits for some that another still has. */
export type MemberState = 'STABLE' | 'UNREVOKED_PARTITIONS' | 'UNRELEASED_PARTITIONS';
/** What a step of reconciliation finds: it owns what it must give up; some of what it is to get is not free; or nothing is left to do. */
export type MemberEvent = 'mustRevoke' | 'mustWait' | 'reconciled';

export const MEMBER_MACHINE: FlatMachine<MemberState, MemberEvent> = {
  id: 'consumerGroupMember',
  initial: 'STABLE',
  states: {
    STABLE: { on: { mustRevoke: 'UNREVOKED_PARTITIONS', mustWait: 'UNRELEASED_PARTITIONS', reconciled: 'STABLE' } },
    UNREVOKED_PARTITIONS: { on: { mustRevoke: 'UNREVOKED_PARTITIONS', mustWait: 'UNRELEASED_PARTITIONS', reconciled: 'STABLE' } },
    UNRELEASED_PARTITIONS: { on: { mustRevoke: 'UNREVOKED_PARTITIONS', mustWait: 'UNRELEASED_PARTITIONS', reconciled: 'STABLE' } },
  },
};

export const MEMBER_TABLE = compileMachine(MEMBER_MACHINE);
