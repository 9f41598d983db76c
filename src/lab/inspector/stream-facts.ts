// The figures of a job, a task, a subtask, a checkpoint: as they were and as they are.
import type { StreamsState, SubtaskState, JobState } from '../../readmodels/streams.ts';
import { atWork } from '../../readmodels/streams.ts';
import type { LabMessages } from '../messages/en.ts';
import type { SessionState } from '../session.ts';
import { fullClock } from '../streams/clock.ts';
import type { StreamSelection } from '../selection.ts';
import type { Fact } from './facts.ts';

export function subtitleOfStreams(selection: StreamSelection, state: SessionState, words: LabMessages): string[] {
  const t = words.streams;
  const job = state.views.streams.at(state.position).jobs.get(selection.job);
  switch (selection.kind) {
    case 'job':
      return [t.inspect.job, t.jobState[job?.state ?? 'notSubmitted'] ?? ''];
    case 'task':
      return [t.inspect.task, selection.job];
    case 'subtask': {
      const s = job?.subtasks.get(`${selection.task}/${selection.subtask}`);
      return [selection.job, s ? t.on(s.process) : '', s ? t.taskState[s.status]! : ''];
    }
    case 'window':
      return [t.inspect.window, selection.operator, selection.key === null ? t.eventTime.allKeys : t.eventTime.ofKey(selection.key)];
    case 'checkpoint':
      return [selection.job];
    case 'match':
      return [selection.operator, t.eventTime.ofKey(selection.key)];
  }
}

export function streamFacts(selection: StreamSelection, { jobs }: StreamsState, words: LabMessages): Fact[] {
  const job = jobs.get(selection.job);
  if (!job) return [];
  switch (selection.kind) {
    case 'job':
      return ofJob(job, words);
    case 'task':
      return ofTask(job, selection.task, words);
    case 'subtask':
      return ofSubtask(job, selection.task, selection.subtask, words);
    // What there is to say of these has no "before": it is told whole.
    case 'window':
    case 'checkpoint':
    case 'match':
      return [];
  }
}

function ofJob(job: JobState, { streams: t }: LabMessages): Fact[] {
  const all = Array.from(job.subtasks.values());
  return [
    { label: t.inspect.state, value: t.jobState[job.state] ?? job.state, ...(job.reason ? { note: job.reason } : {}) },
    { label: t.inspect.attempt, value: String(job.attempt) },
    { label: t.inspect.restored, value: job.restored > 0 ? t.checkpoint(false, job.restored) : t.inspect.nothing },
    { label: t.inspect.lastCheckpoint, value: job.completed ? String(job.completed.checkpoint) : '–' },
    { label: t.inspect.parallelism, value: t.inspect.running(all.filter(atWork).length, all.length) },
  ];
}

function ofTask(job: JobState, task: string, { streams: t }: LabMessages): Fact[] {
  const all = Array.from(job.subtasks.values()).filter((s) => s.task === task);
  const most = (read: (s: SubtaskState) => number) => all.reduce((top, s) => Math.max(top, read(s)), 0);
  return [
    { label: t.inspect.parallelism, value: t.inspect.running(all.filter(atWork).length, all.length) },
    { label: t.inspect.busy, value: percent(most((s) => s.busyPermille)) },
    { label: t.inspect.backPressured, value: percent(most((s) => s.backPressuredPermille)) },
    ...task.split(' → ').flatMap((operator): Fact[] => {
      const of = Array.from(job.operators.values()).filter((o) => o.operator === operator);
      const known = of.flatMap((o) => (o.watermarkMs === null ? [] : [o.watermarkMs]));
      const slowest = known.length && known.length === of.length ? Math.min(...known) : null;
      return of.length && of.some((o) => o.received || o.watermarkMs !== null) ? [{ label: operator, value: fullClock(slowest, t), note: t.watermark }] : [];
    }),
  ];
}

function ofSubtask(job: JobState, task: string, subtask: number, { streams: t }: LabMessages): Fact[] {
  const s = job.subtasks.get(`${task}/${subtask}`);
  const i = t.inspect;
  const facts: Fact[] = [
    { label: i.state, value: s ? t.taskState[s.status]! : '–', ...(s?.reason ? { note: s.reason } : {}) },
    { label: i.runsOn, value: s?.process ?? '–' },
    { label: i.busy, value: percent(s?.busyPermille ?? 0) },
    { label: i.backPressured, value: percent(s?.backPressuredPermille ?? 0), ...(s && s.level !== 'OK' ? { note: s.level } : {}) },
  ];
  if (job.pending) facts.push({ label: i.snapshot, value: i.parts[partOf(s, job.pending.checkpoint)]!, note: t.checkpoint(job.pending.savepoint, job.pending.checkpoint) });
  if (s?.alignment) facts.push({ label: i.barriers, value: `${s.alignment.arrived.length} / ${s.alignment.channels}` });
  for (const operator of task.split(' → ')) {
    const o = job.operators.get(`${operator}/${subtask}`);
    if (!o) continue;
    if (o.watermarkMs !== null || o.received) facts.push({ label: `${operator}: ${i.watermark.toLowerCase()}`, value: fullClock(o.watermarkMs, t), ...(o.idle ? { note: t.idle } : {}) });
    if (o.held.length) facts.push({ label: `${operator}: ${i.held.toLowerCase()}`, value: o.held.join(', ') });
    if (o.received) facts.push({ label: `${operator}: ${i.received.toLowerCase()}`, value: String(o.received) });
    if (o.fired) facts.push({ label: `${operator}: ${i.fired.toLowerCase()}`, value: String(o.fired) });
    if (o.late) facts.push({ label: `${operator}: ${i.late.toLowerCase()}`, value: String(o.late) });
    if (o.emitted) facts.push({ label: `${operator}: ${i.emitted.toLowerCase()}`, value: String(o.emitted) });
  }
  return facts;
}

function partOf(s: SubtaskState | undefined, checkpoint: number): string {
  return !s ? 'none' : s.acknowledged >= checkpoint ? 'stored' : s.snapshot >= checkpoint ? 'taken' : 'none';
}

function percent(permille: number): string {
  return `${permille / 10}%`;
}
