// Event time of every operator that keeps state: a lane each, walked by arrow keys, said in words beside it.
import { useId, useMemo, useRef, type KeyboardEvent, type MouseEvent } from 'react';
import type { JobSpec, Scenario } from '../../../simulations/contract/scenario.ts';
import { pick, type Mark } from '../marks.ts';
import type { LabMessages } from '../messages/en.ts';
import { sameSelection, type Selection } from '../selection.ts';
import type { Session, SessionState } from '../session.ts';
import { useCanvas } from '../use-canvas.ts';
import { usePointerFocus } from '../use-pointer-focus.ts';
import { useSize } from '../use-size.ts';
import { fullClock } from './clock.ts';
import { laneModel, lateness, type LaneModel } from './lane-model.ts';
import { laneGeometryOf, laneScene, windowHit } from './lane-scene.ts';
import type { JobPlan } from './plan.ts';

export interface EventTimeProps {
  readonly session: Session;
  readonly state: SessionState;
  readonly scenario: Scenario;
  readonly spec: JobSpec;
  readonly plan: JobPlan;
  readonly words: LabMessages;
  readonly subtask: number | null;
  readonly keyOf: string | null;
  readonly onInspect?: (() => void) | undefined;
}

export function EventTime({ session, state, scenario, spec, plan, words, subtask, keyOf, onInspect }: EventTimeProps) {
  const t = words.streams.eventTime;
  const id = useId();
  const pointer = usePointerFocus();
  const submitted = state.views.streams.at(state.position).jobs.has(spec.name);
  const operators = plan.tasks.flatMap((task) => task.operators.filter((o) => o.stateful).map((o) => o.name));
  const models = operators.map((operator) => laneModel(state, scenario, { job: plan.job, operator, subtask, key: keyOf, selection: state.selection }));
  const tracks = models.flatMap((model) => tracksOf(model, keyOf, words));
  const said = tracks.flat();
  const current = said.findIndex((item) => sameSelection(item.selection, state.selection));

  function onKeyDown(e: KeyboardEvent): void {
    pointer.release();
    if (e.ctrlKey || e.metaKey || e.altKey) return;
    if (e.key === 'Enter') onInspect?.();
    else if (e.key.startsWith('Arrow') || e.key === 'Home' || e.key === 'End') {
      const next = walk(tracks, state.selection, e.key);
      if (next) session.select(next);
    } else return;
    e.preventDefault();
    e.stopPropagation();
  }

  if (operators.length === 0) return <p className="quiet streams-none">{!submitted ? words.streams.none : spec.job === 'submitted' ? t.nothingSeen : t.empty}</p>;
  return (
    <div
      ref={pointer.list}
      className={pointer.className('event-times')}
      role="listbox"
      tabIndex={0}
      aria-label={t.label}
      aria-describedby={`${id}-help`}
      aria-activedescendant={current >= 0 ? `${id}-${current}` : undefined}
      onKeyDown={onKeyDown}
      onBlur={pointer.release}
    >
      <div className="unseen">
        {models.map((model) => (
          <div key={model.operator} role="option" aria-selected="false">
            {summary(model, words)}
          </div>
        ))}
        {said.map((item, i) =>
          item.window || i === current ? (
            <div key={item.id} id={`${id}-${i}`} role="option" aria-selected={i === current}>
              {item.text}
            </div>
          ) : null,
        )}
      </div>
      {models.map((model) => (
        <Lane
          key={model.operator}
          session={session}
          scenario={scenario}
          model={model}
          words={words}
          subtask={subtask}
          keyOf={keyOf}
          alone={models.length === 1}
          onPick={(picked) => {
            pointer.focus();
            if (picked) session.select(picked);
          }}
        />
      ))}
      <p id={`${id}-help`} className="unseen">
        {t.help}
      </p>
    </div>
  );
}

function Lane({
  session,
  scenario,
  model,
  words,
  subtask,
  keyOf,
  alone,
  onPick,
}: {
  session: Session;
  scenario: Scenario;
  model: LaneModel;
  words: LabMessages;
  subtask: number | null;
  keyOf: string | null;
  alone: boolean;
  onPick: (selection: Selection | null) => void;
}) {
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const { width } = useSize(box);
  const shown = useRef<readonly Mark[]>([]);
  const { job, operator } = model;
  const height = useMemo(() => laneGeometryOf(model, width || 900, alone).height, [model, width, alone]);
  useCanvas(
    canvas,
    session,
    (now) => {
      if (!width) return null;
      const current = laneModel(now, scenario, { job, operator, subtask, key: keyOf, selection: now.selection });
      const scene = laneScene({ model: current, width, words, selection: now.selection, key: keyOf, alone });
      shown.current = scene.marks;
      return scene;
    },
    [width, scenario, job, operator, words, subtask, keyOf, alone],
  );
  function onClick(e: MouseEvent): void {
    const origin = box.current!.getBoundingClientRect();
    onPick(pick(shown.current, e.clientX - origin.x, e.clientY - origin.y));
  }
  return (
    <div ref={box} className="event-time" style={{ height }} onClick={onClick}>
      <canvas ref={canvas} aria-hidden="true" />
    </div>
  );
}

interface Item {
  readonly id: string;
  readonly selection: Selection;
  readonly timeMs: number;
  readonly window: boolean;
  readonly text: string;
}

/** What arrow keys walk over, from top to bottom: the windows of a lane, then its records, each in order of event time. */
function tracksOf(model: LaneModel, key: string | null, words: LabMessages): Item[][] {
  const t = words.streams.eventTime;
  const states = { open: t.open, fired: t.firedState, closed: t.closed };
  const windows = model.windows.map((w): Item => {
    const selection = windowHit({ model, key }, w);
    const span = t.window(fullClock(w.startMs, words.streams), fullClock(w.endMs, words.streams));
    return {
      id: `${model.operator}/${w.startMs}-${w.endMs}/${w.key ?? ''}`,
      selection,
      timeMs: w.startMs,
      window: true,
      text: [model.operator, span, states[w.state], w.records === null ? '' : t.received(w.records)].filter(Boolean).join(', '),
    };
  });
  const records = model.records
    .toSorted((a, b) => a.timestampMs - b.timestampMs || a.seq - b.seq)
    .map((r): Item => {
      const late = lateness(r);
      const ended = late === 'dropped' ? `, ${t.lateDropped}` : late === 'kept' ? `, ${t.lateKept}` : '';
      return { id: `r${r.seq}`, selection: { kind: 'event', seq: r.seq }, timeMs: r.timestampMs, window: false, text: `${t.record(r.key, fullClock(r.timestampMs, words.streams))}${ended}` };
    });
  return [windows, records].filter((track) => track.length > 0);
}

function walk(tracks: readonly (readonly Item[])[], from: Selection | null, key: string): Selection | null {
  const y = tracks.findIndex((track) => track.some((item) => sameSelection(item.selection, from)));
  const first = tracks[0];
  if (y < 0) return first?.at(-1)?.selection ?? null;
  const track = tracks[y]!;
  if (key === 'Home' || key === 'End') return track.at(key === 'Home' ? 0 : -1)!.selection;
  const x = track.findIndex((item) => sameSelection(item.selection, from));
  if (key === 'ArrowLeft' || key === 'ArrowRight') return track[Math.max(0, Math.min(track.length - 1, x + (key === 'ArrowRight' ? 1 : -1)))]!.selection;
  const to = tracks[Math.max(0, Math.min(tracks.length - 1, y + (key === 'ArrowDown' ? 1 : -1)))]!;
  if (to === track) return from;
  const { timeMs } = track[x]!;
  return to.reduce((best, item) => (Math.abs(item.timeMs - timeMs) < Math.abs(best.timeMs - timeMs) ? item : best)).selection;
}

function summary(model: LaneModel, { streams: t }: LabMessages): string {
  const slowest = model.watermarks.length ? Math.min(...model.watermarks.map((w) => w.timeMs)) : null;
  const open = model.windows.filter((w) => w.state === 'open').length;
  return [
    model.operator,
    `${t.watermark} ${fullClock(slowest, t)}`,
    t.eventTime.received(model.received),
    t.eventTime.fired(model.fired),
    model.late ? t.eventTime.late(model.late) : '',
    open ? `${t.eventTime.windows}: ${open} ${t.eventTime.open}` : '',
  ]
    .filter(Boolean)
    .join(', ');
}
