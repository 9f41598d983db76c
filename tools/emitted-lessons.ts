// Emits the learner files of every lesson when the app is built, with the options and the TypeScript of the editor, so that whoever changes
// nothing never waits for a compiler. A text that was changed is not found here, and goes to the editor's worker.
import type { Plugin } from 'vite';
import { textKey } from '../lessons/text-key.ts';
import { buildGuest } from './build-guest.ts';
import { fileSets } from './catalogue.ts';
import { emit } from './emit.ts';

const ID = 'virtual:emitted-lessons';

export function emittedLessons(): Plugin {
  let root = process.cwd();
  return {
    name: 'millrace-emitted-lessons',
    configResolved(config) {
      root = config.root;
    },
    resolveId(id) {
      return id === ID ? `\0${ID}` : null;
    },
    async load(id) {
      if (id !== `\0${ID}`) return null;
      const { types } = await buildGuest(root);
      const emitted: Record<string, { js: string; map: string }> = {};
      for (const files of fileSets()) {
        const { js, maps, diagnostics } = emit(files, types);
        if (diagnostics.length > 0) this.error(`A lesson’s file has a type error: ${JSON.stringify(diagnostics[0])}`);
        for (const [name, text] of Object.entries(files)) emitted[textKey(text)] = { js: js[name]!, map: maps[name]! };
      }
      return `export const EMITTED = ${JSON.stringify(emitted)};`;
    },
  };
}
