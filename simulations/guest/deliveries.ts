// Follows what a process reads: which records a Fetch answer brings at or above the offset that was asked for, and for which group.
import type { Kernel, Process } from '../kernel/kernel.ts';
import type { FetchRequest, FetchResponse, JoinGroupRequest } from '../kafka/protocol/messages.ts';
import { nextOffsetOf } from '../kafka/protocol/batch.ts';
import { decodeEmbedded } from '../kafka/protocol/codec.ts';

export class Deliveries {
  private readonly kernel: Kernel;
  private readonly process: Process;
  /** Offsets asked for, by flight and then by topic-partition. */
  private readonly asked = new Map<string, Map<string, number>>();
  private readonly groupOf = new Map<string, string>();
  private lastGroup = '';

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
    this.asked.set(flight, offsets);
  }

  answered(flight: string, response: FetchResponse): void {
    const offsets = this.asked.get(flight);
    this.asked.delete(flight);
    const { kernel: k } = this;
    for (const topic of response.responses) {
      for (const p of topic.partitions) {
        const from = offsets?.get(`${topic.topic}-${p.partitionIndex}`) ?? 0;
        for (const batch of p.records ?? []) {
          const next = nextOffsetOf(batch);
          if (batch.firstRecord < 0 || next <= from) continue;
          const skipped = Math.max(0, from - batch.baseOffset);
          const group = k.trace.sym(this.groupOf.get(topic.topic) ?? this.lastGroup);
          k.trace.emit(
            'consumer.delivered',
            this.process.sym,
            k.cause,
            group,
            k.trace.sym(topic.topic),
            p.partitionIndex,
            batch.baseOffset + skipped,
            next,
            batch.count - skipped,
            batch.firstRecord + skipped,
          );
        }
      }
    }
  }

  lost(prefix: string): void {
    for (const flight of this.asked.keys()) if (flight.startsWith(prefix)) this.asked.delete(flight);
  }
}
