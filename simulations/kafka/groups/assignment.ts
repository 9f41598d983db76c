// Partitions by topic id, as the groups whose assignment the broker computes keep them (KIP-848, KIP-932).
import type { MetadataImage } from '../metadata/image.ts';
import type { TopicIdPartitions } from '../protocol/groupMessages.ts';

/** Partition numbers, ascending, by topic id; no topic without partitions. */
export type Assignment = ReadonlyMap<string, readonly number[]>;

export const NOTHING: Assignment = new Map();

function filtered(a: Assignment, keep: (topicId: string, partition: number) => boolean): Assignment {
  const out = new Map<string, readonly number[]>();
  for (const [id, list] of a) {
    const kept = list.filter((p) => keep(id, p));
    if (kept.length > 0) out.set(id, kept);
  }
  return out;
}

export function has(a: Assignment, topicId: string, partition: number): boolean {
  return a.get(topicId)?.includes(partition) ?? false;
}

export function both(a: Assignment, b: Assignment): Assignment {
  return filtered(a, (id, p) => has(b, id, p));
}

export function without(a: Assignment, b: Assignment): Assignment {
  return filtered(a, (id, p) => !has(b, id, p));
}

export function together(a: Assignment, b: Assignment): Assignment {
  const out = new Map(a);
  for (const [id, list] of b)
    out.set(
      id,
      [...new Set([...(out.get(id) ?? []), ...list])].sort((x, y) => x - y),
    );
  return out;
}

export function same(a: Assignment, b: Assignment): boolean {
  return a.size === b.size && [...a].every(([id, list]) => b.get(id)?.length === list.length && list.every((p) => has(b, id, p)));
}

export function touches(a: Assignment, b: Assignment): boolean {
  for (const [id, list] of a) for (const p of list) if (has(b, id, p)) return true;
  return false;
}

export function within(a: Assignment, b: Assignment): boolean {
  for (const [id, list] of a) for (const p of list) if (!has(b, id, p)) return false;
  return true;
}

export function fromWire(topics: readonly TopicIdPartitions[]): Assignment {
  return together(NOTHING, new Map(topics.filter((t) => t.partitions.length > 0).map((t) => [t.topicId, t.partitions])));
}

export function toWire(a: Assignment): TopicIdPartitions[] {
  return [...a].map(([topicId, partitions]) => ({ topicId, partitions }));
}

/** topic-partition names, comma separated; a topic that is gone keeps its id. */
export function namesOf(a: Assignment, image: MetadataImage): string {
  return [...a].flatMap(([id, list]) => list.map((p) => `${image.topicById(id)?.name ?? id}-${p}`)).join(',');
}

/** As text that is the same for the same partitions. */
export function textOf(a: Assignment): string {
  return [...a].map(([id, list]) => `${id}:${list.join('+')}`).join(';');
}
