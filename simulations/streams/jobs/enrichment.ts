// Views with the profile of who watched, although the profile may arrive after the view: by event time, the profile that held then, or the first
// one that came within a while after it.
import type { MapState } from '../state/keyedState.ts';
import type { JobBuilder } from './catalogue.ts';
import { number } from './parameters.ts';
import { MINUTE_MS, readAll, writeTo, type Happened, type View } from './shared.ts';

interface Profile extends Happened {
  readonly viewer: string;
  readonly version: number;
  readonly plan: string;
  readonly age: string;
}

interface Enriched {
  readonly at: number;
  readonly viewer: string;
  readonly title: string;
  /** 'unknown' where no profile came in time. */
  readonly plan: string;
  readonly age: string;
  readonly version: number;
}

export const enrichment: JobBuilder = (env, spec) => {
  const waitMs = number(env, 'waitMs', 20 * MINUTE_MS);
  const views = readAll<View>(env, spec, 'views').keyBy((v) => v.viewer);
  const profiles = readAll<Profile>(env, spec, 'profiles').keyBy((p) => p.viewer);
  const enriched = views
    .connect(profiles)
    .process<Enriched>(() => {
      let waiting: MapState<readonly View[]>;
      let versions: MapState<Profile>;
      return {
        open: ({ states }) => {
          waiting = states.mapState('waiting');
          versions = states.mapState('versions');
        },
        processElement1: (view, context) => {
          const atMs = view.at + waitMs;
          waiting.put(atMs, [...(waiting.get(atMs) ?? []), view]);
          context.timerService().registerEventTimeTimer(atMs);
        },
        processElement2: (profile) => versions.put(profile.version, profile),
        onTimer: (timerMs, _, out) => {
          const known = versions
            .entries()
            .map(([, p]) => p)
            .toSorted((a, b) => a.at - b.at);
          const views = (waiting.get(timerMs) ?? []).toSorted((a, b) => (a.title < b.title ? -1 : 1));
          for (const view of views) {
            const then = known.filter((p) => p.at <= view.at).at(-1) ?? known.find((p) => p.at <= timerMs);
            out.collect({ at: view.at, viewer: view.viewer, title: view.title, plan: then?.plan ?? 'unknown', age: then?.age ?? 'unknown', version: then?.version ?? 0 }, view.at);
          }
          waiting.remove(timerMs);
          // Views that can still come are younger than the one whose time this is: of what held before it, the latest version is enough.
          const past = known.filter((p) => p.at <= timerMs - waitMs).slice(0, -1);
          for (const p of past) versions.remove(p.version);
        },
      };
    })
    .name('enrich');
  writeTo(env, spec, enriched, 'enriched-views', (e) => e.viewer);
};
