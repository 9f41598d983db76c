// The schedule as the fault track shows it: what is planned is known, what it did is known only up to the playhead.
import { parseFault, type Fault } from '../../simulations/faults/grammar.ts';
import { columns } from '../readmodels/columns.ts';
import type { SessionState } from './session.ts';

export interface FaultClip {
  /** Place in the schedule. */
  readonly index: number;
  readonly line: string;
  readonly fault: Fault;
  readonly fromUs: number;
  /** End; the horizon for a fault that lasts to the end of the run. */
  readonly toUs: number;
  readonly state: 'planned' | 'on' | 'over';
  /** Row of the fault track; faults that overlap stand below one another. */
  readonly row: number;
  /** False when there was nothing to strike; null while it has not begun. */
  readonly tookEffect: boolean | null;
}

const MOST_ROWS = 4;
const STARTED = columns('fault.started');

export function faultClips(state: Pick<SessionState, 'universe' | 'timeUs' | 'position' | 'horizonUs' | 'views' | 'trace'>): FaultClip[] {
  const effect = new Map<number, boolean>();
  const { views, trace, position, timeUs, horizonUs } = state;
  for (let n = views.faults.count(position) - 1; n >= 0; n--) {
    const seq = views.faults.at(n);
    if (trace.typeAt(seq) === 'fault.started') effect.set(trace.value(seq, STARTED.fault), trace.value(seq, STARTED.tookEffect) === 1);
  }
  const rowEnds: number[] = [];
  const clips = (state.universe?.faults ?? []).flatMap((line, index): FaultClip[] => {
    const read = parseFault(line, null);
    if (!read.ok) return [];
    const { fault } = read;
    const instant = fault.kind === 'restart' && fault.forUs === null;
    const toUs = Math.min(horizonUs, fault.forUs === null ? (instant ? fault.atUs : horizonUs) : fault.atUs + fault.forUs);
    const begun = effect.has(index) || timeUs >= fault.atUs;
    return [{ index, line, fault, fromUs: fault.atUs, toUs, row: 0, state: !begun ? 'planned' : timeUs >= toUs ? 'over' : 'on', tookEffect: effect.get(index) ?? null }];
  });
  const least = horizonUs / 60;
  const rows = new Map<number, number>();
  for (const clip of clips.slice().sort((a, b) => a.fromUs - b.fromUs || a.index - b.index)) {
    const free = rowEnds.findIndex((end) => end <= clip.fromUs);
    const row = free >= 0 ? free : rowEnds.length < MOST_ROWS ? rowEnds.length : MOST_ROWS - 1;
    rowEnds[row] = Math.max(rowEnds[row] ?? 0, clip.toUs, clip.fromUs + least);
    rows.set(clip.index, row);
  }
  return clips.map((clip) => ({ ...clip, row: rows.get(clip.index)! }));
}

/** `from>to` of every pair of processes whose link a fault strikes at the playhead. */
export function struckLinks(state: SessionState): ReadonlySet<string> {
  const pairs = new Set<string>();
  for (const clip of faultClips(state)) {
    if (clip.state !== 'on' || clip.fault.target.kind !== 'link') continue;
    for (const a of clip.fault.target.from) {
      for (const b of clip.fault.target.to) {
        pairs.add(`${a}>${b}`);
        if (clip.fault.target.both) pairs.add(`${b}>${a}`);
      }
    }
  }
  return pairs;
}
