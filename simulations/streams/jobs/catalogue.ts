// The jobs that scenarios name.
import type { JobSpec } from '../../contract/scenario.ts';
import { StreamExecutionEnvironment } from '../api/environment.ts';
import { StreamError } from '../errors.ts';
import type { StreamGraph } from '../graph/jobGraph.ts';
import { abTest } from './abTest.ts';
import { trafficAnomaly } from './anomaly.ts';
import { engagement } from './engagement.ts';
import { enrichment } from './enrichment.ts';
import { bingeWatching, churnRisk, premiumConversion, tasteChange, virality } from './patterns.ts';
import { trendingContent } from './trending.ts';

/** Puts a job together in an environment. */
export type JobBuilder = (env: StreamExecutionEnvironment, spec: JobSpec) => void;

/** In all of them records of one key come from one partition, and time alone decides: no result depends on the order in which partitions are read. */
export const JOBS: Readonly<Record<string, JobBuilder>> = {
  'trending-content': trendingContent,
  'engagement-per-session': engagement,
  'enrichment-join': enrichment,
  'binge-watching': bingeWatching,
  'churn-risk': churnRisk,
  'premium-conversion': premiumConversion,
  virality: virality,
  'taste-change': tasteChange,
  'live-ab-test': abTest,
  'traffic-anomaly': trafficAnomaly,
};

/** @throws StreamError UNKNOWN_JOB, and what the job itself finds wrong. */
export function graphOf(spec: JobSpec): StreamGraph {
  const build = Object.hasOwn(JOBS, spec.job) ? JOBS[spec.job] : undefined;
  if (!build) throw new StreamError('UNKNOWN_JOB', `There is no job ${spec.job}. Known: ${Object.keys(JOBS).join(', ')}.`);
  const env = new StreamExecutionEnvironment(spec.parameters, spec.autoWatermarkIntervalMs);
  build(env, spec);
  return env.getStreamGraph();
}
