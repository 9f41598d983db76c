// Checkers for client quotas: what the controller takes, what a filter finds, and how long a client must wait.
import { ByteQuota } from '../../simulations/kafka/broker/byteQuota.ts';
import { MutationQuota } from '../../simulations/kafka/controller/mutationQuota.ts';
import { alterations } from '../../simulations/kafka/controller/quotas.ts';
import { ClientQuotas, entityOf, partsOf, type QuotaEntity, type SetQuotas } from '../../simulations/kafka/metadata/quotas.ts';
import type { AlterClientQuotasRequest, DescribeClientQuotasRequest, QuotaEntityPart } from '../../simulations/kafka/protocol/quotaMessages.ts';
import { all, type Checker } from './outcome.ts';

/** Parts as Kafka's answers were written down: by name of the type. */
const told = (entity: QuotaEntity): QuotaEntityPart[] => partsOf(entity).sort((a, b) => (a.entityType < b.entityType ? -1 : 1));
const byText = <T>(list: T[]): T[] => list.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
const state = (quotas: ClientQuotas) => byText(quotas.all().map(({ entity, values }) => ({ entity: told(entity), values: Object.fromEntries([...values].sort()) })));

const quotas: Checker = (c) => {
  const stored = new ClientQuotas();
  if (c['entities']) {
    for (const parts of c['entities'] as QuotaEntityPart[][]) stored.set(entityOf(parts) as QuotaEntity, 'producer_byte_rate', 1);
    const found = stored.find(c['request'] as DescribeClientQuotasRequest);
    return all([c['expected'], 'errorCode' in found ? { code: found.errorCode } : { entities: byText((found as SetQuotas[]).map((f) => told(f.entity))) }]);
  }
  const answers = (c['requests'] as AlterClientQuotasRequest['entries'][]).map((entries) => {
    const altered = alterations(stored, entries);
    for (const { entity, changes } of altered) for (const { key, value } of changes) stored.set(entity, key, value);
    return { codes: altered.map((a) => a.refused?.errorCode ?? 0), state: state(stored) };
  });
  const expected = (c['expected'] as { codes: number[]; state: { entity: unknown[] }[] }[]).map((e) => ({ ...e, state: byText(e.state) }));
  return all([expected, answers]);
};

interface Step {
  readonly atMs: number;
  readonly quota?: { readonly user?: string | null; readonly 'client-id'?: string | null; readonly value: number | null };
  readonly user: string;
  readonly clientId: string;
  readonly bytes: number;
  readonly unrecordIfThrottled?: boolean;
}

const throttle: Checker = (c) => {
  const quota = new ByteQuota();
  const answers = (c['steps'] as Step[]).map((step) => {
    if (step.quota) {
      const { value, ...entity } = step.quota;
      quota.set(entity, value);
      return null;
    }
    const most = quota.enabled ? quota.mostAtOnce(step) : Infinity;
    const throttleTimeMs = quota.enabled ? quota.record(step, step.bytes, step.atMs).throttleMs : 0;
    if (step.unrecordIfThrottled && throttleTimeMs > 0) quota.unrecord(step, step.bytes, step.atMs);
    return { maxInWindow: most === Infinity ? null : most, throttleTimeMs };
  });
  return all([c['expected'], answers]);
};

interface MutationStep extends Pick<Step, 'atMs' | 'quota' | 'user' | 'clientId'> {
  readonly strict: boolean;
  /** Of each topic in the request. */
  readonly partitions: readonly number[];
}

const mutation: Checker = (c) => {
  const quota = new MutationQuota();
  const answers = (c['steps'] as MutationStep[]).map((step) => {
    if (step.quota) {
      const { value, ...entity } = step.quota;
      quota.set(entity, value);
      return null;
    }
    const mutations = quota.of(step, step.strict, step.atMs);
    const taken = step.partitions.map((n) => mutations.take(n));
    return { taken, throttleTimeMs: mutations.throttleMs };
  });
  return all([c['expected'], answers]);
};

export const KAFKA_QUOTAS: Readonly<Record<string, Checker>> = { 'client-quotas': quotas, 'client-quota-throttle': throttle, 'controller-mutation-quota': mutation };
