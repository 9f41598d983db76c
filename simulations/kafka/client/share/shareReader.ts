// How a share consumer reads: one session with each leader, fetches while the application waits for records, and acknowledgements that go along
// with them or by themselves (Kafka ShareConsumeRequestManager, ShareSessionHandler, ShareFetchBuffer).
import type { ProcessSpec } from '../../../contract/scenario.ts';
import { partitionKey, type TopicPartition } from '../../assignors/members.ts';
import type { Deadline, Deadlines } from '../../deadlines.ts';
import { ERR, KEY } from '../../protocol/apiKeys.ts';
import { runsOf, type RecordBatch } from '../../protocol/batch.ts';
import { isControl } from '../../broker/openTransactions.ts';
import type { ShareAcknowledgeRequest, ShareAcknowledgeResponse, ShareFetchPartitionResponse, ShareFetchRequest, ShareFetchResponse } from '../../protocol/shareMessages.ts';
import { backoffUs, type Client } from '../client.ts';
import { Acknowledgements, GAP } from './acknowledgements.ts';

/** fetch.max.bytes and max.partition.fetch.bytes (Kafka 4.0 ConsumerConfig). */
const MAX_BYTES = 52_428_800;
const PARTITION_BYTES = 1_048_576;
const FINAL = -1;
const HIGHEST_EPOCH = 2_147_483_647;
/** Errors of an acknowledgement after which the same may succeed. */
const MAY_PASS: readonly number[] = [ERR.COORDINATOR_NOT_AVAILABLE, ERR.COORDINATOR_LOAD_IN_PROGRESS, ERR.NOT_COORDINATOR, ERR.REQUEST_TIMED_OUT];

/** Records to hand out that follow on from each other. */
export interface Handed extends TopicPartition {
  readonly broker: number;
  readonly firstOffset: number;
  readonly lastOffset: number;
  readonly firstRecord: number;
}

interface Node {
  readonly broker: number;
  /** Of the next request; 0 opens a session. */
  epoch: number;
  /** Partitions in the session, by key. */
  readonly session: Map<string, TopicPartition>;
  busy: boolean;
  /** To go along with the next fetch, and to be told by themselves. */
  readonly withFetch: Acknowledgements;
  readonly alone: Acknowledgements;
  failures: number;
}

export class ShareReader {
  private readonly client: Client;
  private readonly spec: ProcessSpec;
  private readonly memberId: () => string;
  private readonly onRecords: () => void;
  private readonly again: Deadline;
  private readonly deadlines: Deadlines;
  private readonly nodes = new Map<number, Node>();
  private readonly buffer: Handed[] = [];
  partitions: TopicPartition[] = [];
  /** The application waits for records. */
  private wanting = false;
  private closing: (() => void) | null = null;
  private draws = 0;

  constructor(options: { client: Client; spec: ProcessSpec; deadlines: Deadlines; memberId: () => string; onRecords: () => void }) {
    this.client = options.client;
    this.spec = options.spec;
    this.deadlines = options.deadlines;
    this.memberId = options.memberId;
    this.onRecords = options.onRecords;
    this.again = this.deadlines.make(() => this.pump());
  }

  private node(broker: number): Node {
    let node = this.nodes.get(broker);
    if (!node) this.nodes.set(broker, (node = { broker, epoch: 0, session: new Map(), busy: false, withFetch: new Acknowledgements(), alone: new Acknowledgements(), failures: 0 }));
    return node;
  }

  add(partitions: readonly TopicPartition[]): void {
    this.partitions.push(...partitions);
    this.pump();
  }

  remove(partitions: readonly TopicPartition[]): void {
    const keys = new Set(partitions.map(partitionKey));
    this.partitions = this.partitions.filter((tp) => !keys.has(partitionKey(tp)));
  }

  /** Records for the application, up to max.poll.records; none begins a wait for some. */
  next(): Handed[] {
    const out: Handed[] = [];
    let left = this.spec.maxPollRecords;
    while (left > 0) {
      const head = this.buffer.shift();
      if (!head) break;
      const count = head.lastOffset - head.firstOffset + 1;
      if (count <= left) out.push(head);
      else {
        out.push({ ...head, lastOffset: head.firstOffset + left - 1 });
        this.buffer.unshift({ ...head, firstOffset: head.firstOffset + left, firstRecord: head.firstRecord < 0 ? -1 : head.firstRecord + left });
      }
      left -= Math.min(left, count);
    }
    return out;
  }

  /** What the application says of records: with the next fetch where it waits for more, else at once. */
  acknowledge(said: readonly { readonly handed: Handed; readonly type: number }[]): void {
    const alone = this.buffer.length > 0;
    for (const { handed, type } of said) {
      const node = this.node(handed.broker);
      (alone ? node.alone : node.withFetch).add(partitionKey(handed), handed.firstOffset, handed.lastOffset, type);
    }
    if (alone) this.pump();
  }

  wantMore(): void {
    this.wanting = true;
    this.pump();
  }

  /** Sends whatever is due to every leader that no request is under way to. */
  private pump(): void {
    for (const node of this.nodes.values()) if (!node.busy && node.alone.size > 0) this.tell(node);
    if (this.closing) return this.finish();
    if (!this.wanting || this.again.dueUs !== Number.POSITIVE_INFINITY) return;
    let refresh = false;
    for (const tp of this.partitions) {
      const leader = this.client.partition(tp.topic, tp.partition)?.leader ?? -1;
      if (leader < 0 || this.client.idOf(tp.topic) === undefined) refresh = true;
      else this.node(leader);
    }
    for (const node of this.nodes.values()) if (!node.busy) this.fetch(node);
    if (refresh) {
      this.client.refresh();
      this.later(0);
    }
  }

  private later(failures: number): void {
    this.deadlines.setIfAbsent(this.again, backoffUs(this.client, 'share-fetch', failures, this.draws++) / 1000);
  }

  /** A session that cannot go on: what was not yet told is lost, and the locks run out. */
  private reset(node: Node): void {
    node.epoch = 0;
    node.session.clear();
    for (const key of node.withFetch.keys()) node.withFetch.take(key);
    for (const key of node.alone.keys()) node.alone.take(key);
  }

  private went(node: Node): void {
    node.epoch = node.epoch === HIGHEST_EPOCH ? 1 : node.epoch + 1;
  }

  /* ---- fetching ---- */

  private fetch(node: Node): void {
    const wanted = this.partitions.filter((tp) => this.client.partition(tp.topic, tp.partition)?.leader === node.broker && this.client.idOf(tp.topic) !== undefined);
    const keys = new Set(wanted.map(partitionKey));
    const gone = [...node.session.values()].filter((tp) => !keys.has(partitionKey(tp)));
    if (wanted.length === 0 && gone.length === 0) return;
    // The first request of a session cannot say anything of records.
    if (node.epoch === 0) this.reset(node);
    const parts = new Map<string, ReturnType<typeof this.part>>();
    for (const tp of wanted) if (!node.session.has(partitionKey(tp))) parts.set(partitionKey(tp), this.part(tp, PARTITION_BYTES));
    for (const key of node.withFetch.keys()) {
      const tp = node.session.get(key);
      if (tp) parts.set(key, { ...(parts.get(key) ?? this.part(tp, keys.has(key) ? PARTITION_BYTES : 0)), acknowledgementBatches: node.withFetch.take(key) });
    }
    for (const tp of wanted) node.session.set(partitionKey(tp), tp);
    for (const tp of gone) node.session.delete(partitionKey(tp));
    const body: ShareFetchRequest = {
      groupId: this.spec.group!,
      memberId: this.memberId(),
      shareSessionEpoch: node.epoch,
      maxWaitMs: this.spec.fetchMaxWaitMs,
      minBytes: 1,
      maxBytes: MAX_BYTES,
      topics: byTopic([...parts.values()]),
      forgottenTopicsData: byTopic(gone.map((tp) => this.part(tp, 0))).map((t) => ({ topicId: t.topicId, partitions: t.partitions.map((p) => p.partitionIndex) })),
    };
    node.busy = true;
    this.client.channel(node.broker, 'fetch').send({ api: KEY.ShareFetch, apiVersion: 0, body, bytes: 96, firstRecord: -1, records: 0 }, (response) => {
      node.busy = false;
      const answer = response ? (response.body as ShareFetchResponse) : null;
      if (answer && answer.throttleTimeMs > 0) this.client.channel(node.broker, 'fetch').throttle(answer.throttleTimeMs);
      this.fetched(node, answer);
      this.pump();
    });
  }

  private part({ topic, partition }: TopicPartition, partitionMaxBytes: number) {
    return { topicId: this.client.idOf(topic)!, partitionIndex: partition, partitionMaxBytes, acknowledgementBatches: [] as ReturnType<Acknowledgements['take']> };
  }

  private fetched(node: Node, answer: ShareFetchResponse | null): void {
    if (!answer || answer.errorCode !== 0) {
      this.reset(node);
      if (!answer) {
        this.client.failedBroker();
        this.client.refresh();
        this.later(node.failures++);
      }
      return;
    }
    node.failures = 0;
    this.went(node);
    let brought = false;
    for (const { topicId, partitions } of answer.responses) {
      for (const p of partitions) {
        const topic = this.client.nameOf(topicId) ?? '';
        if (p.errorCode !== 0) {
          this.client.refresh();
          this.later(0);
        } else if (p.acquiredRecords.length > 0) {
          brought = true;
          this.keep(node, { topic, partition: p.partitionIndex }, p);
        }
      }
    }
    if (!brought) return;
    this.wanting = false;
    this.onRecords();
  }

  /** Buffers the records that were acquired; offsets at which there is none for the application are told as gaps. */
  private keep(node: Node, tp: TopicPartition, answer: ShareFetchPartitionResponse): void {
    for (const { firstOffset, lastOffset } of answer.acquiredRecords) {
      let next = firstOffset;
      const gapUntil = (offset: number) => {
        if (next < offset) node.withFetch.add(partitionKey(tp), next, offset - 1, GAP);
        next = offset;
      };
      for (const batch of answer.records ?? []) {
        for (const run of shown(batch, firstOffset)) {
          const last = Math.min(lastOffset, run.offset + run.count - 1);
          if (run.offset > lastOffset) break;
          gapUntil(run.offset);
          this.buffer.push({ ...tp, broker: node.broker, firstOffset: run.offset, lastOffset: last, firstRecord: run.firstRecord });
          next = last + 1;
        }
      }
      gapUntil(lastOffset + 1);
    }
  }

  /* ---- acknowledging by itself, and the end ---- */

  private tell(node: Node): void {
    const parts = node.alone.keys().flatMap((key) => {
      const tp = node.session.get(key);
      const acknowledgementBatches = node.alone.take(key);
      return tp ? [{ ...this.part(tp, 0), acknowledgementBatches }] : [];
    });
    if (node.epoch === 0 || parts.length === 0) return;
    this.sendTold(node, node.epoch, parts, (answer) => {
      if (!answer || answer.errorCode !== 0) this.reset(node);
      else {
        this.went(node);
        for (const { topicId, partitions } of answer.responses) {
          for (const p of partitions) {
            if (!MAY_PASS.includes(p.errorCode)) continue;
            const part = parts.find((x) => x.topicId === topicId && x.partitionIndex === p.partitionIndex);
            for (const b of part?.acknowledgementBatches ?? [])
              for (let o = b.firstOffset; o <= b.lastOffset; o++)
                node.withFetch.add(partitionKey({ topic: this.client.nameOf(topicId)!, partition: p.partitionIndex }), o, o, b.acknowledgeTypes[o - b.firstOffset] ?? b.acknowledgeTypes[0]!);
          }
        }
      }
      this.pump();
    });
  }

  private sendTold(node: Node, epoch: number, parts: readonly ReturnType<typeof this.part>[], answered: (answer: ShareAcknowledgeResponse | null) => void): void {
    const topics = byTopic(parts).map((t) => ({ topicId: t.topicId, partitions: t.partitions.map(({ partitionIndex, acknowledgementBatches }) => ({ partitionIndex, acknowledgementBatches })) }));
    const body: ShareAcknowledgeRequest = { groupId: this.spec.group!, memberId: this.memberId(), shareSessionEpoch: epoch, topics };
    node.busy = true;
    this.client.channel(node.broker, 'fetch').send({ api: KEY.ShareAcknowledge, apiVersion: 0, body, bytes: 96, firstRecord: -1, records: 0 }, (response) => {
      node.busy = false;
      answered(response ? (response.body as ShareAcknowledgeResponse) : null);
    });
  }

  /** Tells what is left and closes every session. @param then when that is done. */
  close(then: () => void): void {
    this.wanting = false;
    this.closing = then;
    this.partitions = [];
    this.buffer.length = 0;
    this.finish();
  }

  private finish(): void {
    let open = false;
    for (const node of this.nodes.values()) {
      if (node.busy) open = true;
      if (node.busy || node.epoch === 0) continue;
      open = true;
      node.alone.addAll(node.withFetch);
      const parts = node.alone.keys().flatMap((key) => (node.session.has(key) ? [{ ...this.part(node.session.get(key)!, 0), acknowledgementBatches: node.alone.take(key) }] : []));
      node.epoch = 0;
      this.sendTold(node, FINAL, parts, () => {
        this.reset(node);
        this.finish();
      });
    }
    if (open || !this.closing) return;
    const then = this.closing;
    this.closing = null;
    this.stop();
    then();
  }

  stop(): void {
    this.partitions = [];
    this.buffer.length = 0;
    this.wanting = false;
    this.deadlines.drop(this.again);
  }
}

/** Runs of records at or above an offset that are for the application. */
function shown(batch: RecordBatch, fromOffset: number) {
  return isControl(batch) ? [] : runsOf(batch, fromOffset);
}

function byTopic<T extends { readonly topicId: string }>(parts: readonly T[]): { topicId: string; partitions: T[] }[] {
  const topics = new Map<string, T[]>();
  for (const p of parts) {
    const of = topics.get(p.topicId);
    if (of) of.push(p);
    else topics.set(p.topicId, [p]);
  }
  return [...topics].map(([topicId, partitions]) => ({ topicId, partitions }));
}
