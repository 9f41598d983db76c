// Which events speak of a selected thing of a job.
import { EVENT_NAMES, EVENT_SPECS } from '../../../simulations/contract/events.ts';
import type { TraceStore } from '../../../simulations/kernel/traceStore.ts';
import { matchesOf } from '../../readmodels/matches.ts';
import type { StreamSelection } from '../selection.ts';

const NAMES = ['job', 'task', 'operator', 'subtask', 'checkpoint', 'key', 'startMs', 'endMs'] as const;
type Name = (typeof NAMES)[number];

/** Where the fields that name things of jobs stand in each type's values, -1 = not there. */
const AT = EVENT_NAMES.map((name) => Object.fromEntries(NAMES.map((field) => [field, EVENT_SPECS[name].fields.findIndex((f) => f.name === field)])) as Record<Name, number>);

export function streamMatcher(trace: TraceStore, selection: StreamSelection): (seq: number) => boolean {
  const number = (seq: number, name: Name) => {
    const at = AT[trace.typeNumberAt(seq)]![name];
    return at < 0 ? null : trace.value(seq, at);
  };
  const text = (seq: number, name: Name) => {
    const sym = number(seq, name);
    return sym === null ? null : trace.texts[sym]!;
  };
  const ofJob = (seq: number) => AT[trace.typeNumberAt(seq)]!.job >= 0 && text(seq, 'job') === selection.job;
  switch (selection.kind) {
    case 'job':
      return (seq) => ofJob(seq) && number(seq, 'subtask') === null;
    case 'task':
    case 'subtask': {
      const operators = new Set(selection.task.split(' → '));
      const subtask = selection.kind === 'subtask' ? selection.subtask : -1;
      return (seq) => {
        if (!ofJob(seq) || (subtask >= 0 && number(seq, 'subtask') !== subtask)) return false;
        const operator = text(seq, 'operator');
        return operator === null ? text(seq, 'task') === selection.task : operators.has(operator);
      };
    }
    case 'window': {
      const { operator, key, startMs, endMs } = selection;
      return (seq) => ofJob(seq) && number(seq, 'startMs') === startMs && number(seq, 'endMs') === endMs && text(seq, 'operator') === operator && (key === null || text(seq, 'key') === key);
    }
    case 'checkpoint':
      return (seq) => ofJob(seq) && number(seq, 'checkpoint') === selection.checkpoint;
    case 'match':
      return (seq) => matchesOf(trace).speaks(selection, seq);
  }
}
