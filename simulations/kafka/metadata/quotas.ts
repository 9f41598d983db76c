// Client quotas: whose they are, which there are, which values they take, and what a filter finds of those that are set
// (Kafka 4.0 ClientQuotaControlManager, QuotaConfig, ClientQuotasImage; KIP-546).
import { ERR } from '../protocol/apiKeys.ts';
import { MATCH, type DescribeClientQuotasRequest, type QuotaEntityPart } from '../protocol/quotaMessages.ts';

/** Types of the parts of an entity, in the order in which they are told. */
const TYPES = ['user', 'client-id', 'ip'] as const;

/** Whose a quota is: a name per type, null = the default of that type; a type that is absent does not matter. Never empty, and an ip stands alone. */
export interface QuotaEntity {
  readonly user?: string | null;
  readonly 'client-id'?: string | null;
  readonly ip?: string | null;
}

export const PRODUCER_BYTE_RATE = 'producer_byte_rate';
export const CONSUMER_BYTE_RATE = 'consumer_byte_rate';
export const CONTROLLER_MUTATION_RATE = 'controller_mutation_rate';

/** Quotas of users and clients, by name: bytes a second (whole), percent of a thread's time, partitions a second. */
const OF_CLIENTS: ReadonlyMap<string, number> = new Map([
  [PRODUCER_BYTE_RATE, 2 ** 63],
  [CONSUMER_BYTE_RATE, 2 ** 63],
  ['request_percentage', 0],
  [CONTROLLER_MUTATION_RATE, 0],
]);
/** Quotas of addresses: connections a second (whole). */
const OF_ADDRESSES: ReadonlyMap<string, number> = new Map([['connection_creation_rate', 2 ** 31 - 1]]);

/** A whole number may be above by this much. */
const EPSILON = 1e-6;

export interface QuotaRefusal {
  readonly errorCode: number;
  readonly errorMessage: string;
}

function refuse(errorMessage: string, errorCode: number = ERR.INVALID_REQUEST): QuotaRefusal {
  return { errorCode, errorMessage };
}

/** An entity as a request names it; of a type that is named twice the last counts. @returns why it is none where it is none. */
export function entityOf(parts: readonly QuotaEntityPart[]): QuotaEntity | QuotaRefusal {
  const entity: { -readonly [T in keyof QuotaEntity]: QuotaEntity[T] } = {};
  for (const { entityType, entityName } of parts) {
    if (!isType(entityType)) return refuse(`${entityType} is not a type of entity that quotas can be set for: user, client-id and ip are.`);
    if (entityName === '') return refuse(`The name of the ${entityType} is empty; null stands for the default.`);
    entity[entityType] = entityName;
  }
  const { ip } = entity;
  if (parts.length === 0) return refuse('The entity is empty: name a user, a client-id or an ip.');
  if (ip === undefined) return entity;
  if (Object.keys(entity).length > 1) return refuse('An ip cannot be combined with a user or a client-id.');
  return ip === null || isAddress(ip) ? entity : refuse(`${ip} is not an IP address.`);
}

function isType(type: string): type is keyof QuotaEntity {
  return (TYPES as readonly string[]).includes(type);
}

const BYTE = '(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)';
const IPV4 = new RegExp(`^${BYTE}(?:\\.${BYTE}){3}$`);
const IPV6 = /^(?=(?:.*:){2})(?!.*::.*::)(?!.*:::)(?:(?:[\da-f]{1,4})?:){2,7}(?:[\da-f]{1,4})?$/i;

/** Whether a text is an IPv4 or IPv6 address. Kafka takes the name of a host too, if it can be resolved: here none can. */
function isAddress(text: string): boolean {
  return IPV4.test(text) || (IPV6.test(text) && (text.includes('::') || text.split(':').length === 8));
}

/** What is wrong with the value of a quota; null when nothing is. */
export function wrongQuota(entity: QuotaEntity, key: string, value: number): QuotaRefusal | null {
  const most = (entity.ip === undefined ? OF_CLIENTS : OF_ADDRESSES).get(key);
  if (most === undefined) return refuse(`${key} is not a quota of ${entity.ip === undefined ? 'users and clients' : 'addresses'}.`);
  if (!(value > 0)) return refuse(`${key} must be greater than 0.`);
  if (most === 0) return null;
  if (value > most) return refuse(`${key} is too large.`);
  return value % 1 > EPSILON ? refuse(`${key} must be a whole number.`) : null;
}

/** The same text for the same entity. */
export function entityKey(entity: QuotaEntity): string {
  return TYPES.filter((type) => entity[type] !== undefined)
    .map((type) => `${type}=${JSON.stringify(entity[type])}`)
    .join(',');
}

/** An entity as people read it, e.g. `user=a, client-id=<default>`. */
export function entityText(entity: QuotaEntity): string {
  return partsOf(entity)
    .map((p) => `${p.entityType}=${p.entityName ?? '<default>'}`)
    .join(', ');
}

export function partsOf(entity: QuotaEntity): QuotaEntityPart[] {
  return TYPES.flatMap((entityType) => (entity[entityType] === undefined ? [] : [{ entityType, entityName: entity[entityType] }]));
}

export interface SetQuotas {
  readonly entity: QuotaEntity;
  readonly values: ReadonlyMap<string, number>;
}

/** The quotas that are set, in the order in which their entities came to have some. */
export class ClientQuotas {
  private readonly entities = new Map<string, { readonly entity: QuotaEntity; readonly values: Map<string, number> }>();

  /** @param value null takes the quota back. */
  set(entity: QuotaEntity, key: string, value: number | null): void {
    const name = entityKey(entity);
    let found = this.entities.get(name);
    if (value !== null) {
      if (!found) this.entities.set(name, (found = { entity, values: new Map() }));
      found.values.set(key, value);
    } else if (found?.values.delete(key) && found.values.size === 0) this.entities.delete(name);
  }

  valueOf(entity: QuotaEntity, key: string): number | undefined {
    return this.entities.get(entityKey(entity))?.values.get(key);
  }

  all(): SetQuotas[] {
    return [...this.entities.values()];
  }

  /** What a filter finds, or why it is none. */
  find(filter: DescribeClientQuotasRequest): SetQuotas[] | QuotaRefusal {
    const { components, strict } = filter;
    const wrong = wrongFilter(components);
    if (wrong) return wrong;
    return this.all().filter(({ entity }) => {
      if (strict && partsOf(entity).length !== components.length) return false;
      return components.every((c) => {
        const name = entity[c.entityType as keyof QuotaEntity];
        return name !== undefined && (c.matchType === MATCH.any || name === c.match);
      });
    });
  }
}

function wrongFilter(components: DescribeClientQuotasRequest['components']): QuotaRefusal | null {
  const seen: string[] = [];
  for (const { entityType, matchType, match } of components) {
    if (entityType === '') return refuse('The type of an entity is empty.');
    if (seen.includes(entityType)) return refuse(`The type ${entityType} stands in the filter more than once.`);
    if (!isType(entityType)) return refuse(`${entityType} is not a type of entity that quotas can be set for.`, ERR.UNSUPPORTED_VERSION);
    seen.push(entityType);
    if (matchType === MATCH.exact) {
      if (match === null) return refuse('An exact match needs a name.');
    } else if (matchType !== MATCH.byDefault && matchType !== MATCH.any) return refuse(`Match type ${matchType} is none that Kafka knows.`);
    else if (match !== null) return refuse('Only an exact match has a name.');
  }
  return seen.includes('ip') && seen.length > 1 ? refuse('A filter by ip cannot be combined with one by user or client-id.') : null;
}
