// What people do in a row: binge watching, churn, conversion, virality, a change of taste. Each is a pattern over the events of one key.
import { skipPastLastEvent, skipToNext } from '../cep/afterMatchSkip.ts';
import { Pattern } from '../cep/pattern.ts';
import { CEP } from '../api/cep.ts';
import { OutputTag } from '../api/dataStream.ts';
import type { JobBuilder } from './catalogue.ts';
import { number } from './parameters.ts';
import { HOUR_MS, MINUTE_MS, readAll, writeTo, type Happened, type View } from './shared.ts';

/** Three of one series one after the other within two hours, nothing else in between. */
export const bingeWatching: JobBuilder = (env, spec) => {
  const sameSeries = (stage: string) => (v: View, context: { getEventsForPattern(name: string): readonly View[] }) => context.getEventsForPattern(stage).at(-1)?.series === v.series;
  const pattern = Pattern.begin<View>('first', skipPastLastEvent())
    .where((v) => v.minutes >= 10)
    .next('second')
    .where((v, context) => v.minutes >= 10 && sameSeries('first')(v, context))
    .next('third')
    .where((v, context) => v.minutes >= 10 && sameSeries('second')(v, context))
    .within(number(env, 'withinMs', 2 * HOUR_MS));
  const views = readAll<View>(env, spec, 'views').keyBy((v) => v.viewer);
  const binges = CEP.pattern(views, pattern)
    .select((match) => {
      const [first] = match.get('first')!;
      const [third] = match.get('third')!;
      return { viewer: first!.viewer, series: first!.series, from: first!.at, until: third!.at };
    })
    .name('binge');
  writeTo(env, spec, binges, 'binges', (b) => b.viewer);
};

interface Step extends Happened {
  readonly viewer: string;
  readonly step: 'watch' | 'paywall' | 'trial' | 'upgrade' | 'cancel-page';
}

const steps = (step: Step['step']) => (e: Step) => e.step === step;

/** Someone looks at the page for canceling and then does not watch for half a day. */
export const churnRisk: JobBuilder = (env, spec) => {
  const pattern = Pattern.begin<Step>('asked', skipToNext())
    .where(steps('cancel-page'))
    .notFollowedBy('watched')
    .where(steps('watch'))
    .within(number(env, 'withinMs', 12 * HOUR_MS));
  const journey = readAll<Step>(env, spec, 'journeys').keyBy((e) => e.viewer);
  const risks = CEP.pattern(journey, pattern)
    .select((match) => {
      const [asked] = match.get('asked')!;
      return { viewer: asked!.viewer, at: asked!.at };
    })
    .name('churn');
  writeTo(env, spec, risks, 'churn-risks', (r) => r.viewer);
};

/** A trial, the paywall at least twice, then the upgrade, within a day. Trials that do not get there are told apart. */
export const premiumConversion: JobBuilder = (env, spec) => {
  const missed = new OutputTag<unknown>('missed');
  const pattern = Pattern.begin<Step>('trial', skipPastLastEvent())
    .where(steps('trial'))
    .followedBy('paywall')
    .where(steps('paywall'))
    .timesOrMore(2)
    .greedy()
    .followedBy('upgrade')
    .where(steps('upgrade'))
    .within(number(env, 'withinMs', 24 * HOUR_MS));
  const journey = readAll<Step>(env, spec, 'journeys').keyBy((e) => e.viewer);
  const conversions = CEP.pattern(journey, pattern)
    .process<{ viewer: string; from: number; until: number; paywalls: number }>({
      processMatch: (match, _, out) => {
        const [trial] = match.get('trial')!;
        const [upgrade] = match.get('upgrade')!;
        out.collect({ viewer: trial!.viewer, from: trial!.at, until: upgrade!.at, paywalls: match.get('paywall')!.length });
      },
      processTimedOutMatch: (match, { output }) => {
        const [trial] = match.get('trial')!;
        output(missed, { viewer: trial!.viewer, from: trial!.at, paywalls: match.get('paywall')?.length ?? 0 });
      },
    })
    .name('conversion');
  writeTo(env, spec, conversions, 'conversions', (c) => c.viewer);
  const lost = conversions.getSideOutput(missed as OutputTag<{ viewer: string; from: number; paywalls: number }>);
  writeTo(env, { ...spec, name: `${spec.name}-missed` }, lost, 'missed-conversions', (c) => c.viewer);
};

interface Share extends Happened {
  readonly title: string;
  readonly by: string;
  readonly to: string;
}

/** A recommendation that is passed on twice within half an hour, each time by who got it. */
export const virality: JobBuilder = (env, spec) => {
  const passedOn = (stage: string) => (s: Share, context: { getEventsForPattern(name: string): readonly Share[] }) => context.getEventsForPattern(stage).at(-1)?.to === s.by;
  const pattern = Pattern.begin<Share>('first', skipPastLastEvent())
    .followedByAny('second')
    .where((s, context) => passedOn('first')(s, context))
    .followedByAny('third')
    .where((s, context) => passedOn('second')(s, context))
    .within(number(env, 'withinMs', 30 * MINUTE_MS));
  const shares = readAll<Share>(env, spec, 'shares').keyBy((s) => s.title);
  const chains = CEP.pattern(shares, pattern)
    .select((match) => {
      const chain = ['first', 'second', 'third'].map((stage) => match.get(stage)![0]!);
      return { title: chain[0]!.title, chain: [chain[0]!.by, ...chain.map((s) => s.to)], from: chain[0]!.at, until: chain[2]!.at };
    })
    .name('viral');
  writeTo(env, spec, chains, 'viral-titles', (c) => c.title);
};

/** Two or more of one genre, and then two of another one after each other, within six hours. */
export const tasteChange: JobBuilder = (env, spec) => {
  const pattern = Pattern.begin<View>('old', skipPastLastEvent())
    .where((v, context) => context.getEventsForPattern('old').every((o) => o.genre === v.genre))
    .timesOrMore(2)
    .consecutive()
    .next('new')
    .where((v, context) => {
      const [before] = context.getEventsForPattern('old');
      return before!.genre !== v.genre && context.getEventsForPattern('new').every((o) => o.genre === v.genre);
    })
    .times(2)
    .consecutive()
    .within(number(env, 'withinMs', 6 * HOUR_MS));
  const views = readAll<View>(env, spec, 'views').keyBy((v) => v.viewer);
  const changes = CEP.pattern(views, pattern)
    .select((match) => {
      const before = match.get('old')![0]!;
      const after = match.get('new')!.at(-1)!;
      return { viewer: after.viewer, from: before.genre, to: after.genre, at: after.at };
    })
    .name('taste');
  writeTo(env, spec, changes, 'taste-changes', (c) => c.viewer);
};
