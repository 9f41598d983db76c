// One byte-rate quota as a broker keeps it: what each client does, and how long it must wait when that is too much (Kafka ClientQuotaManager).
import { ClientLimits, type QuotaClient } from '../metadata/clientLimits.ts';
import type { QuotaEntity } from '../metadata/quotas.ts';
import { ByteRate, WINDOWS } from './byteRate.ts';

/** What came of a request that was counted. */
export interface Verdict {
  /** How long the client must wait, milliseconds; 0 = it is within its quota. */
  readonly throttleMs: number;
  /** Bytes a second, and how many of them it may. */
  readonly rate: number;
  readonly limit: number;
}

export class ByteQuota {
  private readonly limits = new ClientLimits(() => new ByteRate(), Infinity);
  /** Whether a quota was ever set since the broker started; until then nothing is counted. */
  get enabled(): boolean {
    return this.limits.enabled;
  }

  /** @param limit bytes a second; null takes it back. */
  set(entity: QuotaEntity, limit: number | null): void {
    this.limits.set(entity, limit);
  }

  /** Counts bytes. @param nowMs never less than before. */
  record(client: QuotaClient, bytes: number, nowMs: number): Verdict {
    const { meter, limit } = this.limits.of(client);
    meter.record(bytes, nowMs);
    const { bytesPerSecond, windowMs } = meter.measure(nowMs);
    const throttleMs = bytesPerSecond <= limit ? 0 : Math.floor(((bytesPerSecond - limit) / limit) * windowMs + 0.5) | 0;
    return { throttleMs, rate: bytesPerSecond, limit };
  }

  /** Takes back what was counted: an answer that is held back carries nothing. */
  unrecord(client: QuotaClient, bytes: number, nowMs: number): void {
    this.limits.of(client).meter.record(-bytes, nowMs);
  }

  /** As many bytes as a client that was idle can have at once without having to wait; Infinity = no limit. */
  mostAtOnce(client: QuotaClient): number {
    return this.limits.of(client).limit * (WINDOWS - 1);
  }
}
