import { describe, expect, it } from 'vitest';
import { defineScenario } from '../../simulations/scenarios/define.ts';
import { runToEnd } from '../../simulations/run.ts';
import { TraceStore } from '../../simulations/kernel/trace.ts';
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

describe('a log that was compacted', () => {
  const store = new TraceStore();
  runToEnd({ scenario, faults: [], seed: 1, files: {} }, (chunk) => store.append(chunk));
  const views = createViews(store, 60_000_000);
  views.extend();
  const topic = views.logs.topicSym('profiles');
  const cleanings = Array.from({ length: store.count }, (_, seq) => seq).flatMap((seq) => {
    const event = store.event(seq);
    return event.type === 'kafka.compacted' && event.topic === 'profiles' ? [event] : [];
  });
  const cellsAt = (broker: number, position: number, to: number) => {
    const at = { topic, partition: 0, broker };
    const window = views.logs.window(at, position, 0, to);
    const cells = cellsOf(views.logs, window, views.transactions.at(at, position, 0, to));
    views.compactions.mark(cells, at, window, position);
    return { window, cells };
  };

  it('has as many records left after each cleaning as the broker says', () => {
    expect(cleanings.length).toBeGreaterThan(3);
    for (const { seq, process, toOffset, kept } of cleanings) {
      const { window, cells } = cellsAt(Number(process.slice('broker-'.length)), seq + 1, toOffset);
      expect(cells.filter((cell, i) => window.appendedBy[i]! >= 0 && cell !== CELL.compacted)).toHaveLength(kept);
    }
  });

  it('is whole before that, and beyond where the cleaning went', () => {
    const { seq, process, toOffset } = cleanings[0]!;
    const broker = Number(process.slice('broker-'.length));
    expect(cellsAt(broker, seq, toOffset).cells).not.toContain(CELL.compacted);
    expect(cellsAt(broker, seq + 1, toOffset + 20).cells.slice(toOffset)).not.toContain(CELL.compacted);
  });
});
