// What a leader checks of a batch before it is appended, and the time it stamps on it (Kafka LogValidator).
import { ERR } from '../protocol/apiKeys.ts';
import type { RecordBatch } from '../protocol/batch.ts';
import { LOG_APPEND_TIME, stampAppendTime, withMaxTimestamp } from '../protocol/records.ts';
import type { RecordError } from '../protocol/messages.ts';
import type { Records } from '../../kernel/records.ts';
import { isControl } from './openTransactions.ts';
import type { TopicConfig } from '../metadata/configs.ts';

export interface Refusal {
  readonly error: number;
  readonly message: string;
  /** Records that it is about; empty where it is the batch. */
  readonly records: readonly RecordError[];
}

const NONE: readonly RecordError[] = [];
const WITHOUT_KEY = 'A record without a key has no place in a compacted topic.';
const OUT_OF_TIME = "A timestamp is too far from the broker's clock (message.timestamp.before.max.ms, message.timestamp.after.max.ms).";

/** @param rows the record table. @returns null when the batch may be appended. */
export function refusal(batch: RecordBatch, config: TopicConfig, nowMs: number, rows: Records): Refusal | null {
  if (batch.bytes > config.maxMessageBytes) return { error: ERR.MESSAGE_TOO_LARGE, message: `The batch has ${batch.bytes} bytes; max.message.bytes is ${config.maxMessageBytes}.`, records: NONE };
  const unfit = unfitFor(batch);
  if (unfit !== null) return { error: ERR.INVALID_RECORD, message: unfit, records: NONE };
  if (config.compact && batch.firstRecord >= 0) {
    const keyless = recordsWhere(batch, (id) => rows.at(id)!.key === null, WITHOUT_KEY);
    if (keyless.length > 0) return { error: ERR.INVALID_RECORD, message: WITHOUT_KEY, records: keyless };
  }
  if (!config.logAppendTime && outOfTime(batch, config, nowMs, rows)) return { error: ERR.INVALID_TIMESTAMP, message: OUT_OF_TIME, records: lateRecords(batch, config, nowMs, rows) };
  if (batch.bytes > config.segmentBytes) return { error: ERR.RECORD_LIST_TOO_LARGE, message: `The batch has ${batch.bytes} bytes; segment.bytes is ${config.segmentBytes}.`, records: NONE };
  return null;
}

/** What no client may send, whatever the topic (Kafka LogValidator.validateBatch). */
function unfitFor(batch: RecordBatch): string | null {
  if (isControl(batch)) return 'Clients do not write control batches.';
  if (batch.producerId >= 0 && batch.baseSequence < 0) return `A batch of producer ${batch.producerId} has no sequence number.`;
  if (batch.count <= 0 || batch.lastOffsetDelta !== batch.count - 1) return `The batch has ${batch.count} records, and ${batch.lastOffsetDelta + 1} by its last offset.`;
  return null;
}

function recordsWhere(batch: RecordBatch, holds: (id: number) => boolean, batchIndexErrorMessage: string): RecordError[] {
  const found: RecordError[] = [];
  for (let batchIndex = 0; batchIndex < batch.count; batchIndex++) if (holds(batch.firstRecord + batchIndex)) found.push({ batchIndex, batchIndexErrorMessage });
  return found;
}

function fits(timestampMs: number, config: TopicConfig, nowMs: number): boolean {
  return timestampMs === -1 || (nowMs - timestampMs <= config.timestampBeforeMaxMs && timestampMs - nowMs <= config.timestampAfterMaxMs);
}

function outOfTime(batch: RecordBatch, config: TopicConfig, nowMs: number, rows: Records): boolean {
  if (batch.firstRecord < 0 || config.timestampBeforeMaxMs === Infinity) return !fits(batch.maxTimestampMs, config, nowMs);
  for (let i = 0; i < batch.count; i++) if (!fits(rows.at(batch.firstRecord + i)!.timestampMs, config, nowMs)) return true;
  return false;
}

function lateRecords(batch: RecordBatch, config: TopicConfig, nowMs: number, rows: Records): readonly RecordError[] {
  return batch.firstRecord < 0 ? NONE : recordsWhere(batch, (id) => !fits(rows.at(id)!.timestampMs, config, nowMs), OUT_OF_TIME);
}

/** The batch with the broker's time on it, where the topic wants that (message.timestamp.type=LogAppendTime), else with the largest timestamp of its records, whatever a client outside said. */
export function stamped(batch: RecordBatch, config: TopicConfig, nowMs: number, rows: Records): RecordBatch {
  if (!config.logAppendTime) {
    const { encoded, firstRecord, count } = batch;
    if (encoded === null || firstRecord < 0) return batch;
    let maxTimestampMs = -1;
    for (let i = 0; i < count; i++) maxTimestampMs = Math.max(maxTimestampMs, rows.at(firstRecord + i)!.timestampMs);
    return maxTimestampMs === batch.maxTimestampMs ? batch : { ...batch, maxTimestampMs, encoded: withMaxTimestamp(encoded, maxTimestampMs) };
  }
  return { ...batch, attributes: batch.attributes | LOG_APPEND_TIME, maxTimestampMs: nowMs, encoded: batch.encoded && stampAppendTime(batch.encoded, nowMs) };
}
