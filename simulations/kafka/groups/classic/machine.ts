// The classic consumer group as its coordinator sees it (Kafka ClassicGroupState), as an XState definition and as the table the engine runs.
import { compileMachine, type FlatMachine } from '../../../kernel/machine.ts';

export type GroupState = 'Empty' | 'PreparingRebalance' | 'CompletingRebalance' | 'Stable' | 'Dead';
export type GroupEvent = 'rebalance' | 'joined' | 'emptied' | 'assigned' | 'unloaded';

export const GROUP_MACHINE: FlatMachine<GroupState, GroupEvent> = {
  id: 'consumerGroup',
  initial: 'Empty',
  states: {
    Empty: { on: { rebalance: 'PreparingRebalance', unloaded: 'Dead' } },
    PreparingRebalance: { on: { joined: 'CompletingRebalance', emptied: 'Empty', unloaded: 'Dead' } },
    CompletingRebalance: { on: { assigned: 'Stable', rebalance: 'PreparingRebalance', unloaded: 'Dead' } },
    Stable: { on: { rebalance: 'PreparingRebalance', unloaded: 'Dead' } },
    Dead: { type: 'final' },
  },
};

export const GROUP_TABLE = compileMachine(GROUP_MACHINE);
