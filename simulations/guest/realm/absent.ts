// Names that a simulated process does not have, and why. Using one throws an error that says so; `typeof` gives 'undefined'.

import { GLOBAL_NAMES, MODULE_NAMES } from '../globals.ts';

const NO_NETWORK = 'a simulated process reaches the simulated brokers only. Use kafkajs with brokers such as broker-1:9092.';
const NO_REAL_TIME = 'it runs outside virtual time, so that two runs of the same universe would differ.';
const NO_COLLECTOR = 'when garbage is collected differs from run to run, and a run must be repeatable.';
const NO_PAGE = 'learner code runs as a process of its own, away from the page.';
const NO_TEXT_CODE = 'code made from text cannot be checked, mapped or repeated. Write it in a file and import it.';

const REASONS: Readonly<Record<string, string>> = {
  WeakRef: NO_COLLECTOR,
  FinalizationRegistry: NO_COLLECTOR,
  gc: NO_COLLECTOR,
  WebAssembly: NO_REAL_TIME,
  Atomics: 'a simulated process has one thread and never waits in place. Await a timer or a promise instead.',
  SharedArrayBuffer: 'processes share nothing. Let them talk through Kafka.',
  Worker: 'each entry file of the scenario is a process of its own; more cannot be started from inside.',
  SharedWorker: 'each entry file of the scenario is a process of its own; more cannot be started from inside.',
  BroadcastChannel: 'processes share nothing. Let them talk through Kafka.',
  MessageChannel: NO_REAL_TIME,
  MessagePort: NO_REAL_TIME,
  navigator: 'nothing of the browser or machine may enter a run.',
  fetch: NO_NETWORK,
  XMLHttpRequest: NO_NETWORK,
  WebSocket: NO_NETWORK,
  EventSource: NO_NETWORK,
  WebTransport: NO_NETWORK,
  importScripts: NO_NETWORK,
  indexedDB: `${NO_PAGE} Write to the simulated disk with require('fs').`,
  caches: `${NO_PAGE} Write to the simulated disk with require('fs').`,
  localStorage: `${NO_PAGE} Write to the simulated disk with require('fs').`,
  sessionStorage: `${NO_PAGE} Write to the simulated disk with require('fs').`,
  postMessage: NO_PAGE,
  onmessage: NO_PAGE,
  parent: NO_PAGE,
  top: NO_PAGE,
  window: NO_PAGE,
  document: NO_PAGE,
  self: `${NO_PAGE} Its global object is globalThis.`,
  frames: NO_PAGE,
  location: NO_PAGE,
  alert: NO_PAGE,
  addEventListener: NO_PAGE,
  close: `${NO_PAGE} Call process.exit() to end it.`,
  requestAnimationFrame: NO_REAL_TIME,
  requestIdleCallback: NO_REAL_TIME,
  scheduler: NO_REAL_TIME,
  ReadableStream: NO_REAL_TIME,
  CompressionStream: `${NO_REAL_TIME} kafkajs compresses with CompressionTypes.GZIP.`,
  Blob: NO_REAL_TIME,
  eval: NO_TEXT_CODE,
};

/** More of what browsers and Node have, by the words of everyone who looks for it there. */
const OTHERS =
  'Audio BarcodeDetector ByteLengthQueuingStrategy Cache CacheStorage Client Clients CompressionStream CountQueuingStrategy CryptoKey CustomEvent DecompressionStream ErrorEvent File FileList FileReader FileReaderSync FontFace FormData GPU Headers History Image ImageBitmap ImageData ' +
  'MediaSource MessageEvent MutationObserver Navigator Notification OffscreenCanvas PerformanceObserver Permissions PromiseRejectionEvent PushManager ReadableStreamDefaultReader Request Response RTCPeerConnection ServiceWorker Storage StorageManager SubtleCrypto TextDecoderStream ' +
  'TextEncoderStream TransformStream WorkerGlobalScope WritableStream XMLSerializer DOMParser cancelAnimationFrame clients confirm cookieStore createImageBitmap crossOriginIsolated dispatchEvent fonts history isSecureContext name onerror onmessageerror onunhandledrejection open opener origin ' +
  'performanceObserver print prompt queryLocalFonts registration removeEventListener reportError screen serviceWorker skipWaiting stop trustedTypes webkitRequestFileSystem Deno Bun';

/** Kept as they are: the language itself, and what is pure computation. */
const KEPT: ReadonlySet<string> = new Set([
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
  'Function',
  'Float32Array',
  'Float64Array',
  'Infinity',
  'Int16Array',
  'Int32Array',
  'Int8Array',
  'JSON',
  'Map',
  'Math',
  'NaN',
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
  'escape',
  'isFinite',
  'isNaN',
  'parseFloat',
  'parseInt',
  'undefined',
  'unescape',
  'globalThis',
  'Intl',
  'TextEncoder',
  'TextDecoder',
  'URL',
  'URLSearchParams',
  'AbortController',
  'AbortSignal',
  'DOMException',
  'Event',
  'EventTarget',
  'atob',
  'btoa',
  'structuredClone',
]);

/** An error that says why something is not there. */
export class NotInSimulation extends Error {
  readonly code = 'ERR_NOT_IN_SIMULATION';
  constructor(name: string, reason: string) {
    super(`${name} is not available in the simulation: ${reason}`);
    this.name = 'NotInSimulation';
  }
}

/** Every name that is told apart from one that nobody knows. The list is the same everywhere, whatever the host has. */
const KNOWN: ReadonlySet<string> = new Set([...Object.keys(REASONS), ...OTHERS.split(' ')]);

export function whyAbsent(name: string): string {
  return REASONS[name] ?? 'only the language itself, Node-like timers, process, Buffer, crypto.randomUUID and the modules that require() names exist here.';
}

/** Names whose `typeof` learner code may ask for: 'undefined', without an error. */
export function isAbsent(name: string): boolean {
  return KNOWN.has(name) && !GIVEN.has(name);
}

/** What each process has as its own under a name that the realm has lost. */
const GIVEN: ReadonlySet<string> = new Set([...GLOBAL_NAMES, ...MODULE_NAMES]);

/** Takes away everything of the host that is not kept, on the global object and on what it inherits from. What a process is given instead, it has as its own. */
export function removeAbsent(): void {
  for (let holder: object | null = globalThis; holder !== null && holder !== Object.prototype; holder = Object.getPrototypeOf(holder) as object | null) {
    for (const name of Object.getOwnPropertyNames(holder)) {
      if (KEPT.has(name)) settle(holder, name);
      else if (name !== 'constructor' && !Reflect.deleteProperty(holder, name)) refuse(holder, name, new ReferenceError(`${name} is not defined`));
    }
  }
  for (const name of KNOWN) if (!KEPT.has(name)) refuse(globalThis, name, null);
  for (const name of CALLED)
    Object.defineProperty(globalThis, name, {
      value: ((globalThis as Record<string, unknown>)[name] as (...args: unknown[]) => unknown).bind(globalThis),
      writable: true,
      configurable: true,
      enumerable: false,
    });
  banTextCode();
  Reflect.deleteProperty(AbortSignal, 'timeout');
  for (const name of ['createObjectURL', 'revokeObjectURL']) Reflect.deleteProperty(URL, name);
}

/** Functions that browsers hand out by the global object's prototype and refuse under any other object. */
const CALLED = ['atob', 'btoa', 'structuredClone'];

/** Some hosts make a global when it is first asked for; from here on it is there. */
function settle(holder: object, name: string): void {
  const held = Object.getOwnPropertyDescriptor(holder, name)!;
  if (!held.configurable || 'value' in held) return;
  const value = (globalThis as Record<string, unknown>)[name];
  Object.defineProperty(holder, name, { value, writable: true, configurable: true, enumerable: false });
}

/** Reading or changing the name throws. @param error null for one that says why. */
function refuse(holder: object, name: string, error: Error | null): void {
  const now = Object.getOwnPropertyDescriptor(holder, name);
  if (now && !now.configurable) return;
  const get = () => {
    throw error ?? new NotInSimulation(name, whyAbsent(name));
  };
  const set = () => {
    throw error ?? new NotInSimulation(`Changing ${name}`, whyAbsent(name));
  };
  Object.defineProperty(holder, name, { get, set, configurable: false, enumerable: false });
}

/** `x.constructor` of a function leads to Function; all four kinds refuse. */
function banTextCode(): void {
  const kinds = [() => {}, async () => {}, function* () {}, async function* () {}];
  for (const sample of kinds) {
    const proto = Object.getPrototypeOf(sample) as object;
    const refused = function (): never {
      throw new NotInSimulation('Function from text', NO_TEXT_CODE);
    };
    Object.defineProperty(refused, 'prototype', { value: proto, writable: false });
    Object.defineProperty(proto, 'constructor', { value: refused, writable: false, configurable: false, enumerable: false });
    // The name stays, for `instanceof Function`.
    if (proto === Function.prototype) Object.defineProperty(globalThis, 'Function', { value: refused, writable: false, configurable: false, enumerable: false });
  }
}
