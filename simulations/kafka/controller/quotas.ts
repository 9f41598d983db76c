// Changing client quotas (Kafka ClientQuotaControlManager): the changes of an entity are made together or not at all.
import { entityOf, entityText, wrongQuota, type ClientQuotas, type QuotaEntity, type QuotaRefusal } from '../metadata/quotas.ts';
import { ERR } from '../protocol/apiKeys.ts';
import type { AlterClientQuotasRequest, AlterClientQuotasResponse, QuotaEntityPart } from '../protocol/quotaMessages.ts';
import type { ControllerState } from './state.ts';

type Ops = AlterClientQuotasRequest['entries'][number]['ops'];

/** What becomes of one entity of a request. */
interface Alteration {
  readonly parts: readonly QuotaEntityPart[];
  readonly entity: QuotaEntity;
  readonly refused: QuotaRefusal | null;
  /** What changes; `value` null takes a quota back. */
  readonly changes: readonly { readonly key: string; readonly value: number | null }[];
}

/** Judges a request, one answer for each entity that it names. @param now what is set. */
export function alterations(now: ClientQuotas, entries: AlterClientQuotasRequest['entries']): Alteration[] {
  const names = entries.map(({ entity }) => nameOf(entity));
  return entries
    .filter((_, i) => names.indexOf(names[i]!) === i)
    .map(({ entity: parts, ops }) => {
      const entity = entityOf(parts);
      const once = 'errorCode' in entity ? refused(parts, entity as QuotaRefusal) : judged(now, parts, entity, ops);
      const name = nameOf(parts);
      // As Kafka has it: what is asked for an entity the second time is refused, and what was asked first is done nevertheless.
      return names.indexOf(name) === names.lastIndexOf(name) ? once : { ...once, refused: { errorCode: ERR.INVALID_REQUEST, errorMessage: 'The entity stands in the request more than once.' } };
    });
}

function judged(now: ClientQuotas, parts: readonly QuotaEntityPart[], entity: QuotaEntity, ops: Ops): Alteration {
  const changes: { key: string; value: number | null }[] = [];
  for (const { key, value, remove } of ops) {
    if (ops.filter((other) => other.key === key).length > 1) return refused(parts, { errorCode: ERR.INVALID_REQUEST, errorMessage: `${key} stands in the request more than once.` });
    const wrong = remove ? null : wrongQuota(entity, key, value);
    if (wrong) return refused(parts, wrong);
    const wanted = remove ? null : value;
    if ((now.valueOf(entity, key) ?? null) !== wanted) changes.push({ key, value: wanted });
  }
  return { parts, entity, refused: null, changes };
}

function refused(parts: readonly QuotaEntityPart[], why: QuotaRefusal): Alteration {
  return { parts, entity: {}, refused: why, changes: [] };
}

/** The same text for the same entity, whether or not it is a good one. */
function nameOf(parts: readonly QuotaEntityPart[]): string {
  const named = new Map(parts.map((p) => [p.entityType, p.entityName]));
  return JSON.stringify([...named].sort(([a], [b]) => (a < b ? -1 : 1)));
}

export function alterQuotas(state: ControllerState, request: AlterClientQuotasRequest): AlterClientQuotasResponse {
  const { kernel: k, process, image } = state;
  const { cause } = k;
  const altered = alterations(image.quotas, request.entries);
  for (const { entity, changes } of request.validateOnly ? [] : altered) {
    for (const { key, value } of changes) {
      state.write({ type: 'quota', entity, key, value });
      k.cause = k.trace.emit('kafka.quotaChanged', process.sym, cause, k.trace.sym(entityText(entity)), k.trace.sym(key), k.trace.sym(value === null ? '' : String(value)), value === null);
    }
  }
  k.cause = cause;
  const entries = altered.map((a) => ({ errorCode: a.refused?.errorCode ?? 0, errorMessage: a.refused?.errorMessage ?? null, entity: a.parts }));
  return { throttleTimeMs: 0, entries };
}
