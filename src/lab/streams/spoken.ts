// What of a job can be selected in the topology, how it is said in words, and where arrow keys go among it.
import type { LabMessages } from '../messages/en.ts';
import type { Arrow } from '../move-selection.ts';
import { isOfStreams, sameSelection, type Selection, type StreamSelection } from '../selection.ts';
import type { SessionState } from '../session.ts';
import type { StreamsView } from '../topology/streams-model.ts';
import { fullClock } from './clock.ts';

/** Job manager, tasks, and each task manager with what runs on it. */
export function streamSelectables(view: StreamsView): Selection[] {
  return [{ kind: 'process', name: 'jobmanager' }, { kind: 'job', job: view.job }, ...view.plan.tasks.map((t): Selection => ({ kind: 'task', job: view.job, task: t.name })), ...rowsOf(view).flat()];
}

/** Task managers with their subtasks, as rows of what arrow keys walk over. */
function rowsOf(view: StreamsView): Selection[][] {
  return view.managers.map((m): Selection[] => [
    { kind: 'process', name: m.name },
    ...m.lanes.flatMap((lane): Selection[] =>
      lane.cells.length === 0
        ? [{ kind: 'job', job: lane.job }]
        : lane.cells.flatMap((c): Selection[] => (c ? [{ kind: 'subtask', job: lane.job, task: view.plan.tasks[c.task]!.name, subtask: c.subtask }] : [])),
    ),
  ]);
}

/** @returns undefined where the selection is none of the job's, so that others say where it goes. */
export function moveInStreams(from: Selection, arrow: Arrow, view: StreamsView): Selection | 'up' | undefined {
  const heads: Selection[] = [{ kind: 'process', name: 'jobmanager' }, ...view.plan.tasks.map((t): Selection => ({ kind: 'task', job: view.job, task: t.name }))];
  const rows = [heads, ...rowsOf(view)];
  const y = rows.findIndex((row) => row.some((s) => sameSelection(s, from)));
  if (y < 0) return isOfStreams(from) ? heads[0] : undefined;
  const x = rows[y]!.findIndex((s) => sameSelection(s, from));
  const step = (to: number) => rows[y]![Math.max(0, Math.min(rows[y]!.length - 1, to))]!;
  if (arrow === 'ArrowLeft') return step(x - 1);
  if (arrow === 'ArrowRight') return step(x + 1);
  if (arrow === 'ArrowUp' && y === 0) return 'up';
  const row = rows[Math.max(0, Math.min(rows.length - 1, y + (arrow === 'ArrowUp' ? -1 : 1)))]!;
  return row[Math.min(x, row.length - 1)]!;
}

export function describeStreams(selection: StreamSelection, state: SessionState, words: LabMessages): string {
  const t = words.streams;
  const job = state.views.streams.at(state.position).jobs.get(selection.job);
  switch (selection.kind) {
    case 'job':
      return [t.job, selection.job, t.jobState[job?.state ?? 'notSubmitted'] ?? '', job && job.attempt > 0 ? t.attempt(job.attempt) : ''].filter(Boolean).join(', ');
    case 'task':
      return `${t.inspect.task} ${selection.task}`;
    case 'subtask': {
      const s = job?.subtasks.get(`${selection.task}/${selection.subtask}`);
      const times = Array.from(job?.operators.values() ?? []).filter((o) => o.subtask === selection.subtask && selection.task.split(' → ').includes(o.operator));
      return [
        t.subtaskOf(selection.task, selection.subtask),
        s ? t.on(s.process) : '',
        s ? t.taskState[s.status]! : '',
        s && s.level !== 'OK' ? t.backPressure(s.level) : '',
        ...times.filter((o) => o.held.length > 0).map((o) => t.held(o.held.join(' '))),
        ...times.filter((o) => o.watermarkMs !== null).map((o) => `${o.operator}: ${t.watermark} ${fullClock(o.watermarkMs, t)}`),
      ]
        .filter(Boolean)
        .join(', ');
    }
    case 'window':
      return [
        t.inspect.window,
        t.eventTime.window(fullClock(selection.startMs, t), fullClock(selection.endMs, t)),
        selection.key === null ? t.eventTime.allKeys : t.eventTime.ofKey(selection.key),
      ].join(', ');
    case 'checkpoint':
      return t.checkpoint(false, selection.checkpoint);
    case 'match':
      return `${t.inspect.match(selection.match)}, ${selection.key}`;
  }
}

/** The name of a selected thing of a job, as titles and menus have it. */
export function nameOfStreams(selection: StreamSelection, words: LabMessages['streams']): string {
  switch (selection.kind) {
    case 'job':
      return selection.job;
    case 'task':
      return selection.task;
    case 'subtask':
      return words.subtaskOf(selection.task, selection.subtask);
    case 'window':
      return words.eventTime.window(fullClock(selection.startMs, words), fullClock(selection.endMs, words));
    case 'checkpoint':
      return words.checkpoint(false, selection.checkpoint);
    case 'match':
      return words.inspect.match(selection.match);
  }
}
