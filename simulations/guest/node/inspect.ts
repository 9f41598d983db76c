// Values as text for the console, in the manner of Node's util.inspect, and as plain data for the run's hash.

const DEPTH = 3;
const ITEMS = 100;
export const TEXT_LIMIT = 10_000;

/** Node's util.format: %s %d %i %f %j %o %O %c %%, then the rest. Cut at 10,000 characters. */
export function format(args: readonly unknown[]): string {
  let rest = args;
  let out = '';
  if (typeof args[0] === 'string') {
    let n = 1;
    out = args[0].replace(/%[sdifjoOc%]/g, (mark) => {
      if (mark === '%%') return args.length > 1 ? '%' : mark;
      if (n >= args.length) return mark;
      return directive(mark, args[n++]);
    });
    rest = args.slice(n);
    if (rest.length) out += ' ';
  }
  return cut(out + rest.map((value) => (typeof value === 'string' ? value : inspect(value))).join(' '));
}

function directive(mark: string, value: unknown): string {
  switch (mark) {
    case '%s':
      return typeof value === 'string' ? value : typeof value === 'object' && value !== null ? inspect(value, 1) : primitive(value);
    case '%d':
      return typeof value === 'bigint' ? `${value}n` : typeof value === 'object' ? 'NaN' : String(Number(value));
    case '%i':
      return typeof value === 'bigint' ? `${value}n` : String(parseInt(String(value), 10));
    case '%f':
      return String(parseFloat(String(value)));
    case '%j':
      return safely(() => JSON.stringify(value) ?? 'undefined');
    case '%c':
      return '';
    default:
      return inspect(value);
  }
}

export function inspect(value: unknown, depth = DEPTH): string {
  return cut(safely(() => show(value, depth, [])));
}

function cut(text: string): string {
  return text.length > TEXT_LIMIT ? `${text.slice(0, TEXT_LIMIT)}… (${text.length - TEXT_LIMIT} more characters)` : text;
}

function safely(job: () => string): string {
  try {
    return job();
  } catch {
    return '[value that cannot be shown]';
  }
}

function primitive(value: unknown): string {
  if (typeof value === 'bigint') return `${value}n`;
  if (Object.is(value, -0)) return '-0';
  return String(value);
}

function show(value: unknown, depth: number, above: readonly object[]): string {
  if (typeof value === 'string') return above.length === 0 ? quote(value) : quote(value.length > 1000 ? `${value.slice(0, 1000)}…` : value);
  if (typeof value === 'function')
    return `[${/^class\b/.test(Function.prototype.toString.call(value)) ? 'class' : 'Function'}${value.name ? `${/^class\b/.test(Function.prototype.toString.call(value)) ? ' ' : ': '}${value.name}` : ' (anonymous)'}]`;
  if (typeof value !== 'object' || value === null) return primitive(value);
  if (above.includes(value)) return '[Circular *1]';
  if (value instanceof Error) return showError(value, depth, above);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString();
  if (value instanceof RegExp) return String(value);
  if (value instanceof Promise) return 'Promise { … }';
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) return showBytes(value as Uint8Array);
  const name = nameOf(value);
  if (above.length >= depth) return Array.isArray(value) ? '[Array]' : `[${name || 'Object'}]`;
  const inside = [...above, value];
  if (Array.isArray(value)) return showList(value, depth, inside);
  if (value instanceof Map) return `Map(${value.size}) ${braces([...value].slice(0, ITEMS).map(([k, v]) => `${show(k, depth, inside)} => ${show(v, depth, inside)}`))}`;
  if (value instanceof Set) return `Set(${value.size}) ${braces([...value].slice(0, ITEMS).map((v) => show(v, depth, inside)))}`;
  const entries = properties(value, depth, inside);
  const prefix = name && name !== 'Object' ? `${name} ` : name === '' ? '[Object: null prototype] ' : '';
  return prefix + braces(entries);
}

function showList(list: readonly unknown[], depth: number, inside: readonly object[]): string {
  const items: string[] = [];
  for (let i = 0; i < Math.min(list.length, ITEMS); i++) items.push(i in list ? show(list[i], depth, inside) : '<1 empty item>');
  if (list.length > ITEMS) items.push(`... ${list.length - ITEMS} more items`);
  return items.length === 0 ? '[]' : wrap('[', items, ']');
}

function properties(value: object, depth: number, inside: readonly object[]): string[] {
  const out: string[] = [];
  for (const key of Object.keys(value).slice(0, ITEMS)) {
    const held = Object.getOwnPropertyDescriptor(value, key)!;
    out.push(`${/^[A-Za-z_$][\w$]*$/.test(key) ? key : quote(key)}: ${'value' in held ? show(held.value, depth, inside) : '[Getter]'}`);
  }
  return out;
}

function showError(error: Error, depth: number, above: readonly object[]): string {
  const head = typeof error.stack === 'string' && error.stack.includes(error.message) ? error.stack : `${error.name}: ${error.message}`;
  const extra = above.length < depth ? properties(error, depth, [...above, error]).filter((p) => !/^(?:stack|message|name|cause): /.test(p)) : [];
  const cause = error.cause === undefined ? '' : ` [cause]: ${show(error.cause, depth, [...above, error])}`;
  return `${head}${extra.length ? ` ${braces(extra)}` : ''}${cause}`;
}

function showBytes(bytes: Uint8Array): string {
  const name = nameOf(bytes);
  if (name === 'Buffer' || name === 'FastBuffer')
    return `<Buffer${Array.from(bytes.subarray(0, 50), (b) => ` ${b.toString(16).padStart(2, '0')}`).join('')}${bytes.length > 50 ? ` ... ${bytes.length - 50} more bytes` : ''}>`;
  return `${name}(${bytes.length}) ${wrap('[', Array.from(bytes.slice(0, ITEMS), String), ']')}`;
}

function nameOf(value: object): string {
  const proto = Object.getPrototypeOf(value) as { constructor?: { name?: unknown } } | null;
  if (proto === null) return '';
  const name = proto.constructor?.name;
  return typeof name === 'string' && name ? name : 'Object';
}

function braces(items: readonly string[]): string {
  return items.length === 0 ? '{}' : wrap('{', items, '}');
}

function wrap(open: string, items: readonly string[], close: string): string {
  const line = `${open} ${items.join(', ')} ${close}`;
  return line.length <= 76 && !line.includes('\n') ? line : `${open}\n  ${items.map((i) => i.replaceAll('\n', '\n  ')).join(',\n  ')}\n${close}`;
}

function quote(text: string): string {
  const mark = !text.includes("'") ? "'" : !text.includes('"') ? '"' : !text.includes('`') ? '`' : "'";
  const escaped = text.replace(/[\\\n\r\t\b\f\v]/g, (c) => ESCAPES[c]!);
  return `${mark}${mark === "'" ? escaped.replaceAll("'", "\\'") : escaped}${mark}`;
}

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t', '\b': '\\b', '\f': '\\f', '\v': '\\v' };

/**
 * Arguments as JSON for the hash: an error as its name and code, because its words are the engine's; functions by name, deep or large values cut.
 */
export function plainArguments(args: readonly unknown[]): string {
  return cut(safely(() => JSON.stringify(args.map((a) => plain(a, 0)))));
}

function plain(value: unknown, depth: number): unknown {
  switch (typeof value) {
    case 'string':
      return withoutFrames(value.length > 2000 ? `${value.slice(0, 2000)}…${value.length}` : value);
    case 'number':
      return Number.isFinite(value) && !Object.is(value, -0) ? value : primitive(value);
    case 'boolean':
      return value;
    case 'bigint':
      return `${value}n`;
    case 'function':
      return `[Function ${value.name}]`;
    case 'symbol':
      return value.toString();
    case 'undefined':
      return 'undefined';
    case 'object':
  }
  if (value === null) return null;
  if (value instanceof Error) return { name: value.name, code: codeOf(value) };
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString();
  if (ArrayBuffer.isView(value)) return `[${nameOf(value)} ${value.byteLength}]`;
  if (depth >= DEPTH + 1) return `[${nameOf(value)}]`;
  if (Array.isArray(value)) return value.slice(0, ITEMS).map((v) => plain(v, depth + 1));
  if (value instanceof Map) return { Map: [...value].slice(0, ITEMS).map(([k, v]) => [plain(k, depth + 1), plain(v, depth + 1)]) };
  if (value instanceof Set) return { Set: [...value].slice(0, ITEMS).map((v) => plain(v, depth + 1)) };
  const out: Record<string, unknown> = {};
  for (const key of Object.keys(value).slice(0, ITEMS)) {
    const held = Object.getOwnPropertyDescriptor(value, key)!;
    out[key] = 'value' in held ? plain(held.value, depth + 1) : '[Getter]';
  }
  return out;
}

const FRAME_LINE = /^(?:\s+at .*:\d+(?::\d+)?\)?|[^\s@]*@\S+:\d+:\d+)$/;

/** A text without the lines of a stack: they are worded by the engine and name the places of its scripts. */
function withoutFrames(text: string): string {
  return text.includes('\n')
    ? text
        .split('\n')
        .filter((line) => !FRAME_LINE.test(line))
        .join('\n')
    : text;
}

/** What names an error apart from its words: `code` (Node, NotInSimulation) or `type` (kafkajs). */
export function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return '';
  const { code, type } = error as { code?: unknown; type?: unknown };
  return typeof type === 'string' ? type : typeof code === 'string' || typeof code === 'number' ? String(code) : '';
}
