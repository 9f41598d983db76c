// Follows what a process reads: which records a Fetch answer brings at or above the offset that was asked for, and for which group.
import type { Sym } from '../contract/events.ts';
import type { Kernel, Process } from '../kernel/kernel.ts';
import { hasTransactions, visibility } from '../kafka/client/isolation.ts';
import type { FetchPartitionResponse, FetchRequest, FetchResponse, JoinGroupRequest } from '../kafka/protocol/messages.ts';
import { nextOffsetOf, runsOf } from '../kafka/protocol/batch.ts';
import { decodeEmbedded } from '../kafka/protocol/codec.ts';

export class Deliveries {
  private readonly kernel: Kernel;
  private readonly process: Process;
  /** What was asked for, by flight: offsets by topic-partition, and whether only committed records are wanted. */
  private readonly asked = new Map<string, { readonly offsets: Map<string, number>; readonly readCommitted: boolean }>();
  private readonly groupOf = new Map<string, string>();
  private lastGroup = '';
  /** Groups that met transactions, each with its isolation level. */
  private readonly met = new Set<string>();

  constructor(kernel: Kernel, process: Process) {
    this.kernel = kernel;
    this.process = process;
  }

  joining(request: JoinGroupRequest): void {
    this.lastGroup = request.groupId;
    for (const protocol of request.protocols) {
      const read = decodeEmbedded('ConsumerProtocolSubscription', protocol.metadata);
      if (read.ok) for (const topic of read.body['topics'] as string[]) this.groupOf.set(topic, request.groupId);
    }
  }

  asking(flight: string, request: FetchRequest): void {
    const offsets = new Map<string, number>();
    for (const topic of request.topics) for (const p of topic.partitions) offsets.set(`${topic.topic}-${p.partition}`, p.fetchOffset);
    this.asked.set(flight, { offsets, readCommitted: request.isolationLevel === 1 });
  }

  answered(flight: string, response: FetchResponse): void {
    const asked = this.asked.get(flight);
    this.asked.delete(flight);
    const { kernel: k } = this;
    for (const topic of response.responses) {
      for (const p of topic.partitions) {
        const from = asked?.offsets.get(`${topic.topic}-${p.partitionIndex}`) ?? 0;
        const group = k.trace.sym(this.groupOf.get(topic.topic) ?? this.lastGroup);
        this.meet(group, topic.topic, p, asked?.readCommitted ?? false);
        const seen = visibility(p, asked?.readCommitted ?? false);
        for (const [i, batch] of (p.records ?? []).entries()) {
          if (batch.firstRecord < 0 || nextOffsetOf(batch) <= from || seen[i] === 'marker') continue;
          const runs = runsOf(batch, from);
          for (const [j, run] of runs.entries()) {
            const next = j === runs.length - 1 ? nextOffsetOf(batch) : run.offset + run.count;
            const type = seen[i] === 'aborted' ? 'consumer.skipped' : 'consumer.delivered';
            k.trace.emit(type, this.process.sym, k.cause, group, k.trace.sym(topic.topic), p.partitionIndex, run.offset, next, run.count, run.firstRecord);
          }
        }
      }
    }
  }

  /** Tells once that a group's consumer here reads from partitions with transactions, and how. */
  private meet(group: Sym, topic: string, answer: FetchPartitionResponse, readCommitted: boolean): void {
    const how = `${group}/${readCommitted}`;
    if (this.met.has(how) || !hasTransactions(answer)) return;
    this.met.add(how);
    const { kernel: k } = this;
    k.trace.emit('consumer.metTransaction', this.process.sym, k.cause, group, k.trace.sym(topic), answer.partitionIndex, k.trace.sym(readCommitted ? 'read_committed' : 'read_uncommitted'));
  }

  lost(prefix: string): void {
    for (const flight of this.asked.keys()) if (flight.startsWith(prefix)) this.asked.delete(flight);
  }
}
