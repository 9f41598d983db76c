// The event queue: a binary heap over typed arrays, ordered by (time, tie, sequence), with pooled slots for what the events carry.
// Ties of messages are ordered by their flow, so that who was queued first never decides between two senders.

import { copied } from './arrays.ts';
import type { Conn } from './network.ts';

const START = 256;

export class EventQueue {
  /** Number of queued events. */
  size = 0;
  /** Columns of the pool, by slot. */
  type = new Uint8Array(START);
  process = new Int32Array(START);
  incarnation = new Int32Array(START);
  kind = new Int32Array(START);
  a = new Float64Array(START);
  b = new Float64Array(START);
  cause = new Int32Array(START);
  payload: unknown[] = new Array<unknown>(START).fill(null);
  /** The connection that a message comes by; as long as the highest slot that has carried one, for most of a long queue are timers. */
  readonly conn: (Conn | null | undefined)[] = new Array<Conn | null>(START).fill(null);
  private time = new Float64Array(START);
  private tie = new Uint32Array(START);
  private seq = new Float64Array(START);
  private slot = new Int32Array(START);
  private free = new Int32Array(START);
  private freeCount = START;
  private nextSeq = 0;

  constructor() {
    for (let i = 0; i < START; i++) this.free[i] = START - 1 - i;
  }

  /** Time of the first event, microseconds; Infinity when empty. */
  peekUs(): number {
    return this.size === 0 ? Infinity : this.time[0]!;
  }

  /** Queues an event and returns its slot, whose columns the caller fills. @param flow its tie, 32 bits, compared as an unsigned number. */
  push(timeUs: number, flow: number): number {
    const tie = flow >>> 0;
    if (this.freeCount === 0) this.grow();
    const slot = this.free[--this.freeCount]!;
    const seq = this.nextSeq++;
    const { time, tie: ties, seq: seqs, slot: slots } = this;
    let i = this.size++;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      const pt = time[parent]!;
      if (pt < timeUs || (pt === timeUs && (ties[parent]! < tie || (ties[parent]! === tie && seqs[parent]! < seq)))) break;
      time[i] = pt;
      ties[i] = ties[parent]!;
      seqs[i] = seqs[parent]!;
      slots[i] = slots[parent]!;
      i = parent;
    }
    time[i] = timeUs;
    ties[i] = tie;
    seqs[i] = seq;
    slots[i] = slot;
    return slot;
  }

  /** Takes the first event off and returns its slot; the caller gives it back with `release`. */
  pop(): number {
    const { time, tie: ties, seq: seqs, slot: slots } = this;
    const top = slots[0]!;
    const n = --this.size;
    if (n > 0) {
      const t = time[n]!;
      const k = ties[n]!;
      const s = seqs[n]!;
      const v = slots[n]!;
      let i = 0;
      for (;;) {
        let child = 2 * i + 1;
        if (child >= n) break;
        let ct = time[child]!;
        const right = child + 1;
        if (right < n) {
          const rt = time[right]!;
          if (rt < ct || (rt === ct && (ties[right]! < ties[child]! || (ties[right]! === ties[child]! && seqs[right]! < seqs[child]!)))) {
            child = right;
            ct = rt;
          }
        }
        if (t < ct || (t === ct && (k < ties[child]! || (k === ties[child]! && s < seqs[child]!)))) break;
        time[i] = ct;
        ties[i] = ties[child]!;
        seqs[i] = seqs[child]!;
        slots[i] = slots[child]!;
        i = child;
      }
      time[i] = t;
      ties[i] = k;
      seqs[i] = s;
      slots[i] = v;
    }
    return top;
  }

  release(slot: number): void {
    this.free[this.freeCount++] = slot;
  }

  private grow(): void {
    const from = this.free.length;
    const to = from * 2;
    this.type = copied(this.type, new Uint8Array(to));
    this.process = copied(this.process, new Int32Array(to));
    this.incarnation = copied(this.incarnation, new Int32Array(to));
    this.kind = copied(this.kind, new Int32Array(to));
    this.a = copied(this.a, new Float64Array(to));
    this.b = copied(this.b, new Float64Array(to));
    this.cause = copied(this.cause, new Int32Array(to));
    this.time = copied(this.time, new Float64Array(to));
    this.tie = copied(this.tie, new Uint32Array(to));
    this.seq = copied(this.seq, new Float64Array(to));
    this.slot = copied(this.slot, new Int32Array(to));
    this.free = new Int32Array(to);
    for (let i = from; i < to; i++) {
      this.free[this.freeCount++] = to - 1 - (i - from);
      this.payload.push(null);
    }
  }
}
