// DescribeLogDirs: how many bytes each partition has on this broker (Kafka ReplicaManager.describeLogDirs).
import { LOG_DIR } from '../metadata/image.ts';
import type { DescribeLogDirsRequest } from '../protocol/adminMessages.ts';
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
