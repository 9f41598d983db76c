// What stands at an offset of one replica's log, for everything that tells of a selected record.
import { CELL, cellsOf, type PartitionTransactions } from '../readmodels/transactions.ts';
import type { Selection } from './selection.ts';
import type { SessionState } from './session.ts';

export interface Standing {
  /** Id in the record table; -1 = no client's record. */
  readonly record: number;
  /** The append that put it there; -1 = nothing stands there. */
  readonly appendedBy: number;
  /** One of `CELL`. */
  readonly cell: number;
  readonly decided: PartitionTransactions;
}

export function standingAt({ views, position }: SessionState, { topic, partition, broker, offset }: Extract<Selection, { kind: 'record' }>): Standing {
  const at = { topic: views.logs.topicSym(topic), partition, broker };
  const window = views.logs.window(at, position, offset, offset + 1);
  const decided = views.transactions.at(at, position, offset, offset + 1);
  const cells = cellsOf(views.logs, window, decided);
  views.compactions.mark(cells, at, window, position);
  return { record: window.record[0]!, appendedBy: window.appendedBy[0]!, cell: cells[0] ?? CELL.plain, decided };
}
