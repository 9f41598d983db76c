// Source maps (version 3): from a place in the emitted JavaScript back to the learner's file.

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Columns and lines count from 0 inside. */
interface Segment {
  readonly column: number;
  readonly sourceLine: number;
  readonly sourceColumn: number;
}

/** Segments by emitted line. */
export type LineMap = readonly (readonly Segment[])[];

/** @param json text of a .js.map file of one source. A map that cannot be read gives no segments. */
export function readSourceMap(json: string): LineMap {
  let mappings = '';
  try {
    const read = JSON.parse(json) as { mappings?: unknown };
    if (typeof read.mappings === 'string') mappings = read.mappings;
  } catch {
    return [];
  }
  let sourceLine = 0;
  let sourceColumn = 0;
  return mappings.split(';').map((line) => {
    let column = 0;
    const segments: Segment[] = [];
    for (const text of line.split(',')) {
      const numbers = decode(text);
      if (numbers.length < 4) continue;
      column += numbers[0]!;
      sourceLine += numbers[2]!;
      sourceColumn += numbers[3]!;
      segments.push({ column, sourceLine, sourceColumn });
    }
    return segments;
  });
}

function decode(text: string): number[] {
  const out: number[] = [];
  let value = 0;
  let shift = 0;
  for (const c of text) {
    const digit = DIGITS.indexOf(c);
    value += (digit & 31) << shift;
    if (digit & 32) {
      shift += 5;
      continue;
    }
    out.push(value & 1 ? -(value >> 1) : value >> 1);
    value = 0;
    shift = 0;
  }
  return out;
}

/** @param line, column from 1. @returns line and column from 1, or null where nothing is mapped. */
export function sourcePlace(map: LineMap, line: number, column: number): { line: number; column: number } | null {
  const segments = map[line - 1];
  if (!segments || segments.length === 0) return null;
  let found = segments[0]!;
  for (const s of segments) {
    if (s.column > column - 1) break;
    found = s;
  }
  return { line: found.sourceLine + 1, column: found.sourceColumn + 1 };
}
