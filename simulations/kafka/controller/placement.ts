// Where the replicas of new partitions go: in stripes over the brokers, from a drawn start (Kafka StripedReplicaPlacer on one rack; Kafka
// also shuffles after each full round).
import { drawInt, drawKey } from '../../kernel/draws.ts';
import type { MetadataImage } from '../metadata/image.ts';

export interface Placement {
  readonly replicas: readonly number[];
  /** Those of them that can be in sync at once. */
  readonly isr: readonly number[];
}

/**
 * @param first number of the first new partition: those of a topic that grows start from a draw of their own.
 * @returns the placements, or in words why there are none.
 */
export function place(image: MetadataImage, seed: number, topic: string, wanted: { readonly first: number; readonly count: number; readonly replicas: number }): Placement[] | string {
  const registered = [...image.brokers.values()].filter((b) => !b.shuttingDown).sort((a, b) => a.id - b.id);
  const live = registered.filter((b) => !b.fenced).map((b) => b.id);
  const fenced = registered.filter((b) => b.fenced).map((b) => b.id);
  if (live.length === 0) return 'All brokers are fenced.';
  if (wanted.replicas > registered.length) return `Replication factor ${wanted.replicas} with ${registered.length} registered brokers.`;
  const key = drawKey(seed, wanted.first === 0 ? `topic/${topic}/placement` : `topic/${topic}/placement/${wanted.first}`);
  const start = drawInt(key, 0, live.length);
  const fencedStart = fenced.length > 0 ? drawInt(key, 1, fenced.length) : 0;
  return Array.from({ length: wanted.count }, (_, p) => {
    // Fenced brokers only where there are too few others, and never first.
    const replicas = Array.from({ length: wanted.replicas }, (_, i) => (i < live.length ? live[(start + p + i) % live.length]! : fenced[(fencedStart + p + i - live.length) % fenced.length]!));
    return { replicas, isr: replicas.filter((b) => image.isActive(b)) };
  });
}

/** What is wrong with a list of replicas that a client gave; null when nothing is. @param factor replicas that it must have; null = any number. */
export function wrongAssignment(image: MetadataImage, replicas: readonly number[], factor: number | null): string | null {
  if (replicas.length === 0) return 'A partition needs at least one replica.';
  const unknown = replicas.find((b) => !image.brokers.has(b));
  if (unknown !== undefined) return `Broker ${unknown} is not registered.`;
  if (new Set(replicas).size < replicas.length) return `Brokers ${replicas.join(', ')} name one more than once.`;
  return factor !== null && replicas.length !== factor ? `A partition with ${replicas.length} replicas among partitions with ${factor}.` : null;
}
