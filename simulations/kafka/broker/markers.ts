// The control batch that ends a transaction in one partition (Kafka MemoryRecords.withEndTransactionMarker).
import type { RecordBatch } from '../protocol/batch.ts';
import type { Marker } from '../protocol/markers.ts';
import { CONTROL, TRANSACTIONAL } from '../protocol/records.ts';

/** A batch header, and one record of a four-byte key and a six-byte value. */
const BYTES = 78;

export function markerBatch(marker: Marker, producerId: number, producerEpoch: number, timestampMs: number): RecordBatch {
  return {
    baseOffset: 0,
    leaderEpoch: -1,
    lastOffsetDelta: 0,
    attributes: TRANSACTIONAL | CONTROL,
    baseTimestampMs: timestampMs,
    maxTimestampMs: timestampMs,
    producerId,
    producerEpoch,
    baseSequence: -1,
    count: 1,
    bytes: BYTES,
    firstRecord: -1,
    digest: (Math.imul(producerId, 31) ^ Math.imul(producerEpoch, 0x9e3779b1) ^ (marker.type === 'ABORT' ? 0x55555555 : 0x33333333)) >>> 0,
    encoded: null,
    internal: marker,
    kept: null,
  };
}
