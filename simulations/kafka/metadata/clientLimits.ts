// The limits of one quota: who shares one with whom, and how much it is (Kafka ClientQuotaManager with its DefaultQuotaCallback).
import { entityKey, type QuotaEntity } from './quotas.ts';

/** Whom Kafka takes clients for that do not authenticate. */
export const ANONYMOUS = 'ANONYMOUS';

/** Who sends a request. */
export interface QuotaClient {
  readonly user: string;
  readonly clientId: string;
}

/** Levels on which quotas were ever set since the process started. */
const LEVEL = { clientId: 1, user: 2, both: 4 } as const;

/** What is kept for all clients that share a quota. */
interface Shared<T> {
  readonly of: QuotaClient;
  readonly meter: T;
  limit: number;
}

export class ClientLimits<T> {
  private readonly limits = new Map<string, number>();
  private readonly shared = new Map<string, Shared<T>>();
  private readonly makeMeter: () => T;
  private readonly unlimited: number;
  private levels = 0;

  /** @param unlimited the limit where none is set. */
  constructor(makeMeter: () => T, unlimited: number) {
    this.makeMeter = makeMeter;
    this.unlimited = unlimited;
  }

  /** Whether a quota was ever set since the process started; until then nothing is counted. */
  get enabled(): boolean {
    return this.levels !== 0;
  }

  /** @param limit null takes it back. */
  set(entity: QuotaEntity, limit: number | null): void {
    this.levels |= entity.user === undefined ? LEVEL.clientId : entity['client-id'] === undefined ? LEVEL.user : LEVEL.both;
    if (limit === null) this.limits.delete(entityKey(entity));
    else this.limits.set(entityKey(entity), limit);
    for (const s of this.shared.values()) s.limit = this.limitOf(s.of);
  }

  /** The limit of a client, and what is kept for those that share it. */
  of(client: QuotaClient): { readonly meter: T; readonly limit: number } {
    const of = this.sharedBy(client);
    const key = `${JSON.stringify(of.user)}/${of.clientId}`;
    let found = this.shared.get(key);
    if (!found) this.shared.set(key, (found = { of, meter: this.makeMeter(), limit: this.limitOf(of) }));
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
    return clientId !== '' ? this.first({ 'client-id': clientId }, { 'client-id': null }) : this.unlimited;
  }

  private first(...entities: readonly QuotaEntity[]): number {
    for (const entity of entities) {
      const limit = this.limits.get(entityKey(entity));
      if (limit !== undefined) return limit;
    }
    return this.unlimited;
  }
}
