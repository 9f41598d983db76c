// The names a coordinator gives to members: drawn, so that one client's do not depend on who else joins.
import { draw32, drawKey } from '../../kernel/draws.ts';

/** A version 4 UUID drawn from the seed. */
export function uuid(seed: number, name: string): string {
  const key = drawKey(seed, name);
  const hex = [0, 1, 2, 3].map((n) => draw32(key, n).toString(16).padStart(8, '0')).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${'89ab'[draw32(key, 4) & 3]}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
