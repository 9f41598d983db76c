// Messages between job manager and task managers over the simulated network.
import type { Kernel, Process } from '../../kernel/kernel.ts';
import type { Conn } from '../../kernel/network.ts';
import { bytesOf } from './elements.ts';
import { API_OF, type StreamMessage } from './messages.ts';

/** Bytes of a call, an estimate; state and buffers add theirs. */
const CALL_BYTES = 128;

/** Sends on one side of a connection. */
export function post(kernel: Kernel, process: Process, conn: Conn, message: StreamMessage): void {
  const bytes = message.kind === 'buffer' ? bytesOf(message.buffer) : message.kind === 'acknowledgeCheckpoint' ? CALL_BYTES + message.snapshot.bytes : CALL_BYTES;
  kernel.network.send(
    conn,
    {
      response: false,
      api: API_OF[message.kind],
      apiVersion: 0,
      correlationId: 0,
      clientId: process.name,
      body: message,
      bytes,
      firstRecord: -1,
      records: message.kind === 'buffer' ? message.buffer.records : 0,
    },
    conn.client === process,
  );
}

/** A connection that this process has asked for; what is said before it stands waits. */
export class Outbound {
  readonly conn: Conn;
  private readonly kernel: Kernel;
  private readonly process: Process;
  private up = false;
  private readonly waiting: StreamMessage[] = [];

  constructor(kernel: Kernel, process: Process, target: Process) {
    this.kernel = kernel;
    this.process = process;
    this.conn = kernel.network.connect(process, target);
    this.conn.clientData = this;
  }

  send(message: StreamMessage): void {
    if (this.up) post(this.kernel, this.process, this.conn, message);
    else this.waiting.push(message);
  }

  connected(): void {
    this.up = true;
    for (const message of this.waiting.splice(0)) post(this.kernel, this.process, this.conn, message);
  }

  close(): void {
    this.kernel.network.close(this.conn, true);
  }
}
