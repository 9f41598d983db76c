// What a member says of records, collected by partition and told in as few batches as possible (Kafka Acknowledgements).
import type { AcknowledgementBatch } from '../../protocol/groupMessages.ts';

export const GAP = 0;
export const ACCEPT = 1;
export const RELEASE = 2;
export const REJECT = 3;

export class Acknowledgements {
  private readonly byPartition = new Map<string, Map<number, number>>();

  get size(): number {
    let n = 0;
    for (const of of this.byPartition.values()) n += of.size;
    return n;
  }

  add(key: string, firstOffset: number, lastOffset: number, type: number): void {
    let of = this.byPartition.get(key);
    if (!of) this.byPartition.set(key, (of = new Map()));
    for (let offset = firstOffset; offset <= lastOffset; offset++) of.set(offset, type);
  }

  addAll(other: Acknowledgements): void {
    for (const [key, of] of other.byPartition) for (const [offset, type] of of) this.add(key, offset, offset, type);
  }

  keys(): string[] {
    return [...this.byPartition.keys()];
  }

  /** Takes what there is of a partition out: runs of offsets, each with one type if all are the same, else with one for each. */
  take(key: string): AcknowledgementBatch[] {
    const offsets = [...(this.byPartition.get(key) ?? [])].sort(([a], [b]) => a - b);
    this.byPartition.delete(key);
    const runs: { firstOffset: number; lastOffset: number; acknowledgeTypes: number[] }[] = [];
    for (const [offset, type] of offsets) {
      const run = runs[runs.length - 1];
      if (run && run.lastOffset + 1 === offset) {
        run.lastOffset = offset;
        run.acknowledgeTypes.push(type);
      } else runs.push({ firstOffset: offset, lastOffset: offset, acknowledgeTypes: [type] });
    }
    return runs.map((run) => (run.acknowledgeTypes.every((t) => t === run.acknowledgeTypes[0]) ? { ...run, acknowledgeTypes: [run.acknowledgeTypes[0]!] } : run));
  }
}
