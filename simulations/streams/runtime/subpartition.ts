// The sending end of a channel: elements are packed into buffers, and buffers wait for credit of the receiver
// (Flink PipelinedSubpartition, CreditBasedSequenceNumberingViewReader).
import { eventBuffer, type Barrier, type Buffer, type StreamElement } from './elements.ts';

export interface SubpartitionHost {
  /** Records in one buffer at most. */
  readonly bufferRecords: number;
  send(buffer: Buffer, backlog: number): void;
  /** A buffer is open and nothing else will send it: it must be flushed after the buffer time-out. */
  opened(): void;
  /** Event in whose course something is sent. */
  cause(): number;
}

export class Subpartition {
  /** Buffers that the receiver has room for. */
  credit = 0;
  private readonly host: SubpartitionHost;
  private queue: Buffer[] = [];
  private open: StreamElement[] = [];
  private openRecords = 0;
  private connected = false;

  constructor(host: SubpartitionHost) {
    this.host = host;
  }

  /** Data buffers that wait. */
  get backlog(): number {
    let n = 0;
    for (const b of this.queue) if (!b.event) n++;
    return n;
  }

  /** The receiver is there. */
  connect(credit: number): void {
    this.connected = true;
    this.credit += credit;
    this.pump();
  }

  addCredit(credit: number): void {
    this.credit += credit;
    this.pump();
  }

  add(element: StreamElement): void {
    if (this.open.length === 0) this.host.opened();
    this.open.push(element);
    if (element.kind === 'record' && ++this.openRecords >= this.host.bufferRecords) this.flush();
  }

  flush(): void {
    if (this.open.length === 0) return;
    this.queue.push({ elements: this.open, records: this.openRecords, event: null, cause: this.host.cause() });
    this.open = [];
    this.openRecords = 0;
    this.pump();
  }

  /** Puts a barrier behind everything that waits, or in front of it. @returns what an unaligned one overtakes. */
  barrier(barrier: Barrier): readonly Buffer[] {
    this.flush();
    const event = eventBuffer({ kind: 'barrier', barrier }, this.host.cause());
    if (!barrier.unaligned) {
      this.queue.push(event);
      this.pump();
      return [];
    }
    const overtaken = this.queue.filter((b) => !b.event);
    this.queue.unshift(event);
    this.pump();
    return overtaken;
  }

  end(): void {
    this.flush();
    this.queue.push(eventBuffer({ kind: 'end' }, this.host.cause()));
    this.pump();
  }

  /** Puts back what was under way when the checkpoint was taken. */
  restore(buffers: readonly Buffer[]): void {
    this.queue = [...buffers, ...this.queue];
    this.pump();
  }

  private pump(): void {
    while (this.connected && this.queue.length > 0) {
      const head = this.queue[0]!;
      // Events need no room.
      if (!head.event) {
        if (this.credit <= 0) return;
        this.credit--;
      }
      this.queue.shift();
      this.host.send(head, this.backlog);
    }
  }
}
