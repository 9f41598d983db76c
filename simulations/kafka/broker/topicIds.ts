// Topics by id, as Fetch names them from version 13 on (KIP-516).
import { ZERO_UUID } from '../protocol/layout.ts';
import type { Broker } from './broker.ts';

/** Id of a topic in the metadata image; the zero id where it has none. */
export function topicIdOf(broker: Broker, topic: string): string {
  return (broker.image.topics.get(topic) as { readonly topicId?: string } | undefined)?.topicId ?? ZERO_UUID;
}

/** @returns null when no topic has the id. */
export function topicNamed(broker: Broker, topicId: string): string | null {
  if (topicId === ZERO_UUID || topicId === '') return null;
  for (const name of broker.image.topics.keys()) if (topicIdOf(broker, name) === topicId) return name;
  return null;
}
