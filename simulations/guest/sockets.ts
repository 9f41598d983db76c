// TCP sockets of a simulated process. Bytes exist only between the client library and here: whole frames become the engine's messages and back.
import type { Kernel, Process } from '../kernel/kernel.ts';
import type { Conn, Message } from '../kernel/network.ts';
import { requestToEngine, responseToWire } from '../kafka/protocol/bridge.ts';
import { KEY } from '../kafka/protocol/apiKeys.ts';
import { FrameCutter } from '../kafka/protocol/frames.ts';
import type { FetchRequest, FetchResponse, JoinGroupRequest, ProduceResponse } from '../kafka/protocol/messages.ts';
import type { Compression } from '../kafka/protocol/records.ts';
import { Deliveries } from './deliveries.ts';
import { GUEST_TIMER } from './node/timers.ts';
import { Sends } from './sends.ts';

const PORT = 9092;

type Handler = (...args: unknown[]) => void;

export interface SocketsHost {
  readonly kernel: Kernel;
  readonly process: Process;
  readonly compression: Compression;
  /** Bytes as the guest's own Buffer. */
  toBuffer(bytes: Uint8Array): unknown;
  /** Runs code of the process. */
  enter(job: () => void): void;
}

/** The engine's side of a socket. */
interface Link {
  readonly socket: GuestSocket;
  readonly cutter: FrameCutter;
  conn: Conn | null;
  state: 'connecting' | 'open' | 'closed';
  readonly onConnect: () => void;
  readonly requestTimeoutMs: number;
  readonly address: string;
}

/** What kafkajs needs of a net.Socket, and a little more. Nothing of the engine can be reached through it. */
export class GuestSocket {
  readonly #handlers = new Map<string, Handler[]>();
  readonly #write: (data: Uint8Array) => void;
  readonly #close: () => void;

  constructor(write: (socket: GuestSocket, data: Uint8Array) => void, close: (socket: GuestSocket) => void) {
    this.#write = (data) => write(this, data);
    this.#close = () => close(this);
  }

  on(event: string, handler: Handler): this {
    this.#handlers.set(event, [...(this.#handlers.get(event) ?? []), handler]);
    return this;
  }
  addListener(event: string, handler: Handler): this {
    return this.on(event, handler);
  }
  once(event: string, handler: Handler): this {
    const wrapped: Handler = (...args) => {
      this.off(event, wrapped);
      handler(...args);
    };
    return this.on(event, wrapped);
  }
  off(event: string, handler: Handler): this {
    this.#handlers.set(
      event,
      (this.#handlers.get(event) ?? []).filter((h) => h !== handler),
    );
    return this;
  }
  removeListener(event: string, handler: Handler): this {
    return this.off(event, handler);
  }
  emit(event: string, ...args: unknown[]): boolean {
    const list = this.#handlers.get(event) ?? [];
    for (const handler of list) handler(...args);
    return list.length > 0;
  }
  write(data: Uint8Array): boolean {
    this.#write(data);
    return true;
  }
  end(): this {
    this.#close();
    return this;
  }
  destroy(): this {
    this.#close();
    return this;
  }
  ref(): this {
    return this;
  }
  unref(): this {
    return this;
  }
  setKeepAlive(): this {
    return this;
  }
  setNoDelay(): this {
    return this;
  }
  setTimeout(): this {
    return this;
  }
}

export class Sockets {
  private readonly host: SocketsHost;
  readonly sends: Sends;
  private readonly deliveries: Deliveries;
  private readonly links = new WeakMap<GuestSocket, Link>();
  private readonly failing = new Map<number, { link: Link; error: Error }>();
  private nextFailure = 0;

  constructor(host: SocketsHost) {
    this.host = host;
    this.sends = new Sends(host.kernel, host.process);
    this.deliveries = new Deliveries(host.kernel, host.process);
  }

  /** @param requestTimeoutMs after which the library gives a request up. */
  connect(options: { host: string; port: number; onConnect: () => void; requestTimeoutMs: number }): GuestSocket {
    const { kernel, process } = this.host;
    const address = `${options.host}:${options.port}`;
    const socket = new GuestSocket(
      (from, data) => this.write(this.links.get(from)!, data),
      (from) => this.close(this.links.get(from)!),
    );
    const link: Link = { socket, cutter: new FrameCutter(), conn: null, state: 'connecting', onConnect: options.onConnect, requestTimeoutMs: options.requestTimeoutMs, address };
    this.links.set(socket, link);
    const target = kernel.processNamed(options.host.toLowerCase());
    if (!target || target.role !== 'broker') this.failLater(link, systemError('ENOTFOUND', `getaddrinfo ENOTFOUND ${options.host} (in the simulation brokers are called ${this.brokerNames()})`));
    else if (Number(options.port) !== PORT) this.failLater(link, systemError('ECONNREFUSED', `connect ECONNREFUSED ${address} (simulated brokers listen on port ${PORT})`));
    else {
      link.conn = kernel.network.connect(process, target);
      link.conn.clientData = link;
    }
    return socket;
  }

  private brokerNames(): string {
    const names = this.host.kernel.processes.filter((p) => p.role === 'broker').map((p) => `${p.name}:${PORT}`);
    return names.length > 3 ? `${names[0]} to ${names.at(-1)}` : names.join(', ');
  }

  private failLater(link: Link, error: Error): void {
    const id = this.nextFailure++;
    this.failing.set(id, { link, error });
    this.host.kernel.setTimer(this.host.process, 0, GUEST_TIMER.socket, id);
  }

  /** The timer of a connection that cannot be made. @returns whether learner code ran. */
  timer(id: number): boolean {
    const due = this.failing.get(id);
    this.failing.delete(id);
    if (!due || due.link.state === 'closed') return false;
    due.link.state = 'closed';
    this.host.enter(() => due.link.socket.emit('error', due.error));
    return true;
  }

  connected(conn: Conn): void {
    const link = conn.clientData as Link;
    if (link.state !== 'connecting') return;
    link.state = 'open';
    this.host.enter(() => {
      link.onConnect();
      link.socket.emit('connect');
    });
  }

  closed(conn: Conn, reason: 'closed' | 'reset' | 'refused'): void {
    const link = conn.clientData as Link;
    this.forget(conn);
    if (link.state === 'closed') return;
    link.state = 'closed';
    const { socket } = link;
    this.host.enter(() => {
      if (reason === 'refused') socket.emit('error', systemError('ECONNREFUSED', `connect ECONNREFUSED ${link.address}`));
      else if (reason === 'reset') socket.emit('error', systemError('ECONNRESET', 'read ECONNRESET'));
      else socket.emit('end');
      socket.emit('close', reason !== 'closed');
    });
  }

  /** An answer arrived: watched first, then handed to the library as bytes. */
  message(conn: Conn, message: Message): void {
    const link = conn.clientData as Link;
    const flight = `${conn.name}/${message.correlationId}`;
    if (message.api === KEY.Produce) this.sends.answered(flight, message.body as ProduceResponse);
    else if (message.api === KEY.Fetch) this.deliveries.answered(flight, message.body as FetchResponse);
    if (link.state !== 'open') return;
    const bytes = responseToWire(message, this.host.kernel.trace.records, this.host.compression);
    this.host.enter(() => link.socket.emit('data', this.host.toBuffer(bytes)));
  }

  private write(link: Link, data: Uint8Array): void {
    const { conn } = link;
    if (!conn || link.state !== 'open' || !conn.clientOpen) return;
    const frames = link.cutter.push(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    for (const frame of frames ?? []) {
      const read = requestToEngine(frame, this.sends, this.host.compression);
      if (!read.ok) return this.refused(conn);
      this.send(link, conn, read.message);
    }
    if (frames === null) this.refused(conn);
  }

  private send(link: Link, conn: Conn, message: Message): void {
    const { kernel } = this.host;
    const before = kernel.cause;
    const flight = `${conn.name}/${message.correlationId}`;
    if (message.api === KEY.Produce) this.sends.leaving(flight, message, link.requestTimeoutMs);
    else if (message.api === KEY.Fetch) this.deliveries.asking(flight, message.body as FetchRequest);
    else if (message.api === KEY.JoinGroup) this.deliveries.joining(message.body as JoinGroupRequest);
    kernel.network.send(conn, message, true);
    kernel.cause = before;
  }

  /** A broker closes a connection on which it cannot read (Kafka SocketServer). */
  private refused(conn: Conn): void {
    this.host.kernel.network.close(conn, false);
  }

  private close(link: Link): void {
    if (link.state === 'closed') return;
    link.state = 'closed';
    if (!link.conn) return;
    this.forget(link.conn);
    this.host.kernel.network.close(link.conn, true);
  }

  private forget(conn: Conn): void {
    this.sends.lost(`${conn.name}/`);
    this.deliveries.lost(`${conn.name}/`);
  }
}

function systemError(code: string, message: string): Error {
  return Object.assign(new Error(message), { code, syscall: code === 'ENOTFOUND' ? 'getaddrinfo' : 'connect' });
}
