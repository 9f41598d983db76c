// The load of a native producer: which key comes next, to which partition a record without a key goes, and the names of its records.
import type { Sym } from '../../contract/events.ts';
import type { WorkloadSpec } from '../../contract/scenario.ts';
import { drawInt, type DrawKey } from '../../kernel/draws.ts';
import { digestText, finish } from '../../kernel/hash.ts';
import type { Kernel, Process } from '../../kernel/kernel.ts';
import { toUtf8 } from '../protocol/utf8.ts';

/** One workload of a producer. */
export interface Load {
  readonly spec: WorkloadSpec;
  readonly keyTexts: readonly string[];
  readonly keyBytes: readonly number[];
  readonly keyDigests: readonly number[];
  /** Numbers of the keys' texts in the run, once used. */
  readonly keySyms: Sym[];
  readonly sent: Int32Array;
  readonly partitions: Int32Array;
  partitionCount: number;
  done: number;
  sends: number;
  readonly gaps: DrawKey;
  readonly keyDraws: DrawKey;
  readonly stickyDraws: DrawKey;
  sticky: number;
  stickyBytes: number;
  switches: number;
}

export function makeLoad(kernel: Kernel, process: Process, spec: WorkloadSpec, index: number): Load {
  const keyTexts = Array.from({ length: spec.keys }, (_, i) => `${spec.keyPrefix}${i + 1}`);
  const purpose = (what: string) => kernel.draws(process, `workload/${index}/${process.incarnation}/${what}`);
  return {
    spec,
    keyTexts,
    keyBytes: keyTexts.map((t) => toUtf8(t).length),
    keyDigests: keyTexts.map((t) => digestText(t, 0x2f0b4c47)),
    keySyms: [],
    sent: new Int32Array(spec.keys + 1),
    partitions: new Int32Array(spec.keys).fill(-1),
    partitionCount: 0,
    done: 0,
    sends: 0,
    gaps: purpose('gap'),
    keyDraws: purpose('key'),
    stickyDraws: purpose('sticky'),
    sticky: -1,
    stickyBytes: 0,
    switches: 0,
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

/** Enters a batch's records into the record table, in one run. @param keys numbers of their keys; -1 = none. */
export function nameRecords(kernel: Kernel, process: Process, load: Load, keys: readonly number[], createdUs: number): { readonly firstRecord: number; readonly digest: number } {
  const { trace } = kernel;
  const timestampMs = kernel.epochMs + Math.floor(createdUs / 1000);
  let digest = digestText(process.name, 7);
  const firstRecord = trace.records.length;
  for (const key of keys) {
    const nth = ++load.sent[key < 0 ? load.spec.keys : key]!;
    digest = finish(Math.imul(digest, 31) ^ (key < 0 ? 0 : load.keyDigests[key]!)) + nth;
    trace.name(process.sym, key < 0 ? -1 : (load.keySyms[key] ??= trace.sym(load.keyTexts[key]!)), nth, timestampMs, load.spec.valueBytes + (key < 0 ? 0 : load.keyBytes[key]!));
  }
  return { firstRecord, digest: digest >>> 0 };
}
