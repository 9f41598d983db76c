// controller_mutation_rate: how many partitions a client may create and delete a second. A bucket of tokens refills at that rate; while it is
// below zero nothing is taken (Kafka ControllerMutationQuotaManager, TokenBucket; KIP-599).
import { ClientLimits, type QuotaClient } from '../metadata/clientLimits.ts';
import type { QuotaEntity } from '../metadata/quotas.ts';

/** controller.quota.window.num of controller.quota.window.size.seconds (Kafka 4.0 defaults: 11 of 1 s): so long an idle client saves tokens, seconds. */
const BURST_S = 11;
/** Where no quota is set: the largest long. */
const UNLIMITED = 2 ** 63;

interface Bucket {
  tokens: number;
  /** When it was last refilled, milliseconds since 1970. */
  filledMs: number;
}

/** What one request may do. */
export interface Mutations {
  /** How long its client must wait, milliseconds; 0 = it is within its quota. */
  throttleMs: number;
  /** Counts partitions that are to be created or deleted. @returns whether they may be. */
  take(partitions: number): boolean;
}

/** Where no quota was ever set. */
export const UNBOUND: Mutations = { throttleMs: 0, take: () => true };

export class MutationQuota {
  private readonly limits = new ClientLimits<Bucket>(() => ({ tokens: 0, filledMs: 0 }), UNLIMITED);

  /** @param limit partitions a second; null takes it back. */
  set(entity: QuotaEntity, limit: number | null): void {
    this.limits.set(entity, limit);
  }

  /** @param strict whether what is beyond the quota is refused; older versions of the requests only have to wait. @param nowMs since 1970. */
  of(client: QuotaClient, strict: boolean, nowMs: number): Mutations {
    if (!this.limits.enabled) return UNBOUND;
    const { meter, limit } = this.limits.of(client);
    const refill = (used: number) => {
      meter.tokens = Math.min(limit * BURST_S, Math.min(limit * BURST_S, meter.tokens + (limit * (nowMs - meter.filledMs)) / 1_000) - used);
      meter.filledMs = nowMs;
    };
    const mutations: Mutations = {
      throttleMs: 0,
      take: (partitions) => {
        refill(strict ? 0 : partitions);
        const exhausted = meter.tokens < 0;
        if (exhausted) mutations.throttleMs = Math.floor((-meter.tokens / limit) * 1_000 + 0.5);
        if (strict && exhausted) return false;
        if (strict) refill(partitions);
        return true;
      },
    };
    return mutations;
  }
}
