// Kafka's hash of record keys: MurmurHash2, 32 bits, seed 0x9747b28c (org.apache.kafka.common.utils.Utils.murmur2; public domain,
// Austin Appleby), and the partition that the default partitioner picks for a key.

/** @returns a signed 32-bit integer. */
export function murmur2(bytes: Uint8Array): number {
  const m = 0x5bd1e995;
  const length = bytes.length;
  let h = 0x9747b28c ^ length;
  const words = length & ~3;
  for (let i = 0; i < words; i += 4) {
    let k = bytes[i]! | (bytes[i + 1]! << 8) | (bytes[i + 2]! << 16) | (bytes[i + 3]! << 24);
    k = Math.imul(k, m);
    k ^= k >>> 24;
    k = Math.imul(k, m);
    h = Math.imul(h, m) ^ k;
  }
  const rest = length & 3;
  if (rest === 3) h ^= bytes[words + 2]! << 16;
  if (rest >= 2) h ^= bytes[words + 1]! << 8;
  if (rest >= 1) h = Math.imul(h ^ bytes[words]!, m);
  h ^= h >>> 13;
  h = Math.imul(h, m);
  return h ^ (h >>> 15);
}

/** Drops the sign bit: not the absolute value (Utils.toPositive). */
export function toPositive(hash: number): number {
  return hash & 0x7fffffff;
}

/** BuiltInPartitioner.partitionForKey. @param partitions 1 or more. */
export function partitionForKey(key: Uint8Array, partitions: number): number {
  return toPositive(murmur2(key)) % partitions;
}
