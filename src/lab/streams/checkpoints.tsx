// The checkpoints of a job, one row each, on one scale of time; the selected one open, with a line for each of its subtasks.
import { useId, useLayoutEffect, useRef, type KeyboardEvent } from 'react';
import { Icon } from '../../app/icons.tsx';
import { formatSeconds } from '../../app/format.ts';
import { useLanguage } from '../../app/preferences.ts';
import type { CheckpointView } from '../../readmodels/checkpoints.ts';
import type { LabMessages } from '../messages/en.ts';
import { durationIn } from '../messages/use-lab-messages.ts';
import { SceneSvg } from '../scene-svg.tsx';
import type { Session, SessionState } from '../session.ts';
import { useSize } from '../use-size.ts';
import { sizeText, stateOf } from './checkpoint-words.ts';
import { checkpointSamples, checkpointScene } from './checkpoint-scene.ts';
import type { JobPlan } from './plan.ts';

export interface CheckpointListProps {
  readonly session: Session;
  readonly state: SessionState;
  readonly plan: JobPlan;
  readonly words: LabMessages;
  /** Whether the job takes checkpoints by itself. */
  readonly periodic: boolean;
  readonly onInspect?: (() => void) | undefined;
}

const MOST = 120;
const SAMPLES = checkpointSamples();

export function CheckpointList({ session, state, plan, words, periodic, onInspect }: CheckpointListProps) {
  const t = words.streams;
  const duration = durationIn(useLanguage());
  const id = useId();
  const probe = useRef<HTMLDivElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const { width } = useSize(probe);
  const rows = state.views.checkpoints.list(plan.job, state.position, state.timeUs, MOST);
  const { selection } = state;
  const chosen = selection?.kind === 'checkpoint' && selection.job === plan.job ? rows.findLastIndex((r) => r.checkpoint === selection.checkpoint) : -1;
  const open = chosen >= 0 ? chosen : rows.length - 1;
  const scaleUs = Math.max(1_000, ...rows.map((r) => r.endUs - r.triggeredUs));
  const lines = plan.tasks.flatMap((task) => Array.from({ length: task.parallelism }, (_, subtask) => ({ task: task.name, subtask })));

  useLayoutEffect(() => {
    list.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' });
  }, [open, rows.length]);

  function onKeyDown(e: KeyboardEvent): void {
    const to = e.key === 'ArrowDown' ? open + 1 : e.key === 'ArrowUp' ? open - 1 : e.key === 'Home' ? 0 : e.key === 'End' ? rows.length - 1 : null;
    if (e.key === 'Enter') onInspect?.();
    else if (to === null) return;
    const row = to === null ? undefined : rows[Math.max(0, Math.min(rows.length - 1, to))];
    if (row) session.select({ kind: 'checkpoint', job: plan.job, checkpoint: row.checkpoint });
    e.preventDefault();
    e.stopPropagation();
  }

  if (rows.length === 0) return <p className="quiet streams-none">{periodic ? t.timeline.empty : t.timeline.off}</p>;
  return (
    <div className="checkpoints">
      <div className="checkpoint-head" aria-hidden="true">
        <span />
        <span>{t.timeline.triggered}</span>
        <div ref={probe} className="checkpoint-scale">
          <span>0</span>
          <span>{duration(scaleUs)}</span>
        </div>
        <span>{t.timeline.duration}</span>
        <span>{t.timeline.alignment}</span>
        <span>{t.timeline.size}</span>
      </div>
      <div ref={list} className="checkpoint-rows" role="listbox" tabIndex={0} aria-label={t.timeline.label} aria-activedescendant={open >= 0 ? `${id}-${open}` : undefined} onKeyDown={onKeyDown}>
        {rows.map((row, i) => (
          <div
            key={row.triggeredBy}
            id={`${id}-${i}`}
            role="option"
            aria-selected={i === open}
            aria-label={said(row, words, duration)}
            className="checkpoint"
            onClick={() => session.select({ kind: 'checkpoint', job: plan.job, checkpoint: row.checkpoint })}
          >
            <span className="checkpoint-name">
              <Icon
                name={row.state === 'completed' ? 'check' : row.state === 'failed' ? 'cross' : 'wait'}
                className={row.state === 'completed' ? 'teal' : row.state === 'failed' ? 'amber' : 'quiet'}
              />
              <span>{t.checkpoint(row.savepoint, row.checkpoint)}</span>
            </span>
            <span className="mono quiet">{formatSeconds(row.triggeredUs)}</span>
            <div className="checkpoint-picture">{width > 0 && <SceneSvg scene={checkpointScene({ view: row, width, scaleUs, lines: null })} />}</div>
            <span className="mono">{row.state === 'failed' ? '–' : duration(row.endUs - row.triggeredUs)}</span>
            <span className="mono quiet">{row.alignmentUs > 0 ? duration(row.alignmentUs) : '–'}</span>
            <span className="mono quiet">{sizeText(row.bytes)}</span>
            <Notes row={row} words={words} />
            {i === open && (
              <div className="checkpoint-open">
                {lines.map((line) => (
                  <span key={`${line.task}/${line.subtask}`} className="checkpoint-line">
                    <span>{line.task}</span> <b>{line.subtask + 1}</b>
                  </span>
                ))}
                <div className="checkpoint-lines">{width > 0 && <SceneSvg scene={checkpointScene({ view: row, width, scaleUs, lines })} />}</div>
              </div>
            )}
          </div>
        ))}
      </div>
      <p className="checkpoint-legend" aria-hidden="true">
        {SAMPLES.map((scene, i) => (
          <span key={i}>
            <SceneSvg scene={scene} />
            {[t.timeline.legend.barrier, t.timeline.legend.taken, t.timeline.legend.stored][i]}
          </span>
        ))}
      </p>
    </div>
  );
}

/** What is not a figure: why it failed, what is with the transactions, which attempt began with it. */
function Notes({ row, words }: { row: CheckpointView; words: LabMessages }) {
  const t = words.streams.timeline;
  const counts = new Map<string, number>();
  for (const { state } of row.transactions) counts.set(state, (counts.get(state) ?? 0) + 1);
  const sinks = Array.from(counts, ([state, n]) => t.transactionCount(n, t.transaction[state] ?? state)).join(', ');
  const notes = [row.state === 'failed' ? (t.failed[row.reason] ?? row.reason) : '', row.inFlight ? t.inFlight(row.inFlight) : '', sinks ? `${t.transactions}: ${sinks}` : ''].filter(Boolean);
  return (
    <>
      {row.restored.map(({ attempt }) => (
        <span key={attempt} className="checkpoint-restored">
          <Icon name="restart" />
          {t.restoredFrom(attempt)}
        </span>
      ))}
      {notes.length > 0 && <span className="checkpoint-notes">{notes.join(' · ')}</span>}
    </>
  );
}

function said(row: CheckpointView, words: LabMessages, duration: (us: number) => string): string {
  const t = words.streams;
  const restored = row.restored.map((r) => t.timeline.restoredFrom(r.attempt));
  return [t.timeline.row(t.checkpoint(row.savepoint, row.checkpoint), formatSeconds(row.triggeredUs), stateOf(row, t), duration(row.endUs - row.triggeredUs), sizeText(row.bytes)), ...restored].join(
    ', ',
  );
}
