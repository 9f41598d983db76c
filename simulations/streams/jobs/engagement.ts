// How engaged people are: sessions of viewing that end after 30 minutes without a view.
import { EventTimeSessionWindows } from '../windows/assigners.ts';
import { OutputTag } from '../api/dataStream.ts';
import type { JobBuilder } from './catalogue.ts';
import { number } from './parameters.ts';
import { MINUTE_MS, readAll, writeTo, type View } from './shared.ts';

interface Viewing {
  readonly titles: Set<string>;
  views: number;
  minutes: number;
  completed: number;
}

interface Session {
  readonly viewer: string;
  readonly from: number;
  readonly until: number;
  readonly views: number;
  readonly titles: number;
  readonly minutes: number;
  readonly completed: number;
}

/** From here on a title counts as watched to the end, percent. */
const COMPLETED = 90;

export const engagement: JobBuilder = (env, spec) => {
  const late = new OutputTag<View>('late');
  const sessions = readAll<View>(env, spec, 'views')
    .keyBy((v) => v.viewer)
    .window(EventTimeSessionWindows.withGap(number(env, 'gapMs', 30 * MINUTE_MS)))
    .allowedLateness(number(env, 'latenessMs', 0))
    .sideOutputLateData(late)
    .aggregate<Viewing, Viewing, Session>(
      {
        createAccumulator: () => ({ titles: new Set(), views: 0, minutes: 0, completed: 0 }),
        add: (v, a) => {
          a.titles.add(v.title);
          a.views++;
          a.minutes += v.minutes;
          if (v.completion >= COMPLETED) a.completed++;
          return a;
        },
        getResult: (a) => a,
        // Every view is in one of the two and in no more: sums add up, and titles that both have count once.
        merge: (a, b) => ({ titles: new Set([...a.titles, ...b.titles]), views: a.views + b.views, minutes: a.minutes + b.minutes, completed: a.completed + b.completed }),
      },
      {
        process: (viewer, { window }, [a], out) =>
          out.collect({ viewer, from: window.startMs, until: window.endMs, views: a!.views, titles: a!.titles.size, minutes: a!.minutes, completed: a!.completed }),
      },
    )
    .name('sessions');
  writeTo(env, spec, sessions, 'sessions', (s) => s.viewer);
  writeTo(env, { ...spec, name: `${spec.name}-late` }, sessions.getSideOutput(late), 'late-views', (v) => v.viewer);
};
