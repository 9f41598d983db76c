// One open run as the page holds it: the trace as it grows, the playhead over it, what is selected, and one previous future.
// Play, pause, speed and scrub move the playhead only; whatever changes the run makes another universe and runs that.
import type { Universe } from '../../simulations/contract/scenario.ts';
import type { TraceChunk } from '../../simulations/kernel/trace.ts';
import { TraceStore } from '../../simulations/kernel/traceStore.ts';
import { createViews, type Views } from '../readmodels/views.ts';
import { onFrame } from './frames.ts';
import { faultTimeUs, withTime } from './fault-time.ts';
import { sameSelection, type Selection } from './selection.ts';

export const SPEEDS = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000] as const;

/** Why a run could not be computed, in both languages: what happened, why, what to do next. */
export interface RunFailure {
  readonly message: { readonly ko: string; readonly en: string };
}

/** Takes what a run yields. After `done` or `failed` nothing more comes. */
export interface RunSink {
  chunk(chunk: TraceChunk): void;
  /** @param hash null when the run is not reproducible (a watchdog ended it). */
  done(hash: string | null): void;
  failed(failure: RunFailure): void;
}

/** Computes a universe somewhere else (a worker, the sandbox) and streams its trace. */
export type Runner = (universe: Universe, sink: RunSink) => { cancel(): void };

export interface SessionState {
  /** What is run; null before the first `load`. */
  readonly universe: Universe | null;
  readonly trace: TraceStore;
  /** Read models over `trace`. Every one takes a position; hand it `position`, never `trace.count`. */
  readonly views: Views;
  readonly status: 'empty' | 'computing' | 'computed' | 'failed';
  readonly failure: RunFailure | null;
  /** The run's hash, once it is computed. */
  readonly hash: string | null;
  /** Virtual time up to which the trace is there, microseconds. */
  readonly computedUs: number;
  /** Length of the time axis, microseconds: the scenario's horizon. */
  readonly horizonUs: number;
  /** The playhead: virtual time, microseconds, and the number of events at or before it. */
  readonly timeUs: number;
  readonly position: number;
  readonly playing: boolean;
  /** Virtual seconds per second. */
  readonly speed: number;
  /** The prediction gate: events at or after this time stay unseen until it is lifted. */
  readonly gateUs: number | null;
  readonly selection: Selection | null;
  /** Whether there is a previous future to go back to. */
  readonly hasPrevious: boolean;
}

export interface Session {
  state(): SessionState;
  /** Called after every change of the state. @returns a function that stops it. */
  subscribe(listener: () => void): () => void;
  /** Opens a universe and starts to compute it. `timeUs`: where the playhead shall stand once the trace has come that far. */
  load(universe: Universe, at?: { readonly timeUs?: number; readonly selection?: Selection | null }): void;
  /** One more fault, at the playhead: `kill broker-2`, `pause recs-b for 2s`. @returns the whole line. */
  inject(fault: string): string | null;
  /** The same universe with another schedule; the old future is kept. */
  reschedule(faults: readonly string[]): void;
  /** Swaps with the previous future. */
  back(): void;
  play(): void;
  pause(): void;
  toggle(): void;
  setSpeed(speed: number): void;
  /** To a time, as far as the trace has come and no gate stands before it. */
  seek(timeUs: number): void;
  /** To just after the first `position` events. */
  seekPosition(position: number): void;
  /** One event forward or back. */
  step(by: 1 | -1): void;
  /** To just after the next or previous interesting event. @returns its sequence number, or -1 when there is none. */
  stepInteresting(by: 1 | -1): number;
  setGate(gateUs: number | null): void;
  select(selection: Selection | null): void;
  /** Largest position that may be shown now. */
  limit(): number;
  /** Ends what is being computed and lets go of the frames. */
  close(): void;
}

/** One computed or growing run. */
interface Branch {
  readonly universe: Universe;
  readonly trace: TraceStore;
  readonly views: Views;
  status: 'computing' | 'computed' | 'failed';
  failure: RunFailure | null;
  hash: string | null;
  cancel(): void;
}

export function createSession(runner: Runner): Session {
  const emptyTrace = new TraceStore();
  const empty = { trace: emptyTrace, views: createViews(emptyTrace, 0) };
  const listeners = new Set<() => void>();
  let present: Branch | null = null;
  let previous: Branch | null = null;
  /** A new universe whose trace has not yet reached the playhead: until then the old one, equal so far, is shown. */
  let coming: Branch | null = null;
  let targetUs = 0;
  /** Until the learner moves it, the playhead of a run that is still being computed goes to where it was asked to stand. */
  let following = false;
  let stopFrames: (() => void) | null = null;
  let timeUs = 0;
  let position = 0;
  let playing = false;
  let speed: number = 1;
  let gateUs: number | null = null;
  let selection: Selection | null = null;
  let snapshot = freeze();

  function freeze(): SessionState {
    const branch = present;
    const trace = branch?.trace ?? empty.trace;
    const failed = coming?.status === 'failed' ? coming : branch;
    return {
      universe: branch?.universe ?? null,
      trace,
      views: branch?.views ?? empty.views,
      status: coming ? coming.status : (branch?.status ?? 'empty'),
      failure: failed?.failure ?? null,
      hash: branch?.hash ?? null,
      computedUs: computedUs(),
      horizonUs: (branch?.universe.scenario.horizonMs ?? 0) * 1000,
      timeUs,
      position,
      playing,
      speed,
      gateUs,
      selection,
      hasPrevious: previous !== null,
    };
  }

  function changed(): void {
    snapshot = freeze();
    for (const listener of listeners) listener();
  }

  function computedUs(): number {
    if (!present || present.trace.count === 0) return 0;
    if (present.status === 'computed') return Math.max(present.universe.scenario.horizonMs * 1000, present.trace.timeAt(present.trace.count - 1));
    return present.trace.timeAt(present.trace.count - 1);
  }

  function limit(): number {
    const trace = snapshotTrace();
    return gateUs === null ? trace.count : Math.min(trace.count, trace.positionAt(gateUs - 1));
  }

  function snapshotTrace(): TraceStore {
    return present?.trace ?? empty.trace;
  }

  function moveTo(us: number): void {
    const trace = snapshotTrace();
    const end = gateUs === null ? computedUs() : Math.min(gateUs, computedUs());
    timeUs = Math.max(0, Math.min(Math.round(us), end));
    position = Math.min(trace.positionAt(timeUs), limit());
  }

  function moveToPosition(to: number): void {
    position = Math.max(0, Math.min(to, limit()));
    timeUs = position === 0 ? 0 : snapshotTrace().timeAt(position - 1);
  }

  function start(universe: Universe, settle: (branch: Branch) => void): Branch {
    const trace = new TraceStore();
    const views = createViews(trace, universe.scenario.horizonMs * 1000);
    const branch: Branch = { universe, trace, views, status: 'computing', failure: null, hash: null, cancel: () => undefined };
    const run = runner(universe, {
      chunk(chunk) {
        trace.append(chunk);
        views.extend();
        settle(branch);
      },
      done(hash) {
        branch.status = 'computed';
        branch.hash = hash;
        settle(branch);
      },
      failed(failure) {
        branch.status = 'failed';
        branch.failure = failure;
        settle(branch);
      },
    });
    branch.cancel = () => run.cancel();
    return branch;
  }

  function settle(branch: Branch): void {
    if (branch === coming) {
      const reached = branch.trace.count > 0 && branch.trace.timeAt(branch.trace.count - 1) >= targetUs;
      if (reached || branch.status === 'computed') {
        coming = null;
        previous?.cancel();
        previous = present;
        present = branch;
        following = branch.status === 'computing';
        moveTo(targetUs);
      }
    } else if (branch === present) {
      if (following) moveTo(targetUs);
    } else return;
    changed();
  }

  function fork(universe: Universe, standAtUs: number): void {
    if (coming) coming.cancel();
    targetUs = standAtUs;
    coming = start(universe, settle);
    // A runner may have handed over everything already.
    settle(coming);
  }

  function tick(_now: number, elapsedMs: number): void {
    if (!playing || elapsedMs === 0) return;
    const end = gateUs ?? present!.universe.scenario.horizonMs * 1000;
    // A frame that came late (a hidden tab, a long task) moves the playhead by no more than a tenth of a second of real time.
    fraction += Math.min(elapsedMs, 100) * 1000 * speed;
    const whole = Math.floor(fraction);
    fraction -= whole;
    moveTo(timeUs + whole);
    if (timeUs >= end || (present!.status === 'computed' && position >= present!.trace.count)) stop();
    changed();
  }
  let fraction = 0;

  function stop(): void {
    playing = false;
    stopFrames?.();
    stopFrames = null;
  }

  function pause(): void {
    if (!playing) return;
    stop();
    changed();
  }

  function play(): void {
    if (playing || !present) return;
    if (position >= present.trace.count && present.status === 'computed') moveTo(0);
    playing = true;
    following = false;
    stopFrames = onFrame(tick);
    changed();
  }

  function byHand(move: () => void): void {
    stop();
    following = false;
    move();
    changed();
  }

  return {
    state: () => snapshot,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    load(universe, at) {
      stop();
      for (const branch of [present, previous, coming]) branch?.cancel();
      previous = coming = null;
      selection = at?.selection ?? null;
      timeUs = position = 0;
      targetUs = at?.timeUs ?? 0;
      following = true;
      present = null;
      present = start(universe, settle);
      moveTo(targetUs);
      changed();
    },
    inject(fault) {
      if (!present) return null;
      const atUs = faultTimeUs(present.trace, position, timeUs);
      const line = withTime(fault, atUs);
      // The playhead stands where the fault has just struck.
      fork({ ...present.universe, faults: [...present.universe.faults, line] }, atUs);
      return line;
    },
    reschedule(faults) {
      if (present) fork({ ...present.universe, faults }, timeUs);
    },
    back() {
      if (!previous) return;
      // What could not be computed is left behind, and what was said of it.
      if (coming?.status === 'failed') coming = null;
      [present, previous] = [previous, present];
      moveTo(timeUs);
      changed();
    },
    play,
    pause,
    toggle: () => (playing ? pause() : play()),
    setSpeed(next) {
      speed = next;
      changed();
    },
    seek(us) {
      following = false;
      moveTo(us);
      changed();
    },
    seekPosition: (to) => byHand(() => moveToPosition(to)),
    step: (by) => byHand(() => moveToPosition(position + by)),
    stepInteresting(by) {
      const views = present?.views ?? empty.views;
      const seq = by > 0 ? views.interesting.next(position, limit()) : views.interesting.before(position - 1);
      if (seq >= 0) byHand(() => moveToPosition(seq + 1));
      return seq;
    },
    setGate(next) {
      gateUs = next;
      // A gate that is lifted may have held the playhead before where it was asked to stand.
      if (following) moveTo(targetUs);
      if (timeUs > (next ?? Infinity) || position > limit()) {
        stop();
        moveTo(timeUs);
      }
      changed();
    },
    select(next) {
      if (sameSelection(selection, next)) return;
      selection = next;
      changed();
    },
    limit,
    close() {
      stop();
      for (const branch of [present, previous, coming]) branch?.cancel();
    },
  };
}
