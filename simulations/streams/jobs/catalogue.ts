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

export interface CatalogueJob {
  readonly build: JobBuilder;
  /** Whether its output is the same in whatever order records of different partitions reach it: else a crash may lead to another one. */
  readonly orderFree: boolean;
}

/** In all of them records of one key come from one partition, and time alone decides: none depends on the order in which partitions are read. */
const orderFree = (build: JobBuilder): CatalogueJob => ({ build, orderFree: true });

export const JOBS: Readonly<Record<string, CatalogueJob>> = {
  'trending-content': orderFree(trendingContent),
  'engagement-per-session': orderFree(engagement),
  'enrichment-join': orderFree(enrichment),
  'binge-watching': orderFree(bingeWatching),
  'churn-risk': orderFree(churnRisk),
  'premium-conversion': orderFree(premiumConversion),
  virality: orderFree(virality),
  'taste-change': orderFree(tasteChange),
  'live-ab-test': orderFree(abTest),
  'traffic-anomaly': orderFree(trafficAnomaly),
};

export function isOrderFree(job: string): boolean {
  return Object.hasOwn(JOBS, job) && JOBS[job]!.orderFree;
}

/** @throws StreamError UNKNOWN_JOB, and what the job itself finds wrong. */
export function graphOf(spec: JobSpec): StreamGraph {
  const job = Object.hasOwn(JOBS, spec.job) ? JOBS[spec.job] : undefined;
  if (!job) throw new StreamError('UNKNOWN_JOB', `There is no job ${spec.job}. Known: ${Object.keys(JOBS).join(', ')}.`);
  const env = new StreamExecutionEnvironment(spec.parameters, spec.autoWatermarkIntervalMs);
  job.build(env, spec);
  return env.getStreamGraph();
}
