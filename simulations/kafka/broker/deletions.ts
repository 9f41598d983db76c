// DeleteRecords: the leader raises the start of its log at once and answers when every live follower has done so too
// (Kafka ReplicaManager.deleteRecords, DelayedDeleteRecords).
import { INTERNAL_TOPICS } from '../metadata/image.ts';
import { ERR } from '../protocol/apiKeys.ts';
import type { DeleteRecordsRequest, DeleteRecordsResponse } from '../protocol/logMessages.ts';
import type { Broker, Request } from './broker.ts';
import { settled, type Expiring } from './expiry.ts';
import type { Partition } from './partition.ts';

interface Slot {
  readonly topic: string;
  readonly partitionIndex: number;
  /** Where the log is to begin on all live replicas. */
  readonly wanted: number;
  /** What is told of where it begins on all of them: as it was when last looked at. */
  lowWatermark: number;
  pending: boolean;
  errorCode: number;
}

interface Waiting extends Expiring {
  readonly request: Request;
  readonly slots: readonly Slot[];
}

export class Deletions {
  private readonly broker: Broker;
  private waiting: Waiting[] = [];

  constructor(broker: Broker) {
    this.broker = broker;
  }

  handle(request: Request): void {
    const body = request.message.body as DeleteRecordsRequest;
    const k = this.broker.kernel;
    const { cause } = k;
    const slots = body.topics.flatMap((t) =>
      t.partitions.map((asked) => {
        k.cause = cause;
        return this.begin(t.name, asked.partitionIndex, asked.offset);
      }),
    );
    k.cause = cause;
    if (this.complete(slots)) {
      this.answer(request, slots);
      return;
    }
    const waiting: Waiting = {
      done: false,
      request,
      slots,
      // Nobody looks again, even if it has come about since.
      expire: () => {
        for (const s of slots) if (s.pending) s.errorCode = ERR.REQUEST_TIMED_OUT;
        this.finish(waiting);
      },
    };
    this.waiting.push(waiting);
    this.broker.expiry.add(waiting, body.timeoutMs * 1000);
  }

  private begin(topic: string, partitionIndex: number, offset: number): Slot {
    const { broker } = this;
    const fail = (errorCode: number): Slot => ({ topic, partitionIndex, wanted: -1, lowWatermark: -1, pending: false, errorCode });
    if (!broker.image.partition(topic, partitionIndex)) return fail(ERR.UNKNOWN_TOPIC_OR_PARTITION);
    if (INTERNAL_TOPICS.has(topic)) return fail(ERR.INVALID_TOPIC_EXCEPTION);
    const p = broker.partition(topic, partitionIndex);
    if (!p || p.role !== 'leader') return fail(ERR.NOT_LEADER_OR_FOLLOWER);
    const { error, offset: wanted } = broker.storage.deleteRecords(p, offset);
    return error === 0 ? { topic, partitionIndex, wanted, lowWatermark: broker.storage.lowWatermark(p), pending: true, errorCode: 0 } : fail(error);
  }

  /** Looks at each partition that is waited for; one that is led elsewhere by now, or is gone, is over with an error. */
  private complete(slots: readonly Slot[]): boolean {
    for (const s of slots) {
      if (!s.pending) continue;
      const p = this.broker.partition(s.topic, s.partitionIndex);
      const low = p?.role === 'leader' ? this.broker.storage.lowWatermark(p) : -1;
      if (low >= s.wanted) s.errorCode = 0;
      else if (!p) s.errorCode = ERR.UNKNOWN_TOPIC_OR_PARTITION;
      else if (p.role !== 'leader') s.errorCode = ERR.NOT_LEADER_OR_FOLLOWER;
      else continue;
      s.pending = false;
      s.lowWatermark = low;
    }
    return slots.every((s) => !s.pending);
  }

  get any(): boolean {
    return this.waiting.length > 0;
  }

  /** On the leader of a partition the start on all replicas has moved, or the high watermark. A leader that is none any more looks at nothing: who waits then does
   * so until the time is over, as in Kafka, where this purgatory is left out when leaders change. */
  look(p: Partition): void {
    if (!this.any) return;
    for (const w of this.waiting.filter((w) => w.slots.some((s) => s.pending && s.topic === p.topic && s.partitionIndex === p.index) && this.complete(w.slots))) this.finish(w);
  }

  private finish(waiting: Waiting): void {
    settled(waiting);
    this.waiting = this.waiting.filter((w) => w !== waiting);
    this.answer(waiting.request, waiting.slots);
  }

  private answer(request: Request, slots: readonly Slot[]): void {
    const topics: { name: string; partitions: DeleteRecordsResponse['topics'][number]['partitions'][number][] }[] = [];
    for (const { topic, partitionIndex, lowWatermark, errorCode } of slots) {
      let of = topics.at(-1);
      if (of?.name !== topic) topics.push((of = { name: topic, partitions: [] }));
      of.partitions.push({ partitionIndex, errorCode, lowWatermark });
    }
    this.broker.reply(request, { throttleTimeMs: 0, topics } satisfies DeleteRecordsResponse, slots.find((s) => s.errorCode !== 0)?.errorCode ?? 0);
  }
}
