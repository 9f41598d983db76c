// The shape of the two message tables of the engine. A key that one of them lacks does not compile, nor does a wrong parameter.
import type { EventName, TraceEvent } from '../contract/events.ts';
import type { Role } from '../kernel/kernel.ts';
import type { FaultError, FaultKind } from '../faults/grammar.ts';
import type { ConditionId, InvariantId } from '../invariants/catalogue.ts';

export type Language = 'ko' | 'en';

/** What an event says in the run's log: one sentence in the past tense. */
export type Sentences = { readonly [K in EventName]: (event: TraceEvent<K>) => string };

export interface FaultText {
  /** On a button or a clip. */
  readonly name: string;
  /** What it does to the real thing, in one sentence. */
  readonly does: string;
  /** `Kill broker-2` */
  readonly on: (target: string) => string;
}

export interface InvariantText {
  /** On the track: three or four words. */
  readonly title: string;
  /** The property, as one sentence. */
  readonly sentence: string;
  /** What is wrong where it does not hold. */
  readonly broken: (event: TraceEvent<'invariant.violated'>) => string;
}

export interface EngineText {
  readonly language: Language;
  readonly events: Sentences;
  readonly faults: Readonly<Record<FaultKind, FaultText>>;
  readonly invariants: Readonly<Record<InvariantId, InvariantText>>;
  /** `because acks is not all` */
  readonly unmet: Readonly<Record<ConditionId, string>>;
  /** What is wrong with a line of the fault grammar, and what to write instead. */
  readonly faultErrors: Readonly<Record<FaultError['code'], (error: FaultError) => string>>;
  readonly roles: Readonly<Record<Role, string>>;
  readonly ended: Readonly<Record<'horizon' | 'violation' | 'limit' | 'guestStopped', string>>;
}

/** The sentence of any event. */
export function say(text: EngineText, event: TraceEvent): string {
  return (text.events[event.type] as (event: TraceEvent) => string)(event);
}

/** `kill broker-2 at 12s` → `broker-2`; `cut broker-1<->{broker-2,broker-3} at 12s` → `broker-1 ↔ broker-2, broker-3`. */
export function faultTarget(line: string): string {
  const target = line.split(' ')[1] ?? line;
  return target.replaceAll(/[{}]/g, '').replaceAll(',', ', ').replace('<->', ' ↔ ').replace('->', ' → ');
}

/** What a table holds under a name that a trace may or may not know. */
export function lookup<T>(table: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}

/** 48213 → `48,213`, the same in every engine. */
export function grouped(value: number): string {
  return String(value).replace(/\B(?=(?:\d{3})+$)/g, ',');
}
