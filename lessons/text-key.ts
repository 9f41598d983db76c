// A short name for a text: its length and two 32-bit digests.
import { digestText } from '../simulations/kernel/hash.ts';

export function textKey(text: string): string {
  return `${text.length}-${digestText(text, 0x243f6a88)}-${digestText(text, 0x13198a2e)}`;
}
