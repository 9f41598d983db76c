// What a checker says about one case, and how expected and actual are compared.

export type Outcome = { readonly kind: 'pass' } | { readonly kind: 'equivalent' } | { readonly kind: 'fail'; readonly expected: unknown; readonly actual: unknown };

/** One case of a set, as its file has it. */
export type Case = Readonly<Record<string, unknown>>;

/** Checks a case. What it throws counts as a failure. @param find the cases of all sets of the run that have an id */
export type Checker = (c: Case, find: (id: string) => readonly Case[]) => Outcome;

export const PASS: Outcome = { kind: 'pass' };

/** Fails at the first pair that differs. */
export function all(...pairs: readonly (readonly [expected: unknown, actual: unknown])[]): Outcome {
  for (const [expected, actual] of pairs) if (!equal(expected, actual)) return { kind: 'fail', expected, actual };
  return PASS;
}

/** Deep equality of JSON values. */
export function equal(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((k) => Object.hasOwn(b, k) && equal((a as Case)[k], (b as Case)[k]));
}

export function fromHex(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex, 'hex'));
}

export function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
}
