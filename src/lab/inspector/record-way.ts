// The way of one record: every event up to the playhead that carried it, and where it stands in its topic.
import { EVENT_NAMES, EVENT_SPECS } from '../../../simulations/contract/events.ts';
import { columns } from '../../readmodels/columns.ts';
import { findPartition } from '../../readmodels/cluster.ts';
import type { Selection } from '../selection.ts';
import type { SessionState } from '../session.ts';

const FIRST = EVENT_NAMES.map((name) => EVENT_SPECS[name].fields.findIndex((f) => f.name === 'firstRecord'));
const COUNT = EVENT_NAMES.map((name) => EVENT_SPECS[name].fields.findIndex((f) => f.name === 'records'));
/** Events that speak of one record name it. */
const ONE = EVENT_NAMES.map((name) => (name === 'operator.received' || name === 'operator.late' ? EVENT_SPECS[name].fields.findIndex((f) => f.name === 'record') : -1));
const TOLD = EVENT_NAMES.map((name) => EVENT_SPECS[name].kind === 'outcome' || name === 'producer.retried' || name === 'operator.received');
const ACKED = columns('producer.acknowledged');
/** Events looked through after the record was sent. */
const LOOK_AHEAD = 200_000;
const MOST = 12;

export function wayOfRecord({ trace, views, position }: SessionState, record: number): number[] {
  const from = views.logs.sentBy(record, position);
  if (record < 0 || from < 0) return [];
  const out: number[] = [];
  const end = Math.min(position, from + LOOK_AHEAD);
  for (let seq = from; seq < end && out.length < MOST; seq++) {
    const type = trace.typeNumberAt(seq);
    if (!TOLD[type]) continue;
    if (ONE[type]! >= 0) {
      if (trace.value(seq, ONE[type]!) === record) out.push(seq);
      continue;
    }
    if (FIRST[type]! < 0) continue;
    const first = trace.value(seq, FIRST[type]!);
    if (first >= 0 && record >= first && record < first + trace.value(seq, COUNT[type]!)) out.push(seq);
  }
  return out;
}

/** Where an acknowledged record stands, on the leader of its partition; null while its producer has not heard of it. */
export function placeOfRecord({ trace, views, position }: SessionState, record: number): Extract<Selection, { kind: 'record' }> | null {
  const seq = views.logs.acknowledgedBy(record, position);
  if (seq < 0) return null;
  const topic = trace.texts[trace.value(seq, ACKED.topic)]!;
  const partition = trace.value(seq, ACKED.partition);
  const offset = trace.value(seq, ACKED.baseOffset) + record - trace.value(seq, ACKED.firstRecord);
  const leader = findPartition(views.cluster.at(position), topic, partition)?.leader ?? -1;
  return leader > 0 ? { kind: 'record', topic, partition, broker: leader, offset } : null;
}
