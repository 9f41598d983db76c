// A simulated cluster behind TCP in real time: one listener per broker on loopback, virtual time following the clock of this machine.
import { createServer, type Server, type Socket } from 'node:net';
import type { Universe } from '../../simulations/contract/scenario.ts';
import { parseFault, printFault } from '../../simulations/faults/grammar.ts';
import { injectFault } from '../../simulations/faults/schedule.ts';
import type { Process } from '../../simulations/kernel/kernel.ts';
import { createRun, processNames, type Run } from '../../simulations/run.ts';
import { faultSentence } from '../faultSentence.ts';
import { Clients, CLIENTS } from './clients.ts';

export const HOST = '127.0.0.1';
/** Longest sleep between two looks at the clock, milliseconds. */
const LONGEST_SLEEP_MS = 1_000;

export interface Listener {
  readonly broker: string;
  readonly host: string;
  readonly port: number;
}

export type Injected = { readonly ok: true; readonly line: string } | { readonly ok: false; readonly message: string };

export interface Gateway {
  readonly listeners: readonly Listener[];
  readonly run: Run;
  /** Reads a line of the fault grammar; without `at` it strikes now. */
  inject(line: string): Injected;
  /** Ends every connection and listener. */
  close(): Promise<void>;
}

export interface GatewayOptions {
  readonly universe: Universe;
  /** Port of broker-1; the others follow. 0 = any free ports. */
  readonly port: number;
  /** Virtual seconds per second. */
  readonly speed: number;
}

/** @throws the system's error when a port cannot be had. */
export async function openGateway({ universe, port, speed }: GatewayOptions): Promise<Gateway> {
  const unending = { ...universe.scenario, horizonMs: Number.MAX_SAFE_INTEGER / 1000, limits: { events: Number.MAX_SAFE_INTEGER, payloadBytes: Number.MAX_SAFE_INTEGER, processes: 1_000 } };
  const run = createRun({ ...universe, scenario: unending }, { sink: null, guests: null, epochMs: Date.now() });
  const { kernel } = run;
  const ports: number[] = [];
  let clients: Clients | null = null;
  const outside = kernel.addProcess(CLIENTS, 'guest', 0, (process) => (clients = new Clients(kernel, process, (nodeId) => ({ host: HOST, port: ports[nodeId - 1] ?? -1 }))));
  const startMs = performance.now();
  const virtualUs = () => Math.floor((performance.now() - startMs) * 1000 * speed);
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  const toPresent = () => {
    for (;;) {
      const reason = run.advance(65_536, virtualUs());
      if (reason === 'idle') return;
      if (reason === 'ended') throw new Error(`the run of the gateway has ended: ${run.result().ended.reason} ${run.result().ended.detail}`);
    }
  };

  /** Brings the simulation to the present, does something in it, and sleeps until the next thing is due. */
  const step = (work: () => void = () => {}) => {
    if (closed) return;
    toPresent();
    work();
    // What was done may have to be done at once: messages of this microsecond.
    toPresent();
    clearTimeout(timer);
    timer = setTimeout(step, Math.max(0, Math.min(LONGEST_SLEEP_MS, (kernel.nextDueUs() - virtualUs()) / 1000 / speed)));
  };

  const sockets = new Set<Socket>();
  const brokers = kernel.processes.filter((p) => p.role === 'broker');
  const servers: Server[] = brokers.map((broker) => {
    const server = createServer((socket) => {
      sockets.add(socket);
      socket.setNoDelay(true);
      let link: ReturnType<Clients['accept']> | null = null;
      step(() => (link = clients!.accept(socket, broker)));
      socket.on('data', (bytes: Buffer) => step(() => link!.data(bytes)));
      socket.on('error', () => {});
      socket.on('close', () => {
        sockets.delete(socket);
        step(() => link!.end());
      });
    });
    return server;
  });
  for (const [i, server] of servers.entries()) {
    try {
      ports[i] = await listen(server, port === 0 ? 0 : port + i);
    } catch (error) {
      for (const open of servers) open.close();
      throw error;
    }
  }
  step();
  if (outside.state !== 'running' || clients === null) throw new Error('the process of the clients outside did not start');

  /** While a broker's process is down its port refuses connections, as its host would. */
  const follow = (ended: boolean) => (process: number) => {
    const i = brokers.findIndex((b: Process) => b.sym === process);
    if (i < 0) return;
    if (ended) servers[i]!.close();
    else if (!closed) servers[i]!.listen(ports[i], HOST);
  };
  const stopped = follow(true);
  const startedAgain = follow(false);
  run.trace.watch('process.killed', (_values, _seq, _time, process) => stopped(process));
  run.trace.watch('process.exited', (_values, _seq, _time, process) => stopped(process));
  run.trace.watch('process.restarted', (_values, _seq, _time, process) => startedAgain(process));

  let faults = universe.faults.length;
  return {
    listeners: brokers.map((b, i) => ({ broker: b.name, host: HOST, port: ports[i]! })),
    run,
    inject(text) {
      step();
      const line = text.trim();
      const nowUs = kernel.nowUs;
      const strikesNow = !/\sat\s/.test(` ${line} `);
      const read = parseFault(strikesNow ? withTime(line, nowUs) : line, processNames(universe.scenario), Number.MAX_SAFE_INTEGER);
      if (!read.ok) return { ok: false, message: faultSentence(line, read.error) };
      if (read.fault.atUs < nowUs)
        return { ok: false, message: `${JSON.stringify(line)} would strike in the past: the clock stands at ${(nowUs / 1e6).toFixed(3)} s. Leave the time out, and it strikes now.` };
      step(() => injectFault(kernel, read.fault, faults++));
      return { ok: true, line: printFault(read.fault) };
    },
    async close() {
      closed = true;
      clearTimeout(timer);
      for (const socket of sockets) socket.destroy();
      await Promise.all(servers.filter((s) => s.listening).map((s) => new Promise((resolve) => s.close(resolve))));
    },
  };
}

/** Puts `at <now>`, in whole milliseconds, in front of `for` or at the end. */
function withTime(line: string, nowUs: number): string {
  const m = /^(.*?)(\s+for\s+\S+)?$/.exec(line)!;
  return `${m[1]} at ${Math.ceil(nowUs / 1000)}ms${m[2] ?? ''}`;
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, HOST, () => {
      server.off('error', reject);
      resolve((server.address() as { port: number }).port);
    });
  });
}
