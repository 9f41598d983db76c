// A run as a link: the whole universe, or a scenario's id with what was changed, compressed in the part of the address after #.
// Reading a link checks it, part by part, and never runs anything.
import { readScenario, type Universe } from '../../simulations/contract/scenario.ts';
import { LIMITS, type LinkError } from './link-limits.ts';
import { isTable } from './progress.ts';

export interface LinkedRun {
  /** Version of the engine that made it. */
  readonly engine: string;
  /** The run's hash there; null when it had none. */
  readonly hash: string | null;
  /** Where the playhead stood, microseconds. */
  readonly timeUs: number;
  readonly run: { readonly kind: 'universe'; readonly universe: Universe } | { readonly kind: 'scenario'; readonly id: string; readonly changes: Changes };
}

/** What differs from a scenario as it is listed. */
export interface Changes {
  readonly seed: number;
  /** The whole schedule, when it is not the scenario's own. */
  readonly faults?: readonly string[];
  /** Files that differ from those first given. */
  readonly files?: Readonly<Record<string, string>>;
}

export type Linked<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: LinkError };

const FORMAT = 1;
const MARK = 'run=';

/** The fragment, without #. */
export async function writeLink(linked: LinkedRun): Promise<Linked<string>> {
  const text = JSON.stringify(linked);
  const bytes = new TextEncoder().encode(text);
  if (bytes.length > LIMITS.inflatedBytes) return failure({ kind: 'inflatedTooLarge' });
  const fragment = `${MARK}${FORMAT}.${toBase64url(await deflate(bytes))}`;
  if (fragment.length > LIMITS.fragmentChars) return failure({ kind: 'fragmentTooLong', chars: fragment.length });
  const read = checked(JSON.parse(text));
  return read.ok ? { ok: true, value: fragment } : read;
}

export function isLink(fragment: string): boolean {
  return strip(fragment).startsWith(MARK);
}

/** @param checkFault the grammar's parser: null when the line is right, else what is wrong with it. */
export async function readLink(fragment: string, checkFault: (line: string) => string | null = () => null): Promise<Linked<LinkedRun>> {
  const text = strip(fragment);
  if (text.length > LIMITS.fragmentChars) return failure({ kind: 'fragmentTooLong', chars: text.length });
  const head = /^run=(\d{1,6})\./.exec(text);
  if (!head) return failure({ kind: 'notALink' });
  if (Number(head[1]) > FORMAT) return failure({ kind: 'newerFormat', format: Number(head[1]) });
  const packed = fromBase64url(text.slice(head[0].length));
  if (!packed) return failure({ kind: 'damaged', part: 'letters' });
  const inflated = await inflate(packed);
  if (!inflated.ok) return inflated;
  let document: unknown;
  try {
    document = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(inflated.value));
  } catch {
    return failure({ kind: 'damaged', part: 'document' });
  }
  return checked(document, checkFault);
}

function checked(document: unknown, checkFault: (line: string) => string | null = () => null): Linked<LinkedRun> {
  if (!isTable(document)) return bad('document');
  const { engine, hash, timeUs, run } = document;
  if (typeof engine !== 'string' || engine.length > 40) return bad('engine');
  if (hash !== null && (typeof hash !== 'string' || !/^[0-9a-f]{32}$/.test(hash))) return bad('hash');
  if (!isCount(timeUs, Number.MAX_SAFE_INTEGER)) return bad('timeUs');
  if (!isTable(run)) return bad('run');
  const base = { engine, hash, timeUs };
  if (run.kind === 'scenario') {
    if (typeof run.id !== 'string' || run.id.length > 80) return bad('id');
    if (!isTable(run.changes)) return bad('changes');
    const wrong = checkParts(run.changes, checkFault);
    if (wrong) return wrong;
    const { seed, faults, files } = run.changes as unknown as Changes;
    return { ok: true, value: { ...base, run: { kind: 'scenario', id: run.id, changes: { seed, ...(faults && { faults }), ...(files && { files }) } } } };
  }
  if (run.kind !== 'universe' || !isTable(run.universe)) return bad('run');
  const { universe } = run;
  if (universe.faults === undefined) return bad('faults');
  if (universe.files === undefined) return bad('files');
  const wrong = checkParts(universe, checkFault);
  if (wrong) return wrong;
  const scenario = readScenario(universe.scenario);
  if (!scenario.ok) return failure({ kind: 'badScenario', problems: scenario.problems });
  const { faults, seed, files } = universe as unknown as Universe;
  return { ok: true, value: { ...base, run: { kind: 'universe', universe: { scenario: scenario.value, faults, seed, files } } } };
}

/** The parts that both kinds of link share. */
function checkParts(parts: Record<string, unknown>, checkFault: (line: string) => string | null): { ok: false; error: LinkError } | null {
  const { seed, faults, files } = parts;
  if (!isCount(seed, 0xffffffff)) return bad('seed');
  if (faults !== undefined) {
    if (!Array.isArray(faults)) return bad('faults');
    if (faults.length > LIMITS.faults) return failure({ kind: 'tooManyFaults', faults: faults.length });
    for (const line of faults) {
      if (typeof line !== 'string' || line.length > 300) return bad('faults');
      const why = checkFault(line);
      if (why !== null) return failure({ kind: 'badFault', line, why });
    }
  }
  if (files !== undefined) {
    if (!isTable(files)) return bad('files');
    const names = Object.keys(files);
    if (names.length > LIMITS.files) return failure({ kind: 'tooManyFiles', files: names.length });
    if (!names.every((name) => /^[A-Za-z0-9_./-]{1,100}$/.test(name) && typeof files[name] === 'string')) return bad('files');
  }
  return null;
}

function isCount(value: unknown, max: number): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= max;
}

function failure(error: LinkError): { readonly ok: false; readonly error: LinkError } {
  return { ok: false, error };
}

function bad(part: string) {
  return failure({ kind: 'badPart', part });
}

function strip(fragment: string): string {
  return fragment.startsWith('#') ? fragment.slice(1) : fragment;
}

async function deflate(bytes: Uint8Array): Promise<Uint8Array> {
  const stream = new Blob([bytes as Uint8Array<ArrayBuffer>]).stream().pipeThrough(new CompressionStream('deflate-raw'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** Stops while inflating as soon as the limit is passed, so that a small link cannot fill the memory. */
async function inflate(bytes: Uint8Array): Promise<Linked<Uint8Array>> {
  const stream = new DecompressionStream('deflate-raw');
  const writer = stream.writable.getWriter();
  // Its failure is the reader's failure too, and is told there.
  void writer
    .write(bytes as Uint8Array<ArrayBuffer>)
    .then(() => writer.close())
    .catch(() => {});
  const reader = stream.readable.getReader();
  const pieces: Uint8Array[] = [];
  let size = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      size += value.length;
      if (size > LIMITS.inflatedBytes) {
        await reader.cancel();
        return failure({ kind: 'inflatedTooLarge' });
      }
      pieces.push(value);
    }
  } catch {
    return failure({ kind: 'damaged', part: 'compression' });
  }
  const all = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return { ok: true, value: all };
}

function toBase64url(bytes: Uint8Array): string {
  let binary = '';
  for (let i = 0; i < bytes.length; i += 8192) binary += String.fromCharCode(...bytes.subarray(i, i + 8192));
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

function fromBase64url(text: string): Uint8Array | null {
  if (!/^[A-Za-z0-9_-]+$/.test(text)) return null;
  try {
    const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
    return Uint8Array.from(binary, (c) => c.charCodeAt(0));
  } catch {
    return null;
  }
}
