// Regular expressions of topic subscriptions, matched in time linear in the name as RE2 does (Kafka uses RE2J): a parser and a walk over all
// states at once. Of RE2's syntax it knows: literals, `.`, classes `[a-z]` and `[^...]`, `\d \D \w \W \s \S`, escaped punctuation, groups
// `(...)` and `(?:...)`, `|`, `* + ?` and `{n,m}` with their lazy forms, `^` and `$`. Everything else is refused.

type Node =
  | { readonly kind: 'empty' }
  | { readonly kind: 'char'; readonly accepts: (code: number) => boolean }
  | { readonly kind: 'sequence' | 'choice'; readonly parts: readonly Node[] }
  /** `most` infinite = without end. */
  | { readonly kind: 'repeat'; readonly of: Node; readonly least: number; readonly most: number }
  | { readonly kind: 'start' | 'end' };

export interface TopicPattern {
  /** Whether it matches the whole name. */
  matches(name: string): boolean;
}

/** RE2 allows no more repetitions, and a pattern no more states than these. */
const MAX_REPEAT = 1000;
const MAX_STATES = 10_000;
const WORD = (c: number) => (c >= 48 && c <= 57) || (c >= 65 && c <= 90) || (c >= 97 && c <= 122) || c === 95;
const DIGIT = (c: number) => c >= 48 && c <= 57;
const SPACE = (c: number) => c === 32 || (c >= 9 && c <= 10) || (c >= 12 && c <= 13);
const CLASSES: Readonly<Record<string, (code: number) => boolean>> = { d: DIGIT, w: WORD, s: SPACE, D: (c) => !DIGIT(c), W: (c) => !WORD(c), S: (c) => !SPACE(c) };
const CONTROLS: Readonly<Record<string, number>> = { t: 9, n: 10, v: 11, f: 12, r: 13, a: 7 };

/** @returns what is wrong with it where it cannot be read. */
export function parsePattern(source: string): { readonly ok: true; readonly pattern: TopicPattern } | { readonly ok: false; readonly message: string } {
  try {
    const program = compile(new Parser(source).whole());
    return { ok: true, pattern: { matches: (name) => run(program, name) } };
  } catch (error) {
    if (error instanceof BadPattern) return { ok: false, message: error.message };
    throw error;
  }
}

class BadPattern extends Error {}

class Parser {
  private readonly source: string;
  private at = 0;

  constructor(source: string) {
    this.source = source;
  }

  whole(): Node {
    const node = this.choice();
    if (this.at < this.source.length) throw new BadPattern(`unexpected ) at ${this.at}`);
    return node;
  }

  private choice(): Node {
    const parts = [this.sequence()];
    while (this.source[this.at] === '|') {
      this.at++;
      parts.push(this.sequence());
    }
    return parts.length === 1 ? parts[0]! : { kind: 'choice', parts };
  }

  private sequence(): Node {
    const parts: Node[] = [];
    for (let c = this.source[this.at]; c !== undefined && c !== '|' && c !== ')'; c = this.source[this.at]) parts.push(this.repeated());
    return parts.length === 0 ? { kind: 'empty' } : parts.length === 1 ? parts[0]! : { kind: 'sequence', parts };
  }

  private repeated(): Node {
    const of = this.atom();
    const bounds = this.bounds();
    if (!bounds) return of;
    if (this.source[this.at] === '?') this.at++;
    if (this.bounds()) throw new BadPattern(`bad repetition operator at ${this.at}`);
    return { kind: 'repeat', of, ...bounds };
  }

  private bounds(): { least: number; most: number } | null {
    const c = this.source[this.at];
    if (c === '*' || c === '+' || c === '?') {
      this.at++;
      return { least: c === '+' ? 1 : 0, most: c === '?' ? 1 : Number.POSITIVE_INFINITY };
    }
    // A brace that is no repetition stands for itself, as in RE2.
    const m = /^\{(\d+)(,(\d*))?\}/.exec(this.source.slice(this.at));
    if (!m) return null;
    const least = Number(m[1]);
    const most = m[2] === undefined ? least : m[3] === '' ? Number.POSITIVE_INFINITY : Number(m[3]);
    if (least > MAX_REPEAT || (most !== Number.POSITIVE_INFINITY && most > MAX_REPEAT) || most < least) throw new BadPattern(`bad repetition ${m[0]}`);
    this.at += m[0].length;
    return { least, most };
  }

  private atom(): Node {
    const c = this.source[this.at++]!;
    switch (c) {
      case '(': {
        if (this.source[this.at] === '?') {
          if (this.source[this.at + 1] !== ':') throw new BadPattern(`this kind of group is not known: (?${this.source[this.at + 1] ?? ''}`);
          this.at += 2;
        }
        const node = this.choice();
        if (this.source[this.at++] !== ')') throw new BadPattern('missing closing )');
        return node;
      }
      case '[':
        return { kind: 'char', accepts: this.charClass() };
      case '.':
        return { kind: 'char', accepts: (code) => code !== 10 };
      case '^':
        return { kind: 'start' };
      case '$':
        return { kind: 'end' };
      case '*':
      case '+':
      case '?':
        throw new BadPattern(`missing argument to repetition operator: ${c}`);
      case '\\':
        return { kind: 'char', accepts: this.escape() };
      default:
        return { kind: 'char', accepts: is(c.charCodeAt(0)) };
    }
  }

  private escape(): (code: number) => boolean {
    const c = this.source[this.at++];
    if (c === undefined) throw new BadPattern('trailing backslash at end of expression');
    if (CLASSES[c]) return CLASSES[c];
    if (CONTROLS[c] !== undefined) return is(CONTROLS[c]);
    if (WORD(c.charCodeAt(0)) && c !== '_') throw new BadPattern(`this escape is not known: \\${c}`);
    return is(c.charCodeAt(0));
  }

  private charClass(): (code: number) => boolean {
    const negated = this.source[this.at] === '^';
    if (negated) this.at++;
    const parts: ((code: number) => boolean)[] = [];
    for (let first = true; ; first = false) {
      const c = this.source[this.at];
      if (c === undefined) throw new BadPattern('missing closing ]');
      if (c === ']' && !first) break;
      parts.push(this.classPart(c));
    }
    this.at++;
    return (code) => parts.some((p) => p(code)) !== negated;
  }

  private classPart(c: string): (code: number) => boolean {
    if (c === '[' && this.source[this.at + 1] === ':') throw new BadPattern('named classes are not known');
    if (c === '\\' && CLASSES[this.source[this.at + 1] ?? '']) {
      this.at += 2;
      return CLASSES[this.source[this.at - 1]!]!;
    }
    const low = this.classChar();
    if (this.source[this.at] !== '-' || this.source[this.at + 1] === ']') return is(low);
    this.at++;
    if (this.source[this.at] === undefined) throw new BadPattern('missing closing ]');
    const high = this.classChar();
    if (high < low) throw new BadPattern('invalid character class range');
    return (code) => code >= low && code <= high;
  }

  private classChar(): number {
    const c = this.source[this.at++]!;
    if (c !== '\\') return c.charCodeAt(0);
    const e = this.source[this.at++];
    if (e === undefined) throw new BadPattern('trailing backslash at end of expression');
    if (CONTROLS[e] !== undefined) return CONTROLS[e];
    if (WORD(e.charCodeAt(0)) && e !== '_') throw new BadPattern(`this escape is not known: \\${e}`);
    return e.charCodeAt(0);
  }
}

function is(wanted: number): (code: number) => boolean {
  return (code) => code === wanted;
}

/** One state: takes a character, or passes on to others at once. */
type State = { kind: 'char'; readonly accepts: (code: number) => boolean; next: number } | { kind: 'split'; readonly next: number[] } | { kind: 'start' | 'end'; next: number } | { kind: 'match' };

function compile(root: Node): readonly State[] {
  const states: State[] = [];
  const add = (state: State): number => {
    if (states.length >= MAX_STATES) throw new BadPattern('expression is too large');
    return states.push(state) - 1;
  };
  /** Builds from the end: `next` is where it goes on. */
  const build = (node: Node, next: number): number => {
    switch (node.kind) {
      case 'empty':
        return next;
      case 'char':
        return add({ kind: 'char', accepts: node.accepts, next });
      case 'start':
      case 'end':
        return add({ kind: node.kind, next });
      case 'sequence':
        return node.parts.reduceRight((after, part) => build(part, after), next);
      case 'choice':
        return add({ kind: 'split', next: node.parts.map((part) => build(part, next)) });
      case 'repeat': {
        let entry = next;
        if (node.most === Number.POSITIVE_INFINITY) {
          const loop: State = { kind: 'split', next: [next] };
          entry = add(loop);
          loop.next.push(build(node.of, entry));
        } else for (let i = node.least; i < node.most; i++) entry = add({ kind: 'split', next: [build(node.of, entry), next] });
        for (let i = 0; i < node.least; i++) entry = build(node.of, entry);
        return entry;
      }
    }
  };
  const match = add({ kind: 'match' });
  const entry = build(root, match);
  // The entry stands last.
  add({ kind: 'split', next: [entry] });
  return states;
}

function run(states: readonly State[], text: string): boolean {
  const reach = (from: readonly number[], at: number): Set<number> => {
    const seen = new Set<number>();
    const open = [...from];
    while (open.length > 0) {
      const i = open.pop()!;
      if (seen.has(i)) continue;
      seen.add(i);
      const state = states[i]!;
      if (state.kind === 'split') open.push(...state.next);
      else if ((state.kind === 'start' && at === 0) || (state.kind === 'end' && at === text.length)) open.push(state.next);
    }
    return seen;
  };
  let now = reach([states.length - 1], 0);
  for (let at = 0; at < text.length; at++) {
    const next: number[] = [];
    const code = text.charCodeAt(at);
    for (const i of now) {
      const state = states[i]!;
      if (state.kind === 'char' && state.accepts(code)) next.push(state.next);
    }
    now = reach(next, at + 1);
    if (now.size === 0) return false;
  }
  return [...now].some((i) => states[i]!.kind === 'match');
}
