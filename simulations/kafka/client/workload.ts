// The load of a native producer: which key comes next, to which partition a record without a key goes, and the names of its records.
import type { Sym } from '../../contract/events.ts';
import type { WorkloadSpec } from '../../contract/scenario.ts';
import { drawInt, type DrawKey } from '../../kernel/draws.ts';
import { digestText, finish } from '../../kernel/hash.ts';
import type { Kernel, Process } from '../../kernel/kernel.ts';
import { makeStory, type Story } from '../../story/catalogue.ts';
import { toUtf8 } from '../protocol/utf8.ts';
import type { Lane } from './batches.ts';

/** One workload of a producer. What every send looks at comes first, so that it lies together. As a source of draws it is that of the gaps between its sends. */
export interface Load extends DrawKey {
  /** As in `spec`. */
  readonly topic: string;
  readonly records: number;
  readonly perSend: number;
  readonly everyUs: number;
  readonly keys: number;
  readonly valueBytes: number;
  done: number;
  sends: number;
  /** When the next record happens, microseconds: what it tells does not depend on when it could be sent. */
  plannedUs: number;
  /** Partitions of its topic by the last metadata; 0 = not known. */
  partitionCount: number;
  sticky: number;
  stickyBytes: number;
  /** Where its last record went. */
  lane: Lane | null;
  /** Where the records have content: who invents it, and their names. */
  readonly rows: { readonly story: Story; readonly naming: RowNaming } | null;
  readonly naming: Naming;
  readonly keyDraws: DrawKey;
  readonly keyBytes: readonly number[];
  readonly partitions: Int32Array;
  readonly stickyDraws: DrawKey;
  switches: number;
  readonly spec: WorkloadSpec;
  readonly keyTexts: readonly string[];
}

/** @param rows names all records with content of the process. */
export function makeLoad(kernel: Kernel, process: Process, spec: WorkloadSpec, index: number, rows: RowNaming): Load {
  const keyTexts = Array.from({ length: spec.keys }, (_, i) => `${spec.keyPrefix}${i + 1}`);
  const purpose = (what: string) => kernel.draws(process, `workload/${index}/${process.incarnation}/${what}`);
  const named = {
    spec,
    keyTexts,
    keyBytes: keyTexts.map((t) => toUtf8(t).length),
    keyDigests: keyTexts.map((t) => digestText(t, 0x2f0b4c47)),
    keySyms: [] as Sym[],
    sent: new Int32Array(spec.keys + 1),
  };
  const gaps = purpose('gap');
  return {
    topic: spec.topic,
    records: spec.records,
    perSend: spec.perSend,
    everyUs: spec.everyUs,
    a: gaps.a,
    b: gaps.b,
    keys: spec.keys,
    valueBytes: spec.valueBytes,
    done: 0,
    sends: 0,
    plannedUs: spec.startMs * 1000,
    partitionCount: 0,
    sticky: -1,
    stickyBytes: 0,
    lane: null,
    rows: spec.story === undefined ? null : { story: makeStory(spec.story, (name) => purpose(`story/${name}`)), naming: rows },
    naming: namingOf(kernel, process, named),
    keyDraws: purpose('key'),
    keyBytes: named.keyBytes,
    partitions: new Int32Array(spec.keys).fill(-1),
    stickyDraws: purpose('sticky'),
    switches: 0,
    spec,
    keyTexts,
  };
}

/** Without a key: one partition until as many bytes as one full batch went there, then another that is drawn (KIP-480; KIP-794 without weights). */
export function stickyPartition(load: Load, partitions: number, bytes: number, fullBytes: number): number {
  if (load.sticky < 0 || load.stickyBytes >= fullBytes) {
    load.sticky = drawInt(load.stickyDraws, load.switches++, partitions);
    load.stickyBytes = 0;
  }
  load.stickyBytes += bytes;
  return load.sticky;
}

/** How a batch's records get their names. */
export interface Naming {
  /** Enters the records of a batch into the record table, in one run. @param numbers what the producer was told they are. */
  name(numbers: readonly number[], createdUs: number): BatchName;
}

export interface BatchName {
  readonly firstRecord: number;
  readonly digest: number;
  /** Earliest and latest timestamp, milliseconds since 1970. */
  readonly baseTimestampMs: number;
  readonly maxTimestampMs: number;
}

/** Records of a workload that have a key and no content: their numbers are those of their keys; -1 = no key. */
export function namingOf(
  kernel: Kernel,
  process: Process,
  load: {
    readonly spec: WorkloadSpec;
    readonly keyTexts: readonly string[];
    readonly keyBytes: readonly number[];
    readonly keyDigests: readonly number[];
    readonly sent: Int32Array;
    readonly keySyms: Sym[];
  },
): Naming {
  return {
    name(keys, createdUs) {
      const { trace } = kernel;
      const timestampMs = kernel.epochMs + Math.floor(createdUs / 1000);
      let digest = digestText(process.name, 7);
      const firstRecord = trace.records.length;
      for (const key of keys) {
        const nth = ++load.sent[key < 0 ? load.spec.keys : key]!;
        digest = finish(Math.imul(digest, 31) ^ (key < 0 ? 0 : load.keyDigests[key]!)) + nth;
        trace.name(process.sym, key < 0 ? -1 : (load.keySyms[key] ??= trace.sym(load.keyTexts[key]!)), nth, timestampMs, load.spec.valueBytes + (key < 0 ? 0 : load.keyBytes[key]!));
      }
      return { firstRecord, digest: digest >>> 0, baseTimestampMs: timestampMs, maxTimestampMs: timestampMs };
    },
  };
}

/** A record with content that waits to be named. */
export interface Row {
  readonly key: string | null;
  readonly value: string | null;
  /** Milliseconds since 1970; null = when its batch was opened. */
  readonly timestampMs: number | null;
}

/** Records with content: their numbers are the order in which they were added. */
export class RowNaming implements Naming {
  private readonly kernel: Kernel;
  private readonly process: Process;
  private readonly rows = new Map<number, Row>();
  private added = 0;
  /** Records of each key so far; of those without under ''. */
  private readonly sent = new Map<string, number>();

  constructor(kernel: Kernel, process: Process) {
    this.kernel = kernel;
    this.process = process;
  }

  /** @returns its number, and key and value together in bytes. */
  add(row: Row): { readonly number: number; readonly bytes: number } {
    const number = this.added++;
    this.rows.set(number, row);
    return { number, bytes: sizeOf(row) };
  }

  name(numbers: readonly number[], createdUs: number): BatchName {
    const { trace, epochMs } = this.kernel;
    const createdMs = epochMs + Math.floor(createdUs / 1000);
    const firstRecord = trace.records.length;
    let digest = digestText(this.process.name, 7);
    let baseTimestampMs = Number.MAX_SAFE_INTEGER;
    let maxTimestampMs = 0;
    for (const number of numbers) {
      const { key, value, timestampMs: own } = this.rows.get(number)!;
      this.rows.delete(number);
      const timestampMs = own ?? createdMs;
      const counted = key === null ? '' : `k${key}`;
      const nth = (this.sent.get(counted) ?? 0) + 1;
      this.sent.set(counted, nth);
      digest = finish(Math.imul(digest, 31) ^ digestText(`${key ?? ''}\u0000${value ?? ''}`, 0x2f0b4c47)) + nth;
      baseTimestampMs = Math.min(baseTimestampMs, timestampMs);
      maxTimestampMs = Math.max(maxTimestampMs, timestampMs);
      trace.record({ producer: this.process.sym, key, nth, value, timestampMs, bytes: sizeOf({ key, value }) });
    }
    return { firstRecord, digest: digest >>> 0, baseTimestampMs, maxTimestampMs };
  }
}

function sizeOf({ key, value }: { readonly key: string | null; readonly value: string | null }): number {
  return (key === null ? 0 : toUtf8(key).length) + (value === null ? 0 : toUtf8(value).length);
}
