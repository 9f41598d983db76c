// Where each field of an event type stands among its stored values, so that hot folds read numbers and build no objects.
import { EVENTS, type EventName } from '../../simulations/contract/events.ts';

export type FieldNames<K extends EventName> = (typeof EVENTS)[K]['fields'][number]['name'];

/** Positions of an event type's fields: `columns('kafka.append').baseOffset` is the `i` of `store.value(seq, i)`. */
export function columns<K extends EventName>(type: K): Readonly<Record<FieldNames<K>, number>> {
  return Object.fromEntries(EVENTS[type].fields.map((field, i) => [field.name, i])) as Record<FieldNames<K>, number>;
}
