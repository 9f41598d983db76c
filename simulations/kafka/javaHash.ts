// Java's hash of a text, what Kafka picks by it, and the order in which hash maps and sets walk over their keys: where Kafka leaves an order to them.

export function javaHash(text: string): number {
  let hash = 0;
  for (let i = 0; i < text.length; i++) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) | 0;
  return hash;
}

/** Partition of an internal topic that keeps what has this name: the hash made positive as Kafka's Utils.abs does, modulo the partitions. */
export function partitionOfName(name: string, partitions: number): number {
  const hash = javaHash(name);
  return (hash === -2_147_483_648 ? 0 : Math.abs(hash)) % partitions;
}

/** Keys in the order of a HashMap into which they were put one by one: the table doubles above three quarters (OpenJDK, 16 buckets at first). */
export function hashMapOrder(keys: readonly string[], hashOf: (key: string) => number = javaHash): string[] {
  let buckets = 16;
  while (keys.length > buckets * 0.75) buckets *= 2;
  return inBuckets(keys, hashOf, buckets);
}

/** Keys in the order of a HashSet made of all of them, which is large enough for them at once. */
export function hashSetOrder(keys: readonly string[], hashOf: (key: string) => number): string[] {
  let buckets = 16;
  while (buckets < Math.floor(keys.length / 0.75) + 1) buckets *= 2;
  return inBuckets(keys, hashOf, buckets);
}

/** Within a bucket as they were put in. */
function inBuckets(keys: readonly string[], hashOf: (key: string) => number, buckets: number): string[] {
  return keys
    .map((key) => {
      const hash = hashOf(key);
      return { key, bucket: (hash ^ (hash >>> 16)) & (buckets - 1) };
    })
    .sort((a, b) => a.bucket - b.bucket)
    .map(({ key }) => key);
}

/** Keys in the order of a TimelineHashMap of Kafka's coordinators into which they were put one by one (BaseHashTable: 2 slots at first). */
export function timelineOrder(keys: readonly string[]): string[] {
  let shift = 63n;
  for (let slots = 2; keys.length * 0.75 > slots; slots *= 2) shift--;
  return keys
    .map((key, i) => ({ key, i, slot: Number(BigInt.asUintN(64, BigInt(javaHash(key)) * FIBONACCI) >> shift) }))
    .sort((a, b) => a.slot - b.slot || b.i - a.i)
    .map(({ key }) => key);
}

const FIBONACCI = -7_046_029_254_386_353_131n;

/** Keys in the order of a Scala HashMap: its table doubles before three quarters are reached, and a bucket is ordered by hash (scala.collection.mutable.HashMap). */
export function scalaMapOrder(keys: readonly string[]): string[] {
  let buckets = 16;
  while (keys.length >= buckets * 0.75) buckets *= 2;
  return keys
    .map((key) => {
      const hash = javaHash(key);
      return { key, hash: hash ^ (hash >>> 16) };
    })
    .sort((a, b) => (a.hash & (buckets - 1)) - (b.hash & (buckets - 1)) || a.hash - b.hash)
    .map(({ key }) => key);
}
