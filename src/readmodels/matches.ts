// Partial matches of patterns: the states that each waited in, the events it took, and how it ended or what undid it.
import { TYPE_OF } from '../../simulations/kernel/trace.ts';
import type { TraceStore } from '../../simulations/kernel/traceStore.ts';
import { countBefore } from './arrivals.ts';
import { columns } from './columns.ts';
import { createLives, type Life, type MatchName } from './matchLives.ts';

export interface MatchStep {
  /** The `cep.stateEntered` event. */
  readonly seq: number;
  readonly state: string;
  /** start | take | ignore | time. */
  readonly action: string;
  readonly timestampMs: number;
  /** Id in the record table; -1 = not a record of Kafka. */
  readonly record: number;
}

export interface PartialMatch {
  readonly job: string;
  readonly operator: string;
  readonly subtask: number;
  readonly key: string;
  readonly match: number;
  /** The event with which it is first seen: that which began it, or the restart that brought it back. */
  readonly since: number;
  /** Attempt of the job, from 1. */
  readonly attempt: number;
  /** Number of the checkpoint that brought it back; -1 = none. Its steps begin before it. */
  readonly restoredFrom: number;
  /** Partial match that it branched off from; -1 = none. */
  readonly parent: number;
  readonly steps: readonly MatchStep[];
  /** Events taken, with those of the partial match that it comes from. */
  readonly taken: number;
  /** undone = what it did was not in the checkpoint that the job began again with. */
  readonly end: 'open' | 'matched' | 'pruned' | 'undone';
  /** Where it waits or was. */
  readonly state: string;
  /** condition | contiguity | until | stop | skip | time, where it was pruned. */
  readonly reason: string;
  /** Numbers of events by stage, where it matched. */
  readonly stages: string;
  /** The event that ended it; -1 = none. */
  readonly endedBy: number;
}

export interface MatchLimit {
  readonly seq: number;
  readonly operator: string;
  readonly key: string;
  readonly partialMatches: number;
}

/** Actions with which a record was taken. */
const TAKING = new Set(['start', 'take']);

export interface Matches {
  /** Those seen before a position in the order in which they are first seen, at most `most` of the latest that pass. */
  list(job: string, position: number, most?: number, passes?: (match: PartialMatch) => boolean): PartialMatch[];
  /** The one first seen with the event `since`; without it, the latest of its number before a position. */
  find(of: MatchName & { readonly since?: number }, position: number): PartialMatch | null;
  /** Whether an event of the trace speaks of the partial match. */
  speaks(of: MatchName & { readonly since: number }, seq: number): boolean;
  /** The `cep.stateEntered` events with which records were taken for a match or a partial match, ascending: its own and those of whom it branched off from. */
  taken(seq: number): number[];
  /** The matches that came of an event in which a record was taken, ascending: of the partial match itself and of all that branched off from it later. */
  resultsOf(seq: number, position: number): number[];
  /** How many wait at a position, and how many of them the key has that has most. */
  waiting(job: string, position: number): { readonly open: number; readonly most: number };
  /** The last time that each key had as many as it may. */
  limits(job: string, position: number): MatchLimit[];
  /** Whether any pattern has begun to match before a position. */
  any(job: string, position: number): boolean;
  extend(): void;
}

const ENTERED = columns('cep.stateEntered');
const PRUNED = columns('cep.matchPruned');
const MATCHED = columns('cep.matched');
const LIMIT = columns('cep.limitReached');
const RESTORED = columns('job.restored');

const made = new WeakMap<TraceStore, Matches>();

/** Those of a trace, folded once for all who look at them. */
export function matchesOf(store: TraceStore): Matches {
  let found = made.get(store);
  if (!found) made.set(store, (found = createMatches(store)));
  return found;
}

export function createMatches(store: TraceStore): Matches {
  const lives = createLives(store);
  const limits = new Map<string, number[]>();
  let seen = 0;

  const text = (seq: number, at: number) => store.texts[store.value(seq, at)]!;
  const isEntered = (seq: number) => store.typeNumberAt(seq) === TYPE_OF['cep.stateEntered'];
  const isTaking = (seq: number) => isEntered(seq) && TAKING.has(text(seq, ENTERED.action));

  function extend(): void {
    lives.extend();
    for (; seen < store.count; seen++) if (store.typeNumberAt(seen) === TYPE_OF['cep.limitReached']) add(limits, text(seen, LIMIT.job), seen);
  }

  /** What went on in a restored life is told there; the old one is shown only if something of it was undone. */
  const isSeen = (life: Life, position: number) => life.since < position && (life.undone || life.goneBy < 0 || life.goneBy >= position);

  function viewOf(life: Life, position: number): PartialMatch {
    const told = life.told.slice(0, countBefore(life.told, position));
    const last = told.at(-1)!;
    const type = store.typeNumberAt(last);
    const isUndone = life.goneBy >= 0 && life.goneBy < position;
    const stages = type === TYPE_OF['cep.matched'] ? text(last, MATCHED.stages) : '';
    const steps = told.filter(isEntered);
    const { job, operator, key, match, since, attempt, restoredBy } = life;
    return {
      job,
      operator,
      subtask: store.value(last, ENTERED.subtask),
      key,
      match,
      since,
      attempt,
      restoredFrom: restoredBy < 0 ? -1 : store.value(restoredBy, RESTORED.checkpoint),
      parent: life.parent?.match ?? -1,
      steps: steps.map((seq) => ({
        seq,
        state: text(seq, ENTERED.state),
        action: text(seq, ENTERED.action),
        timestampMs: store.value(seq, ENTERED.timestampMs),
        record: store.value(seq, ENTERED.record),
      })),
      // What completes as soon as it branches off was never seen in a state: its stages say what it holds.
      taken: stages !== '' ? eventsIn(stages) : takenBy(life, position).length,
      end: isUndone ? 'undone' : type === TYPE_OF['cep.matched'] ? 'matched' : type === TYPE_OF['cep.matchPruned'] ? 'pruned' : 'open',
      state: type === TYPE_OF['cep.matchPruned'] ? text(last, PRUNED.state) : steps.length > 0 ? text(steps.at(-1)!, ENTERED.state) : '',
      reason: type === TYPE_OF['cep.matchPruned'] ? text(last, PRUNED.reason) : '',
      stages,
      endedBy: isUndone ? life.goneBy : isEntered(last) ? -1 : last,
    };
  }

  /** The events with which it, and before it those that it comes from, took records. */
  function takenBy(life: Life, position: number): number[] {
    const out: number[] = [];
    let before = position;
    for (let at: Life | null = life; at !== null; at = at.parent) {
      const limit = before;
      out.push(...at.told.filter((seq) => seq < limit && isTaking(seq)).reverse());
      before = at.told[0]!;
    }
    return out.reverse();
  }

  return {
    extend,
    list(job, position, most = 200, passes = () => true) {
      extend();
      const out: PartialMatch[] = [];
      const all = lives.of(job);
      for (let n = all.length - 1; n >= 0 && out.length < most; n--) {
        if (!isSeen(all[n]!, position)) continue;
        const view = viewOf(all[n]!, position);
        if (passes(view)) out.push(view);
      }
      return out.reverse();
    },
    find(of, position) {
      const life = lives.named(of).findLast((l) => l.since < position && (of.since === undefined || l.since === of.since));
      return life ? viewOf(life, position) : null;
    },
    speaks(of, seq) {
      const life = lives.toldBy(seq);
      return life !== null && life.since === of.since && life.match === of.match && life.key === of.key && life.operator === of.operator && life.job === of.job;
    },
    taken(seq) {
      const life = lives.toldBy(seq);
      return life ? takenBy(life, seq) : [];
    },
    resultsOf(seq, position) {
      const life = lives.toldBy(seq);
      if (!life) return [];
      const comesFromIt = (other: Life) => {
        let before = position;
        for (let at: Life | null = other; at !== null; at = at.parent) {
          if (at.told[0]! < before && at.told.includes(seq)) return seq < before;
          before = at.told[0]!;
        }
        return false;
      };
      return lives
        .ofKey(life)
        .filter((other) => other.told.some((s) => s < position && store.typeNumberAt(s) === TYPE_OF['cep.matched']) && comesFromIt(other))
        .map((other) => other.told.at(-1)!)
        .filter((s) => s > seq && s < position)
        .sort((a, b) => a - b);
    },
    waiting(job, position) {
      return lives.open(job).at(position);
    },
    limits(job, position) {
      extend();
      const last = new Map<string, MatchLimit>();
      for (const seq of limits.get(job) ?? []) {
        if (seq >= position) break;
        const operator = text(seq, LIMIT.operator);
        const key = text(seq, LIMIT.key);
        last.set(`${operator}/${key}`, { seq, operator, key, partialMatches: store.value(seq, LIMIT.partialMatches) });
      }
      return Array.from(last.values());
    },
    any(job, position) {
      const first = lives.of(job)[0];
      return first !== undefined && first.since < position;
    },
  };
}

/** `viewed=1,paused=2` → 3 */
function eventsIn(stages: string): number {
  return stages.split(',').reduce((sum, stage) => sum + (Number(stage.slice(stage.lastIndexOf('=') + 1)) || 0), 0);
}

function add<V>(map: Map<string, V[]>, key: string, value: V): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
