// Partial matches of patterns: the states that each waited in, the events it took, and how it ended.
import { TYPE_OF, type TraceStore } from '../../simulations/kernel/trace.ts';
import { columns } from './columns.ts';

export interface MatchStep {
  /** The `cep.stateEntered` event. */
  readonly seq: number;
  readonly state: string;
  /** start | take | ignore. */
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
  /** Partial match that it branched off from; -1 = none. */
  readonly parent: number;
  readonly steps: readonly MatchStep[];
  /** Events taken, with those of the partial match that it comes from. */
  readonly taken: number;
  readonly end: 'open' | 'matched' | 'pruned';
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

export interface Matches {
  /** Those begun before a position in the order in which they began, at most `most` of the latest that pass. */
  list(job: string, position: number, most?: number, passes?: (match: PartialMatch) => boolean): PartialMatch[];
  find(job: string, operator: string, key: string, match: number, position: number): PartialMatch | null;
  /** How many wait at a position, and how many of them the key has that has most. */
  waiting(job: string, position: number): { readonly open: number; readonly most: number };
  /** The last time that each key had as many as it may. */
  limits(job: string, position: number): MatchLimit[];
  /** Whether any pattern has begun to match before a position. */
  any(job: string, position: number): boolean;
  extend(): void;
}

/** The events of one partial match, ascending. */
type Told = number[];

const ENTERED = columns('cep.stateEntered');
const PRUNED = columns('cep.matchPruned');
const MATCHED = columns('cep.matched');
const LIMIT = columns('cep.limitReached');

export function createMatches(store: TraceStore): Matches {
  /** By job, in the order in which they began. */
  const begun = new Map<string, Told[]>();
  const byId = new Map<string, Told>();
  const limits = new Map<string, number[]>();
  let seen = 0;

  const text = (seq: number, at: number) => store.texts[store.value(seq, at)]!;
  const idOf = (job: string, operator: string, key: string, match: number) => `${job}/${operator}/${match}/${key}`;

  function extend(): void {
    for (; seen < store.count; seen++) {
      const type = store.typeNumberAt(seen);
      if (type === TYPE_OF['cep.limitReached']) add(limits, text(seen, LIMIT.job), seen);
      if (type !== TYPE_OF['cep.stateEntered'] && type !== TYPE_OF['cep.matchPruned'] && type !== TYPE_OF['cep.matched']) continue;
      // Job, operator, subtask, key and number are the first five fields of all three.
      const job = text(seen, ENTERED.job);
      const id = idOf(job, text(seen, ENTERED.operator), text(seen, ENTERED.key), store.value(seen, ENTERED.match));
      const told = byId.get(id);
      // A number is used again where a job began anew, from before the partial match.
      const again = told && type === TYPE_OF['cep.stateEntered'] && text(seen, ENTERED.action) === 'start';
      if (told && !again) told.push(seen);
      else {
        const fresh = [seen];
        byId.set(id, fresh);
        add(begun, job, fresh);
      }
    }
  }

  function viewOf(told: Told, position: number): PartialMatch {
    const first = told[0]!;
    const steps: MatchStep[] = [];
    let end: PartialMatch['end'] = 'open';
    let state = '';
    let reason = '';
    let stages = '';
    let endedBy = -1;
    for (const seq of told) {
      if (seq >= position) break;
      const type = store.typeNumberAt(seq);
      if (type === TYPE_OF['cep.stateEntered']) {
        state = text(seq, ENTERED.state);
        steps.push({ seq, state, action: text(seq, ENTERED.action), timestampMs: store.value(seq, ENTERED.timestampMs), record: store.value(seq, ENTERED.record) });
      } else if (type === TYPE_OF['cep.matched']) {
        end = 'matched';
        stages = text(seq, MATCHED.stages);
        endedBy = seq;
      } else {
        end = 'pruned';
        state = text(seq, PRUNED.state);
        reason = text(seq, PRUNED.reason);
        endedBy = seq;
      }
    }
    const job = text(first, ENTERED.job);
    const operator = text(first, ENTERED.operator);
    const key = text(first, ENTERED.key);
    const parent = parentOf(first);
    const own = steps.filter((s) => s.action !== 'ignore').length;
    return {
      job,
      operator,
      subtask: store.value(first, ENTERED.subtask),
      key,
      match: store.value(first, ENTERED.match),
      parent,
      steps,
      // What completes as soon as it branches off was never seen in a state: its stages say what it holds.
      taken: end === 'matched' && stages !== '' ? eventsIn(stages) : own + (parent >= 0 ? takenBy(idOf(job, operator, key, parent), first) : 0),
      end,
      state,
      reason,
      stages,
      endedBy,
    };
  }

  /** Whoever it branched off from. One that moves on from state to state names itself. */
  function parentOf(first: number): number {
    if (store.typeNumberAt(first) !== TYPE_OF['cep.stateEntered']) return -1;
    const parent = store.value(first, ENTERED.parent);
    return parent === store.value(first, ENTERED.match) ? -1 : parent;
  }

  /** Events that a partial match and those before it had taken when another branched off. */
  function takenBy(id: string, before: number, depth = 0): number {
    const told = byId.get(id);
    if (!told || depth > 100) return 0;
    const own = told.filter((seq) => seq < before && store.typeNumberAt(seq) === TYPE_OF['cep.stateEntered'] && text(seq, ENTERED.action) !== 'ignore').length;
    const first = told[0]!;
    const parent = parentOf(first);
    return own + (parent >= 0 ? takenBy(idOf(text(first, ENTERED.job), text(first, ENTERED.operator), text(first, ENTERED.key), parent), first, depth + 1) : 0);
  }

  return {
    extend,
    list(job, position, most = 200, passes = () => true) {
      extend();
      const out: PartialMatch[] = [];
      const all = begun.get(job) ?? [];
      for (let n = all.length - 1; n >= 0 && out.length < most; n--) {
        if (all[n]![0]! >= position) continue;
        const view = viewOf(all[n]!, position);
        if (passes(view)) out.push(view);
      }
      return out.reverse();
    },
    find(job, operator, key, match, position) {
      extend();
      const told = byId.get(idOf(job, operator, key, match));
      return told && told[0]! < position ? viewOf(told, position) : null;
    },
    waiting(job, position) {
      extend();
      const ofKey = new Map<string, number>();
      let open = 0;
      let most = 0;
      for (const told of begun.get(job) ?? []) {
        if (told[0]! >= position) continue;
        const { end, operator, key } = viewOf(told, position);
        if (end !== 'open') continue;
        open++;
        const count = (ofKey.get(`${operator}/${key}`) ?? 0) + 1;
        ofKey.set(`${operator}/${key}`, count);
        most = Math.max(most, count);
      }
      return { open, most };
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
      extend();
      const first = begun.get(job)?.[0];
      return first !== undefined && first[0]! < position;
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
