// How many partial matches of a job are open, and how many of them the key has that has most, at any event of a trace.
import { countBefore } from './arrivals.ts';

export interface OpenCounts {
  /** One more of a key, or one less. @param of the operator and the key */
  add(of: string, by: 1 | -1): void;
  /** A restart: none is open. */
  clear(): void;
  /** What has been counted holds from an event on. */
  mark(seq: number): void;
  at(position: number): { readonly open: number; readonly most: number };
}

export function createOpenCounts(): OpenCounts {
  const ofKey = new Map<string, number>();
  /** How many keys have so many. */
  let keysWith: number[] = [];
  let open = 0;
  let most = 0;
  const seqs: number[] = [];
  const opens: number[] = [];
  const mosts: number[] = [];

  return {
    add(of, by) {
      const was = ofKey.get(of) ?? 0;
      const is = was + by;
      if (is === 0) ofKey.delete(of);
      else ofKey.set(of, is);
      open += by;
      keysWith[was] = (keysWith[was] ?? 0) - 1;
      keysWith[is] = (keysWith[is] ?? 0) + 1;
      if (is > most) most = is;
      else if (was === most && keysWith[was] === 0) most = is;
    },
    clear() {
      ofKey.clear();
      keysWith = [];
      open = 0;
      most = 0;
    },
    mark(seq) {
      if (opens.length > 0 && opens.at(-1) === open && mosts.at(-1) === most) return;
      seqs.push(seq);
      opens.push(open);
      mosts.push(most);
    },
    at(position) {
      const before = countBefore(seqs, position);
      return before === 0 ? { open: 0, most: 0 } : { open: opens[before - 1]!, most: mosts[before - 1]! };
    },
  };
}
