// Runs drawn universes one after the other and counts.
import type { EventValues } from '../../simulations/contract/events.ts';
import { createRun } from '../../simulations/run.ts';
import { drawUniverse } from '../../simulations/search/generate.ts';

/** A transaction that was committed this long before the end has been read at the end: others that were open before it have ended too. */
const SETTLED_MS = 25_000;

export interface SwarmReport {
  readonly seeds: number;
  readonly withLeaderChange: number;
  /** With a group that went from one protocol to the other while it had members. */
  readonly withConversion: number;
  readonly broken: readonly { readonly seed: number; readonly what: string; readonly faults: readonly string[] }[];
  /** Runs that ended with a record not acknowledged or not delivered; with transactions, one that was committed and not delivered. */
  readonly unfinished: number;
  /** By kind of fault: how often one changed something (a process ended or froze, a transmission was dropped or slowed). */
  readonly tookEffect: Readonly<Record<string, number>>;
  readonly tested: Readonly<Record<string, number>>;
}

export function swarm(options: { readonly seeds: number; readonly first: number }): SwarmReport {
  let withLeaderChange = 0;
  let withConversion = 0;
  let unfinished = 0;
  const broken: { seed: number; what: string; faults: readonly string[] }[] = [];
  const tookEffect: Record<string, number> = {};
  const tested: Record<string, number> = {};
  for (let seed = options.first; seed < options.first + options.seeds; seed++) {
    const { universe, flavour, kinds } = drawUniverse(seed);
    const run = createRun(universe, { sink: null, guests: null });
    const { trace } = run;
    trace.watch('fault.ended', (values) => {
      const [, kind, , touched] = values as unknown as EventValues<'fault.ended'>;
      if (touched > 0) tookEffect[trace.text(kind)] = (tookEffect[trace.text(kind)] ?? 0) + 1;
    });
    let conversions = 0;
    trace.watch('group.converted', () => void conversions++);
    let committed = 0;
    const settledUs = (universe.scenario.horizonMs - SETTLED_MS) * 1000;
    trace.watch('producer.transactionEnded', (values, _seq, timeUs) => {
      const [, isCommitted, records] = values as unknown as EventValues<'producer.transactionEnded'>;
      if (isCommitted && timeUs < settledUs) committed += records;
    });
    while (run.advance(65_536) !== 'ended');
    const result = run.result();
    if (result.metrics.leaderElections > 0) withLeaderChange++;
    if (conversions > 0) withConversion++;
    const wanted = universe.scenario.workloads.reduce((sum, w) => sum + w.records, 0);
    const { acknowledged, delivered } = result.metrics;
    // A consumer that waits in JoinGroup for a host that has gone dark waits longer than a run: as long as its rebalance may take.
    const read = kinds.includes('powerloss') ? Infinity : delivered;
    if (flavour === 'plain' ? acknowledged < wanted || read < wanted : flavour === 'transactions' && read < committed) unfinished++;
    for (const i of result.invariants) {
      tested[i.id] = (tested[i.id] ?? 0) + i.tested;
      if (!i.held) broken.push({ seed, what: `${i.id} at ${i.atUs} us`, faults: universe.faults });
    }
    if (result.ended.reason !== 'horizon') broken.push({ seed, what: `ended by ${result.ended.reason} ${result.ended.detail}`, faults: universe.faults });
  }
  return { seeds: options.seeds, withLeaderChange, withConversion, broken, unfinished, tookEffect, tested };
}
