// Clients outside, seen from the simulation: one process that holds a simulated connection for each TCP connection.
import type { Socket } from 'node:net';
import type { Behavior, Kernel, Process } from '../../simulations/kernel/kernel.ts';
import type { Conn, Message } from '../../simulations/kernel/network.ts';
import { SUPPORTED } from '../../simulations/kafka/broker/small.ts';
import { KEY } from '../../simulations/kafka/protocol/apiKeys.ts';
import { apiVersionsRefusal, requestToEngine, responseToWire, type RecordBook } from '../../simulations/kafka/protocol/bridge.ts';
import { FrameCutter } from '../../simulations/kafka/protocol/frames.ts';
import type { WireBatch } from '../../simulations/kafka/protocol/records.ts';
import { digestBytes } from '../../simulations/kernel/hash.ts';
import { isUtf8, readUtf8 } from '../../simulations/kafka/protocol/utf8.ts';
import { compression } from '../compression.ts';
import { advertised, type Address } from './advertise.ts';

export const CLIENTS = 'clients-outside';

interface Link {
  readonly socket: Socket;
  readonly cutter: FrameCutter;
  conn: Conn;
  state: 'connecting' | 'open' | 'closed';
  /** What came before the simulated connection stood. */
  readonly early: Uint8Array[];
}

export class Clients implements Behavior, RecordBook {
  private readonly kernel: Kernel;
  private readonly process: Process;
  private readonly addressOf: (nodeId: number) => Address;
  /** How often each key was sent. */
  private readonly counts = new Map<string, number>();

  constructor(kernel: Kernel, process: Process, addressOf: (nodeId: number) => Address) {
    this.kernel = kernel;
    this.process = process;
    this.addressOf = addressOf;
  }

  start(): void {}
  timer(): void {}

  /** A TCP connection to a broker's listener was accepted. @returns what to call with its bytes and its end. */
  accept(socket: Socket, broker: Process): { data: (bytes: Uint8Array) => void; end: () => void } {
    const link: Link = { socket, cutter: new FrameCutter(), conn: this.kernel.network.connect(this.process, broker), state: 'connecting', early: [] };
    link.conn.clientData = link;
    return { data: (bytes) => this.data(link, bytes), end: () => this.end(link) };
  }

  connected(conn: Conn): void {
    const link = conn.clientData as Link;
    if (link.state !== 'connecting') return;
    link.state = 'open';
    for (const bytes of link.early.splice(0)) this.data(link, bytes);
  }

  closed(conn: Conn, reason: 'closed' | 'reset' | 'refused'): void {
    const link = conn.clientData as Link;
    link.state = 'closed';
    if (reason === 'closed') link.socket.end();
    else link.socket.resetAndDestroy();
  }

  message(conn: Conn, message: Message): void {
    const link = conn.clientData as Link;
    if (link.state !== 'open') return;
    link.socket.write(responseToWire(advertised(message, this.addressOf), this.kernel.trace.records));
  }

  private data(link: Link, bytes: Uint8Array): void {
    if (link.state === 'connecting') {
      link.early.push(bytes);
      return;
    }
    if (link.state !== 'open') return;
    const frames = link.cutter.push(bytes);
    for (const frame of frames ?? []) {
      const read = requestToEngine(frame, this, compression);
      if (read.ok) this.kernel.network.send(link.conn, read.message, true);
      else if (read.header?.apiKey === KEY.ApiVersions && read.problem === 'unsupportedVersion') {
        const range = SUPPORTED.find((s) => s.apiKey === KEY.ApiVersions)!;
        link.socket.write(apiVersionsRefusal(read.header.correlationId, range.minVersion, range.maxVersion));
      } else return this.refuse(link);
    }
    if (frames === null) this.refuse(link);
  }

  /** A broker closes a connection on which it cannot read (Kafka SocketServer). */
  private refuse(link: Link): void {
    this.end(link);
    link.socket.destroy();
  }

  private end(link: Link): void {
    if (link.state === 'closed') return;
    link.state = 'closed';
    this.kernel.network.close(link.conn, true);
  }

  /** Records from outside stand in the record table with key and size; their bytes stay in the batch. */
  name(_topic: string, _partition: number, batch: WireBatch): { firstRecord: number; digest: number } {
    const digest = digestBytes(batch.bytes.subarray(21), 0x2545f491) >>> 0;
    let first = -1;
    for (const record of batch.records ?? []) {
      const key = record.key === null ? null : isUtf8(record.key) ? readUtf8(record.key, 0, record.key.length) : Buffer.from(record.key).toString('hex');
      const nth = (this.counts.get(key ?? '') ?? 0) + 1;
      this.counts.set(key ?? '', nth);
      const timestampMs = Number(batch.header.baseTimestamp) + Number(record.timestampDelta);
      const id = this.kernel.trace.record({ producer: this.process.sym, key, nth, value: undefined, timestampMs, bytes: (record.key?.length ?? 0) + (record.value?.length ?? 0) });
      if (first < 0) first = id;
    }
    return { firstRecord: first, digest };
  }
}
