// The network: connections with TCP-like directions. Each keeps its order; a lost transmission is repeated after a growing time-out, so that
// loss and cuts show as delay (RFC 6298: first repeat after 200 ms as in Linux, doubling to 120 s; a SYN after 1 s).
// Whether a transmission is lost is decided when it leaves, not on the way.
import type { Sym } from '../contract/events.ts';
import { drawInt, drawKey, type DrawKey } from './draws.ts';
import { digestText } from './hash.ts';
import { emitDelivered, emitSent } from './hotEvents.ts';
import type { Kernel, Process } from './kernel.ts';
import { NetworkFaults, type Struck } from './networkFaults.ts';

const RTO_US = 200_000;
const RTO_MAX_US = 120_000_000;
const SYN_RTO_US = 1_000_000;

/** One Kafka request or response under way. `body` is the typed value; bytes are made only where someone needs them. */
export interface Message {
  readonly response: boolean;
  /** Kafka API key. */
  readonly api: number;
  readonly apiVersion: number;
  readonly correlationId: number;
  readonly clientId: string;
  readonly body: unknown;
  /** Size of the frame, bytes; an estimate where no bytes are made. */
  readonly bytes: number;
  /** Records it carries: a range of the record table; -1 and 0 for none. */
  readonly firstRecord: number;
  readonly records: number;
}

/** How an API number is written in the trace. */
export type ApiName = (api: number) => string;

interface Transit {
  readonly conn: Conn;
  readonly toServer: boolean;
  readonly what: 'syn' | 'synack' | 'refused' | 'reset' | 'fin' | 'message';
  readonly message: Message | null;
  readonly api: Sym;
  /** Number of the message in the run; -1 for control. */
  readonly id: number;
}

/** What every message looks at comes first, so that it lies together. As a source of draws it is that of its jitter. */
interface Direction extends DrawKey, Struck {
  n: number;
  lastDueUs: number;
  readonly delayUs: number;
  readonly jitterUs: number;
  /** Orders this flow among messages due at one process in one microsecond: 32 bits, compared as an unsigned number. */
  readonly tie: number;
  /** What waits behind a lost transmission, the lost one first; null = nothing. */
  backlog: Transit[] | null;
  readonly loss: DrawKey;
  rtoUs: number;
}

export interface Conn {
  // What every message looks at comes first, so that it lies together.
  readonly client: Process;
  readonly server: Process;
  clientOpen: boolean;
  serverOpen: boolean;
  readonly sym: Sym;
  readonly up: Direction;
  readonly down: Direction;
  /** State that each side keeps with the connection. */
  clientData: unknown;
  serverData: unknown;
  readonly clientIncarnation: number;
  serverIncarnation: number;
  /** Named per client process: app#2>broker-1. */
  readonly name: string;
}

export interface LinkRule {
  readonly covers: (from: Process, to: Process) => boolean;
  readonly delayUs: number;
  readonly jitterUs: number;
}

const ARRIVE = 0;
const RETRANSMIT = 1;
/** A message on its own, to the server and to the client; the others carry a transit. */
const REQUEST = 2;
const RESPONSE = 3;

export class Network {
  links: readonly LinkRule[] = [];
  apiName: ApiName = String;
  /** Sees every message as it is sent, in order of their numbers; null = nobody looks. */
  tap: ((message: Message) => void) | null = null;
  private readonly kernel: Kernel;
  readonly faults = new NetworkFaults();
  private messages = 0;
  private readonly apiSyms: (Sym | undefined)[] = [];

  constructor(kernel: Kernel) {
    this.kernel = kernel;
  }

  /** Asks for a connection; `connected` or `closed` with `refused` follows, or neither while the network is cut. */
  connect(client: Process, server: Process): Conn {
    const name = `${client.name}#${++client.connCount}>${server.name}`;
    const conn: Conn = {
      client,
      server,
      clientOpen: true,
      serverOpen: false,
      sym: this.kernel.trace.sym(name),
      up: this.direction(client, server, `${name}/up`),
      down: this.direction(server, client, `${name}/down`),
      clientData: null,
      serverData: null,
      clientIncarnation: client.incarnation,
      serverIncarnation: 0,
      name,
    };
    client.conns.add(conn);
    conn.up.rtoUs = SYN_RTO_US;
    this.transmit({ conn, toServer: true, what: 'syn', message: null, api: 0 as Sym, id: -1 });
    return conn;
  }

  private direction(from: Process, to: Process, flow: string): Direction {
    let delayUs = 500;
    let jitterUs = 200;
    for (const link of this.links) {
      if (!link.covers(from, to)) continue;
      delayUs = link.delayUs;
      jitterUs = link.jitterUs;
    }
    const jitter = drawKey(this.kernel.seed, `link/${flow}/jitter`);
    return {
      from,
      to,
      a: jitter.a,
      b: jitter.b,
      n: 0,
      lastDueUs: 0,
      faultsVersion: -1,
      cutBy: -1,
      lossBy: -1,
      delayBy: -1,
      extraDelayUs: 0,
      delayUs,
      jitterUs,
      tie: digestText(flow, 0x9e3779b9) | 1,
      backlog: null,
      loss: drawKey(this.kernel.seed, `link/${flow}/loss`),
      rtoUs: RTO_US,
      lossNumerator: 0,
      lossDenominator: 1,
    };
  }

  /** Sends a message from one side. @returns sequence number of net.sent, or -1 when this side has closed. */
  send(conn: Conn, message: Message, fromClient: boolean): number {
    if (fromClient ? !conn.clientOpen : !conn.serverOpen) return -1;
    if (this.tap) this.tap(message);
    const d = fromClient ? conn.up : conn.down;
    const id = this.messages++;
    this.faults.refresh(d);
    if (d.backlog !== null || d.cutBy >= 0 || d.lossBy >= 0) return this.transmit({ conn, toServer: fromClient, what: 'message', message, api: this.apiSym(message.api), id });
    const k = this.kernel;
    const due = this.dueOn(d);
    const seq = emitSent(
      k.trace,
      d.from.sym,
      k.cause,
      d.from.sym,
      d.to.sym,
      conn.sym,
      this.apiSym(message.api),
      message.response,
      message.correlationId,
      due,
      message.bytes,
      message.records,
      message.firstRecord,
      d.delayBy,
      id,
    );
    k.deliverMessage(d.to, due, d.tie, fromClient ? REQUEST : RESPONSE, conn, message, id, seq);
    return seq;
  }

  /** The name of an API as the trace writes it. */
  apiSym(api: number): Sym {
    return (this.apiSyms[api] ??= this.kernel.trace.sym(this.apiName(api)));
  }

  /** Closes one side in good order; the other learns of it after what was sent before. */
  close(conn: Conn, fromClient: boolean): void {
    if (fromClient ? !conn.clientOpen : !conn.serverOpen) return;
    if (fromClient) conn.clientOpen = false;
    else conn.serverOpen = false;
    const me = fromClient ? conn.client : conn.server;
    me.conns.delete(conn);
    this.transmit({ conn, toServer: fromClient, what: 'fin', message: null, api: 0 as Sym, id: -1 });
  }

  /** The process has ended: its host resets every connection. */
  processEnded(process: Process): void {
    for (const conn of process.conns) {
      const wasClient = conn.client === process && conn.clientOpen;
      if (wasClient) conn.clientOpen = false;
      else conn.serverOpen = false;
      const direction = wasClient ? conn.up : conn.down;
      for (const t of takeBacklog(direction)) this.dropped(t, direction, 'dead', -1, -1);
      this.transmit({ conn, toServer: wasClient, what: 'reset', message: null, api: 0 as Sym, id: -1 });
    }
    process.conns.clear();
  }

  /** Puts one thing on the wire, or behind a lost one. */
  private transmit(t: Transit): number {
    const d = t.toServer ? t.conn.up : t.conn.down;
    const sent = t.what === 'message';
    if (d.backlog) {
      const seq = sent ? this.sent(t, d, -1, -1) : -1;
      if (t.what !== 'reset') d.backlog.push(t);
      return seq;
    }
    this.faults.refresh(d);
    const k = this.kernel;
    const lossBy = this.lostBy(d);
    if (lossBy >= 0) {
      const seq = sent ? this.sent(t, d, -1, -1) : -1;
      if (t.what === 'reset' || t.what === 'refused') return seq;
      d.backlog = [t];
      const saved = k.cause;
      if (seq >= 0) k.cause = seq;
      this.dropped(t, d, d.cutBy >= 0 ? 'cut' : 'loss', lossBy, k.nowUs + d.rtoUs);
      k.deliver(d.from, k.nowUs + d.rtoUs, d.tie, RETRANSMIT, d, k.cause);
      k.cause = saved;
      return seq;
    }
    return this.onTheWire(t, d);
  }

  private lostBy(d: Direction): number {
    if (d.cutBy >= 0) {
      this.faults.touch(d.cutBy);
      return d.cutBy;
    }
    if (d.lossBy >= 0 && drawInt(d.loss, d.n, d.lossDenominator) < d.lossNumerator) {
      d.n++;
      this.faults.touch(d.lossBy);
      return d.lossBy;
    }
    return -1;
  }

  /** When what is sent now arrives. */
  private dueOn(d: Direction): number {
    let due = this.kernel.nowUs + d.delayUs + d.extraDelayUs + (d.jitterUs > 0 ? drawInt(d, d.n, d.jitterUs + 1) : 0);
    d.n++;
    if (due < d.lastDueUs) due = d.lastDueUs;
    d.lastDueUs = due;
    if (d.delayBy >= 0) this.faults.touch(d.delayBy);
    return due;
  }

  private onTheWire(t: Transit, d: Direction): number {
    const k = this.kernel;
    const due = this.dueOn(d);
    const seq = t.what === 'message' ? this.sent(t, d, due, d.delayBy) : -1;
    k.deliver(d.to, due, d.tie, ARRIVE, t, seq >= 0 ? seq : k.cause);
    return seq;
  }

  private retransmit(d: Direction): void {
    if (!d.backlog) return;
    const head = d.backlog[0]!;
    const senderOpen = head.toServer ? head.conn.clientOpen : head.conn.serverOpen;
    const k = this.kernel;
    if (!senderOpen && head.what !== 'fin' && !d.backlog.some((t) => t.what === 'fin')) {
      for (const t of takeBacklog(d)) if (t.what === 'message') this.dropped(t, d, 'closed', -1, -1);
      return;
    }
    this.faults.refresh(d);
    const lossBy = this.lostBy(d);
    if (lossBy >= 0) {
      d.rtoUs = Math.min(d.rtoUs * 2, RTO_MAX_US);
      this.dropped(head, d, d.cutBy >= 0 ? 'cut' : 'loss', lossBy, k.nowUs + d.rtoUs);
      k.deliver(d.from, k.nowUs + d.rtoUs, d.tie, RETRANSMIT, d, k.cause);
      return;
    }
    d.rtoUs = RTO_US;
    for (const t of takeBacklog(d)) this.onTheWire(t, d);
  }

  /** Handed over by the kernel at its time. */
  arrive(kind: number, payload: unknown, conn: Conn | null, number: number): void {
    if (kind >= REQUEST) this.arriveMessage(conn!, payload as Message, kind === REQUEST, number);
    else if (kind === RETRANSMIT) this.retransmit(payload as Direction);
    else this.arriveTransit(payload as Transit);
  }

  private arriveMessage(conn: Conn, m: Message, toServer: boolean, id: number): void {
    const k = this.kernel;
    const to = toServer ? conn.server : conn.client;
    if (toServer ? conn.serverOpen : conn.clientOpen) {
      const from = toServer ? conn.client : conn.server;
      k.cause = emitDelivered(k.trace, to.sym, k.cause, from.sym, to.sym, conn.sym, this.apiSym(m.api), m.response, m.correlationId, m.records, m.firstRecord, id);
      to.behavior!.message(conn, m);
      return;
    }
    this.dropped({ conn, toServer, what: 'message', message: m, api: this.apiSym(m.api), id }, toServer ? conn.up : conn.down, to.state === 'ended' ? 'dead' : 'closed', -1, -1);
    if (toServer ? conn.clientOpen : conn.serverOpen) this.transmit({ conn, toServer: !toServer, what: 'reset', message: null, api: 0 as Sym, id: -1 });
  }

  private arriveTransit(t: Transit): void {
    const { conn } = t;
    const to = t.toServer ? conn.server : conn.client;
    if (t.what === 'syn') {
      this.arriveSyn(t);
      return;
    }
    const open = t.toServer ? conn.serverOpen : conn.clientOpen;
    if (t.what === 'message') {
      this.arriveMessage(conn, t.message!, t.toServer, t.id);
      return;
    }
    if (!open) {
      if (t.what === 'synack' && conn.serverOpen) this.transmit({ conn, toServer: true, what: 'reset', message: null, api: 0 as Sym, id: -1 });
      return;
    }
    const k = this.kernel;
    switch (t.what) {
      case 'synack':
        k.cause = k.trace.emit('net.connected', to.sym, k.cause, conn.sym, conn.client.sym, conn.server.sym);
        to.behavior!.connected?.(conn);
        return;
      case 'refused':
      case 'reset':
      case 'fin': {
        if (t.toServer) conn.serverOpen = false;
        else conn.clientOpen = false;
        to.conns.delete(conn);
        const reason = t.what === 'fin' ? 'closed' : t.what;
        k.cause = k.trace.emit('net.closed', to.sym, k.cause, conn.sym, conn.client.sym, conn.server.sym, k.trace.sym(reason));
        to.behavior!.closed(conn, reason);
      }
    }
  }

  private arriveSyn(t: Transit): void {
    const { conn } = t;
    const { server } = conn;
    if (conn.serverOpen) return;
    if (server.state !== 'running' && server.state !== 'paused') {
      this.transmit({ conn, toServer: false, what: 'refused', message: null, api: 0 as Sym, id: -1 });
      return;
    }
    conn.serverOpen = true;
    conn.serverIncarnation = server.incarnation;
    server.conns.add(conn);
    conn.up.rtoUs = RTO_US;
    conn.down.rtoUs = RTO_US;
    this.transmit({ conn, toServer: false, what: 'synack', message: null, api: 0 as Sym, id: -1 });
  }

  /** What the host does without its process: repeating transmissions and accepting connections. All else waits while the process is paused. */
  handledByHost(kind: number, payload: unknown): boolean {
    return kind === RETRANSMIT || (kind === ARRIVE && (payload as Transit).what === 'syn');
  }

  private sent(t: Transit, d: Direction, dueUs: number, fault: number): number {
    const m = t.message!;
    const { kernel: k } = this;
    return emitSent(k.trace, d.from.sym, k.cause, d.from.sym, d.to.sym, t.conn.sym, t.api, m.response, m.correlationId, dueUs, m.bytes, m.records, m.firstRecord, fault, t.id);
  }

  private dropped(t: Transit, d: Direction, reason: 'cut' | 'loss' | 'closed' | 'dead', fault: number, againUs: number): void {
    const m = t.message;
    if (!m) return;
    const { kernel: k } = this;
    k.trace.emit('net.dropped', d.from.sym, k.cause, d.from.sym, d.to.sym, t.conn.sym, t.api, m.response, m.correlationId, k.trace.sym(reason), fault, againUs, t.id);
  }
}

function takeBacklog(d: Direction): Transit[] {
  const { backlog } = d;
  d.backlog = null;
  return backlog ?? [];
}
