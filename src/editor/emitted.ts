// JavaScript of the files as first given, made when the app was built, so that a reader who changes nothing never waits for a compiler.
import type { EmittedFile } from './code-problem.ts';
import { textKey } from '../../lessons/text-key.ts';

/** Null when one of the files is not one that was given. */
export async function emittedEarlier(files: Readonly<Record<string, string>>): Promise<Readonly<Record<string, EmittedFile>> | null> {
  const { EMITTED } = await import('virtual:emitted-lessons');
  const out: Record<string, EmittedFile> = {};
  for (const [name, text] of Object.entries(files)) {
    const known = EMITTED[textKey(text)];
    if (!known) return null;
    out[name] = known;
  }
  return out;
}
