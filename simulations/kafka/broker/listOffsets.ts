// ListOffsets: offsets by time, and the places that negative times stand for (Kafka Partition.fetchOffsetForTimestamp).
import { nextOffsetOf, runsOf, type RecordBatch } from '../protocol/batch.ts';
import { ERR } from '../protocol/apiKeys.ts';
import type { ListOffsetsPartition, ListOffsetsPartitionResponse, ListOffsetsRequest, ListOffsetsResponse } from '../protocol/messages.ts';
import { LOG_APPEND_TIME } from '../protocol/records.ts';
import type { Records } from '../../kernel/records.ts';
import type { Broker, Request } from './broker.ts';
import type { PartitionLog } from './log.ts';
import type { Partition } from './partition.ts';
import { readableEnd } from './stable.ts';

const LATEST = -1;
const EARLIEST = -2;
const MAX_TIMESTAMP = -3;
const EARLIEST_LOCAL = -4;
const LATEST_TIERED = -5;
/** Lowest version of the request that knows a special time. */
const SINCE: Readonly<Record<number, number>> = { [LATEST]: 0, [EARLIEST]: 0, [MAX_TIMESTAMP]: 7, [EARLIEST_LOCAL]: 8, [LATEST_TIERED]: 9 };

interface Found {
  readonly offset: number;
  /** Milliseconds since the epoch; -1 = none. */
  readonly timestampMs: number;
  readonly leaderEpoch: number;
}

const NOTHING: Found = { offset: -1, timestampMs: -1, leaderEpoch: -1 };

export function listOffsets(broker: Broker, request: Request): void {
  const body = request.message.body as ListOffsetsRequest;
  let first = 0;
  const response: ListOffsetsResponse = {
    throttleTimeMs: 0,
    topics: body.topics.map((t) => ({
      name: t.name,
      partitions: onceEach(t.partitions).map((asked): ListOffsetsPartitionResponse => {
        const found = t.partitions.some((p) => p !== asked && p.partitionIndex === asked.partitionIndex) ? ERR.INVALID_REQUEST : lookUp(broker, body, t.name, asked, request.message.apiVersion);
        const errorCode = typeof found === 'number' ? found : 0;
        first ||= errorCode;
        const { offset, timestampMs, leaderEpoch } = typeof found === 'number' ? NOTHING : found;
        return { partitionIndex: asked.partitionIndex, errorCode, oldStyleOffsets: [], timestamp: timestampMs, offset, leaderEpoch };
      }),
    })),
  };
  broker.reply(request, response, first);
}

/** A partition that is named more than once is answered once. */
function onceEach(asked: readonly ListOffsetsPartition[]): readonly ListOffsetsPartition[] {
  return asked.filter((p, i) => asked.findIndex((q) => q.partitionIndex === p.partitionIndex) === i);
}

/** @returns what was found, or an error code. */
function lookUp(broker: Broker, body: ListOffsetsRequest, topic: string, asked: ListOffsetsPartition, version: number): Found | number {
  const { timestamp, currentLeaderEpoch } = asked;
  if (timestamp < 0 && version < (SINCE[timestamp] ?? Infinity)) return ERR.UNSUPPORTED_VERSION;
  if (!broker.image.partition(topic, asked.partitionIndex)) return ERR.UNKNOWN_TOPIC_OR_PARTITION;
  const p = broker.partition(topic, asked.partitionIndex);
  if (!p || p.role !== 'leader') return ERR.NOT_LEADER_OR_FOLLOWER;
  if (currentLeaderEpoch >= 0 && currentLeaderEpoch !== p.state.leaderEpoch) return currentLeaderEpoch < p.state.leaderEpoch ? ERR.FENCED_LEADER_EPOCH : ERR.UNKNOWN_LEADER_EPOCH;
  const fromClient = body.replicaId < 0;
  const end = fromClient ? readableEnd(p, body.isolationLevel) : p.log.logEndOffset;
  // A new leader may not know yet how far its predecessor had let consumers read: what it would answer might go back.
  const lagging = fromClient && p.log.epochs.startOf(p.state.leaderEpoch) > p.highWatermark;
  const unavailable = version >= 5 ? ERR.OFFSET_NOT_AVAILABLE : ERR.LEADER_NOT_AVAILABLE;
  if (timestamp === LATEST) return lagging ? unavailable : { offset: end, timestampMs: -1, leaderEpoch: p.state.leaderEpoch };
  if (timestamp === EARLIEST || timestamp === EARLIEST_LOCAL) return { offset: p.log.logStartOffset, timestampMs: -1, leaderEpoch: p.log.epochs.earliest(p.log.logStartOffset) };
  if (timestamp === LATEST_TIERED) return NOTHING;
  const { records } = broker.kernel.trace;
  const found = timestamp === MAX_TIMESTAMP ? latestInTime(p, records) : offsetForTimestamp(p.log, timestamp, records);
  if (found && found.offset < end) return found;
  return lagging ? unavailable : NOTHING;
}

/** The first record at or after a time, in offset order. */
export function offsetForTimestamp(log: PartitionLog, timestampMs: number, rows: Records): Found | null {
  for (let i = log.indexOf(log.logStartOffset); i < log.batches.length; i++) {
    const b = log.batches[i]!;
    if (b.maxTimestampMs < timestampMs) continue;
    const found = inBatch(b, log.logStartOffset, rows, (t) => t >= timestampMs);
    if (found) return found;
  }
  return null;
}

/** The first record with the largest timestamp in the log. */
function latestInTime({ log }: Partition, rows: Records): Found | null {
  let latest: RecordBatch | null = null;
  for (const b of log.batches) if (nextOffsetOf(b) > log.logStartOffset && (latest === null || b.maxTimestampMs > latest.maxTimestampMs)) latest = b;
  return latest && inBatch(latest, log.logStartOffset, rows, (t) => t === latest.maxTimestampMs);
}

function inBatch(b: RecordBatch, fromOffset: number, rows: Records, fits: (timestampMs: number) => boolean): Found | null {
  for (const run of runsOf(b, fromOffset)) {
    for (let i = 0; i < run.count; i++) {
      const timestampMs = timestampOf(b, run.firstRecord < 0 ? -1 : run.firstRecord + i, rows);
      if (fits(timestampMs)) return { offset: run.offset + i, timestampMs, leaderEpoch: b.leaderEpoch };
    }
  }
  return null;
}

/** Timestamp of a record: its own, or the broker's where the topic uses LogAppendTime. */
function timestampOf(b: RecordBatch, record: number, rows: Records): number {
  return (b.attributes & LOG_APPEND_TIME) !== 0 || record < 0 ? b.maxTimestampMs : rows.at(record)!.timestampMs;
}
