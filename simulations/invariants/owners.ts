// Who owns which partition of a group: in the classic protocol per generation, where the broker assigns at any moment in its coordinator's view,
// in which a member owns a partition until it has given it up. Share groups own no partitions.
import type { Sym } from '../contract/events.ts';
import type { TraceWriter } from '../kernel/trace.ts';

/** @param tally counts the tests. @param violated called when two members own a partition. */
export function watchOwners(trace: TraceWriter, tally: { tested: number }, violated: (topic: Sym, partition: number, group: Sym, seq: number) => void): void {
  /** Notes the owner of each partition. */
  const take = (owned: Map<string, Sym>, names: string, group: Sym, member: Sym, seq: number) => {
    for (const name of names.split(',')) {
      if (name === '') continue;
      tally.tested++;
      const other = owned.get(name);
      if (other !== undefined && other !== member) {
        const cut = name.lastIndexOf('-');
        violated(trace.sym(name.slice(0, cut)), Number(name.slice(cut + 1)), group, seq);
      }
      owned.set(name, member);
    }
  };

  /** Owners by partition, by generation and group. */
  const generations = new Map<Sym, Map<number, Map<string, Sym>>>();
  trace.watch('group.assigned', (values, seq) => {
    const group = values[0]! as Sym;
    const generation = values[3]! as number;
    let ofGroup = generations.get(group);
    if (!ofGroup) generations.set(group, (ofGroup = new Map()));
    let owned = ofGroup.get(generation);
    if (!owned) ofGroup.set(generation, (owned = new Map()));
    take(owned, trace.text(values[4]! as Sym), group, values[1]! as Sym, seq);
  });

  /** Owners by partition, by group and coordinator. */
  const views = new Map<string, Map<string, Sym>>();
  const view = (process: Sym, group: Sym) => {
    const key = `${process}/${group}`;
    let owned = views.get(key);
    if (!owned) views.set(key, (owned = new Map()));
    return owned;
  };
  const release = (owned: Map<string, Sym>, member: Sym) => {
    for (const [name, owner] of owned) if (owner === member) owned.delete(name);
  };
  const shared = new Set<Sym>();
  trace.watch('group.targetComputed', (values) => {
    if (trace.text(values[2]! as Sym) === 'simple') shared.add(values[0]! as Sym);
  });
  trace.watch('group.loaded', (values, _seq, _time, process) => {
    view(process, values[0]! as Sym).clear();
    if (trace.text(values[1]! as Sym) === 'share') shared.add(values[0]! as Sym);
  });
  // What the members had in the other protocol they are said to have in this one before anything else is given out.
  trace.watch('group.converted', (values, _seq, _time, process) => {
    view(process, values[0]! as Sym).clear();
    // One that had no members counts its generations from the beginning.
    if (values[2] === 0) generations.delete(values[0]! as Sym);
  });
  trace.watch('group.memberLeft', (values, _seq, _time, process) => release(view(process, values[0]! as Sym), values[1]! as Sym));
  trace.watch('group.memberReplaced', (values, _seq, _time, process) => release(view(process, values[0]! as Sym), values[3]! as Sym));
  trace.watch('group.memberReconciled', (values, seq, _time, process) => {
    const group = values[0]! as Sym;
    const member = values[1]! as Sym;
    if (shared.has(group)) return;
    const owned = view(process, group);
    release(owned, member);
    take(owned, trace.text(values[5]! as Sym), group, member, seq);
    take(owned, trace.text(values[6]! as Sym), group, member, seq);
  });
}
