// The live figure: the same events three times, keyed by nothing, by user and by content, each run by the simulation.
import { readScenario, SCHEMA_VERSION, type Universe } from '../../../../simulations/contract/scenario.ts';
import { TYPE_OF } from '../../../../simulations/kernel/trace.ts';
import type { TraceStore } from '../../../../simulations/kernel/traceStore.ts';
import type { TraceEvent } from '../../../../simulations/contract/events.ts';
import type { FigureMark, FigureRead, Files, LessonFigure } from '../../../contract.ts';
import type { FigureEvent } from './events.ts';

const TOPIC = 'watch-events';
const PARTITIONS = 3;
const IDS = ['none', 'user', 'content'] as const;

const TITLES = { none: { ko: '없음', en: 'none' }, user: { ko: '사용자', en: 'user' }, content: { ko: '작품', en: 'title' } } as const;

/** @param files `publish.ts` and `events.ts`. @param keys the texts of `key.ts`. */
export function createFigure(files: Files, keys: Readonly<Record<(typeof IDS)[number], string>>): LessonFigure {
  const universe = (id: (typeof IDS)[number]): Universe => {
    const all = { ...files, 'key.ts': keys[id] };
    return { scenario: figureScenario(all), faults: [], seed: 4, files: all };
  };
  return { variants: IDS.map((id) => ({ id, title: TITLES[id], universe: universe(id) })), first: 'none', read: readFigure };
}

function figureScenario(files: Files) {
  const read = readScenario({
    schemaVersion: SCHEMA_VERSION,
    id: 'watch-events-figure',
    title: { ko: '키 세 가지', en: 'Three keys' },
    summary: { ko: '같은 이벤트를 키만 바꿔 보냅니다.', en: 'The same events with three keys.' },
    horizonMs: 6_000,
    cluster: { brokers: 1, config: { groupInitialRebalanceDelayMs: 0 } },
    topics: [{ name: TOPIC, partitions: PARTITIONS, replicationFactor: 1 }],
    processes: [
      { name: 'watch-app', role: 'guest', startMs: 500 },
      // Slower than the sender, so that it takes several records of a partition at a time, as a busy reader does.
      { name: 'viewing', role: 'consumer', group: 'viewing', topics: [TOPIC], autoOffsetReset: 'earliest', workUsPerRecord: 150_000, startMs: 0 },
    ],
    links: [{ between: ['*', '*'], delayUs: 800, jitterUs: 400 }],
    learner: [{ process: 'watch-app', entry: 'publish.ts' }],
    files,
  });
  if (!read.ok) throw new Error(`figure of lesson 1.4: ${JSON.stringify(read.problems)}`);
  return read.value;
}

function readFigure(trace: TraceStore): FigureRead {
  const markOf = (record: number): FigureMark => {
    const { n, userId, type } = JSON.parse(trace.records[record]!.value!) as FigureEvent;
    return { n, user: userId, type };
  };
  const partitions: FigureMark[][] = Array.from({ length: PARTITIONS }, () => []);
  const read: FigureRead['read'][number][] = [];
  const newest = new Map<string, number>();
  for (let seq = 0; seq < trace.count; seq++) {
    const type = trace.typeNumberAt(seq);
    if (type === TYPE_OF['kafka.append']) {
      const e = trace.event(seq) as TraceEvent<'kafka.append'>;
      for (let i = 0; e.leader && e.topic === TOPIC && i < e.records; i++) partitions[e.partition]!.push(markOf(e.firstRecord + i));
    } else if (type === TYPE_OF['consumer.delivered']) {
      const e = trace.event(seq) as TraceEvent<'consumer.delivered'>;
      for (let i = 0; i < e.records; i++) {
        const mark = markOf(e.firstRecord + i);
        const last = newest.get(mark.user) ?? -1;
        read.push({ ...mark, overtaken: mark.n < last });
        newest.set(mark.user, Math.max(last, mark.n));
      }
    }
  }
  return { sent: partitions.flat().sort((a, b) => a.n - b.n), partitions, read };
}
