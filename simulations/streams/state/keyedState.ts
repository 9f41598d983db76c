// Keyed state of a function: values, lists, maps and accumulators of the key at hand, with time to live (Flink ValueState, ListState, MapState,
// ReducingState, AggregatingState, StateTtlConfig; TTL goes by processing time).
import type { Key } from '../keyGroups.ts';
import type { OwnTimers } from './timers.ts';
import type { AggregateFunction, ReduceFunction } from '../windows/contents.ts';

export interface StateTtl {
  /** Milliseconds of processing time. */
  readonly ttlMs: number;
  /** When the time begins anew; OnCreateAndWrite unless told. */
  readonly update?: 'OnCreateAndWrite' | 'OnReadAndWrite';
  /** Whether what has expired is still read until it is cleaned up; NeverReturnExpired unless told. */
  readonly visibility?: 'NeverReturnExpired' | 'ReturnExpiredIfNotCleanedUp';
}

/** Of a key: by the name of the state, what it holds. Plain data. */
export interface KeyData extends OwnTimers {
  readonly states: Record<string, unknown>;
}

/** One value and when it was last touched. */
interface Stamped {
  value: unknown;
  atMs: number;
}

export interface ValueState<T> {
  /** undefined = nothing. */
  value(): T | undefined;
  update(value: T): void;
  clear(): void;
}

export interface ListState<T> {
  get(): readonly T[];
  add(value: T): void;
  update(values: readonly T[]): void;
  clear(): void;
}

export interface MapState<T> {
  get(key: Key): T | undefined;
  put(key: Key, value: T): void;
  remove(key: Key): void;
  has(key: Key): boolean;
  /** In the order in which they were put. */
  entries(): readonly (readonly [Key, T])[];
  isEmpty(): boolean;
  clear(): void;
}

export interface AppendingState<In, Out> {
  get(): Out | undefined;
  add(value: In): void;
  clear(): void;
}

/** Gives a function its state. The handles stay the same; what they read and write is that of the key at hand. */
export class KeyedStates {
  private readonly current: () => KeyData;
  private readonly clock: () => number;

  constructor(current: () => KeyData, clock: () => number) {
    this.current = current;
    this.clock = clock;
  }

  valueState<T>(name: string, ttl?: StateTtl): ValueState<T> {
    return {
      value: () => this.read(name, ttl) as T | undefined,
      update: (value) => this.write(name, value),
      clear: () => this.clear(name),
    };
  }

  listState<T>(name: string, ttl?: StateTtl): ListState<T> {
    const all = () => (this.current().states[name] ?? []) as Stamped[];
    const live = () => this.keepLive(name, all(), ttl);
    return {
      get: () => live().map((s) => s.value as T),
      add: (value) => {
        this.current().states[name] = [...live(), { value, atMs: this.clock() }];
      },
      update: (values) => {
        if (values.length === 0) this.clear(name);
        else this.current().states[name] = values.map((value) => ({ value, atMs: this.clock() }));
      },
      clear: () => this.clear(name),
    };
  }

  mapState<T>(name: string, ttl?: StateTtl): MapState<T> {
    type Entries = Map<Key, Stamped>;
    const entries = (): Entries | undefined => this.current().states[name] as Entries | undefined;
    // A map without entries is no state: the key may be forgotten.
    const remove = (key: Key): void => {
      const map = entries();
      if (map?.delete(key) && map.size === 0) this.clear(name);
    };
    const get = (key: Key): Stamped | undefined => {
      const found = entries()?.get(key);
      if (!found) return undefined;
      if (this.expired(found, ttl)) {
        remove(key);
        return ttl?.visibility === 'ReturnExpiredIfNotCleanedUp' ? found : undefined;
      }
      if (ttl?.update === 'OnReadAndWrite') found.atMs = this.clock();
      return found;
    };
    return {
      get: (key) => get(key)?.value as T | undefined,
      put: (key, value) => {
        const map = entries() ?? new Map<Key, Stamped>();
        map.set(key, { value, atMs: this.clock() });
        this.current().states[name] = map;
      },
      remove,
      has: (key) => get(key) !== undefined,
      entries: () =>
        [...(entries()?.keys() ?? [])].flatMap((key) => {
          const found = get(key);
          return found ? [[key, found.value as T] as const] : [];
        }),
      isEmpty: () => [...(entries()?.keys() ?? [])].every((key) => get(key) === undefined),
      clear: () => this.clear(name),
    };
  }

  reducingState<T>(name: string, reduce: ReduceFunction<T>, ttl?: StateTtl): AppendingState<T, T> {
    return {
      get: () => this.read(name, ttl) as T | undefined,
      add: (value) => {
        const before = this.read(name, ttl) as T | undefined;
        this.write(name, before === undefined ? value : reduce(before, value));
      },
      clear: () => this.clear(name),
    };
  }

  aggregatingState<In, Acc, Out>(name: string, aggregate: AggregateFunction<In, Acc, Out>, ttl?: StateTtl): AppendingState<In, Out> {
    return {
      get: () => {
        const acc = this.read(name, ttl) as Acc | undefined;
        return acc === undefined ? undefined : aggregate.getResult(acc);
      },
      add: (value) => this.write(name, aggregate.add(value, (this.read(name, ttl) as Acc | undefined) ?? aggregate.createAccumulator())),
      clear: () => this.clear(name),
    };
  }

  private read(name: string, ttl: StateTtl | undefined): unknown {
    const found = this.current().states[name] as Stamped | undefined;
    if (!found) return undefined;
    if (this.expired(found, ttl)) {
      this.clear(name);
      return ttl!.visibility === 'ReturnExpiredIfNotCleanedUp' ? found.value : undefined;
    }
    if (ttl?.update === 'OnReadAndWrite') found.atMs = this.clock();
    return found.value;
  }

  private write(name: string, value: unknown): void {
    this.current().states[name] = { value, atMs: this.clock() };
  }

  private clear(name: string): void {
    delete this.current().states[name];
  }

  private expired(stamped: Stamped, ttl: StateTtl | undefined): boolean {
    return ttl !== undefined && stamped.atMs + ttl.ttlMs <= this.clock();
  }

  private keepLive(name: string, all: readonly Stamped[], ttl: StateTtl | undefined): readonly Stamped[] {
    if (!ttl) return all;
    const live = all.filter((s) => !this.expired(s, ttl));
    if (ttl.update === 'OnReadAndWrite') for (const s of live) s.atMs = this.clock();
    if (live.length === 0) this.clear(name);
    else if (live.length !== all.length) this.current().states[name] = live;
    return ttl.visibility === 'ReturnExpiredIfNotCleanedUp' ? all : live;
  }
}
