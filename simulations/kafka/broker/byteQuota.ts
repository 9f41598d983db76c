// One byte-rate quota as a broker keeps it: what each client may, what it does, and how long it must wait when that is too much
// (Kafka ClientQuotaManager with its DefaultQuotaCallback).
import { entityKey, type QuotaEntity } from '../metadata/quotas.ts';
import { ByteRate, WINDOWS } from './byteRate.ts';

/** Who sends a request. */
export interface QuotaClient {
  readonly user: string;
  readonly clientId: string;
}

/** Clients that share one quota: those of one user, of one client id, or of both. */
interface Metered {
  readonly of: QuotaClient;
  readonly rate: ByteRate;
  /** Bytes a second; Infinity = no limit. */
  limit: number;
}

/** What came of a request that was counted. */
export interface Verdict {
  /** How long the client must wait, milliseconds; 0 = it is within its quota. */
  readonly throttleMs: number;
  /** Bytes a second, and how many of them it may. */
  readonly rate: number;
  readonly limit: number;
}

/** Levels on which quotas were ever set since the broker started. */
const LEVEL = { clientId: 1, user: 2, both: 4 } as const;

export class ByteQuota {
  private readonly limits = new Map<string, number>();
  private readonly metered = new Map<string, Metered>();
  private levels = 0;

  /** Whether a quota was ever set since the broker started; until then nothing is counted. */
  get enabled(): boolean {
    return this.levels !== 0;
  }

  /** @param limit bytes a second; null takes it back. */
  set(entity: QuotaEntity, limit: number | null): void {
    this.levels |= entity.user === undefined ? LEVEL.clientId : entity['client-id'] === undefined ? LEVEL.user : LEVEL.both;
    if (limit === null) this.limits.delete(entityKey(entity));
    else this.limits.set(entityKey(entity), limit);
    for (const m of this.metered.values()) m.limit = this.limitOf(m.of);
  }

  /** Counts bytes. @param nowMs never less than before. */
  record(client: QuotaClient, bytes: number, nowMs: number): Verdict {
    const { rate, limit } = this.meteredOf(client);
    rate.record(bytes, nowMs);
    const { bytesPerSecond, windowMs } = rate.measure(nowMs);
    const throttleMs = bytesPerSecond <= limit ? 0 : Math.floor(((bytesPerSecond - limit) / limit) * windowMs + 0.5) | 0;
    return { throttleMs, rate: bytesPerSecond, limit };
  }

  /** Takes back what was counted: an answer that is held back carries nothing. */
  unrecord(client: QuotaClient, bytes: number, nowMs: number): void {
    this.meteredOf(client).rate.record(-bytes, nowMs);
  }

  /** As many bytes as a client that was idle can have at once without having to wait; Infinity = no limit. */
  mostAtOnce(client: QuotaClient): number {
    return this.meteredOf(client).limit * (WINDOWS - 1);
  }

  private meteredOf(client: QuotaClient): Metered {
    const of = this.sharedBy(client);
    const key = `${JSON.stringify(of.user)}/${of.clientId}`;
    let found = this.metered.get(key);
    if (!found) this.metered.set(key, (found = { of, rate: new ByteRate(), limit: this.limitOf(of) }));
    return found;
  }

  /** With whom a client shares its quota: '' stands for all. With quotas on one level only that level says it, else the most specific that is set. */
  private sharedBy({ user, clientId }: QuotaClient): QuotaClient {
    switch (this.levels) {
      case 0:
      case LEVEL.clientId:
        return { user: '', clientId };
      case LEVEL.user:
        return { user, clientId: '' };
      case LEVEL.both:
        return { user, clientId };
    }
    const both = { user, clientId };
    if (this.has({ user, 'client-id': clientId }) || this.has({ user, 'client-id': null })) return both;
    if (this.has({ user })) return { user, clientId: '' };
    if (this.has({ user: null, 'client-id': clientId }) || this.has({ user: null, 'client-id': null })) return both;
    return this.has({ user: null }) ? { user, clientId: '' } : { user: '', clientId };
  }

  private has(entity: QuotaEntity): boolean {
    return this.limits.has(entityKey(entity));
  }

  private limitOf({ user, clientId }: QuotaClient): number {
    if (user !== '' && clientId !== '') return this.first({ user, 'client-id': clientId }, { user, 'client-id': null }, { user: null, 'client-id': clientId }, { user: null, 'client-id': null });
    if (user !== '') return this.first({ user }, { user: null });
    return clientId !== '' ? this.first({ 'client-id': clientId }, { 'client-id': null }) : Infinity;
  }

  private first(...entities: readonly QuotaEntity[]): number {
    for (const entity of entities) {
      const limit = this.limits.get(entityKey(entity));
      if (limit !== undefined) return limit;
    }
    return Infinity;
  }
}
