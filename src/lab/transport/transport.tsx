// The transport bar: where in virtual time the picture stands, and what was planned, done and violated until then.
import { useEffect, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { Icon } from '../../app/icons.tsx';
import { formatClock, formatCount, formatHash, formatSeconds, formatSpeed } from '../../app/format.ts';
import { useMessages } from '../../app/messages/use-messages.ts';
import { usePreferences } from '../../app/preferences.ts';
import { useLabMessages } from '../messages/use-lab-messages.ts';
import type { Session } from '../session.ts';
import { changeSpeed, useKeys } from '../use-keys.ts';
import { usePaced } from '../use-session.ts';
import { Tracks } from './tracks.tsx';
import './transport.css';

export interface TransportProps {
  readonly session: Session;
  /** Width of the column of labels beside the tracks, px; 0 on narrow screens. */
  readonly labelWidth?: number;
  /** Whether faults can be moved and dropped here; true unless told. */
  readonly editable?: boolean;
  /** Invariant rows at most, besides violated ones. */
  readonly rows?: number;
  /** Stands at the right of the row of buttons. */
  readonly children?: ReactNode;
}

export function Transport({ session, labelWidth = 168, editable = true, rows = 3, children }: TransportProps) {
  const t = useLabMessages().transport;
  const m = useMessages();
  const { singleKeys } = usePreferences();
  const state = usePaced(session, 20);
  const onKeys = useKeys(session, { enabled: singleKeys, jump: true });
  const clock = formatClock(state.timeUs);
  const end = formatClock(state.horizonUs).main.replace(/\.\d+$/, '');
  const seed = state.universe?.seed ?? 0;
  const nothing = state.universe === null;
  const key = (e: KeyboardEvent) => {
    if (!e.defaultPrevented) onKeys(e);
  };
  return (
    <section className="transport" aria-label={t.label} onKeyDown={key}>
      <div className="transport-row">
        <div className="transport-buttons" role="group">
          <button type="button" className="wide-only" aria-label={t.previousStop} title={`${t.previousStop} (p)`} disabled={nothing} onClick={() => session.stepInteresting(-1)}>
            <Icon name="previousStop" />
          </button>
          <button type="button" aria-label={t.previous} title={`${t.previous} (,)`} disabled={nothing} onClick={() => session.step(-1)}>
            <Icon name="stepBack" />
          </button>
          <button type="button" className="play" aria-label={state.playing ? t.pause : t.play} disabled={nothing} onClick={() => session.toggle()}>
            <Icon name={state.playing ? 'pause' : 'play'} />
          </button>
          <button type="button" aria-label={t.next} title={`${t.next} (.)`} disabled={nothing} onClick={() => session.step(1)}>
            <Icon name="stepForward" />
          </button>
          <button type="button" className="wide-only" aria-label={t.nextStop} title={`${t.nextStop} (n)`} disabled={nothing} onClick={() => session.stepInteresting(1)}>
            <Icon name="nextStop" />
          </button>
        </div>
        <div className="clock mono">
          {clock.main}
          <span className="clock-micros wide-only">{clock.micros}</span>
          <span className="clock-end wide-only"> / {end}</span>
        </div>
        <div className="pair wide-only event-count">
          <span>{t.event}</span>
          <b className="mono">{formatCount(state.position)}</b>
        </div>
        <div className="pair speed">
          <span className="wide-only">{t.speed}</span>
          <button type="button" className="nudge" aria-label={t.slower} title={`${t.slower} (-)`} onClick={() => changeSpeed(session, -1)}>
            −
          </button>
          <b className="mono">{formatSpeed(state.speed)}</b>
          <button type="button" className="nudge" aria-label={t.faster} title={`${t.faster} (=)`} onClick={() => changeSpeed(session, 1)}>
            +
          </button>
        </div>
        {state.hasPrevious && (
          <button type="button" className="tool" onClick={() => session.back()} title={`${t.previousFuture} (b)`}>
            <Icon name="back" />
            <span className="wide-only">{t.previousFuture}</span>
          </button>
        )}
        <span className="spring" />
        {state.gateUs !== null && (
          <div className="pair gate-note wide-only">
            <Icon name="gate" />
            {t.gate(String(state.gateUs / 1_000_000))}
          </div>
        )}
        {children}
        {!nothing && (
          <>
            <div className="pair narrow-only run-short">
              <b className="mono">{`${state.hasPrevious ? '' : `${seed}·`}${state.hash?.slice(0, 4) ?? (state.status === 'computing' ? '…' : '–')}`}</b>
            </div>
            <div className="pair wide-only">
              <span>{t.seed}</span>
              <b className="mono">{seed}</b>
            </div>
            <div className="pair wide-only">
              <span>{t.run}</span>
              <b className="mono">{state.hash ? formatHash(state.hash) : state.status === 'computed' ? t.noHash : state.status === 'failed' ? '–' : `${t.computing}…`}</b>
            </div>
            <CopyRun text={`${seed} ${state.hash ?? ''}`.trim()} label={t.copyRun} done={m.copied} />
          </>
        )}
      </div>
      <Tracks session={session} state={state} labelWidth={labelWidth} editable={editable} rows={rows} />
      <Announcer session={session} time={formatSeconds(state.timeUs)} />
    </section>
  );
}

function CopyRun({ text, label, done }: { text: string; label: string; done: string }) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 1600);
    return () => clearTimeout(timer);
  }, [copied]);
  return (
    <button type="button" className="tool wide-only" aria-label={copied ? done : label} title={label} onClick={() => void navigator.clipboard?.writeText(text).then(() => setCopied(true))}>
      <Icon name={copied ? 'check' : 'copy'} />
    </button>
  );
}

/** Says the time after a jump, so that stepping can be heard; silent while playing. */
function Announcer({ session, time }: { session: Session; time: string }) {
  const last = useRef('');
  const playing = session.state().playing;
  if (!playing) last.current = time;
  return (
    <p className="unseen" role="status">
      {last.current}
    </p>
  );
}
