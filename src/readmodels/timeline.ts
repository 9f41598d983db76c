// A state folded from a trace, at any position: the keyframe before it plus the events since.
import { EVENT_NAMES, type EventName } from '../../simulations/contract/events.ts';
import type { TraceStore } from '../../simulations/kernel/traceStore.ts';

/** A fold. `apply` changes the state in place; `copy` shares nothing that `apply` changes, and costs little because the state is bounded. */
export interface Model<S> {
  start(): S;
  apply(state: S, store: TraceStore, seq: number): void;
  copy(state: S): S;
}

type Handler<S> = (state: S, store: TraceStore, seq: number) => void;

/** An `apply` made of one function per event type; types without one leave the state as it is. */
export function byType<S>(handlers: Partial<Record<EventName, Handler<S>>>): Handler<S> {
  const table = EVENT_NAMES.map((name) => handlers[name] ?? null);
  return (state, store, seq) => {
    const handler = table[store.typeNumberAt(seq)];
    if (handler) handler(state, store, seq);
  };
}

export interface Timeline<S> {
  /** State after the first `position` events. Valid until the next call: read it, do not keep it. */
  at(position: number): S;
  /** As `at`, but the caller's own: for holding two moments side by side. */
  copyAt(position: number): S;
  /** Folds what has come into the store since, so that a later seek finds its keyframe. */
  extend(): void;
}

/** Events between two keyframes: at about 50 ns an event a seek folds at most half a millisecond. */
export const KEYFRAME_EVERY = 10_000;

export function createTimeline<S>(store: TraceStore, model: Model<S>, every = KEYFRAME_EVERY): Timeline<S> {
  const keyframes: S[] = [model.start()];
  let head = model.start();
  let headPosition = 0;
  let cursor = model.start();
  let cursorPosition = 0;

  function extend(): void {
    while (headPosition < store.count) {
      model.apply(head, store, headPosition++);
      if (headPosition % every === 0) keyframes.push(model.copy(head));
    }
  }

  function at(position: number): S {
    const target = Math.max(0, Math.min(position, store.count));
    if (target > headPosition) extend();
    const frame = Math.floor(target / every);
    if (cursorPosition > target || cursorPosition < frame * every) {
      cursor = model.copy(keyframes[frame]!);
      cursorPosition = frame * every;
    }
    while (cursorPosition < target) model.apply(cursor, store, cursorPosition++);
    return cursor;
  }

  /** Folded apart from the cursor, so that looking back does not make the present start anew. */
  function copyAt(position: number): S {
    const target = Math.max(0, Math.min(position, store.count));
    if (target > headPosition) extend();
    const frame = Math.floor(target / every);
    const state = model.copy(keyframes[frame]!);
    for (let seq = frame * every; seq < target; seq++) model.apply(state, store, seq);
    return state;
  }

  return { at, extend, copyAt };
}
