// How the state of a checkpoint is dealt out to the subtasks that start from it: keyed state by key groups, list state evenly
// (Flink StateAssignmentOperation, RoundRobinOperatorStateRepartitioner).
import type { JobVertex } from '../graph/jobGraph.ts';
import { keyGroupOf, rangeOf } from '../keyGroups.ts';
import type { KeyedEntry, OperatorState } from '../operator.ts';
import { copyOf } from '../state/copy.ts';
import type { CompletedCheckpoint } from './checkpoints.ts';
import type { TaskSnapshot } from './messages.ts';

/** @returns the state of a subtask; null where there is none. What a subtask had to itself it gets back as it was, unless the parallelism changed. */
export function redistribute(checkpoint: CompletedCheckpoint, maxParallelism: number): (vertex: JobVertex, subtask: number) => TaskSnapshot | null {
  const byUid = new Map<string, OperatorState[]>();
  for (const { snapshot } of checkpoint.snapshots.toSorted((a, b) => a.task.vertex - b.task.vertex || a.task.subtask - b.task.subtask))
    for (const [uid, state] of Object.entries(snapshot.operators)) {
      const list = byUid.get(uid);
      if (list) list.push(state);
      else byUid.set(uid, [state]);
    }
  return (vertex, subtask) => {
    const operators: Record<string, OperatorState> = {};
    let channels: TaskSnapshot['channels'] = null;
    for (const { uid, role } of vertex.nodes) {
      const states = byUid.get(uid);
      if (!states) continue;
      const own = states.length === vertex.parallelism ? states[subtask]! : dealt(states, subtask, vertex.parallelism, maxParallelism);
      operators[uid] = role.kind === 'source' ? { ...own, everyList: states.flatMap((s) => s.list) } : own;
    }
    const own = checkpoint.snapshots.filter((s) => s.task.vertex === vertex.number);
    if (own.length === vertex.parallelism) channels = own.find((s) => s.task.subtask === subtask)!.snapshot.channels;
    return { operators: copyOf(operators), channels, bytes: 0 };
  };
}

function dealt(states: readonly OperatorState[], subtask: number, parallelism: number, maxParallelism: number): OperatorState {
  const { first, last } = rangeOf(subtask, parallelism, maxParallelism);
  const keyed: KeyedEntry[] = states.flatMap((s) =>
    s.keyed.filter((e) => {
      const group = keyGroupOf(e.key, maxParallelism);
      return group >= first && group <= last;
    }),
  );
  return { keyed, list: states.flatMap((s) => s.list).filter((_, i) => i % parallelism === subtask) };
}
