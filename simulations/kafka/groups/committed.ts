// The offsets that a group has committed, by partition.

export interface CommittedOffset {
  readonly offset: number;
  readonly leaderEpoch: number;
  readonly metadata: string | null;
}

/** By `offsetKey`. */
export type Offsets = Map<string, CommittedOffset>;

export function offsetKey(topic: string, partition: number): string {
  return `${topic}-${partition}`;
}

export function partitionOfKey(key: string): { topic: string; partition: number } {
  const cut = key.lastIndexOf('-');
  return { topic: key.slice(0, cut), partition: Number(key.slice(cut + 1)) };
}
