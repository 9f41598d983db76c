// Small additions to emitted JavaScript, as text, so that the last line of learner code that was entered is known when it never returns:
// a call at the head of every function body and in every loop's condition. They change no behaviour and draw nothing.
// `typeof X` of a name that does not exist in the simulation is written as `typeof undefined`.

/** Additions of one line, in order of column: `at` in the original line, `length` of what was put there. */
export type Shifts = ReadonlyMap<number, readonly { readonly at: number; readonly length: number }[]>;

export interface Probed {
  readonly code: string;
  readonly shifts: Shifts;
}

interface Token {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly kind: 'word' | 'number' | 'string' | 'template' | 'regex' | 'mark';
}

/**
 * @param probe the name of the function to call; it is given the line, from 1.
 * @param isAbsent tells names that do not exist. @returns the code unchanged where it cannot be read.
 */
export function addProbes(code: string, probe: string, isAbsent: (name: string) => boolean): Probed {
  const tokens = tokenize(code);
  if (tokens === null) return { code, shifts: new Map() };
  const lines = lineStarts(code);
  const insertions: { at: number; text: string; remove: number }[] = [];
  const add = (at: number, make: (line: number) => string, remove = 0) => insertions.push({ at, text: make(lineOf(lines, at) + 1), remove });
  for (let i = 0; i < tokens.length; i++) {
    const t = tokens[i]!;
    const before = tokens[i - 1];
    if (t.kind !== 'word' && t.text !== '=>') continue;
    if (before?.text === '.' || before?.text === '?.') continue;
    if (t.text === 'while' && tokens[i + 1]?.text === '(') add(tokens[i + 1]!.end, (line) => `${probe}(${line}), `);
    else if (t.text === 'for') probeFor(tokens, i, (at, empty) => add(at, (line) => `${empty ? '' : ' '}${probe}(${line})${empty ? ', true' : ','}`));
    else if (t.text === '=>' && tokens[i + 1]?.text === '{') add(tokens[i + 1]!.end, (line) => ` ${probe}(${line});`);
    else if (t.text === 'function') {
      const open = bodyAfterParameters(tokens, i + 1);
      if (open) add(open.end, (line) => ` ${probe}(${line});`);
    } else if (before?.text !== 'function' && !CONTROL.has(t.text) && tokens[i + 1]?.text === '(') {
      // A word, a list in parentheses and a brace are a method; every other statement ends with a semicolon in what TypeScript emits.
      const open = bodyAfterParameters(tokens, i + 1);
      if (open) add(open.end, (line) => ` ${probe}(${line});`);
    } else if (t.text === 'typeof') {
      const name = tokens[i + 1];
      const after = tokens[i + 2]?.text;
      if (name?.kind === 'word' && isAbsent(name.text) && after !== '.' && after !== '?.' && after !== '[' && after !== '(') add(name.start, () => 'undefined', name.end - name.start);
    }
  }
  return apply(code, lines, insertions);
}

const CONTROL = new Set([
  'if',
  'for',
  'while',
  'switch',
  'catch',
  'with',
  'function',
  'super',
  'return',
  'typeof',
  'await',
  'yield',
  'throw',
  'new',
  'in',
  'of',
  'do',
  'else',
  'case',
  'delete',
  'void',
  'instanceof',
  'import',
]);

/** A function body opens after its parameter list; directives at its head would be pushed aside, so those are left alone. */
function bodyAfterParameters(tokens: readonly Token[], from: number): Token | null {
  let i = from;
  if (tokens[i]?.text === '*') i++;
  if (tokens[i]?.kind === 'word') i++;
  if (tokens[i]?.text !== '(') return null;
  const close = matching(tokens, i);
  const open = tokens[close + 1];
  return open?.text === '{' && tokens[close + 2]?.kind !== 'string' ? open : null;
}

/** In `for (a; b; c)` the condition is probed; `for ... of` and `for ... in` end with what they walk over. */
function probeFor(tokens: readonly Token[], at: number, add: (at: number, empty: boolean) => void): void {
  let i = at + 1;
  if (tokens[i]?.text === 'await') i++;
  if (tokens[i]?.text !== '(') return;
  const close = matching(tokens, i);
  let depth = 0;
  for (let j = i + 1; j < close; j++) {
    const { text, kind } = tokens[j]!;
    if (kind === 'mark' && '([{'.includes(text)) depth++;
    else if (kind === 'mark' && ')]}'.includes(text)) depth--;
    else if (text === ';' && kind === 'mark' && depth === 0) {
      add(tokens[j]!.end, tokens[j + 1]?.text === ';');
      return;
    }
  }
}

function matching(tokens: readonly Token[], open: number): number {
  let depth = 0;
  for (let i = open; i < tokens.length; i++) {
    const { text, kind } = tokens[i]!;
    if (kind !== 'mark') continue;
    if (text === '(' || text === '[' || text === '{') depth++;
    else if (text === ')' || text === ']' || text === '}') {
      depth--;
      if (depth === 0) return i;
    }
  }
  return tokens.length;
}

/** Places in the code before the additions, from a place after them. @param line, column from 1. */
export function unshift(shifts: Shifts, line: number, column: number): number {
  let moved = 0;
  for (const s of shifts.get(line) ?? []) {
    if (column - 1 <= s.at + moved) break;
    moved += Math.min(s.length, column - 1 - s.at - moved);
  }
  return column - moved;
}

function apply(code: string, lines: readonly number[], insertions: { at: number; text: string; remove: number }[]): Probed {
  insertions.sort((a, b) => a.at - b.at);
  const shifts = new Map<number, { at: number; length: number }[]>();
  let out = '';
  let done = 0;
  for (const { at, text, remove } of insertions) {
    out += code.slice(done, at) + text;
    done = at + remove;
    const line = lineOf(lines, at);
    const list = shifts.get(line + 1) ?? [];
    list.push({ at: at - lines[line]!, length: text.length - remove });
    shifts.set(line + 1, list);
  }
  return { code: out + code.slice(done), shifts };
}

function lineStarts(code: string): number[] {
  const starts = [0];
  for (let i = code.indexOf('\n'); i >= 0; i = code.indexOf('\n', i + 1)) starts.push(i + 1);
  return starts;
}

function lineOf(starts: readonly number[], at: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const mid = (low + high + 1) >>> 1;
    if (starts[mid]! <= at) low = mid;
    else high = mid - 1;
  }
  return low;
}

const WORD = /[\p{ID_Start}$_#][\p{ID_Continue}$\u200c\u200d]*/uy;
const NUMBER = /\.?\d(?:[eE][+-]|[\w.])*/y;
const MARK = /=>|\?\.(?!\d)|\+\+|--|[-+*/%&|^!=<>?]+=?|[\s\S]/y;
/** After these words a slash begins a regular expression. */
const OPERAND_NEXT = new Set(['return', 'typeof', 'instanceof', 'in', 'of', 'new', 'delete', 'void', 'throw', 'case', 'do', 'else', 'yield', 'await']);

/** Tokens without blanks and comments; null where the text cannot be read. */
function tokenize(code: string): Token[] | null {
  const tokens: Token[] = [];
  /** Where a template's `${` waits for its closing brace. */
  const templates: number[] = [];
  let braces = 0;
  let at = 0;
  const push = (kind: Token['kind'], end: number) => {
    tokens.push({ kind, text: code.slice(at, end), start: at, end });
    at = end;
  };
  while (at < code.length) {
    const c = code[at]!;
    if (/\s/.test(c)) at++;
    else if (c === '/' && code[at + 1] === '/') at = ended(code.indexOf('\n', at), code);
    else if (c === '/' && code[at + 1] === '*') at = ended(code.indexOf('*/', at + 2) + 2, code, 2);
    else if (c === '"' || c === "'") push('string', quoted(code, at));
    else if (c === '`' || (c === '}' && templates.at(-1) === braces)) {
      if (c === '}') templates.pop();
      const end = templatePart(code, at + 1);
      if (end < 0) return null;
      if (code[end - 1] === '{') templates.push(braces);
      push('template', end);
    } else if (c === '/' && regexMayStart(tokens.at(-1))) {
      const end = regexEnd(code, at);
      if (end < 0) return null;
      push('regex', end);
    } else {
      WORD.lastIndex = NUMBER.lastIndex = MARK.lastIndex = at;
      if (WORD.test(code)) push('word', WORD.lastIndex);
      else if (NUMBER.test(code)) push('number', NUMBER.lastIndex);
      else {
        if (c === '{') braces++;
        else if (c === '}') braces--;
        MARK.test(code);
        push('mark', '(){}[];,'.includes(c) ? at + 1 : MARK.lastIndex);
      }
    }
  }
  return templates.length > 0 || braces !== 0 ? null : tokens;
}

function ended(at: number, code: string, least = 0): number {
  return at < least ? code.length : at;
}

function quoted(code: string, start: number): number {
  for (let i = start + 1; i < code.length; i++) {
    if (code[i] === '\\') i++;
    else if (code[i] === code[start] || code[i] === '\n') return i + 1;
  }
  return code.length;
}

/** End of a template or of its part up to `${`; -1 when it does not end. */
function templatePart(code: string, start: number): number {
  for (let i = start; i < code.length; i++) {
    if (code[i] === '\\') i++;
    else if (code[i] === '`') return i + 1;
    else if (code[i] === '$' && code[i + 1] === '{') return i + 2;
  }
  return -1;
}

function regexMayStart(before: Token | undefined): boolean {
  if (!before) return true;
  switch (before.kind) {
    case 'word':
      return OPERAND_NEXT.has(before.text);
    case 'number':
    case 'string':
    case 'regex':
      return false;
    case 'template':
      return before.text.endsWith('${');
    case 'mark':
      return !/^(?:\)|\]|\}|\+\+|--)$/.test(before.text);
  }
}

function regexEnd(code: string, start: number): number {
  let inClass = false;
  for (let i = start + 1; i < code.length; i++) {
    const c = code[i]!;
    if (c === '\n') return -1;
    if (c === '\\') i++;
    else if (c === '[') inClass = true;
    else if (c === ']') inClass = false;
    else if (c === '/' && !inClass) {
      i++;
      while (i < code.length && /[a-z]/i.test(code[i]!)) i++;
      return i;
    }
  }
  return -1;
}
