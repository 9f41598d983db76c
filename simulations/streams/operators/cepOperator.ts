// A pattern over a keyed stream: the CEP operator's state and timers for each key (Flink CepOperator).
import { copyKeyState, createKeyState, isIdle, type CepKeyState } from '../cep/keyState.ts';
import { createCepOperator, onElement, onEventTime, onProcessingTime, type CepHost, type CepOperator, type CepOptions } from '../cep/operator.ts';
import type { Pattern } from '../cep/pattern.ts';
import type { Key } from '../keyGroups.ts';
import type { OperatorContext, OperatorState, StreamOperator, StreamRecord } from '../operator.ts';
import { Timers } from '../state/timers.ts';
import { MIN_TIME } from '../time.ts';
import { CepTrace, Origins, type Complete, type Origin } from './cepTrace.ts';

/** The events of a match, by stage, in the order in which they were taken. */
export type PatternMatch<T> = ReadonlyMap<string, readonly T[]>;

/** What is made of matches. */
export interface PatternFunction<T> {
  processMatch(match: PatternMatch<T>, timestampMs: number, collect: (value: unknown) => void): void;
  /** Called for partial matches that time out; absent = nobody wants to know. */
  readonly processTimedOutMatch?: ((match: PatternMatch<T>, timestampMs: number, output: (tag: string, value: unknown) => void) => void) | undefined;
}

export interface CepOperatorSpec<T> {
  readonly pattern: Pattern<T>;
  readonly options: CepOptions<T>;
  readonly fn: PatternFunction<T>;
  readonly lateTag: string | null;
}

interface Owner {
  readonly key: Key;
  state: CepKeyState<unknown>;
  /** For the trace alone. */
  readonly complete: Complete;
  readonly eventTimers: number[];
  readonly processingTimers: number[];
}

interface Saved {
  readonly state: CepKeyState<unknown>;
  readonly eventTimers: readonly number[];
  readonly processingTimers: readonly number[];
}

export class CepStreamOperator implements StreamOperator {
  lateDropped = 0;
  private readonly spec: CepOperatorSpec<unknown>;
  private readonly operator: CepOperator<unknown>;
  private readonly byKey = new Map<Key, Owner>();
  private readonly timers = new Timers<Owner>((owner) => owner);
  private readonly origins = new Origins();
  private trace: CepTrace | null = null;
  private context!: OperatorContext;
  private host!: CepHost<unknown>;
  private owner!: Owner;
  private watermarkMs = MIN_TIME;

  /** @throws CepError for a pattern that Flink would not take. */
  constructor(spec: CepOperatorSpec<unknown>) {
    this.spec = spec;
    const timeoutHandling = spec.fn.processTimedOutMatch !== undefined;
    this.operator = createCepOperator(spec.pattern, { ...spec.options, timeoutHandling, lateSideOutput: spec.lateTag !== null });
  }

  open(context: OperatorContext): void {
    this.context = context;
    this.timers.open(context);
    const { output } = context;
    const { fn, lateTag } = this.spec;
    const holdsBack = this.operator.nfa.skip.kind !== 'NO_SKIP';
    this.trace = context.observer && new CepTrace(context.observer, { holdsBack, origins: this.origins, at: () => this.owner });
    this.host = {
      observer: this.trace,
      ...this.timers.service(
        () => this.owner,
        () => this.watermarkMs,
      ),
      match: (match, timestampMs) => {
        this.trace?.matchGoesOut();
        fn.processMatch(match, timestampMs ?? MIN_TIME, (value) => output.collect(value, timestampMs ?? MIN_TIME));
      },
      timedOut: (match, timestampMs) => {
        this.trace?.timeoutGoesOut();
        fn.processTimedOutMatch!(match, timestampMs ?? MIN_TIME, (tag, value) => output.side(tag, value, timestampMs ?? MIN_TIME));
      },
      late: (event, timestampMs) => {
        context.observer?.late(this.owner.key, timestampMs, true);
        output.side(lateTag!, event, timestampMs);
      },
      lateDropped: (_event, timestampMs) => {
        this.lateDropped++;
        context.observer?.late(this.owner.key, timestampMs, false);
      },
    };
  }

  element({ value, timestampMs, key, record, cause }: StreamRecord): void {
    this.enter(key!);
    this.origins.note(value, { record, cause });
    onElement(this.operator, this.owner.state, value, timestampMs, this.host);
    this.leave();
  }

  private enter(key: Key): void {
    let owner = this.byKey.get(key);
    if (!owner) this.byKey.set(key, (owner = { key, state: createKeyState(), complete: new Map(), eventTimers: [], processingTimers: [] }));
    this.owner = owner;
  }

  /** A key that waits for nothing is forgotten. */
  private leave(): void {
    const { state, eventTimers, processingTimers, key } = this.owner;
    if (isIdle(state) && eventTimers.length === 0 && processingTimers.length === 0) this.byKey.delete(key);
  }

  watermark(timeMs: number): void {
    this.watermarkMs = timeMs;
    this.timers.event.advance(timeMs, (owner) => {
      this.owner = owner;
      onEventTime(this.operator, owner.state, this.host);
      this.leave();
    });
    this.context.output.watermark(timeMs);
  }

  processingTime(nowMs: number): void {
    this.timers.processingTime(nowMs, (owner) => {
      this.owner = owner;
      onProcessingTime(this.operator, owner.state, this.host);
      this.leave();
    });
  }

  snapshot(): OperatorState {
    return {
      keyed: [...this.byKey.values()].map(({ key, state, eventTimers, processingTimers }) => {
        const origins: Origin[] = [];
        const data: Saved = { state: copyKeyState(state, this.origins.saving(origins)), eventTimers: [...eventTimers], processingTimers: [...processingTimers] };
        return { key, data, origins };
      }),
      list: [],
    };
  }

  restore(saved: OperatorState): void {
    for (const { key, data, origins } of saved.keyed) {
      const { state, eventTimers, processingTimers } = data as Saved;
      const owner: Owner = {
        key,
        state: copyKeyState(state, this.origins.restoring((origins ?? []) as readonly Origin[])),
        complete: new Map(),
        eventTimers: [...eventTimers],
        processingTimers: [...processingTimers],
      };
      this.byKey.set(key, owner);
      this.timers.restore(owner);
    }
    this.timers.wake();
  }
}
