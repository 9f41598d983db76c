// One connection from a process to another with requests answered in order: connects when first used, fails everything pending when the
// connection ends or the oldest request waits too long (Kafka NetworkClient).
import type { Conn, Message } from '../kernel/network.ts';
import type { Kernel, Process } from '../kernel/kernel.ts';

/** Why a request has no answer. */
export type NoAnswer = 'DISCONNECTED' | 'REQUEST_TIMED_OUT';

export type Answer = (response: Message | null, why: NoAnswer | null) => void;

interface Pending {
  readonly correlationId: number;
  readonly sentUs: number;
  readonly answer: Answer;
  /** False for acks=0 produce, which is never answered. */
  readonly expected: boolean;
}

export interface Outgoing {
  readonly api: number;
  readonly apiVersion: number;
  readonly body: unknown;
  readonly bytes: number;
  readonly firstRecord: number;
  readonly records: number;
}

export class Channel {
  readonly target: Process;
  private readonly kernel: Kernel;
  private readonly process: Process;
  private readonly clientId: string;
  private readonly timeoutUs: number;
  private readonly timerKind: number;
  private readonly number: number;
  private conn: Conn | null = null;
  private up = false;
  private readonly queued: Message[] = [];
  private pending: Pending[] = [];
  private correlationId = 0;
  private timerSet = false;

  constructor(options: { kernel: Kernel; process: Process; target: Process; timeoutUs: number; timerKind: number; number: number }) {
    this.kernel = options.kernel;
    this.process = options.process;
    this.target = options.target;
    this.clientId = options.process.name;
    this.timeoutUs = options.timeoutUs;
    this.timerKind = options.timerKind;
    this.number = options.number;
  }

  /** Requests sent and not answered. */
  get inFlight(): number {
    return this.pending.length;
  }

  send(out: Outgoing, answer: Answer, expected = true): void {
    const message: Message = { response: false, api: out.api, apiVersion: out.apiVersion, correlationId: this.correlationId++, clientId: this.clientId, body: out.body, bytes: out.bytes, firstRecord: out.firstRecord, records: out.records };
    if (expected) {
      this.pending.push({ correlationId: message.correlationId, sentUs: this.kernel.nowUs, answer, expected });
      this.armTimer();
    }
    if (this.conn === null) {
      this.conn = this.kernel.network.connect(this.process, this.target);
      this.conn.clientData = this;
    }
    if (this.up) this.kernel.network.send(this.conn, message, true);
    else this.queued.push(message);
    if (!expected) answer(null, null);
  }

  connected(): void {
    this.up = true;
    for (const message of this.queued.splice(0)) this.kernel.network.send(this.conn!, message, true);
  }

  closed(conn: Conn): void {
    if (conn === this.conn) this.fail('DISCONNECTED');
  }

  message(message: Message): void {
    const head = this.pending[0];
    if (!head || head.correlationId !== message.correlationId) return;
    this.pending.shift();
    head.answer(message, null);
  }

  /** Closes the connection; what is pending is answered with DISCONNECTED. */
  close(): void {
    if (this.conn) this.kernel.network.close(this.conn, true);
    this.fail('DISCONNECTED');
  }

  /** The process's timer for this channel came. */
  timer(): void {
    this.timerSet = false;
    const head = this.pending[0];
    if (!head) return;
    if (this.kernel.nowUs - head.sentUs < this.timeoutUs) {
      this.armTimer();
      return;
    }
    if (this.conn) this.kernel.network.close(this.conn, true);
    this.fail('REQUEST_TIMED_OUT');
  }

  private armTimer(): void {
    if (this.timerSet || this.pending.length === 0) return;
    this.timerSet = true;
    this.kernel.setTimer(this.process, this.pending[0]!.sentUs + this.timeoutUs - this.kernel.nowUs, this.timerKind, this.number);
  }

  private fail(why: NoAnswer): void {
    this.conn = null;
    this.up = false;
    this.queued.length = 0;
    const failed = this.pending;
    this.pending = [];
    for (const p of failed) p.answer(null, why);
  }
}
