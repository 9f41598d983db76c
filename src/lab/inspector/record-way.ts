// The way of one record: every event up to the playhead that carried it.
import { EVENT_NAMES, EVENT_SPECS } from '../../../simulations/contract/events.ts';
import type { SessionState } from '../session.ts';

const FIRST = EVENT_NAMES.map((name) => EVENT_SPECS[name].fields.findIndex((f) => f.name === 'firstRecord'));
const COUNT = EVENT_NAMES.map((name) => EVENT_SPECS[name].fields.findIndex((f) => f.name === 'records'));
const TOLD = EVENT_NAMES.map((name) => EVENT_SPECS[name].kind === 'outcome' || name === 'producer.retried');
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
    if (FIRST[type]! < 0 || !TOLD[type]) continue;
    const first = trace.value(seq, FIRST[type]!);
    if (first >= 0 && record >= first && record < first + trace.value(seq, COUNT[type]!)) out.push(seq);
  }
  return out;
}
