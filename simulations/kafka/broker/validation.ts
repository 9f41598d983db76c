// What a leader checks of a batch before it is appended, and the time it stamps on it (Kafka LogValidator).
import { ERR } from '../protocol/apiKeys.ts';
import type { RecordBatch } from '../protocol/batch.ts';
import { LOG_APPEND_TIME, stampAppendTime } from '../protocol/records.ts';
import type { Records } from '../../kernel/records.ts';
import { isControl } from './openTransactions.ts';
import type { TopicConfig } from '../metadata/configs.ts';

export interface Refusal {
  readonly error: number;
  readonly message: string;
}

/** @param rows the record table. @returns null when the batch may be appended. */
export function refusal(batch: RecordBatch, config: TopicConfig, nowMs: number, rows: Records): Refusal | null {
  if (batch.bytes > config.maxMessageBytes) return { error: ERR.MESSAGE_TOO_LARGE, message: `The batch has ${batch.bytes} bytes; max.message.bytes is ${config.maxMessageBytes}.` };
  if (isControl(batch)) return { error: ERR.INVALID_RECORD, message: 'Clients do not write control batches.' };
  if (config.compact && batch.firstRecord >= 0) {
    for (let i = 0; i < batch.count; i++) if (rows.at(batch.firstRecord + i)!.key === null) return { error: ERR.INVALID_RECORD, message: 'A record without a key has no place in a compacted topic.' };
  }
  if (!config.logAppendTime && outOfTime(batch, config, nowMs, rows))
    return { error: ERR.INVALID_TIMESTAMP, message: `A timestamp is too far from the broker's clock (message.timestamp.before.max.ms, message.timestamp.after.max.ms).` };
  if (batch.bytes > config.segmentBytes) return { error: ERR.RECORD_LIST_TOO_LARGE, message: `The batch has ${batch.bytes} bytes; segment.bytes is ${config.segmentBytes}.` };
  return null;
}

function outOfTime(batch: RecordBatch, config: TopicConfig, nowMs: number, rows: Records): boolean {
  const fits = (timestampMs: number) => timestampMs === -1 || (nowMs - timestampMs <= config.timestampBeforeMaxMs && timestampMs - nowMs <= config.timestampAfterMaxMs);
  if (batch.firstRecord < 0 || config.timestampBeforeMaxMs === Infinity) return !fits(batch.maxTimestampMs);
  for (let i = 0; i < batch.count; i++) if (!fits(rows.at(batch.firstRecord + i)!.timestampMs)) return true;
  return false;
}

/** The batch with the broker's time on it, where the topic wants that (message.timestamp.type=LogAppendTime). */
export function stamped(batch: RecordBatch, config: TopicConfig, nowMs: number): RecordBatch {
  if (!config.logAppendTime) return batch;
  return { ...batch, attributes: batch.attributes | LOG_APPEND_TIME, maxTimestampMs: nowMs, encoded: batch.encoded && stampAppendTime(batch.encoded, nowMs) };
}
