// In the TypeScript worker: answers the page on a port of its own, beside Monaco's protocol, with the same compiler and language service.
import { expose } from 'comlink';
import { TypeScriptWorker, type TypeScriptModel } from 'monaco-editor/languages/features/typescript/tsWorker';
import { LEARNER_ROOT as ROOT } from '../../simulations/guest/compile-options.ts';
import type { CodeProblem, Compiled, EmittedFile } from './code-problem.ts';

export interface TypeScriptSetUp {
  readonly options: Readonly<Record<string, unknown>>;
  /** Declarations by path, e.g. `node_modules/kafkajs/index.d.ts`. */
  readonly libraries: Readonly<Record<string, string>>;
}

export interface TypeScriptService {
  /** Checks every file and, when none has an error, turns them into JavaScript. */
  compile(files: Readonly<Record<string, string>>): Promise<Compiled>;
  check(files: Readonly<Record<string, string>>): Promise<readonly CodeProblem[]>;
}

addEventListener('message', (event: MessageEvent<{ millrace?: TypeScriptSetUp } | null>) => {
  const setUp = event.data?.millrace;
  if (!setUp) return;
  // Monaco must not take this for the beginning of its own protocol.
  event.stopImmediatePropagation();
  expose(createService(setUp), event.ports[0]!);
});

function createService({ options, libraries }: TypeScriptSetUp): TypeScriptService {
  const models = new Map<string, TypeScriptModel & { text: string }>();
  const extraLibs = Object.fromEntries(Object.entries(libraries).map(([path, content]) => [ROOT + path, { content, version: 1 }]));
  const worker = new TypeScriptWorker({ getMirrorModels: () => [...models.values()] }, { compilerOptions: options, extraLibs });

  function take(files: Readonly<Record<string, string>>): void {
    for (const name of models.keys()) if (!Object.hasOwn(files, name)) models.delete(name);
    for (const [name, text] of Object.entries(files)) {
      const known = models.get(name);
      if (known?.text === text) continue;
      models.set(name, { uri: { path: `/${name}`, toString: () => ROOT + name }, version: (known?.version ?? 0) + 1, text, getValue: () => text });
    }
  }

  async function problems(files: Readonly<Record<string, string>>): Promise<CodeProblem[]> {
    take(files);
    const out: CodeProblem[] = [];
    for (const [file, text] of Object.entries(files)) {
      const found = [...(await worker.getSyntacticDiagnostics(ROOT + file)), ...(await worker.getSemanticDiagnostics(ROOT + file))];
      for (const { start = 0, length = 0, messageText, code, category } of found) {
        if (category !== ERROR) continue;
        const before = text.slice(0, start).split('\n');
        out.push({ file, line: before.length, column: before.at(-1)!.length + 1, length, message: flat(messageText), code });
      }
    }
    return out;
  }

  return {
    async check(files) {
      return problems(files);
    },
    async compile(files) {
      const found = await problems(files);
      if (found.length > 0) return { ok: false, problems: found };
      const code: Record<string, EmittedFile> = {};
      for (const file of Object.keys(files)) {
        const { outputFiles } = await worker.getEmitOutput(ROOT + file);
        const text = (end: string) => outputFiles.find(({ name }) => name.endsWith(end))?.text ?? '';
        code[file] = { js: text('.js'), map: text('.js.map') };
      }
      return { ok: true, code };
    },
  };
}

const ERROR = 1;

interface Chain {
  readonly messageText: string;
  readonly next?: readonly Chain[];
}

/** A chain of messages as one text, as the compiler's own command line shows it. */
function flat(message: string | Chain, depth = 0): string {
  if (typeof message === 'string') return message;
  return ['  '.repeat(depth) + message.messageText, ...(message.next ?? []).map((next) => flat(next, depth + 1))].join('\n');
}
