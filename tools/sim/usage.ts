// What the command line says about itself, and how a wrong call ends: one sentence with what to write instead, exit code 1.

export class BadUsage extends Error {}

export const USAGE = `sim list [--json]
sim run <scenario id | file.json> [--seed N] [--until 30s] [--fault "kill broker-2 at 12s for 8s"]... [--set cluster.config.minInsyncReplicas=1]...
        [--lang ko|en] [--json] [--hash] [--trace FILE.ndjson]
sim check <lesson> <file.ts> [--seeds N] [--json]
sim serve <scenario id | file.json> [--port 9092] [--speed 1] [--seed N] [--fault ...]... [--set ...]...
        One listener per broker; a line of the fault grammar on standard input strikes at its time, or now without one. Ctrl+C ends it.

Exit code 0 when all held, 2 when a promised invariant or a check failed, 1 on bad usage.`;

export interface Options {
  readonly words: string[];
  readonly flags: Set<string>;
  /** Values by option, in order of appearance. */
  readonly values: Map<string, string[]>;
}

/** Splits arguments. @throws BadUsage on an option that the verb does not have, or one without its value. */
export function readOptions(args: readonly string[], known: { readonly flags: readonly string[]; readonly values: readonly string[] }): Options {
  const out: Options = { words: [], flags: new Set(), values: new Map() };
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!;
    if (!arg.startsWith('--')) {
      out.words.push(arg);
      continue;
    }
    const eq = arg.indexOf('=');
    const name = eq < 0 ? arg.slice(2) : arg.slice(2, eq);
    if (known.flags.includes(name) && eq < 0) out.flags.add(name);
    else if (known.values.includes(name)) {
      const value = eq < 0 ? args[++i] : arg.slice(eq + 1);
      if (value === undefined) throw new BadUsage(`--${name} needs a value. Write --${name} ${name === 'seed' ? '42' : name === 'until' ? '30s' : '<value>'}.`);
      out.values.set(name, [...(out.values.get(name) ?? []), value]);
    } else throw new BadUsage(`There is no option --${name} here. Known: ${[...known.flags, ...known.values].map((n) => `--${n}`).join(', ')}.`);
  }
  return out;
}

/** One value of an option that may be given once. */
export function single(options: Options, name: string): string | undefined {
  const given = options.values.get(name);
  if (given && given.length > 1) throw new BadUsage(`--${name} is given ${given.length} times. Give it once.`);
  return given?.[0];
}

export function readSeed(text: string | undefined): number {
  if (text === undefined) return 1;
  if (!/^\d{1,10}$/.test(text) || Number(text) > 4_294_967_295) throw new BadUsage(`The seed ${JSON.stringify(text)} is out of range. Write a whole number from 0 to 4294967295.`);
  return Number(text);
}
