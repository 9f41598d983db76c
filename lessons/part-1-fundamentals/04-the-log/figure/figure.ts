// The live figure: the same events three times, keyed by nothing, by user and by content, each run by the simulation.
import { readScenario, SCHEMA_VERSION, type Universe } from '../../../../simulations/contract/scenario.ts';
import { TYPE_OF, type TraceStore } from '../../../../simulations/kernel/trace.ts';
import type { TraceEvent } from '../../../../simulations/contract/events.ts';
import type { Bilingual, Files } from '../../../contract.ts';
import type { FigureEvent } from './events.ts';

export const FIGURE_PARTITIONS = 3;
export const FIGURE_EVENTS = 24;

export interface FigureVariant {
  readonly id: 'none' | 'user' | 'content';
  readonly title: Bilingual;
  readonly universe: Universe;
}

/** What the figure draws: where each event was stored, and in which order the reader was handed them. */
export interface FigureRead {
  readonly sent: readonly FigureEvent[];
  readonly partitions: readonly (readonly FigureEvent[])[];
  readonly read: readonly { readonly event: FigureEvent; readonly overtaken: boolean }[];
}

const TITLES = { none: { ko: '없음', en: 'none' }, user: { ko: '사용자', en: 'user' }, content: { ko: '작품', en: 'title' } } as const;

/** @param files `publish.ts` and `events.ts`. @param keys the texts of `key.ts`. */
export function figureVariants(files: Files, keys: Readonly<Record<FigureVariant['id'], string>>): FigureVariant[] {
  return (['none', 'user', 'content'] as const).map((id) => ({ id, title: TITLES[id], universe: { scenario: figureScenario({ ...files, 'key.ts': keys[id] }), faults: [], seed: 4, files: {} } }));
}

function figureScenario(files: Files) {
  const read = readScenario({
    schemaVersion: SCHEMA_VERSION,
    id: 'watch-events-figure',
    title: { ko: '키 세 가지', en: 'Three keys' },
    summary: { ko: '같은 이벤트를 키만 바꿔 보냅니다.', en: 'The same events with three keys.' },
    horizonMs: 6_000,
    cluster: { brokers: 1, config: {} },
    topics: [{ name: 'watch-events', partitions: FIGURE_PARTITIONS, replicationFactor: 1 }],
    processes: [
      { name: 'watch-app', role: 'guest', startMs: 500 },
      // Slower than the sender, so that it takes several records of a partition at a time, as a busy reader does.
      { name: 'viewing', role: 'consumer', group: 'viewing', topics: ['watch-events'], autoOffsetReset: 'earliest', workUsPerRecord: 45_000, startMs: 0 },
    ],
    links: [{ between: ['*', '*'], delayUs: 800, jitterUs: 400 }],
    learner: [{ process: 'watch-app', entry: 'publish.ts' }],
    files,
  });
  if (!read.ok) throw new Error(`figure of lesson 1.4: ${JSON.stringify(read.problems)}`);
  return read.value;
}

export function readFigure(trace: TraceStore): FigureRead {
  const eventOf = (record: number) => JSON.parse(trace.records[record]!.value!) as FigureEvent;
  const partitions: FigureEvent[][] = Array.from({ length: FIGURE_PARTITIONS }, () => []);
  const read: { event: FigureEvent; overtaken: boolean }[] = [];
  const newest = new Map<string, number>();
  for (let seq = 0; seq < trace.count; seq++) {
    const type = trace.typeNumberAt(seq);
    if (type === TYPE_OF['kafka.append']) {
      const e = trace.event(seq) as TraceEvent<'kafka.append'>;
      if (e.leader && e.topic === 'watch-events') for (let i = 0; i < e.records; i++) partitions[e.partition]!.push(eventOf(e.firstRecord + i));
    } else if (type === TYPE_OF['consumer.delivered']) {
      const e = trace.event(seq) as TraceEvent<'consumer.delivered'>;
      for (let i = 0; i < e.records; i++) {
        const event = eventOf(e.firstRecord + i);
        const last = newest.get(event.userId) ?? -1;
        read.push({ event, overtaken: event.n < last });
        newest.set(event.userId, Math.max(last, event.n));
      }
    }
  }
  const sent = partitions.flat().sort((a, b) => a.n - b.n);
  return { sent, partitions, read };
}
