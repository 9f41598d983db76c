// The pattern API, in the names and the order of calls of Flink's Pattern.
import { noSkip, type AfterMatchSkipStrategy } from './afterMatchSkip.ts';
import { ALWAYS, and, or, type Condition, type ConditionNode } from './condition.ts';
import { CepError, checkWhole, malformed } from './errors.ts';
import { checkNotNegated, one, repeated, timesNotPositive, upper, withGreedy, withInner, withOptional, type Contiguity, type Quantifier } from './quantifier.ts';

/** Between which events a window of `within` is measured: the first and the last of a match, or each and the one taken before it. */
export type WithinType = 'FIRST_AND_LAST' | 'PREVIOUS_AND_CURRENT';

/**
 * A sequence of named stages that events are matched against. Begin with {@link Pattern.begin}, say what the stage takes (`where`, `or`,
 * `subtype`) and how often (`oneOrMore`, `times`, `optional` ...), then append the next stage.
 *
 * ```ts
 * const pattern = Pattern.begin<Payment>('small').where((p) => p.amount < 10).oneOrMore()
 *   .followedBy('large').where((p) => p.amount > 1000).within(60_000);
 * ```
 *
 * Every call but the ones that append a stage changes this stage and returns it, as in Flink.
 *
 * @typeParam T the events of the pattern. @typeParam F the events of this stage, narrowed by `subtype`.
 */
export class Pattern<T, F extends T = T> {
  readonly name: string;
  /** The stage before this one; null at the beginning. */
  readonly previous: Pattern<T> | null;
  readonly afterMatchSkip: AfterMatchSkipStrategy;
  quantifier: Quantifier;
  /** When this stage takes an event. */
  condition: ConditionNode<T> = ALWAYS;
  /** When the loop ends; null where `until` was not said. */
  untilCondition: ConditionNode<T> | null = null;
  /** Milliseconds, exclusive; null for none. */
  readonly windowMs: Record<WithinType, number | null> = { FIRST_AND_LAST: null, PREVIOUS_AND_CURRENT: null };

  protected constructor(name: string, previous: Pattern<T> | null, contiguity: Contiguity, afterMatchSkip: AfterMatchSkipStrategy) {
    this.name = name;
    this.previous = previous;
    this.quantifier = one(contiguity);
    this.afterMatchSkip = afterMatchSkip;
  }

  /** Begins with a stage. Every event may begin a match, whatever came before it. @param afterMatchSkip default {@link noSkip} */
  static begin<T>(name: string, afterMatchSkip?: AfterMatchSkipStrategy): Pattern<T>;
  /** Begins with a group: the stages of `group` as one stage that can be repeated or left out as a whole. */
  static begin<T, F extends T>(group: Pattern<T, F>, afterMatchSkip?: AfterMatchSkipStrategy): GroupPattern<T, F>;
  static begin<T>(first: string | Pattern<T>, afterMatchSkip: AfterMatchSkipStrategy = noSkip()): Pattern<T> {
    return typeof first === 'string' ? new Pattern<T>(first, null, 'STRICT', afterMatchSkip) : GroupPattern.of<T, T>(null, first, 'STRICT', afterMatchSkip);
  }

  /** Narrows what the stage takes: said again, both must hold. */
  where(condition: Condition<F, T>): this {
    const node = this.nodeOf('where', condition);
    this.condition = this.condition === ALWAYS ? node : and(this.condition, node);
    return this;
  }

  /** Widens what the stage takes: it also takes events for which `condition` holds. */
  or(condition: Condition<F, T>): this {
    const node = this.nodeOf('or', condition);
    this.condition = this.condition === ALWAYS ? node : or(this.condition, node);
    return this;
  }

  /** Takes only events that `isSubtype` accepts; the conditions after it see that type. */
  subtype<S extends F>(isSubtype: (event: F) => event is S): Pattern<T, S> {
    this.nodeOf('subtype', isSubtype);
    this.where((event) => isSubtype(event));
    return this as unknown as Pattern<T, S>;
  }

  /** The stage's event comes directly after the one before: any other event ends the partial match. */
  next(name: string): Pattern<T>;
  next<G extends T>(group: Pattern<T, G>): GroupPattern<T, G>;
  next(stage: string | Pattern<T>): Pattern<T> {
    return this.append(stage, 'STRICT');
  }

  /** The stage takes the first event that matches; what does not match in between is skipped. */
  followedBy(name: string): Pattern<T>;
  followedBy<G extends T>(group: Pattern<T, G>): GroupPattern<T, G>;
  followedBy(stage: string | Pattern<T>): Pattern<T> {
    return this.append(stage, 'SKIP_TILL_NEXT');
  }

  /** The stage takes any later event that matches: each of them makes a match of its own. */
  followedByAny(name: string): Pattern<T>;
  followedByAny<G extends T>(group: Pattern<T, G>): GroupPattern<T, G>;
  followedByAny(stage: string | Pattern<T>): Pattern<T> {
    return this.append(stage, 'SKIP_TILL_ANY');
  }

  /** The event directly after must not match. @throws CepError NOT_AFTER_OPTIONAL_UNSUPPORTED */
  notNext(name: string): Pattern<T> {
    this.checkBeforeNot();
    return this.append(name, 'NOT_NEXT');
  }

  /** No event up to the next stage's may match. As the last stage it needs a window, and the match is emitted when the window has passed. @throws CepError NOT_AFTER_OPTIONAL_UNSUPPORTED */
  notFollowedBy(name: string): Pattern<T> {
    this.checkBeforeNot();
    return this.append(name, 'NOT_FOLLOW');
  }

  /** The stage takes one event or more. @param windowMs most milliseconds between two of them, exclusive */
  oneOrMore(windowMs = 0): this {
    return this.repeat('looping', 1, 1, windowMs);
  }

  /** The stage takes at least `times` events. @param windowMs most milliseconds between two of them, exclusive */
  timesOrMore(times: number, windowMs = 0): this {
    return this.repeat('looping', times, times, windowMs);
  }

  /** The stage takes exactly `times` events. With a window between two of them: `times(n, n, windowMs)`. */
  times(times: number): this;
  /** The stage takes `from` to `to` events; from 0 is the same as from 1 and optional. @param windowMs most milliseconds between two of them, exclusive */
  times(from: number, to: number, windowMs?: number): this;
  times(from: number, to?: number, windowMs = 0): this {
    if (to === undefined && from === 0) throw timesNotPositive(this.said, from);
    return this.repeat('times', from, to ?? from, windowMs);
  }

  /** A match may do without this stage. Say it after the quantifier. */
  optional(): this {
    if (this.previous?.quantifier.greedy)
      throw malformed('OPTIONAL_AFTER_GREEDY', `${upper(this.said)} cannot be optional, because the stage before it is greedy and would not know where to go on. Take greedy() or optional() away.`);
    this.quantifier = withOptional(this.said, this.quantifier);
    return this;
  }

  /** The loop is not left on an event that it could take. An event that matches the loop while the match already waits for the next stage ends the partial match. */
  greedy(): this {
    checkNotNegated(this.said, this.quantifier);
    if (this instanceof GroupPattern)
      throw malformed('GREEDY_ON_GROUP', 'A group cannot be greedy, because greedy() compares an event with the condition of one stage. Make the stages inside it greedy.');
    this.quantifier = withGreedy(this.said, this.quantifier);
    return this;
  }

  /** The events of the loop come directly one after the other. */
  consecutive(): this {
    this.quantifier = withInner(this.said, this.quantifier, 'STRICT');
    return this;
  }

  /** The loop may also leave out events that it could take: every choice is a match. */
  allowCombinations(): this {
    this.quantifier = withInner(this.said, this.quantifier, 'SKIP_TILL_ANY');
    return this;
  }

  /** Ends the loop: from an event on for which `condition` holds it takes nothing more. It does not end the wait for the loop's first event. */
  until(condition: Condition<F, T>): this {
    if (this.untilCondition !== null) throw malformed('UNTIL_ALREADY_APPLIED', `${upper(this.said)} has an until condition already, and a loop can have one. Put both into one condition.`);
    if (this.quantifier.kind !== 'looping') throw malformed('UNTIL_NEEDS_LOOP', `${upper(this.said)} is no loop without an end, and until() is for those. Say oneOrMore or timesOrMore first.`);
    this.untilCondition = this.nodeOf('until', condition);
    return this;
  }

  /**
   * Gives the match a window, exclusive: an event `windowMs` after the first one is out. For the whole match the smallest window said on any stage counts.
   * @param windowMs milliseconds; 0 = none, and for the whole match it is the smallest. @param type PREVIOUS_AND_CURRENT: between this stage's event and the one taken before it
   */
  within(windowMs: number, type: WithinType = 'FIRST_AND_LAST'): this {
    checkWhole(`The window of ${this.said}`, windowMs);
    this.windowMs[type] = windowMs;
    return this;
  }

  private repeat(kind: 'looping' | 'times', from: number, to: number, windowMs: number): this {
    this.quantifier = repeated(this.said, this.quantifier, { kind, from, to, windowMs });
    return this;
  }

  /** What errors call the stage. */
  private get said(): string {
    return this instanceof GroupPattern ? 'the group' : `the stage "${this.name}"`;
  }

  private nodeOf(call: string, condition: unknown): ConditionNode<T> {
    if (typeof condition === 'function') return { kind: 'test', test: condition as Condition<T> };
    throw new CepError(
      'CONDITION_MISSING',
      'NullPointerException',
      `${call}() of ${this.said} was given ${condition === null ? 'null' : typeof condition} instead of a condition. Give a function from an event to true or false.`,
    );
  }

  private checkBeforeNot(): void {
    if (!this.quantifier.optional) return;
    throw new CepError(
      'NOT_AFTER_OPTIONAL_UNSUPPORTED',
      'UnsupportedOperationException',
      `A notNext or notFollowedBy stage cannot follow ${this.said}, because that is optional. Write two patterns, one with the optional stage and one without.`,
    );
  }

  private append(stage: string | Pattern<T>, contiguity: Contiguity): Pattern<T> {
    const previous = this as unknown as Pattern<T>;
    return typeof stage === 'string' ? new Pattern<T>(stage, previous, contiguity, this.afterMatchSkip) : GroupPattern.of<T, T>(previous, stage, contiguity, this.afterMatchSkip);
  }
}

/** The name that Flink gives all groups. It stands in no match. */
const GROUP_NAME = 'GroupPattern';

/** A pattern used as one stage of another. It takes quantifiers, `optional`, `until` and windows, but no conditions of its own. */
export class GroupPattern<T, F extends T = T> extends Pattern<T, F> {
  /** The last stage of the pattern inside. */
  readonly inside: Pattern<T>;

  private constructor(previous: Pattern<T> | null, inside: Pattern<T>, contiguity: Contiguity, afterMatchSkip: AfterMatchSkipStrategy) {
    super(GROUP_NAME, previous, contiguity, afterMatchSkip);
    this.inside = inside;
  }

  /** Use `Pattern.begin(group)` or append the group to a pattern. */
  static of<T, F extends T>(previous: Pattern<T> | null, inside: Pattern<T>, contiguity: Contiguity, afterMatchSkip: AfterMatchSkipStrategy): GroupPattern<T, F> {
    return new GroupPattern<T, F>(previous, inside, contiguity, afterMatchSkip);
  }

  override where(_condition: Condition<F, T>): never {
    throw conditionOnGroup();
  }

  override or(_condition: Condition<F, T>): never {
    throw conditionOnGroup();
  }

  override subtype(_isSubtype: unknown): never {
    throw conditionOnGroup();
  }
}

function conditionOnGroup(): CepError {
  return new CepError(
    'CONDITION_ON_GROUP',
    'UnsupportedOperationException',
    'A group has no condition of its own, because it takes no event but through its stages. Give the stages inside it conditions.',
  );
}
