// How the learner likes to work, apart from language and theme.
import type { DocumentKind } from './documents.ts';
import { isTable } from './progress.ts';

export interface Settings {
  /** A plain text area in place of the editor, also where the editor would do. */
  readonly plainEditor: boolean;
}

export const SETTINGS: DocumentKind<Settings> = {
  version: 1,
  empty: { plainEditor: false },
  check: (data) => (isTable(data) && typeof data.plainEditor === 'boolean' ? (data as unknown as Settings) : null),
};
