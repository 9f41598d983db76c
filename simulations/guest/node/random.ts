// Chance for one process, drawn from the universe's seed: what learner code draws and what the client library draws are two sources, so that
// a retry of the library never moves the learner's luck.
import { draw32, drawFraction, type DrawKey } from '../../kernel/draws.ts';
import * as ours from '../../kernel/math.ts';
import * as angles from '../../kernel/trigonometry.ts';

export class Chance {
  private readonly key: DrawKey;
  private n = 0;
  constructor(key: DrawKey) {
    this.key = key;
  }

  /** As Math.random. */
  fraction(): number {
    return drawFraction(this.key, this.n++);
  }

  fill(bytes: Uint8Array): void {
    for (let i = 0; i < bytes.length; i += 4) {
      // Two streams of numbers from one key: fractions use pairs of draws, so words are taken from pairs too.
      const word = draw32(this.key, 2 * this.n++);
      for (let j = 0; j < 4 && i + j < bytes.length; j++) bytes[i + j] = (word >>> (8 * j)) & 0xff;
    }
  }

  uuid(): string {
    const bytes = new Uint8Array(16);
    this.fill(bytes);
    bytes[6] = (bytes[6]! & 0x0f) | 0x40;
    bytes[8] = (bytes[8]! & 0x3f) | 0x80;
    const hex = Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('');
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
  }

  /** Whole number from `from` to `to - 1`. */
  integer(from: number, to: number): number {
    return from + Math.floor(this.fraction() * (to - from));
  }
}

/** Math with our own functions where engines may differ, and the given chance. */
export function makeMath(chance: Chance): object {
  const math: Record<string, unknown> = {};
  for (const name of Object.getOwnPropertyNames(Math)) {
    const held = Object.getOwnPropertyDescriptor(Math, name)!;
    if (typeof held.value === 'number') Object.defineProperty(math, name, held);
    else math[name] = held.value;
  }
  const { ln: _ln, ...named } = ours;
  Object.assign(math, named, angles, { random: () => chance.fraction() });
  Object.defineProperty(math, Symbol.toStringTag, { value: 'Math' });
  return Object.freeze(math);
}

/** The parts of Web Crypto and of Node's crypto that draw. */
export function makeCrypto(chance: Chance, why: (name: string) => never): object {
  return Object.freeze({
    getRandomValues: <T extends ArrayBufferView>(view: T): T => {
      chance.fill(new Uint8Array(view.buffer, view.byteOffset, view.byteLength));
      return view;
    },
    randomUUID: () => chance.uuid(),
    get subtle(): never {
      return why('crypto.subtle');
    },
  });
}
