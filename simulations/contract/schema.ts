// A small description language for documents: each field carries its rule, default, unit, range and source, and one walk
// checks a document against it, fills in defaults and tells every problem as {path, rule, got, hint}.

export interface Problem {
  /** Where, e.g. `topics[2].partitions`. */
  readonly path: string;
  /** The rule that does not hold, e.g. `an integer from 1 to 200`. */
  readonly rule: string;
  /** What stands there, as JSON, cut at 80 characters. */
  readonly got: string;
  /** What to write instead. */
  readonly hint: string;
}

export interface Meta {
  readonly doc: string;
  /** Unit of the value, e.g. `ms`. */
  readonly unit?: string;
  /** Where the default and the rule come from, e.g. `Kafka 4.0 broker config`. */
  readonly source?: string;
}

export interface Spec<T> {
  readonly kind: 'integer' | 'text' | 'flag' | 'choice' | 'list' | 'object' | 'record';
  readonly meta: Meta;
  readonly default?: T;
  readonly optional?: boolean;
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: RegExp;
  readonly choices?: readonly (string | number)[];
  readonly item?: Spec<unknown>;
  readonly fields?: Readonly<Record<string, Spec<unknown>>>;
  /** Phantom: the type of a valid value. */
  readonly type?: T;
}

export type Valid<S> = S extends Spec<infer T> ? T : never;

export function integer(meta: Meta & { min: number; max: number; default?: number }): Spec<number> {
  return { kind: 'integer', meta, min: meta.min, max: meta.max, ...(meta.default === undefined ? {} : { default: meta.default }) };
}
export function text(meta: Meta & { pattern?: RegExp; default?: string; max?: number }): Spec<string> {
  return { kind: 'text', meta, max: meta.max ?? 2000, ...(meta.pattern ? { pattern: meta.pattern } : {}), ...(meta.default === undefined ? {} : { default: meta.default }) };
}
export function flag(meta: Meta & { default?: boolean }): Spec<boolean> {
  return { kind: 'flag', meta, ...(meta.default === undefined ? {} : { default: meta.default }) };
}
export function choice<const C extends string | number>(choices: readonly C[], meta: Meta & { default?: NoInfer<C> }): Spec<C> {
  return { kind: 'choice', meta, choices, ...(meta.default === undefined ? {} : { default: meta.default }) };
}
export function list<T>(item: Spec<T>, meta: Meta & { min?: number; max: number; default?: NoInfer<T>[] }): Spec<T[]> {
  return { kind: 'list', meta, item: item as Spec<unknown>, min: meta.min ?? 0, max: meta.max, ...(meta.default === undefined ? {} : { default: meta.default }) };
}
export function object<F extends Record<string, Spec<unknown>>>(fields: F, meta: Meta): Spec<{ [K in keyof F]: Valid<F[K]> }> {
  return { kind: 'object', meta, fields };
}
export function record<T>(item: Spec<T>, meta: Meta & { max: number }): Spec<Record<string, T>> {
  return { kind: 'record', meta, item: item as Spec<unknown>, max: meta.max, default: {} };
}
export function optional<T>(spec: Spec<T>): Spec<T | undefined> {
  return { ...spec, optional: true } as Spec<T | undefined>;
}

/** Checks a document, fills in defaults, and tells all problems; unknown fields are problems, with the nearest known name. */
export function check<T>(spec: Spec<T>, value: unknown): { ok: true; value: T } | { ok: false; problems: Problem[] } {
  const problems: Problem[] = [];
  const out = walk(spec as Spec<unknown>, value, '', problems);
  return problems.length ? { ok: false, problems } : { ok: true, value: out as T };
}

function walk(spec: Spec<unknown>, value: unknown, path: string, problems: Problem[]): unknown {
  if (value === undefined) {
    if (spec.default !== undefined) return structured(spec.default);
    if (spec.optional) return undefined;
    if (spec.kind === 'object' && Object.values(spec.fields!).every((f) => f.default !== undefined || f.optional || f.kind === 'object')) return walk(spec, {}, path, problems);
    tell(problems, path, 'present', undefined, `Add ${last(path)}: ${ruleOf(spec)}.`);
    return undefined;
  }
  const wrong = () => {
    tell(problems, path, ruleOf(spec), value, `Write ${ruleOf(spec)}${spec.meta.unit ? ` (${spec.meta.unit})` : ''}.`);
    return undefined;
  };
  switch (spec.kind) {
    case 'integer':
      return typeof value === 'number' && Number.isSafeInteger(value) && value >= spec.min! && value <= spec.max! ? value : wrong();
    case 'text':
      return typeof value === 'string' && value.length <= spec.max! && (!spec.pattern || spec.pattern.test(value)) ? value : wrong();
    case 'flag':
      return typeof value === 'boolean' ? value : wrong();
    case 'choice':
      return spec.choices!.includes(value as string) ? value : wrong();
    case 'list': {
      if (!Array.isArray(value) || value.length < spec.min! || value.length > spec.max!) return wrong();
      return value.map((v, i) => walk(spec.item!, v, `${path}[${i}]`, problems));
    }
    case 'record': {
      if (typeof value !== 'object' || value === null || Array.isArray(value) || Object.keys(value).length > spec.max!) return wrong();
      const out: Record<string, unknown> = Object.create(null);
      for (const key of Object.keys(value)) out[key] = walk(spec.item!, (value as Record<string, unknown>)[key], `${path}[${JSON.stringify(key)}]`, problems);
      return { ...out };
    }
    case 'object': {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) return wrong();
      const given = value as Record<string, unknown>;
      const fields = spec.fields!;
      for (const key of Object.keys(given)) {
        if (Object.hasOwn(fields, key)) continue;
        const at = path ? `${path}.${key}` : key;
        tell(problems, at, 'a known field', given[key], `Did you mean ${nearest(key, Object.keys(fields)).join(' or ')}?`);
      }
      const out: Record<string, unknown> = {};
      for (const key of Object.keys(fields)) {
        const at = path ? `${path}.${key}` : key;
        const v = walk(fields[key]!, Object.hasOwn(given, key) ? given[key] : undefined, at, problems);
        if (v !== undefined) out[key] = v;
      }
      return out;
    }
  }
}

function structured<T>(value: T): T {
  return value === undefined ? value : (JSON.parse(JSON.stringify(value)) as T);
}

export function ruleOf(spec: Spec<unknown>): string {
  switch (spec.kind) {
    case 'integer':
      return `an integer from ${spec.min} to ${spec.max}`;
    case 'text':
      return spec.pattern ? `a text that matches ${spec.pattern}` : `a text of at most ${spec.max} characters`;
    case 'flag':
      return 'true or false';
    case 'choice':
      return `one of ${spec.choices!.map((c) => JSON.stringify(c)).join(', ')}`;
    case 'list':
      return `a list of ${spec.min} to ${spec.max} entries`;
    case 'record':
      return `an object of at most ${spec.max} entries`;
    case 'object':
      return `an object with ${Object.keys(spec.fields!).join(', ')}`;
  }
}

function tell(problems: Problem[], path: string, rule: string, value: unknown, hint: string): void {
  if (problems.length >= 50) return;
  let got = value === undefined ? 'nothing' : String(JSON.stringify(value));
  if (got.length > 80) got = `${got.slice(0, 79)}…`;
  problems.push({ path: path || '(document)', rule, got, hint });
}

function last(path: string): string {
  return path.slice(path.lastIndexOf('.') + 1) || 'the document';
}

/** The up to three known names nearest to a misspelt one. */
export function nearest(name: string, known: readonly string[]): string[] {
  const scored = known.map((k) => ({ k, d: distance(name.toLowerCase(), k.toLowerCase()) }));
  scored.sort((x, y) => x.d - y.d || (x.k < y.k ? -1 : 1));
  return scored.slice(0, 3).map((s) => s.k);
}

function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    row = next;
  }
  return row[b.length]!;
}

/** Every path of a document type with its rule, default, unit and source: for `--set`, for the documentation page and for its test. */
export function paths(spec: Spec<unknown>, at = ''): { path: string; spec: Spec<unknown> }[] {
  const here = at ? [{ path: at, spec }] : [];
  if (spec.kind === 'object') return [...here, ...Object.entries(spec.fields!).flatMap(([k, s]) => paths(s, at ? `${at}.${k}` : k))];
  if (spec.kind === 'list') return [...here, ...paths(spec.item!, `${at}[]`)];
  return here;
}
