// Checks and emits learner code headless, with the TypeScript version that Monaco carries and the same options.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type * as TypeScript from 'typescript-editor';
import { COMPILE_OPTIONS, LEARNER_ROOT } from '../simulations/guest/compile-options.ts';

const require = createRequire(join(process.cwd(), 'package.json'));
const ts = require('typescript-editor') as typeof TypeScript;
const LIB_FOLDER = dirname(require.resolve('typescript-editor'));

export interface Diagnostic {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly column: number;
  /** TypeScript's number, e.g. 2322. */
  readonly code: number;
  readonly message: string;
}

export interface Emitted {
  /** JavaScript and source maps by the name of the source, e.g. `producer.ts`. */
  readonly js: Readonly<Record<string, string>>;
  readonly maps: Readonly<Record<string, string>>;
  readonly diagnostics: readonly Diagnostic[];
}

/** Declarations of the language, parsed once. */
const parsed = new Map<string, TypeScript.SourceFile>();

/**
 * @param files learner files by name. @param types declarations by path below the learner's root (see build-guest.ts).
 * Emits even where there are diagnostics; whoever calls decides.
 */
export function emit(files: Readonly<Record<string, string>>, types: Readonly<Record<string, string>>): Emitted {
  const sources = new Map<string, string>();
  for (const [name, text] of [...Object.entries(types), ...Object.entries(files)]) sources.set(LEARNER_ROOT + name, text);
  const options = COMPILE_OPTIONS as unknown as TypeScript.CompilerOptions;
  const written = new Map<string, string>();
  const host: TypeScript.CompilerHost = {
    getSourceFile: (name, language) => {
      const text = sources.get(name);
      if (text !== undefined && !Object.hasOwn(files, name.slice(LEARNER_ROOT.length))) return cached(name, text, language);
      if (text !== undefined) return ts.createSourceFile(name, text, language, true);
      const lib = name.startsWith(LIB_PREFIX) ? ts.sys.readFile(join(LIB_FOLDER, name.slice(LIB_PREFIX.length))) : undefined;
      return lib === undefined ? undefined : cached(name, lib, language);
    },
    getDefaultLibFileName: () => `${LIB_PREFIX}lib.es2023.d.ts`,
    getDefaultLibLocation: () => LIB_PREFIX.slice(0, -1),
    writeFile: (name, text) => void written.set(name, text),
    getCurrentDirectory: () => LEARNER_ROOT,
    getCanonicalFileName: (name) => name,
    useCaseSensitiveFileNames: () => true,
    getNewLine: () => '\n',
    fileExists: (name) => sources.has(name),
    readFile: (name) => sources.get(name),
    directoryExists: (name) => [...sources.keys()].some((s) => s.startsWith(name.endsWith('/') ? name : `${name}/`)),
    getDirectories: () => [],
  };
  const roots = [...sources.keys()].filter((name) => name.endsWith('.d.ts') || Object.hasOwn(files, name.slice(LEARNER_ROOT.length)));
  const program = ts.createProgram(roots, options, host);
  const js: Record<string, string> = {};
  const maps: Record<string, string> = {};
  const diagnostics: Diagnostic[] = [];
  for (const name of Object.keys(files)) {
    if (name.endsWith('.d.ts')) continue;
    const source = program.getSourceFile(LEARNER_ROOT + name)!;
    for (const d of [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)]) diagnostics.push(diagnosticOf(name, source, d));
    program.emit(source);
    js[name] = written.get(LEARNER_ROOT + name.replace(/\.ts$/, '.js')) ?? '';
    maps[name] = written.get(LEARNER_ROOT + name.replace(/\.ts$/, '.js.map')) ?? '';
  }
  return { js, maps, diagnostics };
}

const LIB_PREFIX = 'file:///lib/';

function cached(name: string, text: string, language: TypeScript.ScriptTarget | TypeScript.CreateSourceFileOptions): TypeScript.SourceFile {
  const key = `${name}\n${text.length}`;
  let source = parsed.get(key);
  if (!source) parsed.set(key, (source = ts.createSourceFile(name, text, language, true)));
  return source;
}

function diagnosticOf(file: string, source: TypeScript.SourceFile, d: TypeScript.Diagnostic): Diagnostic {
  const at = source.getLineAndCharacterOfPosition(d.start ?? 0);
  return { file, line: at.line + 1, column: at.character + 1, code: d.code, message: ts.flattenDiagnosticMessageText(d.messageText, '\n') };
}

/** The version that emits, e.g. `5.9.3`. */
export const typescriptVersion: string = ts.version;

/** Reads learner files from a folder's files on disk. */
export function readFiles(paths: readonly string[]): Record<string, string> {
  return Object.fromEntries(paths.map((path) => [path.split('/').at(-1)!, readFileSync(path, 'utf8')]));
}
