// How learner code is checked and emitted: one object, handed to Monaco's TypeScript in the page and to the same TypeScript on the command line.

/** Numbers as TypeScript's enums have them, because neither side may need the other's compiler to read this file. */
export const COMPILE_OPTIONS = {
  /** ScriptTarget.ES2022 */
  target: 9,
  /** ModuleKind.CommonJS */
  module: 1,
  /** ModuleResolutionKind.Node10, which finds declarations that exist in memory only. */
  moduleResolution: 2,
  lib: ['lib.es2023.d.ts'],
  types: [] as string[],
  strict: true,
  noEmitOnError: false,
  noEmitHelpers: true,
  importHelpers: false,
  esModuleInterop: false,
  allowJs: false,
  skipLibCheck: true,
  isolatedModules: false,
  sourceMap: true,
  inlineSources: false,
  removeComments: false,
  newLine: 1,
  allowNonTsExtensions: true,
};

/** Where learner files lie for the compiler, in the page and on the command line alike. */
export const LEARNER_ROOT = 'file:///learner/';
