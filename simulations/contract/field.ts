// How the event catalogue writes a field.

/** Kinds of field. `sym` is text, interned once per run; `int` is a safe integer; `bool` is stored as 0 or 1. */
export type FieldType = 'sym' | 'int' | 'bool';

export function f<const N extends string, const T extends FieldType>(name: N, type: T, doc: string) {
  return { name, type, doc, hashed: true } as const;
}
export function unhashed<const N extends string, const T extends FieldType>(name: N, type: T, doc: string) {
  return { name, type, doc, hashed: false } as const;
}
