// Traffic out of the ordinary: views per minute beside what the minutes before it were like; a spike, a slump, or silence.
import type { ValueState } from '../state/keyedState.ts';
import { TumblingEventTimeWindows } from '../windows/assigners.ts';
import type { JobBuilder } from './catalogue.ts';
import { number } from './parameters.ts';
import { MINUTE_MS, readAll, writeTo, type View } from './shared.ts';

interface Minute {
  readonly minute: number;
  readonly views: number;
}

interface Usual {
  /** Exponentially weighted mean and mean deviation. */
  mean: number;
  deviation: number;
  minutes: number;
  last: number;
}

/** Weight of the newest minute. */
const WEIGHT = 0.2;

interface Anomaly {
  readonly kind: 'spike' | 'slump' | 'silence';
  readonly minute: number;
  readonly views: number;
  readonly usual: number;
}

export const trafficAnomaly: JobBuilder = (env, spec) => {
  const sizeMs = number(env, 'sizeMs', MINUTE_MS);
  const tolerance = number(env, 'deviations', 4);
  const learning = number(env, 'learningMinutes', 8);
  const perMinute = readAll<View>(env, spec, 'views')
    .windowAll(TumblingEventTimeWindows.of(sizeMs))
    .aggregate<number, number, Minute>(
      { createAccumulator: () => 0, add: (_, n) => n + 1, getResult: (n) => n },
      { process: (_, { window }, [views], out) => out.collect({ minute: window.startMs, views: views! }) },
    )
    .name('per-minute');
  const anomalies = perMinute
    .keyBy(() => 'all')
    .processKeyed<Anomaly>(() => {
      let usual: ValueState<Usual>;
      return {
        open: ({ states }) => (usual = states.valueState('usual')),
        processElement: ({ minute, views }, _, out) => {
          const u = usual.value() ?? { mean: views, deviation: 0, minutes: 0, last: minute - sizeMs };
          const round = (value: number) => Math.round(value * 100) / 100;
          for (let m = u.last + sizeMs; m < minute; m += sizeMs) out.collect({ kind: 'silence', minute: m, views: 0, usual: round(u.mean) });
          const off = views - u.mean;
          const strange = u.minutes >= learning && Math.abs(off) > tolerance * Math.max(u.deviation, 1);
          if (strange) out.collect({ kind: off > 0 ? 'spike' : 'slump', minute, views, usual: round(u.mean) });
          // What is out of the ordinary does not become the ordinary.
          usual.update(strange ? { ...u, last: minute } : { mean: u.mean + WEIGHT * off, deviation: u.deviation + WEIGHT * (Math.abs(off) - u.deviation), minutes: u.minutes + 1, last: minute });
        },
      };
    })
    .name('anomalies');
  writeTo(env, spec, anomalies, 'anomalies', (a) => a.kind);
};
