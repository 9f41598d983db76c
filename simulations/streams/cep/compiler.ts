// A pattern as an automaton: the construction of Flink 1.20's NFACompiler, state for state and edge for edge.
//
// The pattern is walked from its last stage to its first. Each stage becomes one state or several; what a state leads to exists
// already when it is made, and the walk hands on the state that a stage begins with, so that the stage before can lead to it.
import { and, not, type ConditionNode } from './condition.ts';
import { malformed, proceedCycle } from './errors.ts';
import { addState, connect, END_STATE, isNumbered, stageOf, type GraphState, type NfaGraph, type StateType } from './graph.ts';
import { GroupPattern, type Pattern } from './pattern.ts';
import { headsOptionalGroup, ignoreCondition, innerIgnoreCondition, proceedCondition, takeCondition, withUntil, type Scope } from './stageConditions.ts';
import { checkNames, checkSkipStage } from './validate.ts';

interface Building<T> {
  readonly states: GraphState<T>[];
  /** One Stop state for each NOT stage, by its name. */
  readonly stops: Map<string, GraphState<T>>;
  /** What a greedy loop with `until` leads to when the loop was ended: the state as it was before the loop narrowed its edges. */
  readonly beforeGreedy: Map<string, GraphState<T>>;
  readonly windowsMs: Map<string, number>;
  /** Smallest window of a whole match said so far; null before any. */
  windowMs: number | null;
}

/** What stands around the stage being converted. */
interface Place<T> {
  readonly stage: Pattern<T>;
  readonly scope: Scope<T> | null;
  readonly following: Pattern<T> | null;
}

/**
 * The automaton of a pattern. `pattern` is its last stage, as the calls of the API return it.
 * @throws CepError for a group in a loop that can be empty (where the automaton cannot be built), a name used twice, a skip to an unknown stage, a notFollowedBy at the end without a window, and a window between two events that is larger than the whole match's
 */
export function compileGraph<T>(pattern: Pattern<T>): NfaGraph<T> {
  checkNames(pattern);
  checkSkipStage(pattern);
  const b: Building<T> = { states: [], stops: new Map(), beforeGreedy: new Map(), windowsMs: new Map(), windowMs: null };
  const end = addState(b.states, END_STATE, 'Final');
  shrinkWindow(b, pattern);
  const start = convertChain(b, pattern, end, null, null);
  start.type = 'Start';
  checkWindows(b, pattern);
  return { states: b.states, start, windowMs: b.windowMs ?? 0, windowsMs: b.windowsMs };
}

function checkWindows<T>(b: Building<T>, last: Pattern<T>): void {
  const total = b.windowMs ?? Infinity;
  for (const [state, ms] of b.windowsMs) {
    if (ms <= total) continue;
    const message = `The window of ${ms} ms between two events at the stage "${stageOf(state)}" is larger than the ${total} ms of the whole match, and would never count. Make it smaller, or the window of the match larger.`;
    throw malformed('PREVIOUS_WINDOW_EXCEEDS_TOTAL_WINDOW', message);
  }
  const endsWithNot = last.quantifier.contiguity === 'NOT_FOLLOW';
  if (endsWithNot && !(b.windowsMs.get(last.name)! > 0) && (b.windowMs ?? 0) === 0) {
    throw malformed('NOT_FOLLOWED_BY_LAST_WITHOUT_WINDOW', `The notFollowedBy stage "${last.name}" at the end needs a window, or the match would have to wait for ever. Say within() on it.`);
  }
}

function shrinkWindow<T>(b: Building<T>, stage: Pattern<T>): void {
  const ms = stage.windowMs.FIRST_AND_LAST;
  if (ms !== null && ms < (b.windowMs ?? Infinity)) b.windowMs = ms;
}

/** All stages up to `last`, leading to `sink`. @returns the state that the chain begins with */
function convertChain<T>(b: Building<T>, last: Pattern<T>, sink: GraphState<T>, scope: Scope<T> | null, following: Pattern<T> | null): GraphState<T> {
  let next = sink;
  let after = following;
  let stage = last;
  for (; stage.previous !== null; stage = stage.previous) {
    const place: Place<T> = { stage, scope, following: after };
    if (stage.quantifier.contiguity === 'NOT_FOLLOW') next = convertNotFollow(b, place, next);
    else if (stage.quantifier.contiguity === 'NOT_NEXT') next = convertNotNext(b, place, next);
    else next = convertStage(b, place, next);
    after = stage;
    shrinkWindow(b, stage.previous);
  }
  return convertStage(b, { stage, scope, following: after }, next);
}

/** In the middle of a pattern notFollowedBy has no state of its own: the states that wait for the next stage lead to its Stop state. */
function convertNotFollow<T>(b: Building<T>, { stage, scope }: Place<T>, sink: GraphState<T>): GraphState<T> {
  const windowed = stage.windowMs.PREVIOUS_AND_CURRENT !== null || (b.windowMs ?? 0) > 0;
  if (!windowed || sink.type !== 'Final') return sink;
  const pending = stateOf(b, stage, 'Pending', true);
  const forbidden = takeCondition(stage, scope);
  connect(pending, 'PROCEED', stopOf(b, stage.name, forbidden), forbidden);
  connect(pending, 'IGNORE', pending, not(forbidden));
  return pending;
}

function convertNotNext<T>(b: Building<T>, { stage, scope }: Place<T>, sink: GraphState<T>): GraphState<T> {
  const state = stateOf(b, stage, 'Normal', true);
  const forbidden = takeCondition(stage, scope);
  const stop = stopOf(b, stage.name, forbidden);
  // At the end the match is complete only with the event that proves it, so the event is skipped, not looked at again.
  connect(state, sink.type === 'Final' ? 'IGNORE' : 'PROCEED', sink, not(forbidden));
  connect(state, 'PROCEED', stop, forbidden);
  return state;
}

function convertStage<T>(b: Building<T>, place: Place<T>, sink: GraphState<T>): GraphState<T> {
  const { stage, scope } = place;
  let first: GraphState<T>;
  switch (stage.quantifier.kind) {
    case 'looping':
      first = convertTimes(b, place, convertLoop(b, place, withoutNots(b, place, sink)), sink);
      break;
    case 'times':
      first = convertTimes(b, place, sink, sink);
      break;
    case 'single':
      first = convertSingle(b, place, sink, sink, takeCondition(stage, scope), ignoreCondition(stage, scope), stage.quantifier.optional, true);
      break;
  }
  addStops(b, place, first);
  return first;
}

/** The states of a counted stage: those that may be left out, those that must be, and the one that waits for the first event. */
function convertTimes<T>(b: Building<T>, place: Place<T>, sink: GraphState<T>, proceedTo: GraphState<T>): GraphState<T> {
  const { stage, scope } = place;
  const { from, to, greedy, optional } = stage.quantifier;
  const until = stage.untilCondition;
  const take = withUntil(takeCondition(stage, scope), until);
  const inner = innerIgnoreCondition(stage, scope);
  const ignore = inner && withUntil(inner, until);
  if (greedy && from !== to) forbidLeaving(b, sink, take, until);
  let next = sink;
  for (let n = from; n < to; n++) {
    next = convertSingle(b, place, next, proceedTo, take, ignore, true, false);
    addStopToLoop(b, place, next);
  }
  for (let n = 1; n < from; n++) {
    next = convertSingle(b, place, next, proceedTo, take, ignore, false, false);
    addStopToLoop(b, place, next);
  }
  return convertSingle(b, place, next, proceedTo, take, ignoreCondition(stage, scope), optional, true);
}

/** One state that waits for one event. @param optional whether the event may be left out @param firstRound whether it is the first of its stage */
function convertSingle<T>(
  b: Building<T>,
  place: Place<T>,
  sink: GraphState<T>,
  proceedTo: GraphState<T>,
  take: ConditionNode<T>,
  ignore: ConditionNode<T> | null,
  optional: boolean,
  firstRound: boolean,
): GraphState<T> {
  const { stage, scope } = place;
  if (stage instanceof GroupPattern) return convertGroup(b, place, stage, sink, optional ? proceedTo : null, firstRound);
  const state = stateOf(b, stage, 'Normal', true);
  const until = untilOf(stage, scope);
  // Once the stage has taken an event, what was forbidden before it no longer is.
  const taken = withoutNots(b, place, sink);
  connect(state, 'TAKE', taken, take, until);
  if (optional) connectProceed(b, state, proceedTo, stage, proceedCondition(scope));
  if (ignore !== null) {
    // Leaving the stage out is decided on arrival: the state that goes on waiting cannot be left without an event.
    const waiting = optional || headsOptionalGroup(stage, scope) ? stateOf(b, stage, 'Normal', false) : state;
    if (waiting !== state) {
      connect(waiting, 'TAKE', taken, take, until);
      connect(waiting, 'IGNORE', waiting, ignore, until);
      addStops(b, place, waiting);
    }
    connect(state, 'IGNORE', waiting, ignore, until);
  }
  return state;
}

/** A loop: takes any number of further events, and is left at the first event after the last one that it took. */
function convertLoop<T>(b: Building<T>, place: Place<T>, sink: GraphState<T>): GraphState<T> {
  const { stage, scope } = place;
  if (stage instanceof GroupPattern) return convertLoopOfGroup(b, place, stage, sink);
  const until = stage.untilCondition;
  const explained = untilOf(stage, scope);
  const take = withUntil(takeCondition(stage, scope), until);
  const inner = innerIgnoreCondition(stage, scope);
  const loop = stateOf(b, stage, 'Normal', true);
  if (stage.quantifier.greedy && until !== null) b.beforeGreedy.set(sink.name, copyOf(b, sink));
  connectProceed(b, loop, sink, stage, proceedCondition(scope));
  if (stage.quantifier.greedy) narrow(sink, takeCondition(stage, scope));
  connect(loop, 'TAKE', loop, take, explained);
  addStopToLoop(b, place, loop);
  if (inner !== null) {
    const ignore = withUntil(inner, until);
    const waiting = stateOf(b, stage, 'Normal', false);
    connect(waiting, 'TAKE', loop, take, explained);
    connect(waiting, 'IGNORE', waiting, ignore, explained);
    connect(loop, 'IGNORE', waiting, ignore, explained);
    addStopToLoop(b, place, waiting);
  }
  return loop;
}

/** A greedy loop with `until` leads to two states: to the untouched copy when `until` ended it, to the narrowed one otherwise. */
function connectProceed<T>(b: Building<T>, state: GraphState<T>, target: GraphState<T>, stage: Pattern<T>, condition: ConditionNode<T>): void {
  const until = stage.quantifier.greedy ? stage.untilCondition : null;
  if (until === null) {
    connect(state, 'PROCEED', target, condition);
    return;
  }
  connect(state, 'PROCEED', b.beforeGreedy.get(target.name) ?? target, and(condition, until));
  connect(state, 'PROCEED', target, and(condition, not(until)));
}

function forbidLeaving<T>(b: Building<T>, sink: GraphState<T>, take: ConditionNode<T>, until: ConditionNode<T> | null): void {
  if (until !== null) b.beforeGreedy.set(sink.name, copyOf(b, sink));
  narrow(sink, take);
}

/** Greedy: the stage after the loop does nothing with an event that the loop could take. */
function narrow<T>(state: GraphState<T>, take: ConditionNode<T>): void {
  for (const edge of state.edges) edge.condition = and(edge.condition, not(take));
}

function convertGroup<T>(b: Building<T>, { scope, following }: Place<T>, group: GroupPattern<T>, sink: GraphState<T>, proceedTo: GraphState<T> | null, firstRound: boolean): GraphState<T> {
  const head = convertChain(b, group.inside, sink, { group, firstRound }, following);
  if (proceedTo !== null) connect(head, 'PROCEED', proceedTo, proceedCondition(scope));
  return head;
}

/** After each round of the group an empty state leads to the next round or on. */
function convertLoopOfGroup<T>(b: Building<T>, { stage, scope, following }: Place<T>, group: GroupPattern<T>, sink: GraphState<T>): GraphState<T> {
  const roundDone = stateOf(b, stage, 'Normal', true);
  const head = convertChain(b, group.inside, roundDone, { group, firstRound: false }, following);
  connect(head, 'PROCEED', sink, proceedCondition(scope));
  connect(roundDone, 'PROCEED', head, proceedCondition(scope));
  return head;
}

/** The NOT stages that are in force while a stage is waited for: the one before it, and those before optional stages before it. */
function notsBefore<T>({ stage, scope }: Place<T>): { readonly name: string; readonly forbidden: ConditionNode<T> }[] {
  const nots = [];
  for (let p = stage.previous; p !== null && (p.quantifier.optional || p.quantifier.contiguity === 'NOT_FOLLOW'); p = p.previous) {
    if (p.quantifier.contiguity === 'NOT_FOLLOW') nots.push({ name: p.name, forbidden: takeCondition(p, scope) });
  }
  return nots;
}

function addStops<T>(b: Building<T>, place: Place<T>, state: GraphState<T>): void {
  for (const { name, forbidden } of notsBefore(place)) connect(state, 'PROCEED', stopOf(b, name, forbidden), forbidden);
}

/** What must not follow a loop must not come while the loop could still take more, either. */
function addStopToLoop<T>(b: Building<T>, { scope, following }: Place<T>, state: GraphState<T>): void {
  if (following?.quantifier.contiguity !== 'NOT_FOLLOW') return;
  const forbidden = takeCondition(following, scope);
  connect(state, 'PROCEED', stopOf(b, following.name, forbidden), forbidden);
}

function stopOf<T>(b: Building<T>, name: string, forbidden: ConditionNode<T>): GraphState<T> {
  const known = b.stops.get(name);
  if (known) return known;
  const stop = addState(b.states, name, 'Stop');
  connect(stop, 'TAKE', stop, forbidden);
  b.stops.set(name, stop);
  return stop;
}

/** `sink` without the ways to the Stop states in force, for a stage that is optional: taking it lifts them, leaving it out does not. */
function withoutNots<T>(b: Building<T>, place: Place<T>, sink: GraphState<T>, above: readonly GraphState<T>[] = []): GraphState<T> {
  const nots = notsBefore(place);
  if (nots.length === 0 || !place.stage.quantifier.optional) return sink;
  if (above.includes(sink)) throw proceedCycle(sink.name);
  const copy = addState(b.states, sink.name, sink.type);
  for (const edge of sink.edges) {
    if (edge.action !== 'PROCEED') connect(copy, edge.action, edge.target === sink ? copy : edge.target, edge.condition, edge.until);
    else if (edge.target.type !== 'Stop') connect(copy, 'PROCEED', withoutNots(b, place, edge.target, [...above, sink]), edge.condition);
    else if (!nots.some((n) => n.name === edge.target.name)) connect(copy, 'PROCEED', edge.target, edge.condition);
  }
  return copy;
}

function copyOf<T>(b: Building<T>, state: GraphState<T>): GraphState<T> {
  const copy = addState(b.states, stageOf(state.name), state.type);
  for (const edge of state.edges) connect(copy, edge.action, edge.target === state ? copy : edge.target, edge.condition, edge.until);
  return copy;
}

/** @param takes whether a window between two events holds for it: of a counted stage, for all its states but the first made */
function stateOf<T>(b: Building<T>, stage: Pattern<T>, type: StateType, takes: boolean): GraphState<T> {
  const state = addState(b.states, stage.name, type);
  const { kind, windowMs } = stage.quantifier;
  const ms = kind === 'single' ? (stage.windowMs.PREVIOUS_AND_CURRENT ?? 0) : isNumbered(state.name) ? windowMs : 0;
  if (takes && ms > 0) b.windowsMs.set(state.name, ms);
  return state;
}

function untilOf<T>(stage: Pattern<T>, scope: Scope<T> | null): ConditionNode<T> | null {
  return stage.untilCondition ?? scope?.group.untilCondition ?? null;
}
