// Checkers for complex event processing: patterns given as data, run as Flink's NFA and CepOperator run them.
import type { AfterMatchSkipStrategy } from '../../simulations/streams/cep/afterMatchSkip.ts';
import { throwExceptionOnMiss } from '../../simulations/streams/cep/afterMatchSkip.ts';
import { CepError } from '../../simulations/streams/cep/errors.ts';
import { compileGraph } from '../../simulations/streams/cep/compiler.ts';
import type { NfaGraph } from '../../simulations/streams/cep/graph.ts';
import { createKeyState, type CepKeyState } from '../../simulations/streams/cep/keyState.ts';
import { compileNfa, type Nfa } from '../../simulations/streams/cep/nfa.ts';
import { createCepOperator, onElement, onEventTime, onProcessingTime, type CepHost, type CepOperator } from '../../simulations/streams/cep/operator.ts';
import type { Pattern } from '../../simulations/streams/cep/pattern.ts';
import { advanceTime, processEvent } from '../../simulations/streams/cep/process.ts';
import type { Match } from '../../simulations/streams/cep/sharedBuffer.ts';
import { buildPattern, type Event, type GivenPattern, type GivenSkip } from './flinkCepPattern.ts';
import { all, equal, PASS, type Case, type Checker, type Outcome } from './outcome.ts';

type Step = { readonly event: number; readonly advance?: boolean } | { readonly advanceTo: number } | { readonly processingTime: number } | { readonly watermark: number | string };

interface Result {
  matches: Plain[];
  emittedAtStep: number[];
  timedOut: { match: Plain; ts: number; atStep: number }[];
  error?: { code: string; exception: string; atStep?: number };
}

/** A match as vectors have it: by stage, the indexes of its events. */
type Plain = Record<string, number[]>;

function plain(match: Match<Event>): Plain {
  return Object.fromEntries(Array.from(match, ([stage, events]) => [stage, events.map((e) => e.index)]));
}

function eventsOf(c: Case): Event[] {
  return (c['events'] as Omit<Event, 'index'>[]).map((e, index) => ({ ...e, index }));
}

function patternOf(c: Case): Pattern<Event> {
  return buildPattern(c['pattern'] as GivenPattern, skipOf(c['afterMatchSkip'] as GivenSkip));
}

function skipOf({ strategy, stage, throwOnMiss }: GivenSkip): AfterMatchSkipStrategy {
  if (strategy !== 'SKIP_TO_FIRST' && strategy !== 'SKIP_TO_LAST') return { kind: strategy };
  const skip: AfterMatchSkipStrategy = { kind: strategy, stage: stage!, throwsOnMiss: false };
  return throwOnMiss ? throwExceptionOnMiss(skip) : skip;
}

const cep: Checker = (c) => (c['level'] === 'operator' ? checkOperator(c) : checkNfa(c));

function checkNfa(c: Case): Outcome {
  const expected = c['expected'] as Partial<Result>;
  const actual = runNfa(c);
  if (expected.error || actual.error) return all([expected.error, actual.error], [sorted(expected.matches ?? []), sorted(actual.matches)]);
  const inStep = (r: Partial<Result>) => sorted(r.matches!.map((match, i) => ({ match, atStep: r.emittedAtStep![i]! })));
  return all([inStep(expected), inStep(actual)], [sorted(expected.timedOut!), sorted(actual.timedOut)]);
}

/** As a multiset: by the text of the values, names in order. */
function sorted(list: readonly unknown[]): unknown[] {
  return list.map(inNameOrder).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

function inNameOrder(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([k, v]) => [k, inNameOrder(v)]),
  );
}

function errorOf(error: unknown, atStep?: number): NonNullable<Result['error']> {
  if (!(error instanceof CepError)) throw error;
  return { code: error.code, exception: error.exception, ...(atStep === undefined ? {} : { atStep }) };
}

function runNfa(c: Case): Result {
  const result: Result = { matches: [], emittedAtStep: [], timedOut: [] };
  const events = eventsOf(c);
  let nfa: Nfa<Event>;
  try {
    nfa = compileNfa(patternOf(c), { timeoutHandling: c['timeoutHandling'] as boolean });
  } catch (error) {
    return { ...result, error: errorOf(error) };
  }
  const state = createKeyState<Event>();
  const steps = (c['steps'] as Step[] | undefined) ?? events.map((_, event): Step => ({ event }));
  let clock = 0;
  const host = { currentProcessingTime: () => clock, observer: null };
  for (const [atStep, step] of steps.entries()) {
    const emit = (matches: readonly Match<Event>[]) => {
      for (const match of matches) {
        result.matches.push(plain(match));
        result.emittedAtStep.push(atStep);
      }
    };
    const advance = (toMs: number) => {
      const { matches, timedOut } = advanceTime(nfa, state, toMs, null);
      emit(matches);
      for (const t of timedOut) result.timedOut.push({ match: plain(t.match), ts: t.timestampMs, atStep });
    };
    try {
      if ('event' in step) {
        const event = events[step.event]!;
        if (step.advance !== false) advance(event.ts);
        emit(processEvent(nfa, state, event, event.ts, host).matches);
      } else if ('advanceTo' in step) advance(step.advanceTo);
      else if ('processingTime' in step) clock = step.processingTime;
    } catch (error) {
      return { ...result, error: errorOf(error, atStep) };
    }
  }
  return result;
}

interface Output {
  readonly step: number;
  readonly match?: Plain;
  readonly timedOut?: Plain;
  readonly late?: number;
  readonly watermark?: number | string;
  readonly ts?: number | string;
}

function checkOperator(c: Case): Outcome {
  const expected = c['expected'] as { readonly outputs: readonly Output[]; readonly lateDropped: number; readonly error?: unknown };
  const actual = new OperatorHarness(c).run();
  if (expected.error || actual.error) return all([expected.error, actual.error]);
  return all([comparable(expected.outputs), comparable(actual.outputs)], [expected.lateDropped, actual.lateDropped]);
}

/** Side outputs are read from another queue, so their order beside matches and watermarks within a step says nothing. Matches of a step have no promised order, either. */
function comparable(outputs: readonly Output[]): unknown {
  const side = (o: Output) => o.timedOut !== undefined || o.late !== undefined;
  const main = outputs.filter((o) => !side(o));
  return { main: runsOfMatches(main), side: sorted(outputs.filter(side)) };
}

/** Matches between two watermarks or of different timestamps are in order; those of one step and timestamp are a multiset. */
function runsOfMatches(main: readonly Output[]): unknown[] {
  const runs: Output[][] = [];
  for (const o of main) {
    const last = runs.at(-1);
    const same = last !== undefined && o.match !== undefined && last[0]!.match !== undefined && last[0]!.step === o.step && last[0]!.ts === o.ts;
    if (same) last.push(o);
    else runs.push([o]);
  }
  return runs.map(sorted);
}

const timeOf = (t: number | string): number => (t === '9223372036854775807' ? Infinity : t === '-9223372036854775808' ? -Infinity : Number(t));
const written = (t: number): number | string => (t === Infinity ? '9223372036854775807' : t === -Infinity ? '-9223372036854775808' : t);

/** One keyed operator with its timers, as Flink's test harness has it. */
class OperatorHarness {
  private readonly outputs: Output[] = [];
  private lateDropped = 0;
  private watermarkMs = -Infinity;
  private clockMs = 0;
  private atStep = 0;
  private readonly keys = new Map<unknown, { readonly state: CepKeyState<Event>; readonly host: CepHost<Event>; readonly eventTimers: Set<number>; readonly clockTimers: Set<number> }>();
  private readonly c: Case;

  constructor(c: Case) {
    this.c = c;
  }

  run(): { outputs: Output[]; lateDropped: number; error?: unknown } {
    const { c } = this;
    const events = eventsOf(c);
    const field = c['comparatorField'] as keyof Event | undefined;
    let operator: CepOperator<Event>;
    try {
      operator = createCepOperator(patternOf(c), {
        timeoutHandling: c['timeoutHandling'] as boolean,
        timeBehaviour: c['timeBehaviour'] as 'EventTime' | 'ProcessingTime',
        lateSideOutput: (c['lateSideOutput'] as boolean | undefined) ?? false,
        ...(field ? { comparator: (a, b) => (a[field]! < b[field]! ? -1 : a[field]! > b[field]! ? 1 : 0) } : {}),
      });
    } catch (error) {
      return { outputs: [], lateDropped: 0, error: errorOf(error) };
    }
    for (const [atStep, step] of (c['steps'] as Step[]).entries()) {
      this.atStep = atStep;
      try {
        if ('event' in step) this.element(operator, events[step.event]!);
        else if ('watermark' in step) this.watermark(operator, timeOf(step.watermark));
        else if ('processingTime' in step) this.processingTime(operator, step.processingTime);
      } catch (error) {
        return { outputs: this.outputs, lateDropped: this.lateDropped, error: errorOf(error, atStep) };
      }
    }
    return { outputs: this.outputs, lateDropped: this.lateDropped };
  }

  private element(operator: CepOperator<Event>, event: Event): void {
    const key = event[this.c['keyField'] as keyof Event];
    let of = this.keys.get(key);
    if (!of) {
      const eventTimers = new Set<number>();
      const clockTimers = new Set<number>();
      of = { state: createKeyState(), host: this.hostFor(eventTimers, clockTimers), eventTimers, clockTimers };
      this.keys.set(key, of);
    }
    onElement(operator, of.state, event, event.ts, of.host);
  }

  private hostFor(eventTimers: Set<number>, clockTimers: Set<number>): CepHost<Event> {
    const stamped = (ts: number | null) => (ts === null ? {} : { ts: written(ts) });
    return {
      observer: null,
      currentProcessingTime: () => this.clockMs,
      currentWatermark: () => this.watermarkMs,
      registerEventTimeTimer: (ms) => void eventTimers.add(ms),
      registerProcessingTimeTimer: (ms) => void clockTimers.add(ms),
      match: (match, ts) => void this.outputs.push({ step: this.atStep, match: plain(match), ...stamped(ts) }),
      timedOut: (match, ts) => void this.outputs.push({ step: this.atStep, timedOut: plain(match), ...stamped(ts) }),
      late: (event) => void this.outputs.push({ step: this.atStep, late: event.index }),
      lateDropped: () => void this.lateDropped++,
    };
  }

  private watermark(operator: CepOperator<Event>, ms: number): void {
    this.watermarkMs = Math.max(this.watermarkMs, ms);
    this.fire('eventTimers', this.watermarkMs, (of) => onEventTime(operator, of.state, of.host));
    this.outputs.push({ step: this.atStep, watermark: written(ms) });
  }

  private processingTime(operator: CepOperator<Event>, ms: number): void {
    this.clockMs = ms;
    this.fire('clockTimers', ms, (of) => onProcessingTime(operator, of.state, of.host));
  }

  /** Timers in the order of time over all keys, those set on the way too. */
  private fire(timers: 'eventTimers' | 'clockTimers', nowMs: number, call: (of: { state: CepKeyState<Event>; host: CepHost<Event> }) => void): void {
    for (;;) {
      const due = [...this.keys.values()].flatMap((of) => Array.from(of[timers], (at) => ({ of, at }))).filter((t) => t.at <= nowMs);
      if (due.length === 0) return;
      const { of, at } = due.reduce((a, b) => (b.at < a.at ? b : a));
      of[timers].delete(at);
      call(of);
    }
  }
}

/** The automaton as vectors draw it: states by name, edges sorted. */
function drawn(graph: NfaGraph<Event>): unknown {
  return {
    windowTime: graph.windowMs,
    windowTimes: Object.fromEntries([...graph.windowsMs].sort(([a], [b]) => (a < b ? -1 : 1))),
    states: byName(graph.states.map(({ name, type, edges }) => ({ name, type, edges: edges.map((e) => `${e.action}->${e.target.name}`).sort() }))),
  };
}

function byName<S extends { readonly name: string }>(states: readonly S[]): S[] {
  return [...states].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Another automaton may be as right: it is shown as equivalent. The pattern is that of the case with the same id. */
const graphs: Checker = (c, find) => {
  const of = find(c['id'] as string).find((other) => other['pattern'] !== undefined);
  if (!of) return { kind: 'fail', expected: 'a case with the pattern', actual: 'none' };
  const given = c['nfa'] as { windowTime: number; windowTimes: Record<string, number>; states: { name: string; edges: string[] }[] };
  const actual = drawn(compileGraph(patternOf(of)));
  const expected = { ...given, states: byName(given.states.map((s) => ({ ...s, edges: [...s.edges].sort() }))) };
  return equal(inNameOrder(expected), inNameOrder(actual)) ? PASS : { kind: 'fail', expected, actual };
};

const SETS = [
  'AfterMatchSkipITCase',
  'GreedyITCase',
  'GroupITCase',
  'IterativeConditionsITCase',
  'NFAITCase',
  'NFAIterativeConditionTimeContextTest',
  'NFAStateAccessTest',
  'NFAStatusChangeITCase',
  'NFATest',
  'NotPatternITCase',
  'SameElementITCase',
  'TimesOrMoreITCase',
  'TimesRangeITCase',
  'UntilConditionITCase',
  'operator',
  'operator-recorded',
  'recorded',
  'oracle-error',
  'oracle-greedy',
  'oracle-grid',
  'oracle-group',
  'oracle-not',
  'oracle-random',
  'oracle-skip',
  'oracle-until',
  'oracle-within',
];

export const FLINK_CEP: Readonly<Record<string, Checker>> = { ...Object.fromEntries(SETS.map((set) => [`cep-${set}`, cep])), 'cep-nfa-graphs': graphs };
