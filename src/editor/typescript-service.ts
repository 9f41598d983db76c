// The page's side of the TypeScript worker: one worker, begun when it is first needed, shared by the editor, the plain text area and every run.
import { wrap, type Remote } from 'comlink';
import type { Compiled } from './code-problem.ts';
import { emittedEarlier } from './emitted.ts';
import type { TypeScriptService, TypeScriptSetUp } from './typescript-port.ts';

interface Begun {
  readonly worker: Worker;
  readonly service: Remote<TypeScriptService>;
  readonly setUp: TypeScriptSetUp;
}

let begun: Promise<Begun> | null = null;

export function beginTypeScript(): Promise<Begun> {
  begun ??= begin().catch((error: unknown) => {
    begun = null;
    throw error;
  });
  return begun;
}

async function begin(): Promise<Begun> {
  const { typeScriptSetUp } = await import('./typescript-set-up.ts');
  const setUp = typeScriptSetUp();
  const worker = new Worker(new URL('./ts.worker.ts', import.meta.url), { type: 'module', name: 'typescript' });
  const { port1, port2 } = new MessageChannel();
  worker.postMessage({ millrace: setUp }, [port2]);
  // A worker that cannot be loaded says so only here.
  const failed = new Promise<never>((_, reject) => worker.addEventListener('error', (event) => reject(new Error(event.message || 'The TypeScript worker could not be loaded.')), { once: true }));
  const service = wrap<TypeScriptService>(port1);
  await Promise.race([service.check({}), failed]);
  return { worker, service, setUp };
}

/** JavaScript of a set of files; files as first given were turned into JavaScript when the app was built. */
export async function compile(files: Readonly<Record<string, string>>): Promise<Compiled> {
  const known = await emittedEarlier(files);
  if (known) return { ok: true, code: known };
  return (await beginTypeScript()).service.compile(files);
}
