// Node's `process` as a simulated process sees it: its own environment, exit, events, and the virtual clock.

type Handler = (...args: unknown[]) => void;

/** Thrown by `process.exit` to leave the code that called it; nothing of the process runs on after it. */
export class Exit extends Error {
  readonly exitCode: number;
  constructor(exitCode: number) {
    super(`process.exit(${exitCode})`);
    this.name = 'Exit';
    this.exitCode = exitCode;
  }
}

export interface ProcessHost {
  readonly name: string;
  readonly entry: string;
  readonly incarnation: number;
  /** Virtual microseconds since the run began. */
  nowUs(): number;
  exit(code: number): void;
  later(job: () => void): void;
  write(level: 'log' | 'error', text: string): void;
}

export interface GuestNodeProcess {
  /** Calls the handlers of an event. @returns whether there were any. */
  emit(event: string, ...args: unknown[]): boolean;
  exitCode: number | undefined;
}

export function makeProcess(host: ProcessHost): GuestNodeProcess & Record<string, unknown> {
  const handlers = new Map<string, Handler[]>();
  const on = (event: string, handler: Handler) => {
    handlers.set(event, [...(handlers.get(event) ?? []), handler]);
    return process;
  };
  const off = (event: string, handler: Handler) => {
    handlers.set(
      event,
      (handlers.get(event) ?? []).filter((h) => h !== handler),
    );
    return process;
  };
  const hrtime = Object.assign(
    (before?: [number, number]): [number, number] => {
      const us = host.nowUs();
      const seconds = Math.floor(us / 1_000_000) - (before?.[0] ?? 0);
      const nanos = (us % 1_000_000) * 1000 - (before?.[1] ?? 0);
      return nanos < 0 ? [seconds - 1, nanos + 1_000_000_000] : [seconds, nanos];
    },
    { bigint: () => BigInt(host.nowUs()) * 1000n },
  );
  const process: GuestNodeProcess & Record<string, unknown> = {
    title: host.name,
    pid: 1000 + host.incarnation,
    ppid: 1,
    platform: 'linux',
    arch: 'x64',
    version: 'v20.0.0',
    versions: { node: '20.0.0' },
    argv: ['node', host.entry],
    execArgv: [],
    env: { NODE_ENV: 'production', TZ: 'UTC', KAFKAJS_NO_PARTITIONER_WARNING: '1' },
    exitCode: undefined,
    exit: (code?: unknown) => {
      const status = Number(code ?? process.exitCode ?? 0) | 0;
      host.exit(status);
      throw new Exit(status);
    },
    abort: () => {
      host.exit(134);
      throw new Exit(134);
    },
    cwd: () => '/',
    uptime: () => host.nowUs() / 1_000_000,
    hrtime,
    memoryUsage: () => ({ rss: 0, heapTotal: 0, heapUsed: 0, external: 0, arrayBuffers: 0 }),
    cpuUsage: () => ({ user: 0, system: 0 }),
    nextTick: (callback: Handler, ...args: unknown[]) => host.later(() => callback(...args)),
    on,
    addListener: on,
    prependListener: on,
    once: (event: string, handler: Handler) => {
      const wrapped: Handler = (...args) => {
        off(event, wrapped);
        handler(...args);
      };
      return on(event, wrapped);
    },
    off,
    removeListener: off,
    removeAllListeners: (event?: string) => {
      if (event === undefined) handlers.clear();
      else handlers.delete(event);
      return process;
    },
    listenerCount: (event: string) => handlers.get(event)?.length ?? 0,
    emit: (event: string, ...args: unknown[]) => {
      const list = handlers.get(event) ?? [];
      for (const handler of list) handler(...args);
      return list.length > 0;
    },
    emitWarning: (warning: unknown) => host.write('error', `Warning: ${warning instanceof Error ? warning.message : String(warning)}`),
    stdout: { isTTY: false, write: (text: unknown) => (host.write('log', String(text).replace(/\n$/, '')), true) },
    stderr: { isTTY: false, write: (text: unknown) => (host.write('error', String(text).replace(/\n$/, '')), true) },
  };
  return process;
}
