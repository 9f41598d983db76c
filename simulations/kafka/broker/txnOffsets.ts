// Offsets that a producer commits as part of its transaction: written with the group's own, pending until the transaction's marker
// stands in the offsets partition (Kafka OffsetMetadataManager, KIP-98, KIP-447).
import { digestText } from '../../kernel/hash.ts';
import { OFFSETS_TOPIC } from '../metadata/image.ts';
import { ERR } from '../protocol/apiKeys.ts';
import type { RecordBatch } from '../protocol/batch.ts';
import type { Marker } from '../protocol/markers.ts';
import { TRANSACTIONAL } from '../protocol/records.ts';
import type { TxnOffsetCommitRequest, TxnOffsetCommitResponse } from '../protocol/transactionMessages.ts';
import { appendBatch, whenCommitted } from './appends.ts';
import type { Broker, Request } from './broker.ts';
import { offsetKey, type CommittedOffset } from '../groups/committed.ts';
import { validateTransactional } from '../groups/offsets.ts';
import { internalBatch, type GroupRecord } from '../groups/store.ts';
import { isControl, isTransactional } from './openTransactions.ts';
import type { Partition } from './partition.ts';
import { checkSequence } from './producerState.ts';
import { offsetsPartitionOf } from './small.ts';
import { partitionKey } from './transactionMetadata.ts';
import type { Operation } from './transactionVerification.ts';

const METADATA_MAX = 4096;
/** offsets.commit.timeout.ms (Kafka 4.0 default). */
const TIMEOUT_US = 5_000_000;

/** Offsets of one request; a transaction deletes none. */
interface OffsetsRecord {
  readonly kind: 'offsets';
  readonly group: string;
  readonly entries: readonly Entry[];
}
interface Entry {
  readonly topic: string;
  readonly partition: number;
  readonly committed: CommittedOffset;
}

/** Offsets of one request that wait for a marker. */
interface Pending {
  readonly record: OffsetsRecord;
  /** Where the request stands in the offsets partition. */
  readonly logOffset: number;
  /** What was committed as it was written, by offset key: a plain commit after it wins. */
  readonly before: ReadonlyMap<string, CommittedOffset | undefined>;
}

export class TransactionalOffsets {
  private readonly broker: Broker;
  /** By offsets partition, then by producer id. */
  private readonly pending = new Map<number, Map<number, Pending[]>>();
  /** Where offsets that came by a transaction stand in the log. */
  private readonly logOffsetOf = new WeakMap<CommittedOffset, number>();

  constructor(broker: Broker) {
    this.broker = broker;
  }

  /** Whether a transaction that is not decided has offsets for a partition of a group. */
  isPending(groupId: string, topic: string, partition: number): boolean {
    for (const list of this.pending.get(offsetsPartitionOf(groupId))?.values() ?? [])
      for (const { record } of list) if (record.group === groupId && record.entries.some((e) => e.topic === topic && e.partition === partition)) return true;
    return false;
  }

  /* ---- requests ---- */

  commit(request: Request): void {
    const body = request.message.body as TxnOffsetCommitRequest;
    const { broker } = this;
    const home = body.groupId === '' ? -1 : broker.coordinator.homeOf(body.groupId);
    if (body.groupId === '') return this.answer(request, ERR.INVALID_GROUP_ID);
    if (home < 0) return this.answer(request, ERR.NOT_COORDINATOR);
    const p = broker.partition(OFFSETS_TOPIC, home)!;
    const { apiVersion } = request.message;
    const operation: Operation = apiVersion >= 5 ? 'addPartition' : apiVersion === 4 ? 'genericError' : 'defaultError';
    const guard = broker.verifications.guard(p, body.producerId, body.producerEpoch, -1, operation === 'addPartition');
    if (!guard) return this.write(request, body, home, p, 0);
    const tp = { topic: OFFSETS_TOPIC, partition: home };
    broker.verifications.ask(body.transactionalId, body.producerId, body.producerEpoch, [tp], operation, (errors) => {
      const error = errors.get(partitionKey(tp)) ?? 0;
      // Older clients do not expect a network error here; this one they repeat, at the same coordinator.
      if (error !== 0) this.answer(request, error === ERR.NETWORK_EXCEPTION ? ERR.COORDINATOR_LOAD_IN_PROGRESS : error);
      else this.write(request, body, home, p, guard.number);
    });
  }

  private write(request: Request, body: TxnOffsetCommitRequest, home: number, p: Partition, guard: number): void {
    const { broker } = this;
    if (p.role !== 'leader') return this.answer(request, ERR.NOT_COORDINATOR);
    const refused = this.validate(body);
    if (refused !== 0) return this.answer(request, refused);
    const check = (topic: string, partition: number, metadata: string | null) =>
      (metadata?.length ?? 0) > METADATA_MAX ? ERR.OFFSET_METADATA_TOO_LARGE : broker.image.partition(topic, partition) ? 0 : ERR.UNKNOWN_TOPIC_OR_PARTITION;
    const entries = body.topics.flatMap((t) =>
      t.partitions
        .filter((o) => check(t.name, o.partitionIndex, o.committedMetadata) === 0)
        .map((o) => ({ topic: t.name, partition: o.partitionIndex, committed: { offset: o.committedOffset, leaderEpoch: o.committedLeaderEpoch, metadata: o.committedMetadata ?? '' } })),
    );
    if (entries.length === 0) return this.answer(request, 0, check);
    if (p.state.isr.length < p.effectiveMinIsr()) return this.answer(request, ERR.COORDINATOR_NOT_AVAILABLE);
    const record: OffsetsRecord = { kind: 'offsets', group: body.groupId, entries };
    const batch = transactionalBatch(record, body, p.log.nowMs);
    const state = checkSequence(p.log.producers, batch, 'coordinator');
    if (state.kind === 'error') return this.answer(request, ERR[state.error]);
    const entry = p.log.producers.get(body.producerId);
    const open = entry !== undefined && entry.currentTxnFirstOffset >= 0 && entry.producerEpoch === body.producerEpoch;
    if (!open && (guard === 0 || broker.verifications.current(p, body.producerId)?.number !== guard)) return this.answer(request, ERR.INVALID_TXN_STATE);
    const placed = appendBatch(broker, p, batch);
    broker.verifications.clear(p, body.producerId);
    const group = broker.coordinator.groups.get(body.groupId);
    this.wait(home, body.producerId, {
      record,
      logOffset: placed.baseOffset,
      before: new Map(entries.map((e) => [offsetKey(e.topic, e.partition), group?.offsets.get(offsetKey(e.topic, e.partition))])),
    });
    whenCommitted(broker, p, placed, TIMEOUT_US, (failed) => {
      const error = failed === 0 ? 0 : failed === ERR.NOT_LEADER_OR_FOLLOWER ? ERR.NOT_COORDINATOR : ERR.COORDINATOR_NOT_AVAILABLE;
      this.answer(request, error, check);
    });
  }

  /** Who may commit: any producer that does not say of which generation it is (before version 3), else only a member of the present one. */
  private validate(body: TxnOffsetCommitRequest): number {
    const group = this.broker.coordinator.groups.get(body.groupId);
    if (!group) return body.generationId < 0 ? 0 : ERR.ILLEGAL_GENERATION;
    return validateTransactional(group, body.memberId, body.groupInstanceId, body.generationId);
  }

  private answer(request: Request, error: number, errorOf: (topic: string, partition: number, metadata: string | null) => number = () => 0): void {
    const body = request.message.body as TxnOffsetCommitRequest;
    let first = 0;
    const told = (code: number) => (request.message.apiVersion < 2 && code === ERR.PRODUCER_FENCED ? ERR.INVALID_PRODUCER_EPOCH : code);
    const response: TxnOffsetCommitResponse = {
      throttleTimeMs: 0,
      topics: body.topics.map((t) => ({
        name: t.name,
        partitions: t.partitions.map((p) => {
          const errorCode = told(errorOf(t.name, p.partitionIndex, p.committedMetadata) || error);
          first ||= errorCode;
          return { partitionIndex: p.partitionIndex, errorCode };
        }),
      })),
    };
    this.broker.reply(request, response, first);
  }

  /* ---- what waits for markers ---- */

  private wait(home: number, producerId: number, pending: Pending): void {
    let of = this.pending.get(home);
    if (!of) this.pending.set(home, (of = new Map()));
    const list = of.get(producerId);
    if (list) list.push(pending);
    else of.set(producerId, [pending]);
  }

  private take(home: number, producerId: number): readonly Pending[] {
    const of = this.pending.get(home);
    const list = of?.get(producerId) ?? [];
    of?.delete(producerId);
    return list;
  }

  /** A topic was deleted: offsets of its partitions will not count, whatever the marker says. */
  forgetTopic(topic: string): void {
    for (const of of this.pending.values())
      for (const [producerId, list] of of)
        of.set(
          producerId,
          list.map((p) => ({ ...p, record: { ...p.record, entries: p.record.entries.filter((e) => e.topic !== topic) } })),
        );
  }

  /** The producer's marker is committed in an offsets partition: its offsets count, or never did. */
  decide(home: number, producerId: number, commit: boolean): void {
    const list = this.take(home, producerId);
    if (!commit) return;
    const { broker } = this;
    const k = broker.kernel;
    for (const { record, logOffset, before } of list) {
      if (broker.coordinator.homeOf(record.group) < 0) return;
      const group = broker.coordinator.groups.get(record.group) ?? broker.coordinator.newClassicGroup(record.group, home);
      for (const { topic, partition, committed } of record.entries) {
        const key = offsetKey(topic, partition);
        const now = group.offsets.get(key);
        const nowAt = now && this.logOffsetOf.get(now);
        // Committed since then: by another transaction that wrote later, or outside of any.
        if (now !== undefined && now !== before.get(key) && (nowAt === undefined || nowAt > logOffset)) continue;
        this.logOffsetOf.set(committed, logOffset);
        group.offsets.set(key, committed);
        k.trace.emit('offset.committed', broker.process.sym, k.cause, k.trace.sym(group.id), k.trace.sym(topic), partition, committed.offset, k.trace.sym(''));
      }
    }
  }

  /**
   * The offsets partition is read by a new coordinator. @returns its batches as if each transaction had been written where its marker stands:
   * committed ones without what a later plain commit has replaced, aborted and undecided ones not at all.
   */
  load(home: number, batches: readonly RecordBatch[]): RecordBatch[] {
    this.pending.delete(home);
    const out: RecordBatch[] = [];
    /** What counts of each key so far, and where it stands. */
    const latest = new Map<string, { readonly committed: CommittedOffset | null; readonly logOffset: number }>();
    const of = (record: { readonly group: string }, e: { readonly topic: string; readonly partition: number }) => `${record.group}/${offsetKey(e.topic, e.partition)}`;
    const newer = (record: OffsetsRecord, logOffset: number) => record.entries.filter((e) => (latest.get(of(record, e))?.logOffset ?? -1) < logOffset);
    const counts = (record: Extract<GroupRecord, { kind: 'offsets' }>, logOffset: number) => record.entries.forEach((e) => latest.set(of(record, e), { committed: e.committed, logOffset }));
    for (const batch of batches) {
      const record = batch.internal as GroupRecord;
      if (isControl(batch)) {
        const list = this.take(home, batch.producerId);
        if ((batch.internal as Marker).type === 'ABORT') continue;
        for (const { record: offsets, logOffset } of list) {
          const kept: OffsetsRecord = { ...offsets, entries: newer(offsets, logOffset) };
          counts(kept, logOffset);
          for (const e of kept.entries) this.logOffsetOf.set(e.committed, logOffset);
          out.push({ ...batch, attributes: 0, internal: kept });
        }
      } else if (isTransactional(batch) && record.kind === 'offsets') this.wait(home, batch.producerId, { record: record as OffsetsRecord, logOffset: batch.baseOffset, before: new Map() });
      else {
        if (record.kind === 'offsets') counts(record, batch.baseOffset);
        out.push(batch);
      }
    }
    for (const [producerId, list] of this.pending.get(home) ?? []) {
      const known = list.map(({ record, logOffset }) => {
        const kept: OffsetsRecord = { ...record, entries: newer(record, logOffset) };
        return { record: kept, logOffset, before: new Map(kept.entries.map((e) => [offsetKey(e.topic, e.partition), latest.get(of(kept, e))?.committed ?? undefined])) };
      });
      this.pending.get(home)!.set(producerId, known);
    }
    return out;
  }
}

function transactionalBatch(record: OffsetsRecord, { producerId, producerEpoch }: TxnOffsetCommitRequest, timestampMs: number): RecordBatch {
  const plain = internalBatch(record, timestampMs);
  return { ...plain, attributes: TRANSACTIONAL, producerId, producerEpoch, digest: digestText(`${plain.digest}/${producerId}/${producerEpoch}`, 3) >>> 0 };
}
