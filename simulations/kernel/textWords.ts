// What stands for a text in the run's hash: two words over its UTF-8 bytes, worked out once, by the text's number.
import { digestText } from './hash.ts';

export class TextWords {
  /** The two words of text n at 2n and 2n + 1. Replaced as it grows: read it afresh for each event. */
  pairs = new Int32Array(512);
  private count = 0;

  /** Takes the next text in order of their numbers. */
  add(text: string): void {
    const at = 2 * this.count++;
    if (at === this.pairs.length) {
      const grown = new Int32Array(2 * at);
      grown.set(this.pairs);
      this.pairs = grown;
    }
    this.pairs[at] = digestText(text, 0x165667b1);
    this.pairs[at + 1] = digestText(text, 0x3c6ef372);
  }
}
