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
  if (!trace.told(SENT)) return trace.count++;
  return trace.keep(SENT, process, cause, from, to, conn, api, answer, correlationId, dueUs, bytes, records, firstRecord, fault, message);
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
  if (!trace.told(DELIVERED)) return trace.count++;
  return trace.keep(DELIVERED, process, cause, from, to, conn, api, answer, correlationId, records, firstRecord, message);
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
  if (!trace.told(RECEIVED)) return trace.count++;
  return trace.keep(RECEIVED, process, cause, client, conn, api, apiVersion, correlationId);
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
  if (!trace.told(ANSWERED)) return trace.count++;
  return trace.keep(ANSWERED, process, cause, client, conn, api, correlationId, error, latencyUs);
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
  if (!trace.told(APPEND)) return trace.count++;
  return trace.keep(APPEND, process, cause, topic, partition, leads, baseOffset, records, firstRecord, leaderEpoch, bytes, producerId, producerEpoch, baseSequence, digest);
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
  if (!trace.told(HIGH_WATERMARK)) return trace.count++;
  return trace.keep(HIGH_WATERMARK, process, cause, topic, partition, offset, leads, logEndOffset, logStartOffset);
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
  if (!trace.told(PRODUCED)) return trace.count++;
  return trace.keep(PRODUCED, process, cause, topic, partition, records, firstRecord, acks, digest);
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
  if (!trace.told(ACKNOWLEDGED)) return trace.count++;
  return trace.keep(ACKNOWLEDGED, process, cause, topic, partition, baseOffset, records, firstRecord, acks);
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
  if (!trace.told(CONSUMED)) return trace.count++;
  return trace.keep(CONSUMED, process, cause, group, topic, partition, baseOffset, nextOffset, records, firstRecord);
}
