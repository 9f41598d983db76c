// What retention, compaction and a loss of power do to the logs that the invariants know, and that none of them renumbers anything.
import type { Sym } from '../contract/events.ts';
import type { Judge } from './judge.ts';
import type { PartitionView } from './replicas.ts';

export function watchStorage({ kernel, replicas, tally, violated, lossCondition }: Judge): void {
  const { trace } = kernel;
  const kept = tally('offsets-kept');
  const bounds = tally('log-bounds');

  trace.watch('kafka.logStartOffset', (values, seq, _time, process) => {
    const view = replicas.view(values[0]! as Sym, values[1]!);
    const log = replicas.log(view, process);
    const offset = values[2]!;
    view.cleaned = true;
    bounds.tested++;
    const anew = trace.text(values[3]! as Sym) === 'outOfRange';
    if (offset < log.logStart || (!anew && log.highWatermark >= 0 && offset > log.highWatermark)) violated('log-bounds', seq, '', { view, offset, subject: process });
    log.logStart = offset;
    if (anew) log.beginAnew(offset);
  });

  trace.watch('kafka.compacted', (values) => {
    const view = replicas.view(values[0]! as Sym, values[1]!);
    view.cleaned = true;
    view.compactedTo = Math.max(view.compactedTo, values[2]!);
  });

  trace.watch('kafka.tailLost', (values, _seq, _time, process) => {
    const view = replicas.view(values[0]! as Sym, values[1]!);
    view.powerLost = true;
    replicas.log(view, process).loseTail(values[2]!);
  });

  trace.watch('consumer.delivered', (values, seq) => {
    const first = values[6]!;
    if (first < 0) return;
    const view = replicas.view(values[1]! as Sym, values[2]!);
    if (!view.cleaned) return;
    const base = values[3]!;
    kept.tested++;
    for (let i = 0; i < values[5]!; i++) {
      if (standsAt(view, base + i, first + i)) continue;
      violated('offsets-kept', seq, lossCondition(view), { view, offset: base + i, key: trace.records.at(first + i)?.key ?? '', record: first + i });
      return;
    }
  });
}

/** Whether a record was written at an offset: on the leader, or on another replica if the lead has changed since. */
function standsAt(view: PartitionView, offset: number, record: number): boolean {
  if (view.leader >= 0 && view.replicas[view.leader]?.recordAt(offset) === record) return true;
  return view.replicas.some((log) => log?.recordAt(offset) === record);
}
