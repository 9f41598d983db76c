// State machines a learner should see are written once as XState definitions. The engine runs a table compiled from the same definition; a test
// walks table and XState side by side.

/** The part of an XState machine definition that the engine uses: flat states, each event leading to one state. */
export interface FlatMachine<S extends string, E extends string> {
  readonly id: string;
  readonly initial: S;
  readonly states: { readonly [K in S]: { readonly on?: { readonly [K2 in E]?: S }; readonly type?: 'final' } };
}

export interface MachineTable<S extends string, E extends string> {
  readonly states: readonly S[];
  readonly events: readonly E[];
  /** The state an event leads to; null when the definition has no such step. */
  next(state: S, event: E): S | null;
}

export function compileMachine<S extends string, E extends string>(machine: FlatMachine<S, E>): MachineTable<S, E> {
  const states = Object.keys(machine.states) as S[];
  const events = [...new Set(states.flatMap((s) => Object.keys(machine.states[s].on ?? {}) as E[]))];
  const table = new Int8Array(states.length * events.length).fill(-1);
  const stateNumber = new Map(states.map((s, i) => [s, i]));
  const eventNumber = new Map(events.map((e, i) => [e, i]));
  for (const [i, s] of states.entries()) {
    for (const e of events) {
      const to = machine.states[s].on?.[e];
      if (to !== undefined) table[i * events.length + eventNumber.get(e)!] = stateNumber.get(to)!;
    }
  }
  return {
    states,
    events,
    next(state, event) {
      const to = table[stateNumber.get(state)! * events.length + eventNumber.get(event)!]!;
      return to < 0 ? null : states[to]!;
    },
  };
}
