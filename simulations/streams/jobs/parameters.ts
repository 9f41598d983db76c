// What jobs are told, read in one way.
import type { DeliveryGuarantee } from '../connectors/kafkaSinkSpec.ts';
import type { StreamExecutionEnvironment } from '../api/environment.ts';
import { StreamError } from '../errors.ts';

/** @throws StreamError INVALID_PARAMETER where it is no whole number from 0. */
export function number(env: StreamExecutionEnvironment, name: string, fallback: number): number {
  const text = env.get(name, String(fallback));
  if (!/^\d{1,15}$/.test(text)) throw new StreamError('INVALID_PARAMETER', `${name} must be a whole number from 0, and it is ${text}.`);
  return Number(text);
}

const GUARANTEES: readonly DeliveryGuarantee[] = ['NONE', 'AT_LEAST_ONCE', 'EXACTLY_ONCE'];

/** How the sink of a job writes: exactly once unless told. @throws StreamError INVALID_PARAMETER */
export function guaranteeOf(env: StreamExecutionEnvironment, prefix: string): { readonly guarantee: DeliveryGuarantee; readonly transactionalIdPrefix: string; readonly transactionTimeoutMs: number } {
  const text = env.get('guarantee', 'EXACTLY_ONCE');
  const guarantee = GUARANTEES.find((g) => g === text);
  if (!guarantee) throw new StreamError('INVALID_PARAMETER', `guarantee must be one of ${GUARANTEES.join(', ')}, and it is ${text}.`);
  return { guarantee, transactionalIdPrefix: prefix, transactionTimeoutMs: number(env, 'transactionTimeoutMs', 900_000) };
}
