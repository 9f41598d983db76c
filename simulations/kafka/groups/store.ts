// What a coordinator writes into its partition of the offsets topic, and the fold that brings it back after a fail-over (Kafka GroupCoordinatorRecordHelpers).
import { digestText } from '../../kernel/hash.ts';
import type { RecordBatch } from '../protocol/batch.ts';
import type { ClassicGroup, ClassicMember, Protocol } from './classic/group.ts';
import { offsetKey, type CommittedOffset } from './committed.ts';
import { apply, changeText, emptyData, type GroupChange, type GroupData, type ModernGroup } from './modern/group.ts';

/** A classic group as it is kept: of each member the metadata of the chosen protocol only. */
export interface ClassicRecord {
  readonly kind: 'classic';
  readonly group: string;
  readonly generation: number;
  readonly protocolType: string;
  readonly protocolName: string | null;
  readonly leader: string | null;
  readonly members: readonly StoredMember[];
}

export interface StoredMember {
  readonly id: string;
  readonly instanceId: string | null;
  readonly client: string;
  readonly clientId: string;
  readonly sessionTimeoutMs: number;
  readonly rebalanceTimeoutMs: number;
  readonly protocols: readonly Protocol[];
  readonly assignment: Uint8Array;
}

export interface OffsetsRecord {
  readonly kind: 'offsets';
  readonly group: string;
  /** `committed` null = deleted. */
  readonly entries: readonly { readonly topic: string; readonly partition: number; readonly committed: CommittedOffset | null }[];
}

/** Changes of a group whose assignment the broker computes, in order. */
export interface ModernRecord {
  readonly kind: 'modern';
  readonly group: string;
  readonly type: ModernGroup['type'];
  readonly changes: readonly GroupChange[];
}

/** The group and its offsets are gone. */
export interface DeletedRecord {
  readonly kind: 'deleted';
  readonly group: string;
}

export type GroupRecord = ClassicRecord | ModernRecord | OffsetsRecord | DeletedRecord;

/** @param assignmentOf what each member is given, where that is not yet in force. */
export function classicRecord(group: ClassicGroup, assignmentOf: (member: ClassicMember) => Uint8Array = (m) => m.assignment): ClassicRecord {
  return {
    kind: 'classic',
    group: group.id,
    generation: group.generation,
    protocolType: group.protocolType,
    protocolName: group.protocolName,
    leader: group.leader,
    members: [...group.members.values()].map((m) => ({
      id: m.id,
      instanceId: m.instanceId,
      client: m.client,
      clientId: m.clientId,
      sessionTimeoutMs: m.sessionTimeoutMs,
      rebalanceTimeoutMs: m.rebalanceTimeoutMs,
      protocols: m.protocols.filter((p) => p.name === group.protocolName),
      assignment: assignmentOf(m),
    })),
  };
}

/** A group as it is written when it comes into being, before anyone is in it. */
export function newGroupRecord(group: ClassicGroup): ClassicRecord {
  return { kind: 'classic', group: group.id, generation: 0, protocolType: '', protocolName: null, leader: null, members: [] };
}

/** A broker's own record as a batch for its log. */
export function internalBatch(record: GroupRecord, timestampMs: number): RecordBatch {
  const count = record.kind === 'offsets' ? Math.max(1, record.entries.length) : record.kind === 'modern' ? record.changes.length : 1;
  const text = textOf(record);
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

function textOf(record: GroupRecord): string {
  switch (record.kind) {
    case 'offsets':
      return record.entries.map((e) => `${e.topic}-${e.partition}=${e.committed?.offset ?? 'none'}`).join();
    case 'classic':
      return `${record.group}@${record.generation}:${record.members.map((m) => m.id).join()}`;
    case 'modern':
      return record.changes.map(changeText).join(';');
    case 'deleted':
      return `${record.group} deleted`;
  }
}

export interface StoredGroup {
  /** Both null = only offsets. */
  classic: ClassicRecord | null;
  modern: { readonly type: ModernGroup['type']; readonly data: GroupData } | null;
  readonly offsets: Map<string, CommittedOffset>;
}

/** Folds the records of one offsets partition, in order. */
export function foldGroups(batches: readonly RecordBatch[]): Map<string, StoredGroup> {
  const out = new Map<string, StoredGroup>();
  for (const batch of batches) {
    const record = batch.internal as GroupRecord;
    if (record.kind === 'deleted') {
      out.delete(record.group);
      continue;
    }
    let entry = out.get(record.group);
    if (!entry) out.set(record.group, (entry = { classic: null, modern: null, offsets: new Map() }));
    fold(entry, record);
  }
  return out;
}

/** A group has one protocol at a time: an empty one that changes over starts anew, with its offsets. */
function fold(entry: StoredGroup, record: ClassicRecord | ModernRecord | OffsetsRecord): void {
  switch (record.kind) {
    case 'classic':
      entry.classic = record;
      entry.modern = null;
      return;
    case 'modern':
      entry.classic = null;
      if (entry.modern?.type !== record.type) entry.modern = { type: record.type, data: emptyData() };
      for (const change of record.changes) apply(entry.modern.data, change);
      return;
    case 'offsets':
      for (const e of record.entries) {
        if (e.committed) entry.offsets.set(offsetKey(e.topic, e.partition), e.committed);
        else entry.offsets.delete(offsetKey(e.topic, e.partition));
      }
  }
}
