// The directory of this broker's logs: how many bytes each partition has there, and that none can go anywhere else (Kafka ReplicaManager).
import { LOG_DIR } from '../metadata/image.ts';
import { ERR } from '../protocol/apiKeys.ts';
import type { DescribeLogDirsRequest } from '../protocol/adminMessages.ts';
import type { AlterReplicaLogDirsRequest } from '../protocol/clusterMessages.ts';
import type { Broker, Request } from './broker.ts';

export function describeLogDirs(broker: Broker, request: Request): void {
  const { topics: asked } = request.message.body as DescribeLogDirsRequest;
  const wanted = asked && new Map(asked.map((t) => [t.topic, new Set(t.partitions)]));
  const topics = [...broker.disk.logs].map(([name, logs]) => ({
    name,
    partitions: logs.flatMap((log, partitionIndex) => {
      if (!log || (wanted && !wanted.get(name)?.has(partitionIndex))) return [];
      const highWatermark = broker.partition(name, partitionIndex)?.highWatermark ?? 0;
      return [{ partitionIndex, partitionSize: log.size(), offsetLag: Math.max(0, highWatermark - log.logEndOffset), isFutureKey: false }];
    }),
  }));
  const result = { errorCode: 0, logDir: LOG_DIR, topics: topics.filter((t) => t.partitions.length > 0), totalBytes: -1, usableBytes: -1 };
  broker.reply(request, { throttleTimeMs: 0, errorCode: 0, results: [result] }, 0);
}

/** A replica stays where it is when it is sent to the one directory that there is; others are LOG_DIR_NOT_FOUND, whether or not the replica is known. */
export function alterLogDirs(broker: Broker, request: Request): void {
  /** Directory by partition, by topic: what is said last counts. */
  const wanted = new Map<string, Map<number, string>>();
  for (const { path, topics } of (request.message.body as AlterReplicaLogDirsRequest).dirs) {
    for (const { name, partitions } of topics) {
      const own = wanted.get(name) ?? new Map<number, string>();
      for (const partition of partitions) own.set(partition, path);
      wanted.set(name, own);
    }
  }
  const results = [...wanted].map(([topicName, own]) => ({
    topicName,
    partitions: [...own].map(([partitionIndex, path]) => ({ partitionIndex, errorCode: path === LOG_DIR ? replicaError(broker, topicName, partitionIndex) : ERR.LOG_DIR_NOT_FOUND })),
  }));
  broker.reply(request, { throttleTimeMs: 0, results }, results.flatMap((r) => r.partitions).find((p) => p.errorCode !== 0)?.errorCode ?? 0);
}

function replicaError(broker: Broker, topic: string, partition: number): number {
  if (broker.partition(topic, partition)) return 0;
  return broker.image.partition(topic, partition) ? ERR.NOT_LEADER_OR_FOLLOWER : ERR.UNKNOWN_TOPIC_OR_PARTITION;
}
