// The learner's own files of an exercise, saved on every change.
import type { DocumentKind } from './documents.ts';
import { isTable } from './progress.ts';

/** Files that differ from what was given, by name. */
export type Draft = Readonly<Record<string, string>>;

export const DRAFT: DocumentKind<Draft> = { version: 1, empty: {}, check: (data) => (isTable(data) && Object.values(data).every((text) => typeof text === 'string') ? (data as Draft) : null) };

/** Name of the document that holds a lesson's draft. */
export function draftName(lesson: string): string {
  return `draft.${lesson}`;
}
