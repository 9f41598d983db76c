// The client library for one process: an instance of its own of the unmodified kafkajs, given this process's timers, chance and sockets.
import { makeAssert, makeZlib, promisify, type NodeWorld } from './node/modules.ts';
import { format } from './node/inspect.ts';
import { makeEvents } from './node/events.ts';
import { errorName } from '../kafka/protocol/errors.ts';
import type { GivenMessage, Sends } from './sends.ts';
import type { Sockets } from './sockets.ts';
import { toUtf8 } from '../kafka/protocol/utf8.ts';

/** The library as one function over its surroundings; put in place by tools/build-guest.ts from the package as published. */
declare const KAFKAJS: (require: (name: string) => unknown, module: { exports: unknown }, exports: unknown, ...globals: unknown[]) => void;

/** Global names that the library is given, in this order. tools/build-guest.ts writes the same into the function's head. */
export const KAFKAJS_GLOBALS = [
  'setTimeout',
  'setInterval',
  'setImmediate',
  'clearTimeout',
  'clearInterval',
  'clearImmediate',
  'Math',
  'process',
  'console',
  'Buffer',
  'global',
  'globalThis',
  'crypto',
  'performance',
  'queueMicrotask',
] as const;

export type LogLevel = 'info' | 'warn' | 'error' | 'debug';

export interface LibraryHost {
  readonly world: NodeWorld;
  readonly sockets: Sockets;
  readonly sends: Sends;
  /** What stands for the global names. */
  readonly globals: Readonly<Record<string, unknown>>;
  log(level: LogLevel, namespace: string, text: string, stack: unknown): void;
  /** An error came out of a call that learner code made where `call` was created: the library's own stacks do not lead there. */
  cameFrom(error: unknown, call: Error): void;
}

interface KafkaOptions {
  readonly requestTimeout?: number;
  readonly socketFactory?: unknown;
  readonly logCreator?: unknown;
}

interface LogEntry {
  readonly namespace: string;
  readonly level: number;
  readonly log: Readonly<Record<string, unknown>>;
}

type SendLike = (record: unknown) => Promise<unknown>;
interface ProducerLike {
  send: SendLike;
  sendBatch: SendLike;
  transaction?: (...args: unknown[]) => Promise<ProducerLike>;
}
interface KafkaLike {
  producer(options?: unknown): ProducerLike;
  consumer(options?: unknown): object;
  admin(options?: unknown): object;
}
type KafkaClass = new (options: KafkaOptions) => KafkaLike;

/** kafkajs's default request time limit, milliseconds. */
const REQUEST_TIMEOUT_MS = 30_000;

export function makeKafkajs(host: LibraryHost): unknown {
  const module: { exports: unknown } = { exports: {} };
  KAFKAJS(libraryModules(host), module, module.exports, ...KAFKAJS_GLOBALS.map((name) => host.globals[name]));
  const library = module.exports as { Kafka: KafkaClass };
  /** The library's own class, with the simulated network and log where the application names none. */
  class Kafka extends library.Kafka {
    constructor(options: KafkaOptions) {
      const requestTimeoutMs = options?.requestTimeout ?? REQUEST_TIMEOUT_MS;
      const connect = ({ host: name, port, onConnect }: { host: string; port: number; onConnect: () => void }) => host.sockets.connect({ host: name, port, onConnect, requestTimeoutMs });
      super({ ...options, socketFactory: options?.socketFactory ?? connect, logCreator: options?.logCreator ?? (() => (entry: LogEntry) => writeLog(host, entry)) });
    }
    override producer(options?: unknown): ProducerLike {
      return located(watched(super.producer(options), host), host);
    }
    override consumer(options?: unknown): object {
      return located(super.consumer(options), host);
    }
    override admin(options?: unknown): object {
      return located(super.admin(options), host);
    }
  }
  return { ...library, Kafka };
}

/** What the library requires. It asks for net and tls only where no socket factory is given. */
function libraryModules(host: LibraryHost): (name: string) => unknown {
  const { world } = host;
  const modules: Record<string, () => unknown> = {
    events: makeEvents,
    util: () => ({ promisify, format: (...args: unknown[]) => format(args) }),
    zlib: () => makeZlib(world.Buffer),
    assert: makeAssert,
    crypto: () => ({
      randomBytes: (size: number) => {
        const bytes = new Uint8Array(size);
        world.chance.fill(bytes);
        return world.Buffer.from(bytes);
      },
    }),
    net: () => ({}),
    tls: () => ({}),
  };
  const made = new Map<string, unknown>();
  return (name) => {
    const make = modules[name];
    if (!make) throw new Error(`kafkajs asks for ${name}, which the simulation does not have`);
    if (!made.has(name)) made.set(name, make());
    return made.get(name);
  };
}

function writeLog(host: LibraryHost, { namespace, level, log }: LogEntry): void {
  const { message, timestamp: _timestamp, logger: _logger, stack, ...rest } = log;
  const extra = Object.keys(rest).length ? ` ${format([rest])}` : '';
  host.log(level <= 1 ? 'error' : level === 2 ? 'warn' : level === 4 ? 'info' : 'debug', namespace ?? '', `${namespace ? `[${namespace}] ` : ''}${String(message)}${extra}`, stack);
}

/** Hears when the library gives up, which no frame tells. */
function watched(producer: ProducerLike, host: LibraryHost): ProducerLike {
  const { sends } = host;
  const follow =
    (send: SendLike, given: (record: unknown) => GivenMessage[]): SendLike =>
    async (record) => {
      try {
        return await send(record);
      } catch (error) {
        sends.gaveUp(given(record), nameOf(error));
        throw error;
      }
    };
  producer.send = follow(producer.send, messagesOf);
  producer.sendBatch = follow(producer.sendBatch, (batch) => listOf((batch as { topicMessages?: unknown } | null)?.topicMessages).flatMap(messagesOf));
  const { transaction } = producer;
  if (transaction) producer.transaction = async (...args) => located(watched(await transaction(...args), host), host);
  return producer;
}

/** Makes every promise that a call gives back remember who called. */
function located<T extends object>(api: T, host: LibraryHost): T {
  const methods = api as Record<string, unknown>;
  for (const [name, method] of Object.entries(methods)) {
    if (typeof method !== 'function') continue;
    methods[name] = (...args: unknown[]): unknown => {
      const result: unknown = method(...args);
      if (!(result instanceof Promise)) return result;
      const call = new Error();
      return result.then(undefined, (error: unknown) => {
        host.cameFrom(error, call);
        throw error;
      });
    };
  }
  return api;
}

function messagesOf(record: unknown): GivenMessage[] {
  const { topic, messages } = (record ?? {}) as { topic?: unknown; messages?: unknown };
  return listOf(messages).map((m) => {
    const { key, value } = (m ?? {}) as { key?: unknown; value?: unknown };
    return { topic: String(topic), key: bytesOf(key), value: bytesOf(value) };
  });
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function bytesOf(value: unknown): Uint8Array | null {
  if (value === null || value === undefined) return null;
  return value instanceof Uint8Array ? value : toUtf8(String(value));
}

/** Why the library gave up, in the words that the trace uses: Kafka's name of an error, or what happened to the connection. */
function nameOf(error: unknown): string {
  let at = error as { name?: unknown; code?: unknown; cause?: unknown } | null | undefined;
  for (let depth = 0; depth < 5 && at; depth++) {
    if (typeof at.code === 'number') return errorName(at.code);
    if (at.name === 'KafkaJSRequestTimeoutError') return 'REQUEST_TIMED_OUT';
    if (at.name === 'KafkaJSConnectionError' || at.name === 'KafkaJSConnectionClosedError' || at.name === 'KafkaJSBrokerNotFound') return 'DISCONNECTED';
    if (!at.cause) return typeof at.name === 'string' ? at.name : 'UNKNOWN_SERVER_ERROR';
    at = at.cause as typeof at;
  }
  return 'UNKNOWN_SERVER_ERROR';
}
