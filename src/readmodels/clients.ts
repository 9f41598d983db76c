// What producers sent and heard back, where consumers stand, what their groups agreed on, and what coordinators say of transactions.
import type { TraceStore } from '../../simulations/kernel/traceStore.ts';
import { partitionKey } from './cluster.ts';
import { columns } from './columns.ts';
import { byType, type Model } from './timeline.ts';

export interface SendState {
  readonly topic: string;
  readonly partition: number;
  /** Records on their way: sent, neither acknowledged nor given up. */
  waiting: number;
}

export interface ProducerState {
  readonly process: string;
  sent: number;
  acknowledged: number;
  failed: number;
  /** Batches sent again. */
  retries: number;
  /** 0, 1 or -1 for all; as last sent. */
  acks: number;
  readonly sends: Map<number, SendState>;
  /** Records sent since the last end of a transaction that it heard of; means something for a transactional producer only. */
  inTransaction: number;
  /** Transactions that it heard were committed, and aborted. */
  committed: number;
  aborted: number;
  /** Why a transactional producer cannot go on, as Kafka names it; '' = it can. */
  fatal: string;
}

/** A transaction as its coordinator has it. */
export interface TransactionState {
  readonly transactionalId: string;
  /** Kafka's name: Empty, Ongoing, PrepareCommit, PrepareAbort, CompleteCommit, CompleteAbort, Dead. */
  readonly state: string;
  readonly producerId: number;
  readonly producerEpoch: number;
}

export interface ReadState {
  readonly topic: string;
  readonly partition: number;
  /** Offset of the next record to hand over. */
  position: number;
  delivered: number;
}

export interface ConsumerState {
  readonly process: string;
  group: string;
  delivered: number;
  readonly reads: Map<number, ReadState>;
}

export interface MemberState {
  readonly member: string;
  readonly client: string;
  generation: number;
  /** Topic-partition names, as last assigned. */
  assigned: readonly string[];
}

export interface GroupState {
  readonly group: string;
  state: string;
  generation: number;
  readonly members: Map<string, MemberState>;
  /** Next offset to read, by `partitionKey`. */
  readonly committed: Map<number, number>;
  /** Last change of state. */
  since: number;
}

export interface ClientsState {
  readonly producers: Map<string, ProducerState>;
  readonly consumers: Map<string, ConsumerState>;
  readonly groups: Map<string, GroupState>;
  /** By transactional id. */
  readonly transactions: Map<string, TransactionState>;
}

const SENT = columns('producer.sent');
const ACKED = columns('producer.acknowledged');
const FAILED = columns('producer.failed');
const DELIVERED = columns('consumer.delivered');
const STATE = columns('group.stateChanged');
const JOINED = columns('group.memberJoined');
const ASSIGNED = columns('group.assigned');
const REPLACED = columns('group.memberReplaced');
const RECONCILED = columns('group.memberReconciled');
const COMMITTED = columns('offset.committed');
const ENDED = columns('producer.transactionEnded');
const FATAL = columns('producer.fatal');
const TRANSACTION = columns('transaction.stateChanged');

export const clientsModel: Model<ClientsState> = {
  start: () => ({ producers: new Map(), consumers: new Map(), groups: new Map(), transactions: new Map() }),

  copy: (state) => ({
    producers: copyMap(state.producers, (p) => ({ ...p, sends: copyMap(p.sends, (s) => ({ ...s })) })),
    consumers: copyMap(state.consumers, (c) => ({ ...c, reads: copyMap(c.reads, (r) => ({ ...r })) })),
    groups: copyMap(state.groups, (g) => ({ ...g, members: copyMap(g.members, (m) => ({ ...m })), committed: new Map(g.committed) })),
    transactions: new Map(state.transactions),
  }),

  apply: byType({
    'producer.sent'(state, store, seq) {
      const p = producer(state, store.processAt(seq));
      const n = store.value(seq, SENT.records);
      p.sent += n;
      p.inTransaction += n;
      p.acks = store.value(seq, SENT.acks);
      if (p.acks !== 0) send(p, store, seq).waiting += n;
    },
    'producer.retried'(state, store, seq) {
      producer(state, store.processAt(seq)).retries++;
    },
    'producer.acknowledged'(state, store, seq) {
      const p = producer(state, store.processAt(seq));
      const n = store.value(seq, ACKED.records);
      p.acknowledged += n;
      if (store.value(seq, ACKED.acks) !== 0) settle(send(p, store, seq), n);
    },
    'producer.failed'(state, store, seq) {
      const p = producer(state, store.processAt(seq));
      const n = store.value(seq, FAILED.records);
      p.failed += n;
      settle(send(p, store, seq), n);
    },
    'producer.transactionEnded'(state, store, seq) {
      const p = producer(state, store.processAt(seq));
      p.inTransaction = 0;
      if (store.value(seq, ENDED.committed) === 1) p.committed++;
      else p.aborted++;
    },
    'producer.fatal'(state, store, seq) {
      producer(state, store.processAt(seq)).fatal = store.texts[store.value(seq, FATAL.error)]!;
    },
    // A producer that starts anew begins with no transaction: what it had open is left to its coordinator.
    'process.restarted'(state, store, seq) {
      const p = state.producers.get(store.processAt(seq));
      if (!p) return;
      p.inTransaction = 0;
      p.fatal = '';
    },
    'transaction.stateChanged'(state, store, seq) {
      const transactionalId = store.texts[store.value(seq, TRANSACTION.transactionalId)]!;
      state.transactions.set(transactionalId, {
        transactionalId,
        state: store.texts[store.value(seq, TRANSACTION.to)]!,
        producerId: store.value(seq, TRANSACTION.producerId),
        producerEpoch: store.value(seq, TRANSACTION.producerEpoch),
      });
    },
    'consumer.delivered'(state, store, seq) {
      const process = store.processAt(seq);
      let c = state.consumers.get(process);
      if (!c) state.consumers.set(process, (c = { process, group: '', delivered: 0, reads: new Map() }));
      c.group = store.texts[store.value(seq, DELIVERED.group)]!;
      const n = store.value(seq, DELIVERED.records);
      c.delivered += n;
      const topic = store.value(seq, DELIVERED.topic);
      const partition = store.value(seq, DELIVERED.partition);
      const key = partitionKey(topic, partition);
      let read = c.reads.get(key);
      if (!read) c.reads.set(key, (read = { topic: store.texts[topic]!, partition, position: 0, delivered: 0 }));
      read.position = store.value(seq, DELIVERED.nextOffset);
      read.delivered += n;
    },
    'offset.committed'(state, store, seq) {
      group(state, store.texts[store.value(seq, COMMITTED.group)]!).committed.set(
        partitionKey(store.value(seq, COMMITTED.topic), store.value(seq, COMMITTED.partition)),
        store.value(seq, COMMITTED.offset),
      );
    },
    'group.stateChanged'(state, store, seq) {
      const g = group(state, store.texts[store.value(seq, STATE.group)]!);
      g.state = store.texts[store.value(seq, STATE.to)]!;
      g.generation = store.value(seq, STATE.generation);
      g.since = seq;
    },
    'group.memberJoined'(state, store, seq) {
      const member = store.texts[store.value(seq, JOINED.member)]!;
      const client = store.texts[store.value(seq, JOINED.client)]!;
      group(state, store.texts[store.value(seq, JOINED.group)]!).members.set(member, { member, client, generation: -1, assigned: [] });
    },
    'group.memberLeft'(state, store, seq) {
      group(state, store.texts[store.value(seq, JOINED.group)]!).members.delete(store.texts[store.value(seq, JOINED.member)]!);
    },
    'group.assigned'(state, store, seq) {
      const members = group(state, store.texts[store.value(seq, ASSIGNED.group)]!).members;
      const member = store.texts[store.value(seq, ASSIGNED.member)]!;
      const list = store.texts[store.value(seq, ASSIGNED.partitions)]!;
      const client = store.texts[store.value(seq, ASSIGNED.client)]!;
      members.set(member, { member, client, generation: store.value(seq, ASSIGNED.generation), assigned: list === '' ? [] : list.split(',') });
    },
    // A static member that is back keeps what it had, under a new id.
    'group.memberReplaced'(state, store, seq) {
      const members = group(state, store.texts[store.value(seq, REPLACED.group)]!).members;
      const was = store.texts[store.value(seq, REPLACED.was)]!;
      const member = store.texts[store.value(seq, REPLACED.member)]!;
      const before = members.get(was);
      members.delete(was);
      members.set(member, { generation: -1, assigned: [], ...before, member, client: store.texts[store.value(seq, REPLACED.client)]! });
    },
    // Where the broker assigns, each member comes to its partitions by itself; its epoch stands for the generation.
    'group.memberReconciled'(state, store, seq) {
      const members = group(state, store.texts[store.value(seq, RECONCILED.group)]!).members;
      const member = store.texts[store.value(seq, RECONCILED.member)]!;
      const list = store.texts[store.value(seq, RECONCILED.assigned)]!;
      const client = store.texts[store.value(seq, RECONCILED.client)]!;
      members.set(member, { member, client, generation: store.value(seq, RECONCILED.epoch), assigned: list === '' ? [] : list.split(',') });
    },
  }),
};

function producer(state: ClientsState, process: string): ProducerState {
  let p = state.producers.get(process);
  if (!p) state.producers.set(process, (p = { process, sent: 0, acknowledged: 0, failed: 0, retries: 0, acks: -1, sends: new Map(), inTransaction: 0, committed: 0, aborted: 0, fatal: '' }));
  return p;
}

function group(state: ClientsState, name: string): GroupState {
  let g = state.groups.get(name);
  if (!g) state.groups.set(name, (g = { group: name, state: 'Empty', generation: 0, members: new Map(), committed: new Map(), since: -1 }));
  return g;
}

/** Topic and partition are the first two fields of every producer event. */
function send(p: ProducerState, store: TraceStore, seq: number): SendState {
  const topic = store.value(seq, SENT.topic);
  const partition = store.value(seq, SENT.partition);
  const key = partitionKey(topic, partition);
  let s = p.sends.get(key);
  if (!s) p.sends.set(key, (s = { topic: store.texts[topic]!, partition, waiting: 0 }));
  return s;
}

function settle(send: SendState, records: number): void {
  send.waiting = Math.max(0, send.waiting - records);
}

function copyMap<K, V>(map: Map<K, V>, copy: (value: V) => V): Map<K, V> {
  const out = new Map<K, V>();
  for (const [key, value] of map) out.set(key, copy(value));
  return out;
}

/** The transactional id that a producer id belongs to; '' while no coordinator has said so. */
export function transactionalIdOf(state: ClientsState, producerId: number): string {
  for (const t of state.transactions.values()) if (t.producerId === producerId) return t.transactionalId;
  return '';
}

/** Members of a group that hold a partition, as their processes; the last generation wins. */
export function ownerOf(group: GroupState, topic: string, partition: number): string {
  const name = `${topic}-${partition}`;
  for (const member of group.members.values()) if (member.assigned.includes(name)) return member.client;
  return '';
}

/** How far a group is behind on a partition, as Kafka's own tools count it: log end minus committed offset. -1 = nothing committed yet. */
export function lagOf(group: GroupState, key: number, logEndOffset: number): number {
  const committed = group.committed.get(key);
  return committed === undefined ? -1 : Math.max(0, logEndOffset - committed);
}
