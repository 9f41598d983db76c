// Reads the layout table into shapes: for one message at one version, which fields stand on the wire in which order.
import { EMBEDDED, MESSAGES } from './layoutTable.ts';

export type FieldKind = 'string' | 'bytes' | 'records' | 'bool' | 'uuid' | 'int8' | 'int16' | 'uint16' | 'int32' | 'int64' | 'float64' | 'struct';

/** First and last version, both included. */
export interface Versions {
  readonly from: number;
  readonly to: number;
}

/** A field at one version. */
export interface Field {
  readonly name: string;
  readonly kind: FieldKind;
  readonly array: boolean;
  readonly nullable: boolean;
  /** -1 for a field that is not tagged. */
  readonly tag: number;
  /** Value where it is absent; structures and arrays are made anew by `defaultOf`. */
  readonly fallback: number | boolean | string | null;
  readonly shape: Shape | null;
}

/** The fields of a message or structure at one version. */
export interface Shape {
  readonly fields: readonly Field[];
  /** In order of their tags. */
  readonly tagged: readonly Field[];
  /** Fields that other versions have: decoded as their default. */
  readonly absent: readonly Field[];
  readonly flexible: boolean;
}

export interface ApiLayout {
  readonly name: string;
  readonly key: number;
  readonly versions: Versions;
  /** First flexible version; Infinity = none. */
  readonly flexibleFrom: number;
  /** @param version within `versions`. */
  request(version: number): Shape;
  response(version: number): Shape;
}

export interface EmbeddedLayout {
  readonly name: string;
  readonly versions: Versions;
  value(version: number): Shape;
}

export const APIS: readonly ApiLayout[] = sections(MESSAGES).map((section) => {
  const [name, key, , versions, , flexible] = section.head.split(' ') as [string, string, string, string, string, string];
  const flexibleFrom = flexible === 'none' ? Infinity : range(flexible).from;
  return {
    name,
    key: Number(key),
    versions: range(versions),
    flexibleFrom,
    request: shapes(section.parts.get('request')!, flexibleFrom),
    response: shapes(section.parts.get('response')!, flexibleFrom),
  };
});

export const EMBEDDED_LAYOUTS: readonly EmbeddedLayout[] = sections(EMBEDDED).map((section) => {
  const [name, , versions] = section.head.split(' ') as [string, string, string];
  return { name, versions: range(versions), value: shapes(section.parts.get('value')!, Infinity) };
});

const byKey = new Map(APIS.map((api) => [api.key, api]));
const byName = new Map(APIS.map((api) => [api.name, api]));

export function apiByKey(key: number): ApiLayout | undefined {
  return byKey.get(key);
}

export function apiByName(name: string): ApiLayout | undefined {
  return byName.get(name);
}

/** Numbers of the APIs by name, as on the wire. */
export const API: Readonly<Record<string, number>> = Object.freeze(Object.fromEntries(APIS.map((api) => [api.name, api.key])));

/** A fresh default value of a field. */
export function defaultOf(field: Field): unknown {
  if (field.fallback === null) return null;
  if (field.array) return [];
  switch (field.kind) {
    case 'struct': {
      const out: Record<string, unknown> = {};
      for (const list of [field.shape!.fields, field.shape!.tagged, field.shape!.absent]) for (const f of list) out[f.name] = defaultOf(f);
      return out;
    }
    case 'bytes':
    case 'records':
      return new Uint8Array(0);
    default:
      return field.fallback;
  }
}

/** A field as the table writes it, over all versions. */
interface Row {
  name: string;
  kind: FieldKind;
  array: boolean;
  nullable: Versions | null;
  versions: Versions;
  tag: number;
  fallback: string | null | undefined;
  rows: Row[] | null;
}

function sections(table: string): { head: string; parts: Map<string, string[]> }[] {
  const out: { head: string; parts: Map<string, string[]> }[] = [];
  let part: string[] = [];
  for (const line of table.split('\n')) {
    if (line === '') continue;
    const words = line.trim().split(' ');
    if (!line.startsWith(' ')) out.push({ head: line, parts: new Map() });
    else if (line.startsWith('    ')) part.push(...words);
    else {
      part = words.slice(1);
      out[out.length - 1]!.parts.set(words[0]!, part);
    }
  }
  return out;
}

function range(text: string): Versions {
  if (text.endsWith('+')) return { from: Number(text.slice(0, -1)), to: Infinity };
  const [from, to] = text.split('-');
  return { from: Number(from), to: Number(to ?? from) };
}

const FIELD = /^(\w+):(\[\])?(\w*)(?:(\?)([\d+-]*))?(?:@([\d+-]+))?(?:#(\d+))?(?:=([^{]+))?(\{)?$/;
const ALL: Versions = { from: 0, to: Infinity };

function readRows(words: readonly string[], at: { index: number }): Row[] {
  const rows: Row[] = [];
  while (at.index < words.length) {
    const word = words[at.index++]!;
    if (word === '}') return rows;
    const m = FIELD.exec(word);
    if (!m) throw new Error(`layout table: cannot read ${word}`);
    rows.push({
      name: m[1]!,
      kind: (m[3] || 'struct') as FieldKind,
      array: m[2] !== undefined,
      nullable: m[4] === undefined ? null : m[5] ? range(m[5]) : ALL,
      versions: m[6] === undefined ? ALL : range(m[6]),
      tag: m[7] === undefined ? -1 : Number(m[7]),
      fallback: m[8] === 'null' ? null : m[8],
      rows: m[9] === undefined ? null : readRows(words, at),
    });
  }
  return rows;
}

/** Shapes by version, made when first asked for. */
function shapes(words: readonly string[], flexibleFrom: number): (version: number) => Shape {
  let rows: Row[] | null = null;
  const made = new Map<number, Shape>();
  return (version) => {
    let shape = made.get(version);
    if (!shape) made.set(version, (shape = shapeOf((rows ??= readRows(words, { index: 0 })), version, version >= flexibleFrom)));
    return shape;
  };
}

function shapeOf(rows: readonly Row[], version: number, flexible: boolean): Shape {
  const fields: Field[] = [];
  const tagged: Field[] = [];
  const absent: Field[] = [];
  for (const row of rows) {
    const field: Field = {
      name: row.name,
      kind: row.kind,
      array: row.array,
      nullable: row.nullable !== null && within(version, row.nullable),
      tag: row.tag,
      fallback: fallbackOf(row),
      shape: row.rows && shapeOf(row.rows, version, flexible),
    };
    if (!within(version, row.versions)) absent.push(field);
    else if (row.tag >= 0) tagged.push(field);
    else fields.push(field);
  }
  tagged.sort((a, b) => a.tag - b.tag);
  return { fields, tagged, absent, flexible };
}

function within(version: number, versions: Versions): boolean {
  return version >= versions.from && version <= versions.to;
}

/** Uuid of sixteen zero bytes: none. */
export const ZERO_UUID = 'AAAAAAAAAAAAAAAAAAAAAA';

function fallbackOf(row: Row): number | boolean | string | null {
  if (row.fallback === null) return null;
  switch (row.kind) {
    case 'string':
      return row.fallback ?? '';
    case 'uuid':
      return ZERO_UUID;
    case 'bool':
      return row.fallback === 'true';
    default:
      return Number(row.fallback ?? 0);
  }
}
