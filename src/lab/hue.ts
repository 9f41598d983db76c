// A record's colour and letters, from its key. One key keeps one hue at every size, so all sizes use the eight of the twelve hues
// that stay apart in cells under 8 px; the letters tell keys apart that share a hue.
import type { TraceStore } from '../../simulations/kernel/traceStore.ts';

const HUES = [1, 3, 4, 5, 6, 7, 9, 11] as const;

/** Number of the hue of a key: `--k{n}`. Records without a key are neutral, 0. */
export function hueOf(key: string | null): number {
  if (key === null) return 0;
  let h = 0x811c9dc5;
  for (let i = 0; i < key.length; i++) h = Math.imul(h ^ key.charCodeAt(i), 0x01000193);
  h ^= h >>> 15;
  h = Math.imul(h, 0x2c1b3c6d);
  h ^= h >>> 13;
  return HUES[(h >>> 0) % HUES.length]!;
}

/** Token of the fill of a record. */
export function inkOf(key: string | null): string {
  const hue = hueOf(key);
  return hue === 0 ? 'line-3' : `k${hue}`;
}

/** Two letters that tell a key from its neighbours: the end of its number, or its first letters. */
export function lettersOf(key: string | null): string {
  if (key === null) return '';
  const digits = /(\d{1,2})$/.exec(key);
  return digits ? digits[1]! : key.slice(0, 2);
}

/** Colours of the records of one trace, worked out once each. */
export function recordInks(store: TraceStore): (record: number) => string {
  const inks: string[] = [];
  return (record) => {
    if (record < 0) return 'line-3';
    return (inks[record] ??= inkOf(store.records[record]?.key ?? null));
  };
}

/** How the records of one trace look: fill, letters, whether the learner's code sent them, and whether they are tombstones. */
export interface RecordLooks {
  ink(record: number): string;
  letters(record: number): string;
  mine(record: number): boolean;
  /** A record whose value is null: the last word of its key. */
  tombstone(record: number): boolean;
}

export function recordLooks(store: TraceStore, scenario: { readonly processes: readonly { readonly name: string; readonly role: string }[] } | null): RecordLooks {
  const own = new Set(scenario?.processes.filter((p) => p.role === 'guest').map((p) => p.name));
  const ink = recordInks(store);
  return {
    ink,
    letters: (record) => lettersOf(store.records[record]?.key ?? null),
    tombstone: (record) => isTombstone(store, record),
    mine: (record) => own.size > 0 && record >= 0 && own.has(store.texts[store.records[record]?.producer ?? 0] ?? ''),
  };
}

export function isTombstone(store: TraceStore, record: number): boolean {
  return record >= 0 && store.records[record]?.value === null;
}
