// The run behind the strip of the home page: computed in a worker after the page is shown, and read off its trace.
import { scenarioById } from '../../../simulations/scenarios/catalogue.ts';
import { TYPE_OF } from '../../../simulations/kernel/trace.ts';
import { TraceStore } from '../../../simulations/kernel/traceStore.ts';
import { hueOf } from '../../lab/hue.ts';
import { columns } from '../../readmodels/columns.ts';
import { runNative } from '../../workers/native-runner.ts';
import type { StripData, StripMark } from './strip-scene.ts';

export const STRIP_SCENARIO = 'leader-dies';
export const STRIP_SEED = 1;
/** A record that waits longer than this for its commit is drawn as an outline, microseconds. */
const SLOW_COMMIT_US = 1_000_000;

const APPEND = columns('kafka.append');
const HW = columns('kafka.highWatermark');
const ELECTED = columns('kafka.leaderElected');

let known: Promise<StripData> | null = null;

export function stripRun(): Promise<StripData> {
  known ??= new Promise((done, fail) => {
    const scenario = scenarioById(STRIP_SCENARIO)!;
    const trace = new TraceStore();
    runNative(
      { scenario, faults: scenario.faults, seed: STRIP_SEED, files: {} },
      {
        chunk: (chunk) => trace.append(chunk),
        done: (hash) => done(readStrip(trace, scenario.topics[0]!.name, scenario.horizonMs * 1000, hash ?? '')),
        failed: (failure) => fail(new Error(failure.message.en)),
      },
    );
  });
  return known;
}

/** What the strip shows of a finished run: every record at the time its leader wrote it. */
export function readStrip(trace: TraceStore, topic: string, horizonUs: number, hash: string): StripData {
  const marks: (StripMark & { committed: boolean })[] = [];
  /** Marks of each partition that wait for their commit, in order of offset. */
  const waiting = new Map<number, { mark: (typeof marks)[number]; offset: number }[]>();
  let faultUs = -1;
  let electedUs = -1;
  let partitions = 0;
  for (let seq = 0; seq < trace.count; seq++) {
    const type = trace.typeNumberAt(seq);
    const timeUs = trace.timeAt(seq);
    if (type === TYPE_OF['kafka.append']) {
      if (trace.value(seq, APPEND.leader) !== 1 || trace.texts[trace.value(seq, APPEND.topic)] !== topic) continue;
      const partition = trace.value(seq, APPEND.partition);
      partitions = Math.max(partitions, partition + 1);
      const first = trace.value(seq, APPEND.firstRecord);
      for (let i = 0; i < trace.value(seq, APPEND.records); i++) {
        const mark = { timeUs, partition, hue: hueOf(trace.records[first + i]?.key ?? null), committed: false };
        marks.push(mark);
        const list = waiting.get(partition) ?? [];
        list.push({ mark, offset: trace.value(seq, APPEND.baseOffset) + i });
        waiting.set(partition, list);
      }
    } else if (type === TYPE_OF['kafka.highWatermark']) {
      if (trace.value(seq, HW.leader) !== 1 || trace.texts[trace.value(seq, HW.topic)] !== topic) continue;
      const list = waiting.get(trace.value(seq, HW.partition)) ?? [];
      while (list[0] && list[0].offset < trace.value(seq, HW.offset)) {
        const { mark } = list.shift()!;
        mark.committed = timeUs - mark.timeUs <= SLOW_COMMIT_US;
      }
    } else if (type === TYPE_OF['fault.started'] && faultUs < 0) faultUs = timeUs;
    else if (type === TYPE_OF['kafka.leaderElected'] && faultUs >= 0 && electedUs < 0 && trace.value(seq, ELECTED.leader) > 0) electedUs = timeUs;
  }
  return { marks, partitions, horizonUs, faultUs, electedUs, hash };
}
