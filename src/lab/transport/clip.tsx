// One fault on its track: drag it to move it, drag its end to change how long it lasts. Each change makes another universe.
import { useRef, useState, type PointerEvent } from 'react';
import { Icon } from '../../app/icons.tsx';
import { printFault } from '../../../simulations/faults/grammar.ts';
import type { FaultClip } from '../fault-clips.ts';
import { tellFaultAt, tellTarget } from '../fault-words.ts';
import { useEngineText, useFaultTeller } from '../messages/use-lab-messages.ts';
import type { Session } from '../session.ts';
import { textWidth } from '../text-width.ts';
import { shifted } from '../use-keys.ts';

export interface ClipButtonProps {
  readonly clip: FaultClip;
  readonly session: Session;
  /** Left and right edge, px. */
  readonly x: number;
  readonly end: number;
  /** Playhead, px. */
  readonly now: number;
  /** Where the next clip begins, px: a name may not run into it. */
  readonly limit: number;
  /** Top edge within the track and height, px. */
  readonly top: number;
  readonly height: number;
  readonly timeAt: (clientX: number) => number;
  readonly editable: boolean;
  readonly chosen: boolean;
}

/** Pointer travel below which a press is a click, px. */
const CLICK = 4;
/** Times are moved in steps of this, microseconds. */
const SNAP_US = 50_000;

export function ClipButton({ clip, session, x, end, now, limit, top, height, timeAt, editable, chosen }: ClipButtonProps) {
  const engine = useEngineText();
  const teller = useFaultTeller(session.state().universe?.scenario ?? null);
  const grip = useRef<{ startX: number; startUs: number; end: boolean; moved: boolean } | null>(null);
  const [byUs, setByUs] = useState<{ us: number; end: boolean } | null>(null);
  const horizonUs = session.state().horizonUs;
  const fault = byUs ? shifted(clip.fault, byUs.us, byUs.end, horizonUs) : clip.fault;
  const scale = (end - x) / Math.max(1, clip.toUs - clip.fromUs) || 0;
  const left = byUs && !byUs.end ? x + (fault.atUs - clip.fault.atUs) * scaleOf() : x;
  const right = byUs ? left + (end - x) + (byUs.end ? ((fault.forUs ?? 0) - (clip.fault.forUs ?? clip.toUs - clip.fromUs)) * scale : 0) : end;
  const width = Math.max(18, right - left);
  const name = engine.faults[clip.fault.kind].on(tellTarget(clip.fault.target, teller.words, teller.processes));
  const state = clip.tookEffect === false ? 'idle' : clip.state;
  // The name stands inside when it fits, outside when there is room before the next clip, else nowhere: the label says it anyway.
  const needed = textWidth(name) + 34;
  const place = width >= needed ? 'inside' : limit - (left + width) >= needed - 18 ? 'outside' : 'none';

  function scaleOf(): number {
    const one = timeAt(1) - timeAt(0);
    return one > 0 ? 1 / one : 0;
  }
  function down(e: PointerEvent, atEnd: boolean): void {
    if (e.button !== 0) return;
    e.stopPropagation();
    grip.current = { startX: e.clientX, startUs: timeAt(e.clientX), end: atEnd, moved: false };
    e.currentTarget.setPointerCapture(e.pointerId);
  }
  function move(e: PointerEvent): void {
    const g = grip.current;
    if (!g || !editable) return;
    if (!g.moved && Math.abs(e.clientX - g.startX) < CLICK) return;
    g.moved = true;
    setByUs({ us: Math.round((timeAt(e.clientX) - g.startUs) / SNAP_US) * SNAP_US, end: g.end });
  }
  function up(): void {
    const g = grip.current;
    grip.current = null;
    if (g?.moved && byUs && byUs.us !== 0) {
      const faults = session.state().universe?.faults ?? [];
      session.reschedule(faults.map((line, i) => (i === clip.index ? printFault(fault) : line)));
    }
    setByUs(null);
  }

  return (
    <div
      className={`clip clip-${state}${chosen ? ' clip-chosen' : ''}${width < 30 ? ' clip-small' : ''}`}
      style={{ left, width, top, height }}
      onPointerMove={move}
      onPointerUp={up}
      onPointerCancel={() => {
        grip.current = null;
        setByUs(null);
      }}
    >
      {state !== 'planned' && <span className="clip-gone" style={{ width: Math.max(0, Math.min(width, now - left)) }} />}
      <button
        type="button"
        aria-pressed={chosen}
        aria-label={tellFaultAt(fault, teller)}
        title={printFault(fault)}
        onPointerDown={(e) => down(e, false)}
        onClick={() => session.select({ kind: 'fault', index: clip.index })}
      >
        <Icon name={clip.fault.kind} />
        {place === 'inside' && <span>{name}</span>}
      </button>
      {place === 'outside' && <span className="clip-name">{name}</span>}
      {editable && clip.fault.forUs !== null && <span className="clip-end" onPointerDown={(e) => down(e, true)} />}
    </div>
  );
}
