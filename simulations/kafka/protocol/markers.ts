// Control records: the markers that end a transaction (org.apache.kafka.common.record.ControlRecordType, EndTransactionMarker).
import { Reader, Writer } from './bytes.ts';
import { Malformed } from './varint.ts';

export interface Marker {
  readonly type: 'ABORT' | 'COMMIT';
  readonly coordinatorEpoch: number;
}

/** @returns null for another kind of control record, or when the bytes are no marker. */
export function decodeMarker(key: Uint8Array | null, value: Uint8Array | null): Marker | null {
  if (key === null || value === null) return null;
  try {
    const k = new Reader(key);
    k.int16();
    const type = k.int16();
    const v = new Reader(value);
    v.int16();
    const coordinatorEpoch = v.int32();
    return type === 0 || type === 1 ? { type: type === 1 ? 'COMMIT' : 'ABORT', coordinatorEpoch } : null;
  } catch (error) {
    if (error instanceof Malformed) return null;
    throw error;
  }
}

export function encodeMarker(marker: Marker): { key: Uint8Array; value: Uint8Array } {
  const key = new Writer(4);
  key.int16(0);
  key.int16(marker.type === 'COMMIT' ? 1 : 0);
  const value = new Writer(6);
  value.int16(0);
  value.int32(marker.coordinatorEpoch);
  return { key: key.done(), value: value.done() };
}
