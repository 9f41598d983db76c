// One connection from a process to another with requests answered in order: connects when first used, fails everything pending when the
// connection ends or the oldest request waits too long (Kafka NetworkClient).
import { drawInt, type DrawKey } from '../kernel/draws.ts';
import type { Conn, Message } from '../kernel/network.ts';
import type { Kernel, Process } from '../kernel/kernel.ts';

/** reconnect.backoff.ms 50 and reconnect.backoff.max.ms 1,000, with 20 % jitter (Kafka 4.0 client defaults). */
const RECONNECT_US = 50_000;
const RECONNECT_MAX_US = 1_000_000;
/** What a timer of a channel is for: 0 the oldest request, 1 the next try to connect, 2 the end of a throttle. */
const RECONNECT = 1;
const RESUME = 2;

/** Why a request has no answer. */
export type NoAnswer = 'DISCONNECTED' | 'REQUEST_TIMED_OUT';

export type Answer = (response: Message | null, why: NoAnswer | null) => void;

interface Pending {
  readonly correlationId: number;
  readonly dueUs: number;
  readonly answer: Answer;
  /** The request sent after it. */
  next: Pending | null;
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
  /** Kind of its timers: tells which client of a process it belongs to. */
  readonly timerKind: number;
  private readonly number: number;
  private conn: Conn | null = null;
  private up = false;
  private readonly queued: Message[] = [];
  /** What is not answered, oldest first. */
  private oldest: Pending | null = null;
  private youngest: Pending | null = null;
  private unanswered = 0;
  private correlationId = 0;
  private timerSet = false;
  private waiting = false;
  private notBeforeUs = 0;
  /** A broker has asked to hear nothing until then (KIP-219). */
  private throttledUntilUs = 0;
  /** Whether the broker has asked for silence that is not over. */
  throttled = false;
  private failures = 0;
  private draws = 0;
  private readonly jitter: DrawKey;

  constructor(options: { kernel: Kernel; process: Process; target: Process; timeoutUs: number; timerKind: number; number: number }) {
    this.kernel = options.kernel;
    this.process = options.process;
    this.target = options.target;
    this.clientId = options.process.name;
    this.timeoutUs = options.timeoutUs;
    this.timerKind = options.timerKind;
    this.number = options.number;
    this.jitter = options.kernel.draws(options.process, `reconnect/${options.target.name}/${options.number}`);
  }

  /** Requests sent and not answered. */
  get inFlight(): number {
    return this.unanswered;
  }

  /** Whether it stands or may be tried now; false while it backs off (Kafka NetworkClient.ready). */
  get ready(): boolean {
    return (this.conn !== null || this.kernel.nowUs >= this.notBeforeUs) && !this.throttled;
  }

  /** When it may be tried again, microseconds. */
  get readyAtUs(): number {
    return this.conn !== null ? this.throttledUntilUs : Math.max(this.notBeforeUs, this.throttledUntilUs);
  }

  /** @param timeoutUs of this request, where it is not the channel's: a JoinGroup may wait for a whole rebalance. */
  send(out: Outgoing, answer: Answer, expected = true, timeoutUs = this.timeoutUs): void {
    const message: Message = {
      response: false,
      api: out.api,
      apiVersion: out.apiVersion,
      correlationId: this.correlationId++,
      clientId: this.clientId,
      body: out.body,
      bytes: out.bytes,
      firstRecord: out.firstRecord,
      records: out.records,
    };
    if (expected) {
      const pending: Pending = { correlationId: message.correlationId, dueUs: (this.throttled ? this.throttledUntilUs : this.kernel.nowUs) + timeoutUs, answer, next: null };
      if (this.youngest) this.youngest.next = pending;
      else this.oldest = pending;
      this.youngest = pending;
      this.unanswered++;
      this.armTimer();
    }
    if (this.up && !this.throttled) this.kernel.network.send(this.conn!, message, true);
    else {
      this.queued.push(message);
      this.connect();
    }
    if (!expected) answer(null, null);
  }

  private connect(): void {
    if (this.conn !== null || this.waiting) return;
    if (this.kernel.nowUs < this.notBeforeUs) {
      this.waiting = true;
      this.kernel.setTimer(this.process, this.notBeforeUs - this.kernel.nowUs, this.timerKind, this.number, RECONNECT);
      return;
    }
    this.conn = this.kernel.network.connect(this.process, this.target);
    this.conn.clientData = this;
  }

  /** The broker's answer asks for silence. What is sent meanwhile waits, and its time begins when it is over (Kafka NetworkClient.maybeThrottle). @param ms throttle_time_ms */
  throttle(ms: number): void {
    this.throttled = true;
    this.throttledUntilUs = Math.max(this.throttledUntilUs, this.kernel.nowUs + ms * 1000);
    this.kernel.setTimer(this.process, ms * 1000, this.timerKind, this.number, RESUME);
  }

  connected(): void {
    this.up = true;
    this.failures = 0;
    this.sendQueued();
  }

  private sendQueued(): void {
    if (!this.up || this.throttled) return;
    for (const message of this.queued.splice(0)) this.kernel.network.send(this.conn!, message, true);
  }

  closed(conn: Conn): void {
    if (conn === this.conn) this.fail('DISCONNECTED');
  }

  message(message: Message): void {
    const head = this.oldest;
    if (!head || head.correlationId !== message.correlationId) return;
    this.oldest = head.next;
    if (!head.next) this.youngest = null;
    this.unanswered--;
    head.answer(message, null);
  }

  /** Closes the connection; what is pending is answered with DISCONNECTED. */
  close(): void {
    if (this.conn) this.kernel.network.close(this.conn, true);
    this.fail('DISCONNECTED');
  }

  /** The process's timer for this channel came. */
  timer(what: number): void {
    if (what === RECONNECT) {
      this.waiting = false;
      if (this.queued.length > 0) this.connect();
      return;
    }
    if (what === RESUME) {
      // An answer to an earlier request may have asked for more.
      if (this.kernel.nowUs < this.throttledUntilUs) return;
      this.throttled = false;
      this.sendQueued();
      return;
    }
    this.timerSet = false;
    const head = this.oldest;
    if (!head) return;
    if (this.kernel.nowUs < head.dueUs) {
      this.armTimer();
      return;
    }
    if (this.conn) this.kernel.network.close(this.conn, true);
    this.fail('REQUEST_TIMED_OUT');
  }

  private armTimer(): void {
    if (this.timerSet || !this.oldest) return;
    this.timerSet = true;
    this.kernel.setTimer(this.process, this.oldest.dueUs - this.kernel.nowUs, this.timerKind, this.number);
  }

  private fail(why: NoAnswer): void {
    const baseUs = Math.min(RECONNECT_US * 2 ** Math.min(this.failures, 10), RECONNECT_MAX_US);
    this.notBeforeUs = this.kernel.nowUs + Math.floor(baseUs * 0.8) + drawInt(this.jitter, this.draws++, Math.floor(baseUs * 0.4) + 1);
    this.failures++;
    this.conn = null;
    this.up = false;
    this.queued.length = 0;
    let failed = this.oldest;
    this.oldest = this.youngest = null;
    this.unanswered = 0;
    for (; failed; failed = failed.next) failed.answer(null, why);
  }
}
