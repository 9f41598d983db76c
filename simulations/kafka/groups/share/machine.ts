// What becomes of one record in a share group (Kafka SharePartition.RecordState), as an XState definition and as the table the engine runs.
import { compileMachine, type FlatMachine } from '../../../kernel/machine.ts';

export type RecordState = 'AVAILABLE' | 'ACQUIRED' | 'ACKNOWLEDGED' | 'ARCHIVED';
/** `release` comes from a member, its lost lock or its closed session; `archive` from a member's rejection, the delivery limit or the start of the log. */
export type RecordEvent = 'acquire' | 'accept' | 'release' | 'archive';

export const RECORD_MACHINE: FlatMachine<RecordState, RecordEvent> = {
  id: 'shareRecord',
  initial: 'AVAILABLE',
  states: {
    AVAILABLE: { on: { acquire: 'ACQUIRED', archive: 'ARCHIVED' } },
    ACQUIRED: { on: { accept: 'ACKNOWLEDGED', release: 'AVAILABLE', archive: 'ARCHIVED' } },
    ACKNOWLEDGED: { type: 'final' },
    ARCHIVED: { type: 'final' },
  },
};

export const RECORD_TABLE = compileMachine(RECORD_MACHINE);

/** As they are written (Kafka RecordState.id). */
export const STATE_IDS: Readonly<Record<RecordState, number>> = { AVAILABLE: 0, ACQUIRED: 1, ACKNOWLEDGED: 2, ARCHIVED: 4 };

export function stateOfId(id: number): RecordState {
  return (Object.keys(STATE_IDS) as RecordState[]).find((s) => STATE_IDS[s] === id)!;
}

export function isFinished(state: RecordState): boolean {
  return state === 'ACKNOWLEDGED' || state === 'ARCHIVED';
}
