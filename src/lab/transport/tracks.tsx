// The tracks on screen: a canvas for what is drawn, buttons for fault clips and violations, a slider for the playhead.
import { useMemo, useRef, useState, type DragEvent, type KeyboardEvent, type PointerEvent } from 'react';
import { formatAxis, formatSeconds } from '../../app/format.ts';
import type { FaultKind } from '../../../simulations/faults/grammar.ts';
import { FAULT_KINDS } from '../../../simulations/faults/grammar.ts';
import { faultClips } from '../fault-clips.ts';
import { useEngineText, useLabMessages } from '../messages/use-lab-messages.ts';
import { placeOf } from '../selection.ts';
import type { Session, SessionState } from '../session.ts';
import { TargetMenu } from '../target-menu.tsx';
import { useCanvas } from '../use-canvas.ts';
import { useSize } from '../use-size.ts';
import { ClipButton } from './clip.tsx';
import { invariantRows } from './invariant-rows.ts';
import { FAULT_TOP, axisEdges, clipHeight, faultHeight, rowY, tracksHeight, tracksScene } from './scene.ts';

export interface TracksProps {
  readonly session: Session;
  readonly state: SessionState;
  readonly labelWidth: number;
  readonly editable: boolean;
  readonly rows: number;
}

/** What a tool of the palette carries while it is dragged. */
export const FAULT_DRAG = 'application/x-millrace-fault';
const MOST_STOPS = 400;

export function Tracks({ session, state, labelWidth: wanted, editable, rows: most }: TracksProps) {
  const words = useLabMessages();
  const engine = useEngineText();
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const { width } = useSize(box);
  const [dropped, setDropped] = useState<{ kind: FaultKind; atUs: number; x: number; y: number } | null>(null);
  const scrubbing = useRef(false);
  const labelWidth = width < 600 ? 0 : wanted;
  const { x0, x1 } = axisEdges(width, labelWidth);
  const { horizonUs, gateUs } = state;
  const scenario = state.universe?.scenario ?? null;
  const invariants = scenario && most > 0 ? invariantRows(state, scenario, most) : [];
  const clips = useMemo(() => faultClips(state), [state]);
  const faultRows = rowsOf(clips);
  const height = tracksHeight(invariants.length, faultRows);

  useCanvas(
    canvas,
    session,
    (now) => {
      if (!width) return null;
      const inView = scenario && most > 0 ? invariantRows(now, scenario, most) : [];
      return tracksScene({
        width,
        labelWidth,
        horizonUs: now.horizonUs,
        timeUs: now.timeUs,
        computedUs: now.computedUs,
        gateUs: now.gateUs,
        activity: now.views.activity.at(now.position),
        faultRows,
        rows: inView.map((i) => ({ title: engine.invariants[i.id].title, violatedUs: i.violations.map((v) => v.timeUs) })),
        stops: stopsOf(now),
        labels: { faults: words.transport.faults, activity: words.transport.activity, notYet: words.transport.gateNote },
        axis: (us, last) => axisText(formatAxis(us, now.horizonUs), last, words.transport.seconds),
      });
    },
    [width, labelWidth, words, engine, scenario, most, faultRows],
  );

  /** Time under the pointer, in whole milliseconds while a pixel is more than one. */
  const scrubTime = (clientX: number) => (horizonUs > (x1 - x0) * 1000 ? Math.round(timeAt(clientX) / 1000) * 1000 : timeAt(clientX));
  const timeAt = (clientX: number) => {
    const rect = box.current!.getBoundingClientRect();
    return ((clientX - rect.x - x0) / Math.max(1, x1 - x0)) * horizonUs;
  };

  function onPointerDown(e: PointerEvent): void {
    if (e.button !== 0 || (e.target as Element).closest('button') || !state.universe) return;
    scrubbing.current = true;
    session.pause();
    e.currentTarget.setPointerCapture(e.pointerId);
    session.seek(scrubTime(e.clientX));
  }
  function onPointerMove(e: PointerEvent): void {
    if (scrubbing.current) session.seek(scrubTime(e.clientX));
  }
  function onSliderKey(e: KeyboardEvent): void {
    const page = horizonUs / 10;
    const to = e.key === 'Home' ? 0 : e.key === 'End' ? horizonUs : e.key === 'PageUp' ? state.timeUs - page : e.key === 'PageDown' ? state.timeUs + page : null;
    if (to === null) return;
    session.seek(to);
    e.preventDefault();
  }
  function onDrop(e: DragEvent): void {
    const kind = e.dataTransfer.getData(FAULT_DRAG) as FaultKind;
    if (!FAULT_KINDS.includes(kind)) return;
    e.preventDefault();
    setDropped({ kind, atUs: Math.max(0, Math.min(horizonUs, Math.round(timeAt(e.clientX) / 1000) * 1000)), x: e.clientX, y: e.clientY });
  }

  const X = (us: number) => x0 + ((x1 - x0) * us) / Math.max(1, horizonUs);
  return (
    <div
      ref={box}
      className="tracks-box"
      style={{ height }}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={() => (scrubbing.current = false)}
      onPointerCancel={() => (scrubbing.current = false)}
      onDragOver={(e) => {
        if (editable && e.dataTransfer.types.includes(FAULT_DRAG)) e.preventDefault();
      }}
      onDrop={editable ? onDrop : undefined}
    >
      <canvas ref={canvas} aria-hidden="true" />
      {width > 0 && (
        <>
          <div
            className="playhead"
            role="slider"
            tabIndex={0}
            style={{ left: X(state.timeUs) - 8, height: height - 14 }}
            aria-label={words.transport.playhead}
            aria-valuemin={0}
            aria-valuemax={Math.round((gateUs ?? horizonUs) / 1000)}
            aria-valuenow={Math.round(state.timeUs / 1000)}
            aria-valuetext={words.transport.position(formatSeconds(state.timeUs), String(horizonUs / 1_000_000))}
            onKeyDown={onSliderKey}
          />
          <div className="clips" style={{ top: FAULT_TOP, height: faultHeight(faultRows) }}>
            {clips.map((clip) => (
              <ClipButton
                key={clip.index}
                clip={clip}
                session={session}
                x={X(clip.fromUs)}
                end={X(clip.toUs)}
                now={X(state.timeUs)}
                limit={clips.reduce((least, c) => (c.row === clip.row && c.fromUs > clip.fromUs ? Math.min(least, X(c.fromUs)) : least), x1)}
                top={clip.row * (clipHeight(faultRows) + 2)}
                height={clipHeight(faultRows)}
                timeAt={timeAt}
                editable={editable}
                chosen={state.selection?.kind === 'fault' && state.selection.index === clip.index}
              />
            ))}
          </div>
          {invariants.map((row, i) =>
            row.violations.slice(0, 1).map((v) => (
              <button
                key={row.id}
                type="button"
                className="violation"
                style={{ left: X(v.timeUs) - 9, top: rowY(i, faultRows) - 7 }}
                aria-label={`${words.transport.goToViolation(engine.invariants[row.id].title)}${row.promised ? '' : `, ${words.transport.notPromised}`}`}
                title={`${engine.invariants[row.id].sentence} ${words.transport.brokenAt(formatSeconds(v.timeUs))}${row.promised ? '' : ` (${words.transport.notPromised})`}`}
                onClick={() => {
                  session.seekPosition(v.seq + 1);
                  const event = { kind: 'event', seq: v.seq } as const;
                  session.select(placeOf(event, state.trace, v.seq + 1) ?? event);
                }}
              />
            )),
          )}
          <ul className="unseen" aria-label={words.transport.invariants}>
            {invariants.map((row) => (
              <li key={row.id}>
                {engine.invariants[row.id].title}: {row.violations[0] ? words.transport.brokenAt(formatSeconds(row.violations[0].timeUs)) : words.transport.holds}
              </li>
            ))}
          </ul>
        </>
      )}
      {dropped && scenario && <TargetMenu session={session} kind={dropped.kind} atUs={dropped.atUs} at={dropped} onClose={() => setDropped(null)} />}
    </div>
  );
}

/** Minutes with seconds need no unit. */
function axisText(text: string, last: boolean, seconds: (n: string) => string): string {
  return last && !text.includes(':') ? seconds(text) : text;
}

function rowsOf(clips: readonly { readonly row: number }[]): number {
  return clips.reduce((most, clip) => Math.max(most, clip.row + 1), 1);
}

/** Times of the interesting events so far. */
function stopsOf({ views, trace, position }: SessionState): number[] {
  const count = views.interesting.count(position);
  const out: number[] = [];
  for (let n = count - 1; n >= 0 && out.length < MOST_STOPS; n--) {
    out.push(trace.timeAt(views.interesting.at(n)));
  }
  return out.reverse();
}
