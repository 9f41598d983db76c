// Stacks of errors, read in the form of each engine and told in the learner's files.
import { sourcePlace, type LineMap } from './sourceMap.ts';
import { unshift, type Shifts } from './probes.ts';

/** Learner files are evaluated under this name, so that stacks tell them apart from everything else. */
export const SOURCE_PREFIX = 'learner:///';

export interface Place {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly column: number;
}

export interface MappedFile {
  readonly map: LineMap;
  readonly shifts: Shifts;
  /** Columns of the first evaluated line before the emitted code begins. */
  readonly firstLineColumns: number;
}

const FRAME = /learner:\/\/\/([^\s:()]+):(\d+):(\d+)/;

/** The place a stack line names, in the learner's file; null for other lines. */
export function placeOf(line: string, files: ReadonlyMap<string, MappedFile>): Place | null {
  const m = FRAME.exec(line);
  if (!m) return null;
  const [, name, lineText, columnText] = m as unknown as [string, string, string, string];
  const file = files.get(name);
  if (!file) return null;
  const emittedLine = Number(lineText);
  const column = Number(columnText) - (emittedLine === 1 ? file.firstLineColumns : 0);
  const place = sourcePlace(file.map, emittedLine, unshift(file.shifts, emittedLine, column));
  return place ? { file: name, ...place } : { file: name, line: emittedLine, column };
}

/** The first place in learner code that an error's stack names. */
export function firstPlace(stack: unknown, files: ReadonlyMap<string, MappedFile>): Place | null {
  if (typeof stack !== 'string') return null;
  for (const line of stack.split('\n')) {
    const place = placeOf(line, files);
    if (place) return place;
  }
  return null;
}

/** A text for people in which the lines of stacks are told in the learner's files. */
export function mappedText(text: string, files: ReadonlyMap<string, MappedFile>): string {
  return /^\s+at .+:\d+:\d+\)?$|@\S+:\d+:\d+$/m.test(text) ? mappedStack(text, files) : text;
}

/** A stack with learner places mapped, library frames named as such and frames of the simulation left out. */
export function mappedStack(stack: unknown, files: ReadonlyMap<string, MappedFile>): string {
  if (typeof stack !== 'string') return '';
  const out: string[] = [];
  for (const line of stack.split('\n')) {
    const isFrame = /^\s+at .*:\d+/.test(line) || /^\s*[^\s@]*@\S+:\d+/.test(line);
    const place = placeOf(line, files);
    if (place) {
      const name = /^\s+at (?:async )?([^\s(]+) \(/.exec(line)?.[1] ?? /^([^@]+)@/.exec(line)?.[1];
      out.push(`    at ${name ? `${name} (${place.file}:${place.line}:${place.column})` : `${place.file}:${place.line}:${place.column}`}`);
    } else if (!isFrame) out.push(line);
  }
  return out.join('\n');
}
