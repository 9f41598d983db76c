// The jobs that scenarios name.
import type { JobSpec } from '../../contract/scenario.ts';
import { StreamExecutionEnvironment } from '../api/environment.ts';
import { StreamError } from '../errors.ts';
import type { StreamGraph } from '../graph/jobGraph.ts';
import { trendingContent } from './trending.ts';

/** Puts a job together in an environment. */
export type JobBuilder = (env: StreamExecutionEnvironment, spec: JobSpec) => void;

export const JOBS: Readonly<Record<string, JobBuilder>> = { 'trending-content': trendingContent };

/** @throws StreamError UNKNOWN_JOB, and what the job itself finds wrong. */
export function graphOf(spec: JobSpec): StreamGraph {
  const build = Object.hasOwn(JOBS, spec.job) ? JOBS[spec.job] : undefined;
  if (!build) throw new StreamError('UNKNOWN_JOB', `There is no job ${spec.job}. Known: ${Object.keys(JOBS).join(', ')}.`);
  const env = new StreamExecutionEnvironment(spec.parameters, spec.autoWatermarkIntervalMs);
  build(env, spec);
  return env.getStreamGraph();
}
