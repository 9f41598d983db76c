// Reads a regular expression as RE2 does in Perl's mode (RE2J 1.7 Parser): its syntax whole, with what RE2 refuses refused.
import { folded, is, not, PERL, POSIX, unicodeClass, WORD, type Accepts } from './regexClasses.ts';

export type Node =
  | { readonly kind: 'empty' }
  | { readonly kind: 'char'; readonly accepts: Accepts }
  | { readonly kind: 'sequence' | 'choice'; readonly parts: readonly Node[] }
  /** `most` infinite = without end. */
  | { readonly kind: 'repeat'; readonly of: Node; readonly least: number; readonly most: number }
  /** Beginning and end of the text, a boundary of a word, and none. */
  | { readonly kind: 'start' | 'end' | 'boundary' | 'inside' };

/** RE2 allows no more repetitions. */
const MAX_REPEAT = 1000;
/** Groups in groups, as RE2 in Go has it; RE2J runs out of stack somewhere beyond. */
const MAX_DEPTH = 1000;
/** No name or number in a pattern is longer than that, in characters. */
const WINDOW = 256;
const CONTROLS: Readonly<Record<string, number>> = { a: 7, f: 12, n: 10, r: 13, t: 9, v: 11 };

/** Why a pattern cannot be read. */
export class BadPattern extends Error {}

export class Parser {
  /** Code points. */
  private readonly source: readonly string[];
  private at = 0;
  /** (?i): case does not matter. The flags m, s and U make no difference where a whole name of a topic is matched. */
  private fold = false;
  private depth = 0;
  private readonly names = new Set<string>();

  constructor(source: string) {
    this.source = [...source];
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
    let repeated = false;
    for (let c = this.source[this.at]; c !== undefined && c !== '|' && c !== ')'; c = this.source[this.at]) {
      const bounds = this.bounds();
      if (!bounds) {
        repeated = false;
        this.atom(parts);
        continue;
      }
      if (this.source[this.at] === '?') this.at++;
      const of = parts.pop();
      if (!of) throw new BadPattern(`missing argument to repetition operator at ${this.at}`);
      if (repeated) throw new BadPattern(`bad repetition operator at ${this.at}`);
      repeated = true;
      parts.push({ kind: 'repeat', of, ...bounds });
    }
    return parts.length === 0 ? { kind: 'empty' } : parts.length === 1 ? parts[0]! : { kind: 'sequence', parts };
  }

  private bounds(): { least: number; most: number } | null {
    const c = this.source[this.at];
    if (c === '*' || c === '+' || c === '?') {
      this.at++;
      return { least: c === '+' ? 1 : 0, most: c === '?' ? 1 : Infinity };
    }
    if (c !== '{') return null;
    // A brace that is no repetition stands for itself, as in RE2, and so does one with a number that begins with 0.
    const m = /^\{(0|[1-9]\d*)(,(0|[1-9]\d*)?)?\}/.exec(this.rest());
    if (!m) return null;
    const least = Number(m[1]);
    const most = m[2] === undefined ? least : m[3] === undefined ? Infinity : Number(m[3]);
    if (least > MAX_REPEAT || (most !== Infinity && most > MAX_REPEAT) || most < least) throw new BadPattern(`bad repetition ${m[0]}`);
    this.at += m[0].length;
    return { least, most };
  }

  /** What comes next, as far as anything but quoted text can reach: a pattern is then read in time linear in its length. */
  private rest(): string {
    return this.source.slice(this.at, this.at + WINDOW).join('');
  }

  private char(accepts: Accepts): Node {
    return { kind: 'char', accepts };
  }

  private literal(c: string | number): Node {
    const accepts = is(typeof c === 'number' ? c : c.codePointAt(0)!);
    return this.char(this.fold ? folded(accepts) : accepts);
  }

  /** Adds what comes next: flags add nothing, quoted text its characters. */
  private atom(parts: Node[]): void {
    const c = this.source[this.at++]!;
    switch (c) {
      case '(':
        return this.group(parts);
      case '[':
        return void parts.push(this.char(this.charClass()));
      case '.':
        return void parts.push(this.char(not(is(10))));
      case '^':
        return void parts.push({ kind: 'start' });
      case '$':
        return void parts.push({ kind: 'end' });
      case '\\':
        return this.escaped(parts);
      default:
        parts.push(this.literal(c));
    }
  }

  /* ---- groups ---- */

  private group(parts: Node[]): void {
    const before = this.fold;
    if (this.source[this.at] === '?' && !this.named() && this.flags()) return;
    if (++this.depth > MAX_DEPTH) throw new BadPattern('groups are nested too deeply');
    const node = this.choice();
    this.depth--;
    if (this.source[this.at++] !== ')') throw new BadPattern('missing closing )');
    this.fold = before;
    parts.push(node);
  }

  /** `?P<name>`. */
  private named(): boolean {
    const rest = this.rest();
    if (!rest.startsWith('?P<')) return false;
    const m = /^\?P<([A-Za-z0-9_]+)>/.exec(rest);
    if (!m) throw new BadPattern('the name of a group is made of letters, digits and _');
    if (this.names.has(m[1]!)) throw new BadPattern(`two groups are called ${m[1]!}`);
    this.names.add(m[1]!);
    this.at += m[0].length;
    return true;
  }

  /** `?flags:` or `?flags`, which holds until the group around it ends. @returns whether the group ends here. */
  private flags(): boolean {
    const m = /^\?([imsU]*)(-([imsU]+))?([:)])/.exec(this.rest());
    if (!m) throw new BadPattern(`this kind of group is not known: (?${this.source[this.at + 1] ?? ''}`);
    if (m[3]?.includes('i')) this.fold = false;
    else if (m[1]!.includes('i')) this.fold = true;
    this.at += m[0].length;
    return m[4] === ')';
  }

  /* ---- escapes ---- */

  private escaped(parts: Node[]): void {
    const c = this.source[this.at];
    switch (c) {
      case 'A':
      case 'z':
        this.at++;
        return void parts.push({ kind: c === 'A' ? 'start' : 'end' });
      case 'b':
      case 'B':
        this.at++;
        return void parts.push({ kind: c === 'b' ? 'boundary' : 'inside' });
      case 'C':
        throw new BadPattern('\\C is not supported');
      case 'Q': {
        this.at++;
        for (let quoted = this.source[this.at]; quoted !== undefined; quoted = this.source[this.at]) {
          if (quoted === '\\' && this.source[this.at + 1] === 'E') {
            this.at += 2;
            return;
          }
          this.at++;
          parts.push(this.literal(quoted));
        }
        return;
      }
    }
    const set = this.namedSet();
    parts.push(set ? this.char(set) : this.literal(this.escapedChar()));
  }

  /** After a backslash: `d`, `pL`, `p{Lu}` and the like, or null. */
  private namedSet(): Accepts | null {
    const c = this.source[this.at] ?? '';
    const perl = Object.hasOwn(PERL, c) ? PERL[c] : undefined;
    if (perl) {
      this.at++;
      return perl;
    }
    if (c !== 'p' && c !== 'P') return null;
    const m = /^[pP](?:\{(\^?)([^}]*)\}|([^{]))/su.exec(this.rest());
    const set = m && unicodeClass(m[2] ?? m[3]!, this.fold);
    if (!set) throw new BadPattern(`this class is not known: \\${m?.[0] ?? c}`);
    this.at += [...m[0]].length;
    return (c === 'P') !== (m[1] === '^') ? not(set) : set;
  }

  /** After a backslash: the code of one character. */
  private escapedChar(): number {
    const c = this.source[this.at];
    if (c === undefined) throw new BadPattern('trailing backslash at end of expression');
    const rest = this.rest();
    // A digit alone would refer to a group; more than one, or a 0, is the code in octal.
    const octal = /^(?:0[0-7]{0,2}|[1-7][0-7]{1,2})/.exec(rest);
    const hex = /^x(?:\{([\da-fA-F]+)\}|([\da-fA-F]{2}))/.exec(rest);
    const found = octal ?? hex;
    if (found) {
      this.at += found[0].length;
      const code = octal ? Number.parseInt(octal[0], 8) : Number.parseInt(hex![1] ?? hex![2]!, 16);
      if (code > 0x10ffff) throw new BadPattern(`there is no character \\${found[0]}`);
      return code;
    }
    this.at++;
    if (Object.hasOwn(CONTROLS, c)) return CONTROLS[c]!;
    const code = c.codePointAt(0)!;
    if (WORD(code) && c !== '_') throw new BadPattern(`this escape is not known: \\${c}`);
    return code;
  }

  /* ---- classes ---- */

  private charClass(): Accepts {
    const negated = this.source[this.at] === '^';
    if (negated) this.at++;
    const parts: Accepts[] = [];
    for (let first = true; ; first = false) {
      const c = this.source[this.at];
      if (c === undefined) throw new BadPattern('missing closing ]');
      if (c === ']' && !first) break;
      parts.push(this.classPart(c));
    }
    this.at++;
    return (code) => parts.some((p) => p(code)) !== negated;
  }

  private classPart(c: string): Accepts {
    const fold = (accepts: Accepts) => (this.fold ? folded(accepts) : accepts);
    const posix = c === '[' ? /^\[:(\^?)(.*?):\]/s.exec(this.rest()) : null;
    if (posix) {
      const name = posix[2]!;
      if (!Object.hasOwn(POSIX, name)) throw new BadPattern(`this class is not known: ${posix[0]}`);
      this.at += [...posix[0]].length;
      return posix[1] === '^' ? not(fold(POSIX[name]!)) : fold(POSIX[name]!);
    }
    if (c === '\\') {
      this.at++;
      const set = this.namedSet();
      if (set) return set;
      this.at--;
    }
    const low = this.classChar();
    if (this.source[this.at] !== '-' || this.source[this.at + 1] === ']' || this.source[this.at + 1] === undefined) return fold(is(low));
    this.at++;
    const high = this.classChar();
    if (high < low) throw new BadPattern('invalid character class range');
    return fold((code) => code >= low && code <= high);
  }

  private classChar(): number {
    const c = this.source[this.at++]!;
    return c === '\\' ? this.escapedChar() : c.codePointAt(0)!;
  }
}
