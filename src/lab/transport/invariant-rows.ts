// Which invariants the transport bar shows: those the scenario is about, those most asked for, and every one that was violated so far.
import type { Scenario } from '../../../simulations/contract/scenario.ts';
import { INVARIANT_IDS, type InvariantId } from '../../../simulations/invariants/catalogue.ts';
import { columns } from '../../readmodels/columns.ts';
import type { SessionState } from '../session.ts';

export interface InvariantState {
  readonly id: InvariantId;
  readonly violations: readonly { readonly seq: number; readonly timeUs: number }[];
  /** Whether Kafka promises it where it was violated. */
  readonly promised: boolean;
}

const VIOLATED = columns('invariant.violated');
const ASKED_FOR: readonly InvariantId[] = ['acknowledged-kept', 'key-order', 'no-duplicates', 'delivered-stands', 'one-owner'];

export function watchedBy(scenario: Scenario): readonly InvariantId[] {
  const named = scenario.invariants as readonly InvariantId[];
  return named.length ? INVARIANT_IDS.filter((id) => named.includes(id)) : INVARIANT_IDS;
}

/** The rows, at most `most` and every violated one; a row keeps its place once it is there. */
export function invariantRows(state: SessionState, scenario: Scenario, most: number): InvariantState[] {
  const { views, trace, position } = state;
  const violations = new Map<string, { seq: number; timeUs: number; promised: boolean }[]>();
  for (let n = 0, count = views.violations.count(position); n < count; n++) {
    const seq = views.violations.at(n);
    const id = trace.texts[trace.value(seq, VIOLATED.invariant)]!;
    const list = violations.get(id) ?? [];
    list.push({ seq, timeUs: trace.timeAt(seq), promised: trace.value(seq, VIOLATED.promised) === 1 });
    violations.set(id, list);
  }
  const watched = watchedBy(scenario);
  const expected = scenario.expectations.map((e) => e.invariant as InvariantId);
  const wanted = [...new Set([...expected, ...ASKED_FOR])].filter((id) => watched.includes(id)).slice(0, most);
  const late = watched.filter((id) => violations.has(id) && !wanted.includes(id));
  return [...wanted, ...late].map((id) => ({ id, violations: violations.get(id) ?? [], promised: violations.get(id)?.some((v) => v.promised) ?? true }));
}
