import { describe, expect, it } from 'vitest';
import type { Scenario } from '../../simulations/contract/scenario.ts';
import { defineScenario } from '../../simulations/scenarios/define.ts';
import { runToEnd } from '../../simulations/run.ts';
import { TraceStore } from '../../simulations/kernel/traceStore.ts';
import { CELL, cellsOf } from './transactions.ts';
import { createViews } from './views.ts';

const scenario = defineScenario({
  schemaVersion: 1,
  id: 'compacted',
  title: { ko: '컴팩션', en: 'Compaction' },
  summary: { ko: '컴팩션', en: 'Compaction.' },
  horizonMs: 60_000,
  cluster: { brokers: 3 },
  topics: [{ name: 'profiles', partitions: 1, replicationFactor: 3, minInsyncReplicas: 2, config: { 'cleanup.policy': 'compact', 'segment.bytes': '4000', 'min.cleanable.dirty.ratio': '0.1' } }],
  processes: [{ name: 'writer', role: 'producer' }],
  workloads: [{ process: 'writer', topic: 'profiles', records: 400, startMs: 1_000, everyUs: 100_000, keys: 7 }],
});

interface Cleaning {
  readonly seq: number;
  readonly process: string;
  readonly partition: number;
  readonly toOffset: number;
  readonly kept: number;
  readonly expired: string;
}

function look(scenario: Scenario) {
  const store = new TraceStore();
  runToEnd({ scenario, faults: [], seed: 1, files: {} }, (chunk) => store.append(chunk));
  const views = createViews(store, 60_000_000);
  views.extend();
  const topic = views.logs.topicSym('profiles');
  const cleanings = Array.from({ length: store.count }, (_, seq) => seq).flatMap((seq): Cleaning[] => {
    const event = store.event(seq);
    return event.type === 'kafka.compacted' && event.topic === 'profiles' ? [event] : [];
  });
  /** Offsets below `to` where something is left, after the first `position` events. */
  const left = ({ process, partition }: Cleaning, position: number, to: number): number[] => {
    const at = { topic, partition, broker: Number(process.slice('broker-'.length)) };
    const window = views.logs.window(at, position, 0, to);
    const cells = cellsOf(views.logs, window, views.transactions.at(at, position, 0, to));
    views.compactions.mark(cells, at, window, position);
    return Array.from(cells.keys()).filter((i) => window.appendedBy[i]! >= 0 && cells[i] !== CELL.compacted);
  };
  return { cleanings, left };
}

describe('a log that was compacted', () => {
  const { cleanings, left } = look(scenario);

  it('has as many records left after each cleaning as the broker says', () => {
    expect(cleanings.length).toBeGreaterThan(3);
    for (const cleaning of cleanings) expect(left(cleaning, cleaning.seq + 1, cleaning.toOffset)).toHaveLength(cleaning.kept);
  });

  it('is whole before that, and beyond where the cleaning went', () => {
    const first = cleanings[0]!;
    expect(left(first, first.seq, first.toOffset)).toHaveLength(first.toOffset);
    const beyond = (position: number) => left(first, position, first.toOffset + 20).filter((offset) => offset >= first.toOffset);
    expect(beyond(first.seq + 1)).toEqual(beyond(first.seq));
  });
});

describe('a log of transactions that was compacted', () => {
  const { cleanings, left } = look({
    ...scenario,
    topics: scenario.topics.map((t) => ({ ...t, config: { ...t.config, 'delete.retention.ms': '5000' } })),
    processes: [{ ...scenario.processes[0]!, idempotence: true, transactionalId: 'writing', recordsPerTransaction: 5, abortEvery: 4 }],
  });

  it('loses markers once their time is up, and shows as much as the broker has', () => {
    expect(cleanings.some((c) => c.expired !== '')).toBe(true);
    for (const cleaning of cleanings) expect(left(cleaning, cleaning.seq + 1, cleaning.toOffset)).toHaveLength(cleaning.kept);
  });

  it('shows them until then', () => {
    const taking = cleanings.find((c) => c.expired !== '')!;
    const offset = Number(taking.expired.split(',')[0]);
    expect(left(taking, taking.seq, offset + 1)).toContain(offset);
    expect(left(taking, taking.seq + 1, offset + 1)).not.toContain(offset);
  });
});
