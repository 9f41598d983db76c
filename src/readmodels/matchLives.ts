// The lives of partial matches, as a trace tells them and as restarts cut them.
//
// A number is no name for a partial match: a key that nothing waits for counts from 1 again, and a job that begins again goes on with the
// partial matches of its checkpoint. So each life is a thing of its own. At a restart a life that was open in the checkpoint goes on as a new
// one with what it had done by then; the old one is over, and what it did since is undone.
import { TYPE_OF } from '../../simulations/kernel/trace.ts';
import type { TraceStore } from '../../simulations/kernel/traceStore.ts';
import { columns } from './columns.ts';
import { createOpenCounts, type OpenCounts } from './openCounts.ts';

export interface Life {
  readonly job: string;
  readonly operator: string;
  readonly key: string;
  readonly match: number;
  /** The event with which it is first seen: that which began it, or the restart that brought it back. */
  readonly since: number;
  /** Attempt of the job, from 1. */
  readonly attempt: number;
  /** The `job.restored` event that brought it back; -1 = none. */
  readonly restoredBy: number;
  /** Its events, ascending; of one that was restored, those up to the checkpoint too. */
  readonly told: number[];
  /** Whom it branched off from, before its first event; null = nobody. */
  readonly parent: Life | null;
  /** The event with which its attempt was over, and whether anything that it had done was undone then; -1 = not yet, or it had ended before and stays so. */
  goneBy: number;
  undone: boolean;
}

export interface Lives {
  /** In the order in which they are first seen. */
  of(job: string): readonly Life[];
  /** All of the key of one. */
  ofKey(life: Life): readonly Life[];
  /** All with a number, oldest first. */
  named(name: MatchName): readonly Life[];
  /** The one that an event of the trace speaks of; null for other events. */
  toldBy(seq: number): Life | null;
  open(job: string): OpenCounts;
  extend(): void;
}

export interface MatchName {
  readonly job: string;
  readonly operator: string;
  readonly key: string;
  readonly match: number;
}

const ENTERED = columns('cep.stateEntered');
const MATCHED = columns('cep.matched');
const SNAPSHOT = columns('checkpoint.snapshotTaken');
const RESTORED = columns('job.restored');
const JOB = columns('job.stateChanged');
const NONE: readonly Life[] = [];

/** Of one job. */
interface Fold {
  readonly lives: Life[];
  readonly open: OpenCounts;
  /** Those that have not ended, or that ended in this attempt. */
  current: Life[];
  attempt: number;
  /** The event with which the attempt began. */
  attemptBegan: number;
  /** By checkpoint, then by `operator/subtask`: the event with which that part was taken. */
  readonly taken: Map<number, Map<string, number>>;
}

export function createLives(store: TraceStore): Lives {
  const jobs = new Map<string, Fold>();
  const byName = new Map<string, Life[]>();
  const byKey = new Map<string, Life[]>();
  const byEvent = new Map<number, Life>();
  /** An attempt that has begun, and the event that says so; the event after it tells whether it began with a checkpoint. */
  let began: { readonly fold: Fold; readonly seq: number } | null = null;
  let seen = 0;

  const text = (seq: number, at: number) => store.texts[store.value(seq, at)]!;
  const nameOf = ({ job, operator, key, match }: MatchName) => `${job}/${operator}/${match}/${key}`;
  const keyOf = ({ job, operator, key }: Life) => `${job}/${operator}/${key}`;
  const isEnd = (seq: number) => store.typeNumberAt(seq) !== TYPE_OF['cep.stateEntered'];

  function foldOf(job: string): Fold {
    let fold = jobs.get(job);
    if (!fold) jobs.set(job, (fold = { lives: [], open: createOpenCounts(), current: [], attempt: 1, attemptBegan: -1, taken: new Map() }));
    return fold;
  }

  function extend(): void {
    for (; seen < store.count; seen++) apply(seen);
  }

  function apply(seq: number): void {
    const type = store.typeNumberAt(seq);
    if (type === TYPE_OF['job.restored']) {
      const fold = foldOf(text(seq, RESTORED.job));
      began = null;
      restart(fold, seq, fold.taken.get(store.value(seq, RESTORED.checkpoint)) ?? null);
    } else if (began !== null) {
      restart(began.fold, began.seq, null);
      began = null;
    }
    if (type === TYPE_OF['cep.stateEntered'] || type === TYPE_OF['cep.matchPruned'] || type === TYPE_OF['cep.matched']) tell(seq, type);
    else if (type === TYPE_OF['checkpoint.snapshotTaken']) snapshot(seq);
    else if (type === TYPE_OF['job.stateChanged'] && text(seq, JOB.to) === 'RUNNING') {
      const fold = foldOf(text(seq, JOB.job));
      const attempt = store.value(seq, JOB.attempt);
      if (attempt !== fold.attempt) began = { fold, seq };
      fold.attempt = attempt;
    }
  }

  /** Job, operator, subtask, key and number are the first five fields of all three. */
  function tell(seq: number, type: number): void {
    const name = { job: text(seq, ENTERED.job), operator: text(seq, ENTERED.operator), key: text(seq, ENTERED.key), match: store.value(seq, ENTERED.match) };
    const fold = foldOf(name.job);
    const parent = type === TYPE_OF['cep.stateEntered'] ? store.value(seq, ENTERED.parent) : type === TYPE_OF['cep.matched'] ? store.value(seq, MATCHED.parent) : name.match;
    let life = parent === name.match ? latest(name) : undefined;
    if (life) life.told.push(seq);
    else {
      const from = parent >= 0 && parent !== name.match ? latest({ ...name, match: parent }) : undefined;
      life = begin(fold, { ...name, since: seq, attempt: fold.attempt, restoredBy: -1, told: [seq], parent: from ?? null, goneBy: -1, undone: false });
      fold.open.add(place(life), 1);
    }
    byEvent.set(seq, life);
    if (isEnd(seq)) fold.open.add(place(life), -1);
    fold.open.mark(seq);
  }

  function latest(name: MatchName): Life | undefined {
    const life = byName.get(nameOf(name))?.at(-1);
    return life && life.goneBy < 0 ? life : undefined;
  }

  const place = ({ operator, key }: Life) => `${operator}/${key}`;

  function begin(fold: Fold, life: Life): Life {
    fold.lives.push(life);
    fold.current.push(life);
    add(byName, nameOf(life), life);
    add(byKey, keyOf(life), life);
    return life;
  }

  function snapshot(seq: number): void {
    const { taken } = foldOf(text(seq, SNAPSHOT.job));
    const checkpoint = store.value(seq, SNAPSHOT.checkpoint);
    let parts = taken.get(checkpoint);
    if (!parts) taken.set(checkpoint, (parts = new Map()));
    for (const operator of text(seq, SNAPSHOT.task).split(' → ')) parts.set(`${operator}/${store.value(seq, SNAPSHOT.subtask)}`, seq);
  }

  /** @param parts of the checkpoint that the job goes on from; null = it goes on from nothing */
  function restart(fold: Fold, seq: number, parts: ReadonlyMap<string, number> | null): void {
    const { current, attemptBegan } = fold;
    // A checkpoint that the attempt had begun with itself: what came with it is what it holds.
    const again = parts !== null && [...parts.values()].some((s) => s < attemptBegan);
    fold.current = [];
    fold.open.clear();
    for (const life of current) {
      const last = life.told.at(-1)!;
      const part = `${life.operator}/${store.value(last, ENTERED.subtask)}`;
      // What came with an earlier checkpoint and did nothing since is in every later one, whichever subtask has it.
      const cut = parts === null ? -1 : last < attemptBegan ? Infinity : again ? attemptBegan : (parts.get(part) ?? -1);
      const kept = life.told.filter((s) => s < cut);
      if (kept.length > 0 && isEnd(kept.at(-1)!)) continue;
      life.goneBy = seq;
      life.undone = kept.length < life.told.length;
      if (kept.length === 0) continue;
      fold.open.add(place(begin(fold, { ...life, since: seq, attempt: fold.attempt, restoredBy: seq, told: kept, goneBy: -1, undone: false })), 1);
    }
    fold.attemptBegan = seq;
    fold.open.mark(seq);
  }

  return {
    extend,
    of(job) {
      extend();
      return jobs.get(job)?.lives ?? NONE;
    },
    named(name) {
      extend();
      return byName.get(nameOf(name)) ?? NONE;
    },
    ofKey(life) {
      extend();
      return byKey.get(keyOf(life)) ?? NONE;
    },
    toldBy(seq) {
      extend();
      return byEvent.get(seq) ?? null;
    },
    open(job) {
      extend();
      return foldOf(job).open;
    },
  };
}

function add(map: Map<string, Life[]>, name: string, life: Life): void {
  const list = map.get(name);
  if (list) list.push(life);
  else map.set(name, [life]);
}
