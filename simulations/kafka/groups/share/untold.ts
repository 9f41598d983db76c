// What members said of records and nobody has told of yet, for the trace alone. The leader of a partition tells of it when it hears that it is written; one that
// dies or is deposed before that hears nothing, and whoever leads next reads from the share coordinator that the records are done with, but not through whom.
// No process may know this of another: only what is told comes from here, never what is done.
import type { Kernel } from '../../../kernel/kernel.ts';
import type { Kept } from './persister.ts';
import { stateOfId, type RecordState } from './machine.ts';

/** Of a run of records in one state. */
export interface Said {
  readonly first: number;
  readonly last: number;
  readonly state: RecordState;
  readonly deliveryCount: number;
  readonly said: number;
  readonly why: 'released' | 'sessionClosed';
  readonly member: string;
  readonly client: string;
}

const ofRuns = new WeakMap<Kernel, Untold>();

export function untoldIn(kernel: Kernel): Untold {
  let found = ofRuns.get(kernel);
  if (!found) ofRuns.set(kernel, (found = new Untold()));
  return found;
}

class Untold {
  private readonly byKey = new Map<string, Said[]>();

  /** Is being written from now on. */
  add(key: string, said: readonly Said[]): void {
    const others = (this.byKey.get(key) ?? []).filter((s) => !said.some((n) => n.first <= s.last && n.last >= s.first));
    this.byKey.set(key, [...others, ...said]);
  }

  /** Takes out what is told now. @returns whether it was still to be told. */
  take(key: string, said: Said): boolean {
    const all = this.byKey.get(key);
    if (!all?.includes(said)) return false;
    const left = all.filter((s) => s !== said);
    if (left.length > 0) this.byKey.set(key, left);
    else this.byKey.delete(key);
    return true;
  }

  /** These records were told of in another way. */
  forget(key: string, first: number, last: number): void {
    for (const s of this.byKey.get(key) ?? []) if (s.first <= last && s.last >= first) this.take(key, s);
  }

  /** Takes out all there is of a partition whose next leader has read its state: from then on no write of an earlier one is taken. @returns what had been written. */
  written(key: string, kept: Kept): Said[] {
    const all = this.byKey.get(key) ?? [];
    this.byKey.delete(key);
    return all.filter((s) => (s.last < kept.startOffset ? s.state !== 'AVAILABLE' : covers(s, kept)));
  }
}

function covers(s: Said, { startOffset, stateBatches }: Kept): boolean {
  let next = Math.max(s.first, startOffset);
  for (const b of stateBatches) if (b.firstOffset <= next && b.lastOffset >= next && stateOfId(b.deliveryState) === s.state) next = b.lastOffset + 1;
  return next > s.last;
}
