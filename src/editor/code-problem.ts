// What the TypeScript worker says about a file, as a list can show it.

export interface CodeProblem {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly column: number;
  readonly length: number;
  /** TypeScript's own words, in English as everywhere. */
  readonly message: string;
  /** e.g. 2322 */
  readonly code: number;
}

export type Compiled = { readonly ok: true; readonly code: Readonly<Record<string, EmittedFile>> } | { readonly ok: false; readonly problems: readonly CodeProblem[] };

export interface EmittedFile {
  readonly js: string;
  /** Source map, version 3, as JSON. */
  readonly map: string;
}

/** A piece of a line that a finding is about, with a few words to stand beside it. Columns as in `CodeMark`. */
export interface Marked {
  readonly line: number;
  readonly from: number;
  readonly to: number;
  readonly note: string;
}
