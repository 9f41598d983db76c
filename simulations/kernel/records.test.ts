import { describe, expect, it } from 'vitest';
import type { Sym } from '../contract/events.ts';
import { RecordTable } from './records.ts';

describe('the record table', () => {
  it('gives back every row, in the first block as it grows and beyond it', () => {
    const texts = ['', 'p', 'a', 'b'];
    const table = new RecordTable(texts);
    const count = 140_000;
    for (let i = 0; i < count; i++) expect(table.add(1 as Sym, i % 3 === 0 ? -1 : 2 + (i % 2), i + 1, 1_000_000 + i, i % 100)).toBe(i);
    table.keepValue(65_536, 'kept');
    expect(table.length).toBe(count);
    for (const i of [0, 1, 1_023, 1_024, 65_534, 65_535, 65_536, 131_071, 131_072, count - 1]) {
      expect(table.at(i)).toEqual({
        producer: 1,
        key: i % 3 === 0 ? null : texts[2 + (i % 2)],
        nth: i + 1,
        value: i === 65_536 ? 'kept' : undefined,
        timestampMs: 1_000_000 + i,
        bytes: i % 100,
      });
      expect([table.keyOf(i), table.producerOf(i), table.nthOf(i)]).toEqual([i % 3 === 0 ? -1 : 2 + (i % 2), 1, i + 1]);
    }
    expect([table.at(-1), table.at(count)]).toEqual([undefined, undefined]);
    expect(table.rowsFrom(count - 2).map((r) => r.nth)).toEqual([count - 1, count]);
  });
});
