// The receiving end: channels with the buffers that came, and the credit given for more (Flink SingleInputGate, BufferManager).
import type { Buffer } from './elements.ts';

/** taskmanager.network.memory.buffers-per-channel and floating-buffers-per-gate, Flink's defaults. */
export const EXCLUSIVE = 2;
export const FLOATING = 8;

export interface Channel {
  readonly number: number;
  readonly queue: Buffer[];
  /** Waits for the barriers of the other channels. */
  blocked: boolean;
  ended: boolean;
  /** Buffers promised to the sender and not yet used. */
  credit: number;
  /** Floating buffers it holds. */
  floating: number;
  backlog: number;
}

export class InputGate {
  readonly channels: readonly Channel[];
  private readonly announce: (channel: number, credit: number) => void;
  private floating = FLOATING;
  private turn = 0;

  constructor(channels: number, announce: (channel: number, credit: number) => void) {
    this.announce = announce;
    this.channels = Array.from({ length: channels }, (_, number) => ({ number, queue: [], blocked: false, ended: false, credit: EXCLUSIVE, floating: 0, backlog: 0 }));
  }

  /** A buffer came. @param backlog what waits behind it at the sender. */
  receive(number: number, buffer: Buffer, backlog: number): void {
    const channel = this.channels[number]!;
    channel.queue.push(buffer);
    if (buffer.event) return;
    channel.credit--;
    channel.backlog = backlog;
    this.lend(channel);
  }

  /** Takes the next buffer of a channel that is not blocked, one channel after another. */
  next(): { readonly channel: Channel; readonly buffer: Buffer } | null {
    const n = this.channels.length;
    for (let i = 0; i < n; i++) {
      const channel = this.channels[(this.turn + i) % n]!;
      if (channel.blocked || channel.queue.length === 0) continue;
      this.turn = (channel.number + 1) % n;
      return { channel, buffer: channel.queue.shift()! };
    }
    return null;
  }

  /** A data buffer was worked through: its room is free again. */
  recycle(channel: Channel): void {
    if (channel.floating > 0 && channel.credit >= channel.backlog) {
      channel.floating--;
      this.floating++;
      for (const other of this.channels) this.lend(other);
      return;
    }
    channel.credit++;
    this.announce(channel.number, 1);
  }

  /** Room for what waits at the sender, as long as there are floating buffers. */
  private lend(channel: Channel): void {
    let more = 0;
    while (this.floating > 0 && channel.backlog > 0 && channel.credit + more < channel.backlog + EXCLUSIVE) {
      this.floating--;
      channel.floating++;
      more++;
    }
    if (more === 0) return;
    channel.credit += more;
    this.announce(channel.number, more);
  }
}
