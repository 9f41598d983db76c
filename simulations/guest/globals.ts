// The global names of one process, as parameters of its files and as its global object.
import type { NodeWorld } from './node/modules.ts';
import type { Timers } from './node/timers.ts';

/** Names that every learner file is given, in this order, after the module's own. */
export const GLOBAL_NAMES = [
  'globalThis',
  'global',
  'process',
  'Buffer',
  'console',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'clearTimeout',
  'clearInterval',
  'clearImmediate',
  'queueMicrotask',
  'Math',
  'crypto',
  'performance',
  'Intl',
] as const;

/** What Node gives a CommonJS file. */
export const MODULE_NAMES = ['exports', 'require', 'module', '__filename', '__dirname'] as const;

export interface GlobalParts {
  readonly world: NodeWorld;
  readonly math: object;
  readonly timers: Timers;
  readonly nodeProcess: object;
  readonly console: object;
  readonly nowMs: () => number;
  readonly queueMicrotask: (job: () => void) => void;
}

/** What of the realm a process sees on its global object, besides what it is given. */
const REALM = [
  'AggregateError',
  'Array',
  'ArrayBuffer',
  'BigInt',
  'BigInt64Array',
  'BigUint64Array',
  'Boolean',
  'DataView',
  'Date',
  'Error',
  'EvalError',
  'Float32Array',
  'Float64Array',
  'Int16Array',
  'Int32Array',
  'Int8Array',
  'JSON',
  'Map',
  'Number',
  'Object',
  'Promise',
  'Proxy',
  'RangeError',
  'ReferenceError',
  'Reflect',
  'RegExp',
  'Set',
  'String',
  'Symbol',
  'SyntaxError',
  'TypeError',
  'URIError',
  'Uint16Array',
  'Uint32Array',
  'Uint8Array',
  'Uint8ClampedArray',
  'WeakMap',
  'WeakSet',
  'decodeURI',
  'decodeURIComponent',
  'encodeURI',
  'encodeURIComponent',
  'isFinite',
  'isNaN',
  'parseFloat',
  'parseInt',
  'TextEncoder',
  'TextDecoder',
  'URL',
  'URLSearchParams',
  'AbortController',
  'AbortSignal',
  'Event',
  'EventTarget',
  'atob',
  'btoa',
  'structuredClone',
];

export function makeGlobals(parts: GlobalParts): Record<string, unknown> {
  const { timers, world, nowMs } = parts;
  const own: Record<string, unknown> = {};
  const named: Record<string, unknown> = {
    globalThis: own,
    global: own,
    process: parts.nodeProcess,
    Buffer: world.Buffer,
    console: parts.console,
    setTimeout: (callback: unknown, delay?: unknown, ...args: unknown[]) => timers.set(callback, delay, args, false),
    setInterval: (callback: unknown, delay?: unknown, ...args: unknown[]) => timers.set(callback, delay, args, true),
    setImmediate: (callback: unknown, ...args: unknown[]) => timers.setImmediate(callback, args),
    clearTimeout: (handle: unknown) => timers.clear(handle),
    clearInterval: (handle: unknown) => timers.clear(handle),
    clearImmediate: (handle: unknown) => timers.clear(handle),
    queueMicrotask: (job: unknown) => {
      if (typeof job !== 'function') throw new TypeError('The "callback" argument must be of type function.');
      parts.queueMicrotask(job as () => void);
    },
    Math: parts.math,
    crypto: world.crypto,
    performance: Object.freeze({ now: nowMs, timeOrigin: 1_767_225_600_000, mark: () => undefined, measure: () => undefined, toJSON: () => ({}) }),
    Intl: (globalThis as Record<string, unknown>)['Intl'],
  };
  for (const name of REALM) {
    if (Object.hasOwn(globalThis, name)) Object.defineProperty(own, name, { value: (globalThis as Record<string, unknown>)[name], writable: true, configurable: true, enumerable: false });
  }
  for (const [name, value] of Object.entries(named)) Object.defineProperty(own, name, { value, writable: true, configurable: true, enumerable: false });
  return named;
}
