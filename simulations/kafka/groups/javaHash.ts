// Java's hash of a text, and the order in which a small java.util.HashMap walks over such keys: where Kafka leaves an order to it.

export function javaHash(text: string): number {
  let hash = 0;
  for (let i = 0; i < text.length; i++) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) | 0;
  return hash;
}

/** Keys in the order of a HashMap: by bucket, within a bucket as they were put in. The table doubles above three quarters (OpenJDK, 16 buckets at first). */
export function hashMapOrder(keys: readonly string[]): string[] {
  let buckets = 16;
  while (keys.length > buckets * 0.75) buckets *= 2;
  const bucketOf = (key: string) => {
    const hash = javaHash(key);
    return (hash ^ (hash >>> 16)) & (buckets - 1);
  };
  return keys
    .map((key, at) => ({ key, at, bucket: bucketOf(key) }))
    .sort((a, b) => a.bucket - b.bucket || a.at - b.at)
    .map((k) => k.key);
}
