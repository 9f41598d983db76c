// What is trending: titles by a score of audience, intensity, spread over devices and completion, over the last 15 minutes, every minute.
import { SlidingEventTimeWindows } from '../windows/assigners.ts';
import type { JobBuilder } from './catalogue.ts';
import { number } from './parameters.ts';
import { MINUTE_MS, readAll, writeTo, type View } from './shared.ts';

interface Audience {
  readonly viewers: Set<string>;
  readonly devices: Set<string>;
  views: number;
  minutes: number;
  completion: number;
}

/** Whole numbers only: an average would depend on the order of adding. */
function scoreOf(a: Audience): number {
  const intensity = Math.floor(a.minutes / a.views);
  const completion = Math.floor(a.completion / a.views);
  return 10 * a.viewers.size + 2 * intensity + 5 * a.devices.size + completion;
}

export const trendingContent: JobBuilder = (env, spec) => {
  const trending = readAll<View>(env, spec, env.get('source', 'views'))
    .keyBy((v) => v.title)
    .window(SlidingEventTimeWindows.of(number(env, 'sizeMs', 15 * MINUTE_MS), number(env, 'slideMs', MINUTE_MS)))
    .aggregate<Audience, Audience, { title: string; until: number; viewers: number; score: number }>(
      {
        createAccumulator: () => ({ viewers: new Set(), devices: new Set(), views: 0, minutes: 0, completion: 0 }),
        add: (v, a) => {
          a.viewers.add(v.viewer);
          a.devices.add(v.device);
          a.views++;
          a.minutes += v.minutes;
          a.completion += v.completion;
          return a;
        },
        getResult: (a) => a,
      },
      { process: (title, { window }, [audience], out) => out.collect({ title, until: window.endMs, viewers: audience!.viewers.size, score: scoreOf(audience!) }) },
    )
    .name('trending');
  writeTo(env, spec, trending, 'trending', (r) => r.title);
};
