// A transaction as its coordinator sees it (Kafka TransactionState), as an XState definition and as the table the engine runs.
import { compileMachine, type FlatMachine } from '../../kernel/machine.ts';

export type TransactionState = 'Empty' | 'Ongoing' | 'PrepareCommit' | 'PrepareAbort' | 'CompleteCommit' | 'CompleteAbort' | 'PrepareEpochFence' | 'Dead';
export type TransactionEvent = 'initialized' | 'partitionsAdded' | 'commitPrepared' | 'abortPrepared' | 'fenced' | 'completed' | 'expired';

/**
 * With transaction version 2 a client that does not know where it stands may abort where nothing is open.
 * PrepareEpochFence is never written: a fenced transaction goes on to PrepareAbort in the same step.
 */
export const TRANSACTION_MACHINE: FlatMachine<TransactionState, TransactionEvent> = {
  id: 'transaction',
  initial: 'Empty',
  states: {
    Empty: { on: { initialized: 'Empty', partitionsAdded: 'Ongoing', abortPrepared: 'PrepareAbort', expired: 'Dead' } },
    Ongoing: { on: { partitionsAdded: 'Ongoing', commitPrepared: 'PrepareCommit', abortPrepared: 'PrepareAbort', fenced: 'PrepareEpochFence' } },
    PrepareCommit: { on: { completed: 'CompleteCommit' } },
    PrepareAbort: { on: { completed: 'CompleteAbort' } },
    CompleteCommit: { on: { initialized: 'Empty', partitionsAdded: 'Ongoing', abortPrepared: 'PrepareAbort', expired: 'Dead' } },
    CompleteAbort: { on: { initialized: 'Empty', partitionsAdded: 'Ongoing', abortPrepared: 'PrepareAbort', expired: 'Dead' } },
    PrepareEpochFence: { on: { abortPrepared: 'PrepareAbort' } },
    Dead: { type: 'final' },
  },
};

export const TRANSACTION_TABLE = compileMachine(TRANSACTION_MACHINE);
