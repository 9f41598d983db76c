// The Node modules that learner code and the client library may require, as far as they make sense in a simulated process.
import { gunzipSync, gzipSync } from 'fflate';
import type { Compression } from '../../kafka/protocol/records.ts';
import { Disk, DiskError } from './disk.ts';
import { makeEvents } from './events.ts';
import { format, inspect } from './inspect.ts';
import type { Chance } from './random.ts';

/** gzip by fflate at a fixed level and without a time stamp, everywhere, so that the bytes are the same everywhere. */
export const gzip = (bytes: Uint8Array): Uint8Array => gzipSync(bytes, { level: 6, mtime: 0 });

/** What the bridge needs to look into compressed batches; only gzip is at hand, others pass through unread. */
export const compression: Compression = {
  compress: (codec, bytes) => (codec === 'none' ? bytes : codec === 'gzip' ? gzip(bytes) : null),
  decompress: (codec, bytes) => (codec === 'none' ? bytes : codec === 'gzip' ? gunzipSync(bytes) : null),
};

type NodeCallback = (error: unknown, value?: unknown) => void;

interface BufferLike {
  from(bytes: Uint8Array | string): Uint8Array;
  concat(list: readonly Uint8Array[]): Uint8Array;
}

export interface NodeWorld {
  readonly Buffer: BufferLike;
  readonly chance: Chance;
  readonly crypto: object;
  readonly disk: Disk;
  setTimeout(callback: () => void, ms: number): unknown;
  setImmediate(callback: () => void): unknown;
  why(name: string): never;
}

/** zlib as kafkajs uses it: called back at once, because real compression threads would run outside virtual time. */
export function makeZlib(buffer: BufferLike): object {
  const later =
    (job: (bytes: Uint8Array) => Uint8Array) =>
    (bytes: Uint8Array, ...rest: unknown[]) => {
      const callback = rest.at(-1) as NodeCallback;
      let value: Uint8Array;
      try {
        value = job(bytes);
      } catch (error) {
        callback(error);
        return;
      }
      callback(null, buffer.from(value));
    };
  return { gzip: later(gzip), unzip: later((b) => gunzipSync(b)), gunzip: later((b) => gunzipSync(b)) };
}

export function promisify(job: (...args: unknown[]) => void) {
  return (...args: unknown[]): Promise<unknown> => new Promise((resolve, reject) => job(...args, (error: unknown, value: unknown) => (error ? reject(error) : resolve(value))));
}

export function makeAssert(): object {
  const fail = (message: unknown, otherwise: string): never => {
    throw message instanceof Error ? message : Object.assign(new Error(String(message ?? otherwise)), { name: 'AssertionError', code: 'ERR_ASSERTION' });
  };
  const ok = (value: unknown, message?: unknown) => void (value || fail(message, `Expected a true value, got ${inspect(value)}`));
  const same = (a: unknown, b: unknown, message?: unknown) => void (Object.is(a, b) || fail(message, `Expected ${inspect(b)}, got ${inspect(a)}`));
  const deep = (a: unknown, b: unknown, message?: unknown) => void (inspect(a, 10) === inspect(b, 10) || fail(message, `Expected ${inspect(b)}, got ${inspect(a)}`));
  return Object.assign((value: unknown, message?: unknown) => ok(value, message), {
    ok,
    equal: same,
    strictEqual: same,
    deepEqual: deep,
    deepStrictEqual: deep,
    fail: (message?: unknown) => fail(message, 'Failed'),
  });
}

/** Modules for learner code, by name. kafkajs is added by its own file. */
export function nodeModules(world: NodeWorld): Record<string, () => unknown> {
  const { chance } = world;
  return {
    events: makeEvents,
    buffer: () => ({ Buffer: world.Buffer }),
    crypto: () => ({
      randomUUID: () => chance.uuid(),
      randomBytes: (size: number) => {
        const bytes = new Uint8Array(size);
        chance.fill(bytes);
        return world.Buffer.from(bytes);
      },
      randomInt: (from: number, to?: number) => (to === undefined ? chance.integer(0, from) : chance.integer(from, to)),
      webcrypto: world.crypto,
      createHash: () => world.why('crypto.createHash'),
    }),
    timers: () => ({ setTimeout: world.setTimeout, setImmediate: world.setImmediate }),
    'timers/promises': () => ({
      setTimeout: (ms?: number, value?: unknown) => new Promise((resolve) => world.setTimeout(() => resolve(value), ms ?? 1)),
      setImmediate: (value?: unknown) => new Promise((resolve) => world.setImmediate(() => resolve(value))),
      setInterval: async function* (ms?: number, value?: unknown) {
        for (;;) {
          await new Promise<void>((resolve) => world.setTimeout(resolve, ms ?? 1));
          yield value;
        }
      },
    }),
    util: () => ({ promisify, format: (...args: unknown[]) => format(args), inspect: (value: unknown) => inspect(value) }),
    assert: makeAssert,
    fs: () => fileSystem(world),
    'fs/promises': () => promisedFiles(world),
  };
}

function fileSystem({ disk, Buffer }: NodeWorld): object {
  const read = (path: unknown, options?: unknown) => {
    const bytes = Buffer.from(disk.read(String(path)));
    return encodingOf(options) === null ? bytes : bytes.toString();
  };
  const write = (path: unknown, data: unknown) => disk.write(String(path), bytesOf(data));
  return {
    readFileSync: read,
    writeFileSync: write,
    appendFileSync: (path: unknown, data: unknown) => disk.append(String(path), bytesOf(data)),
    existsSync: (path: unknown) => disk.has(String(path)),
    unlinkSync: (path: unknown) => disk.remove(String(path)),
    renameSync: (from: unknown, to: unknown) => disk.rename(String(from), String(to)),
    readdirSync: (path: unknown) => disk.list(String(path)),
    mkdirSync: () => undefined,
    rmSync: (path: unknown) => {
      if (disk.has(String(path))) disk.remove(String(path));
    },
    get promises() {
      return promisedFiles({ disk, Buffer } as NodeWorld);
    },
  };
}

function promisedFiles(world: NodeWorld): object {
  const files = fileSystem(world) as Record<string, (...args: unknown[]) => unknown>;
  const promised =
    (name: string) =>
    async (...args: unknown[]) =>
      files[name]!(...args);
  return {
    readFile: promised('readFileSync'),
    writeFile: promised('writeFileSync'),
    appendFile: promised('appendFileSync'),
    unlink: promised('unlinkSync'),
    rename: promised('renameSync'),
    readdir: promised('readdirSync'),
    mkdir: promised('mkdirSync'),
    rm: promised('rmSync'),
    access: async (path: unknown) => {
      if (!world.disk.has(String(path))) throw new DiskError('ENOENT', 'access', String(path));
    },
  };
}

function encodingOf(options: unknown): unknown {
  return typeof options === 'string' ? options : ((options as { encoding?: unknown } | undefined)?.encoding ?? null);
}

function bytesOf(data: unknown): Uint8Array {
  return data instanceof Uint8Array ? data.slice() : new TextEncoder().encode(String(data));
}
