// What a coordinator writes into its partition of the offsets topic, and the fold that brings it back after a fail-over (Kafka GroupMetadataManager).
import type { RecordBatch } from '../protocol/batch.ts';
import { digestText } from '../../kernel/hash.ts';
import { offsetKey, type CommittedOffset, type Group } from './group.ts';

export type GroupRecord =
  | {
      readonly kind: 'group';
      readonly group: string;
      readonly generation: number;
      readonly protocolType: string;
      readonly protocolName: string | null;
      readonly leader: string | null;
      readonly members: readonly StoredMember[];
    }
  | { readonly kind: 'offsets'; readonly group: string; readonly entries: readonly { readonly topic: string; readonly partition: number; readonly committed: CommittedOffset }[] };

export interface StoredMember {
  readonly id: string;
  readonly client: string;
  readonly clientId: string;
  readonly sessionTimeoutMs: number;
  readonly rebalanceTimeoutMs: number;
  readonly protocols: readonly { readonly name: string; readonly metadata: Uint8Array }[];
  readonly assignment: Uint8Array;
}

export function groupRecord(group: Group): GroupRecord {
  return {
    kind: 'group',
    group: group.id,
    generation: group.generation,
    protocolType: group.protocolType,
    protocolName: group.protocolName,
    leader: group.leader,
    members: [...group.members.values()].map((m) => ({
      id: m.id,
      client: m.client,
      clientId: m.clientId,
      sessionTimeoutMs: m.sessionTimeoutMs,
      rebalanceTimeoutMs: m.rebalanceTimeoutMs,
      protocols: m.protocols,
      assignment: m.assignment,
    })),
  };
}

/** A broker's own record as a batch for its log. */
export function internalBatch(record: GroupRecord, timestampMs: number): RecordBatch {
  const count = record.kind === 'offsets' ? Math.max(1, record.entries.length) : 1;
  const text =
    record.kind === 'offsets' ? record.entries.map((e) => `${e.topic}-${e.partition}=${e.committed.offset}`).join() : `${record.group}@${record.generation}:${record.members.map((m) => m.id).join()}`;
  return {
    baseOffset: 0,
    leaderEpoch: -1,
    lastOffsetDelta: count - 1,
    attributes: 0,
    baseTimestampMs: timestampMs,
    maxTimestampMs: timestampMs,
    producerId: -1,
    producerEpoch: -1,
    baseSequence: -1,
    count,
    bytes: 61 + 40 * count + text.length,
    firstRecord: -1,
    digest: digestText(`${record.group}/${text}`, 1) >>> 0,
    encoded: null,
    internal: record,
    kept: null,
  };
}

/** Folds the records of one offsets partition, in order. */
export function foldGroups(batches: readonly RecordBatch[]): Map<string, { group: Extract<GroupRecord, { kind: 'group' }> | null; offsets: Map<string, CommittedOffset> }> {
  const out = new Map<string, { group: Extract<GroupRecord, { kind: 'group' }> | null; offsets: Map<string, CommittedOffset> }>();
  for (const batch of batches) {
    const record = batch.internal as GroupRecord;
    let entry = out.get(record.group);
    if (!entry) out.set(record.group, (entry = { group: null, offsets: new Map() }));
    if (record.kind === 'group') entry.group = record;
    else for (const e of record.entries) entry.offsets.set(offsetKey(e.topic, e.partition), e.committed);
  }
  return out;
}
