// A run of a stream job, computed once, for the tests of its pictures.
import { runToEnd } from '../../../simulations/run.ts';
import { readScenario } from '../../../simulations/contract/scenario.ts';
import { scenarioById } from '../../../simulations/scenarios/catalogue.ts';
import { createSession, type Session } from '../session.ts';
import type { EventName } from '../../../simulations/contract/events.ts';

/** `trending-content`, as it is or with some of `streams` changed. */
export function openTrending(streams: Readonly<Record<string, unknown>> = {}): Session {
  const listed = scenarioById('trending-content')!;
  const read = readScenario({ ...listed, streams: { ...listed.streams!, ...streams } });
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  const session = createSession((u, sink) => {
    sink.done(runToEnd(u, (chunk) => sink.chunk(chunk)).hash);
    return { cancel: () => undefined };
  });
  session.load({ scenario: read.value, faults: read.value.faults, seed: 1, files: {} });
  return session;
}

/** Puts the playhead just behind the first event of a type that passes. @returns its sequence number. */
export function seekAfter(session: Session, type: EventName, passes: (event: Readonly<Record<string, unknown>>) => boolean = () => true, from = 0): number {
  const { trace } = session.state();
  for (let seq = from; seq < trace.count; seq++) {
    if (trace.typeAt(seq) !== type || !passes(trace.event(seq) as unknown as Readonly<Record<string, unknown>>)) continue;
    session.seekPosition(seq + 1);
    return seq;
  }
  throw new Error(`no ${type}`);
}
