// Writers for the events that make up nearly all of a run. Each puts into the hash, into the columns and before the watchers what
// `TraceWriter.emit` would, without walking over the catalogue's fields; a test holds the two together.
import type { Sym } from '../contract/events.ts';
import { putInt } from './hash.ts';
import { TYPE_OF, type TraceWriter } from './trace.ts';

const SENT = TYPE_OF['net.sent'];
const DELIVERED = TYPE_OF['net.delivered'];
const RECEIVED = TYPE_OF['request.received'];
const ANSWERED = TYPE_OF['request.answered'];
const APPEND = TYPE_OF['kafka.append'];
const HIGH_WATERMARK = TYPE_OF['kafka.highWatermark'];
const PRODUCED = TYPE_OF['producer.sent'];
const ACKNOWLEDGED = TYPE_OF['producer.acknowledged'];
const CONSUMED = TYPE_OF['consumer.delivered'];

/** net.sent: from, to, conn, api, response, correlationId, dueUs, bytes, records, firstRecord, fault, message. */
export function emitSent(
  trace: TraceWriter,
  process: Sym,
  cause: number,
  from: Sym,
  to: Sym,
  conn: Sym,
  api: Sym,
  response: boolean,
  correlationId: number,
  dueUs: number,
  bytes: number,
  records: number,
  firstRecord: number,
  fault: number,
  message: number,
): number {
  const answer = response ? 1 : 0;
  let at = trace.hashHead(SENT, process, cause);
  const { buffer } = trace.hasher;
  const words = trace.words.pairs;
  buffer[at] = words[2 * from]!;
  buffer[at + 1] = words[2 * from + 1]!;
  buffer[at + 2] = words[2 * to]!;
  buffer[at + 3] = words[2 * to + 1]!;
  buffer[at + 4] = words[2 * conn]!;
  buffer[at + 5] = words[2 * conn + 1]!;
  buffer[at + 6] = words[2 * api]!;
  buffer[at + 7] = words[2 * api + 1]!;
  buffer[at + 8] = answer;
  at = putInt(buffer, at + 9, correlationId);
  at = putInt(buffer, at, dueUs);
  at = putInt(buffer, at, bytes);
  at = putInt(buffer, at, records);
  trace.hasher.pending = putInt(buffer, at, fault);
  const columns = trace.stored(SENT);
  if (!columns) return trace.watched(SENT) ? trace.show(SENT, process, cause, from, to, conn, api, answer, correlationId, dueUs, bytes, records, firstRecord, fault, message) : trace.count++;
  const v = trace.open(columns, SENT, process, cause);
  const { values } = columns;
  values[v] = from;
  values[v + 1] = to;
  values[v + 2] = conn;
  values[v + 3] = api;
  values[v + 4] = answer;
  values[v + 5] = correlationId;
  columns.put(v + 6, dueUs);
  values[v + 7] = bytes;
  values[v + 8] = records;
  values[v + 9] = firstRecord;
  values[v + 10] = fault;
  values[v + 11] = message;
  return trace.count - 1;
}

/** net.delivered: from, to, conn, api, response, correlationId, records, firstRecord, message. */
export function emitDelivered(
  trace: TraceWriter,
  process: Sym,
  cause: number,
  from: Sym,
  to: Sym,
  conn: Sym,
  api: Sym,
  response: boolean,
  correlationId: number,
  records: number,
  firstRecord: number,
  message: number,
): number {
  const answer = response ? 1 : 0;
  let at = trace.hashHead(DELIVERED, process, cause);
  const { buffer } = trace.hasher;
  const words = trace.words.pairs;
  buffer[at] = words[2 * from]!;
  buffer[at + 1] = words[2 * from + 1]!;
  buffer[at + 2] = words[2 * to]!;
  buffer[at + 3] = words[2 * to + 1]!;
  buffer[at + 4] = words[2 * conn]!;
  buffer[at + 5] = words[2 * conn + 1]!;
  buffer[at + 6] = words[2 * api]!;
  buffer[at + 7] = words[2 * api + 1]!;
  buffer[at + 8] = answer;
  at = putInt(buffer, at + 9, correlationId);
  trace.hasher.pending = putInt(buffer, at, records);
  const columns = trace.stored(DELIVERED);
  if (!columns) return trace.watched(DELIVERED) ? trace.show(DELIVERED, process, cause, from, to, conn, api, answer, correlationId, records, firstRecord, message) : trace.count++;
  const v = trace.open(columns, DELIVERED, process, cause);
  const { values } = columns;
  values[v] = from;
  values[v + 1] = to;
  values[v + 2] = conn;
  values[v + 3] = api;
  values[v + 4] = answer;
  values[v + 5] = correlationId;
  values[v + 6] = records;
  values[v + 7] = firstRecord;
  values[v + 8] = message;
  return trace.count - 1;
}

/** request.received: client, conn, api, apiVersion, correlationId. */
export function emitReceived(trace: TraceWriter, process: Sym, cause: number, client: Sym, conn: Sym, api: Sym, apiVersion: number, correlationId: number): number {
  let at = trace.hashHead(RECEIVED, process, cause);
  const { buffer } = trace.hasher;
  const words = trace.words.pairs;
  buffer[at] = words[2 * client]!;
  buffer[at + 1] = words[2 * client + 1]!;
  buffer[at + 2] = words[2 * conn]!;
  buffer[at + 3] = words[2 * conn + 1]!;
  buffer[at + 4] = words[2 * api]!;
  buffer[at + 5] = words[2 * api + 1]!;
  at = putInt(buffer, at + 6, apiVersion);
  trace.hasher.pending = putInt(buffer, at, correlationId);
  const columns = trace.stored(RECEIVED);
  if (!columns) return trace.watched(RECEIVED) ? trace.show(RECEIVED, process, cause, client, conn, api, apiVersion, correlationId) : trace.count++;
  const v = trace.open(columns, RECEIVED, process, cause);
  const { values } = columns;
  values[v] = client;
  values[v + 1] = conn;
  values[v + 2] = api;
  values[v + 3] = apiVersion;
  values[v + 4] = correlationId;
  return trace.count - 1;
}

/** request.answered: client, conn, api, correlationId, error, latencyUs. */
export function emitAnswered(trace: TraceWriter, process: Sym, cause: number, client: Sym, conn: Sym, api: Sym, correlationId: number, error: Sym, latencyUs: number): number {
  let at = trace.hashHead(ANSWERED, process, cause);
  const { buffer } = trace.hasher;
  const words = trace.words.pairs;
  buffer[at] = words[2 * client]!;
  buffer[at + 1] = words[2 * client + 1]!;
  buffer[at + 2] = words[2 * conn]!;
  buffer[at + 3] = words[2 * conn + 1]!;
  buffer[at + 4] = words[2 * api]!;
  buffer[at + 5] = words[2 * api + 1]!;
  at = putInt(buffer, at + 6, correlationId);
  buffer[at] = words[2 * error]!;
  buffer[at + 1] = words[2 * error + 1]!;
  trace.hasher.pending = putInt(buffer, at + 2, latencyUs);
  const columns = trace.stored(ANSWERED);
  if (!columns) return trace.watched(ANSWERED) ? trace.show(ANSWERED, process, cause, client, conn, api, correlationId, error, latencyUs) : trace.count++;
  const v = trace.open(columns, ANSWERED, process, cause);
  const { values } = columns;
  values[v] = client;
  values[v + 1] = conn;
  values[v + 2] = api;
  values[v + 3] = correlationId;
  values[v + 4] = error;
  columns.put(v + 5, latencyUs);
  return trace.count - 1;
}

/** kafka.append: topic, partition, leader, baseOffset, records, firstRecord, leaderEpoch, bytes, producerId, producerEpoch, baseSequence, digest. */
export function emitAppend(
  trace: TraceWriter,
  process: Sym,
  cause: number,
  topic: Sym,
  partition: number,
  leader: boolean,
  baseOffset: number,
  records: number,
  firstRecord: number,
  leaderEpoch: number,
  bytes: number,
  producerId: number,
  producerEpoch: number,
  baseSequence: number,
  digest: number,
): number {
  const leads = leader ? 1 : 0;
  let at = trace.hashHead(APPEND, process, cause);
  const { buffer } = trace.hasher;
  const words = trace.words.pairs;
  buffer[at] = words[2 * topic]!;
  buffer[at + 1] = words[2 * topic + 1]!;
  buffer[at + 2] = partition;
  buffer[at + 3] = leads;
  at = putInt(buffer, at + 4, baseOffset);
  at = putInt(buffer, at, records);
  at = putInt(buffer, at, leaderEpoch);
  at = putInt(buffer, at, bytes);
  at = putInt(buffer, at, producerId);
  at = putInt(buffer, at, producerEpoch);
  at = putInt(buffer, at, baseSequence);
  trace.hasher.pending = putInt(buffer, at, digest);
  const columns = trace.stored(APPEND);
  if (!columns)
    return trace.watched(APPEND)
      ? trace.show(APPEND, process, cause, topic, partition, leads, baseOffset, records, firstRecord, leaderEpoch, bytes, producerId, producerEpoch, baseSequence, digest)
      : trace.count++;
  const v = trace.open(columns, APPEND, process, cause);
  const { values } = columns;
  values[v] = topic;
  values[v + 1] = partition;
  values[v + 2] = leads;
  columns.put(v + 3, baseOffset);
  values[v + 4] = records;
  values[v + 5] = firstRecord;
  columns.put(v + 6, leaderEpoch);
  values[v + 7] = bytes;
  columns.put(v + 8, producerId);
  columns.put(v + 9, producerEpoch);
  columns.put(v + 10, baseSequence);
  columns.put(v + 11, digest);
  return trace.count - 1;
}

/** kafka.highWatermark: topic, partition, offset, leader, logEndOffset, logStartOffset. */
export function emitHighWatermark(
  trace: TraceWriter,
  process: Sym,
  cause: number,
  topic: Sym,
  partition: number,
  offset: number,
  leader: boolean,
  logEndOffset: number,
  logStartOffset: number,
): number {
  const leads = leader ? 1 : 0;
  let at = trace.hashHead(HIGH_WATERMARK, process, cause);
  const { buffer } = trace.hasher;
  const words = trace.words.pairs;
  buffer[at] = words[2 * topic]!;
  buffer[at + 1] = words[2 * topic + 1]!;
  buffer[at + 2] = partition;
  at = putInt(buffer, at + 3, offset);
  buffer[at] = leads;
  at = putInt(buffer, at + 1, logEndOffset);
  trace.hasher.pending = putInt(buffer, at, logStartOffset);
  const columns = trace.stored(HIGH_WATERMARK);
  if (!columns) return trace.watched(HIGH_WATERMARK) ? trace.show(HIGH_WATERMARK, process, cause, topic, partition, offset, leads, logEndOffset, logStartOffset) : trace.count++;
  const v = trace.open(columns, HIGH_WATERMARK, process, cause);
  const { values } = columns;
  values[v] = topic;
  values[v + 1] = partition;
  columns.put(v + 2, offset);
  values[v + 3] = leads;
  columns.put(v + 4, logEndOffset);
  columns.put(v + 5, logStartOffset);
  return trace.count - 1;
}

/** producer.sent: topic, partition, records, firstRecord, acks, digest. */
export function emitProduced(trace: TraceWriter, process: Sym, cause: number, topic: Sym, partition: number, records: number, firstRecord: number, acks: number, digest: number): number {
  let at = trace.hashHead(PRODUCED, process, cause);
  const { buffer } = trace.hasher;
  const words = trace.words.pairs;
  buffer[at] = words[2 * topic]!;
  buffer[at + 1] = words[2 * topic + 1]!;
  buffer[at + 2] = partition;
  at = putInt(buffer, at + 3, records);
  at = putInt(buffer, at, acks);
  trace.hasher.pending = putInt(buffer, at, digest);
  const columns = trace.stored(PRODUCED);
  if (!columns) return trace.watched(PRODUCED) ? trace.show(PRODUCED, process, cause, topic, partition, records, firstRecord, acks, digest) : trace.count++;
  const v = trace.open(columns, PRODUCED, process, cause);
  const { values } = columns;
  values[v] = topic;
  values[v + 1] = partition;
  values[v + 2] = records;
  values[v + 3] = firstRecord;
  values[v + 4] = acks;
  columns.put(v + 5, digest);
  return trace.count - 1;
}

/** producer.acknowledged: topic, partition, baseOffset, records, firstRecord, acks. */
export function emitAcknowledged(trace: TraceWriter, process: Sym, cause: number, topic: Sym, partition: number, baseOffset: number, records: number, firstRecord: number, acks: number): number {
  let at = trace.hashHead(ACKNOWLEDGED, process, cause);
  const { buffer } = trace.hasher;
  const words = trace.words.pairs;
  buffer[at] = words[2 * topic]!;
  buffer[at + 1] = words[2 * topic + 1]!;
  buffer[at + 2] = partition;
  at = putInt(buffer, at + 3, baseOffset);
  at = putInt(buffer, at, records);
  trace.hasher.pending = putInt(buffer, at, acks);
  const columns = trace.stored(ACKNOWLEDGED);
  if (!columns) return trace.watched(ACKNOWLEDGED) ? trace.show(ACKNOWLEDGED, process, cause, topic, partition, baseOffset, records, firstRecord, acks) : trace.count++;
  const v = trace.open(columns, ACKNOWLEDGED, process, cause);
  const { values } = columns;
  values[v] = topic;
  values[v + 1] = partition;
  columns.put(v + 2, baseOffset);
  values[v + 3] = records;
  values[v + 4] = firstRecord;
  values[v + 5] = acks;
  return trace.count - 1;
}

/** consumer.delivered: group, topic, partition, baseOffset, nextOffset, records, firstRecord. */
export function emitConsumed(
  trace: TraceWriter,
  process: Sym,
  cause: number,
  group: Sym,
  topic: Sym,
  partition: number,
  baseOffset: number,
  nextOffset: number,
  records: number,
  firstRecord: number,
): number {
  let at = trace.hashHead(CONSUMED, process, cause);
  const { buffer } = trace.hasher;
  const words = trace.words.pairs;
  buffer[at] = words[2 * group]!;
  buffer[at + 1] = words[2 * group + 1]!;
  buffer[at + 2] = words[2 * topic]!;
  buffer[at + 3] = words[2 * topic + 1]!;
  buffer[at + 4] = partition;
  at = putInt(buffer, at + 5, baseOffset);
  at = putInt(buffer, at, nextOffset);
  trace.hasher.pending = putInt(buffer, at, records);
  const columns = trace.stored(CONSUMED);
  if (!columns) return trace.watched(CONSUMED) ? trace.show(CONSUMED, process, cause, group, topic, partition, baseOffset, nextOffset, records, firstRecord) : trace.count++;
  const v = trace.open(columns, CONSUMED, process, cause);
  const { values } = columns;
  values[v] = group;
  values[v + 1] = topic;
  values[v + 2] = partition;
  columns.put(v + 3, baseOffset);
  columns.put(v + 4, nextOffset);
  values[v + 5] = records;
  values[v + 6] = firstRecord;
  return trace.count - 1;
}
