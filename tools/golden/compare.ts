// Golden values: the hash of each universe and a 16-bit digest per event, so that the first event that differs can be named.
import { readFileSync, writeFileSync } from 'node:fs';
import { TraceStore, toNdjson } from '../../simulations/kernel/traceStore.ts';
import { digestText } from '../../simulations/kernel/hash.ts';
import { EVENT_SPECS } from '../../simulations/contract/events.ts';

export interface Golden {
  readonly hash: string;
  readonly events: number;
  /** Two bytes per event, base64. */
  readonly digests: string;
}

export function digestsOf(store: TraceStore): Uint8Array {
  const out = new Uint8Array(store.count * 2);
  for (let seq = 0; seq < store.count; seq++) {
    const e = store.event(seq) as unknown as Record<string, unknown>;
    const fields = EVENT_SPECS[store.typeAt(seq)].fields.filter((f) => f.hashed).map((f) => e[f.name]);
    const d = digestText(JSON.stringify([e['type'], e['timeUs'], e['process'], e['cause'], fields]), 5);
    out[seq * 2] = d & 255;
    out[seq * 2 + 1] = (d >>> 8) & 255;
  }
  return out;
}

export function goldenOf(store: TraceStore, hash: string): Golden {
  return { hash, events: store.count, digests: Buffer.from(digestsOf(store)).toString('base64') };
}

export function readGolden(name: string): Golden | null {
  try {
    return JSON.parse(readFileSync(`golden/${name}.json`, 'utf8')) as Golden;
  } catch {
    return null;
  }
}

export function writeGolden(name: string, golden: Golden): void {
  writeFileSync(`golden/${name}.json`, `${JSON.stringify(golden, null, 1)}\n`);
}

/** The first event that differs from the golden trace, as a line; null when none does. */
export function firstDivergence(store: TraceStore, golden: Golden): string | null {
  const was = Buffer.from(golden.digests, 'base64');
  const now = digestsOf(store);
  const n = Math.min(was.length, now.length) / 2;
  for (let seq = 0; seq < n; seq++) {
    if (was[seq * 2] !== now[seq * 2] || was[seq * 2 + 1] !== now[seq * 2 + 1]) return toNdjson(store.event(seq));
  }
  if (was.length !== now.length) return n < store.count ? `one more event: ${toNdjson(store.event(n))}` : `the trace ends after event ${n - 1}, ${golden.events - n} events early`;
  return null;
}
