// Which mistake made a check fail, told from the records alone: what the keys are, and what they are not.
import type { Facts } from '../../../contract.ts';
import { PARTITIONS } from '../scenario.ts';
import type { DiagnosisId } from './diagnoses.ts';
import type { Run, Stored } from './readRun.ts';

interface Diagnosis {
  readonly diagnosis: DiagnosisId;
  readonly facts: Facts;
}

/** @param before the user's event sent last before `after`; both stand where no log orders them. */
export function diagnoseOrder(run: Run, before: Stored, after: Stored): Diagnosis {
  const facts = {
    user: after.event.userId,
    before: before.event.type,
    after: after.event.type,
    beforeId: before.event.id,
    afterId: after.event.id,
    beforeContent: before.event.contentId,
    afterContent: after.event.contentId,
    beforeKey: before.key ?? '',
    afterKey: after.key ?? '',
    beforePartition: before.partition,
    afterPartition: after.partition,
    beforeOffset: before.offset,
    afterOffset: after.offset,
    ...overtaken(run, before, after),
    ...largest(run),
  };
  return { diagnosis: orderMistake(run, before, after), facts };
}

function orderMistake(run: Run, before: Stored, after: Stored): DiagnosisId {
  if (before.partition === after.partition) return 'sent-out-of-order';
  if (before.key === null && after.key === null) return 'no-key';
  if (before.key === after.key) return 'partition-by-hand';
  const all = run.byNumber;
  if (all.every((s) => s.key === s.event.contentId)) return 'keyed-by-content';
  if (all.every((s) => s.key === s.event.type)) return 'keyed-by-type';
  if (all.every((s) => s.key?.includes(s.event.userId))) return splits(all) ? 'split-by-content' : 'salted-user';
  return 'several-keys';
}

/** Whether user and content together decide the key. */
function splits(all: readonly Stored[]): boolean {
  const keys = new Map<string, string | null>();
  return all.every((s) => {
    const pair = `${s.event.userId} ${s.event.contentId}`;
    if (!keys.has(pair)) keys.set(pair, s.key);
    return keys.get(pair) === s.key;
  });
}

/** Where a reader handled a user's later event before the earlier one: this very pair, or else the first in the run; -1 for none. */
function overtaken(run: Run, before: Stored, after: Stored): Facts {
  const swapped = (b: Stored, a: Stored) => (run.readUs.get(a.number) ?? Infinity) < (run.readUs.get(b.number) ?? Infinity);
  if (swapped(before, after)) return { overtakenUs: run.readUs.get(after.number)!, overtakenSame: 1 };
  const last = new Map<string, Stored>();
  let atUs = -1;
  for (const stored of run.byNumber) {
    const earlier = last.get(stored.event.userId);
    last.set(stored.event.userId, stored);
    const readUs = run.readUs.get(stored.number);
    if (earlier && readUs !== undefined && swapped(earlier, stored) && (atUs < 0 || readUs < atUs)) atUs = readUs;
  }
  return { overtakenUs: atUs, overtakenSame: 0 };
}

export function diagnoseBalance(run: Run, partition: number): Diagnosis {
  const keys = new Set(run.byNumber.map((s) => s.key));
  const top = popular(run);
  const facts = { ...largest(run), partition, keys: keys.size, key: [...keys][0] ?? '', content: top.content, contentShare: top.percent, idle: PARTITIONS - shares(run).filter((n) => n > 0).length };
  if (keys.size === 1 && !keys.has(null)) return { diagnosis: 'one-key', facts };
  if (run.byNumber.every((s) => s.key === s.event.contentId)) return { diagnosis: 'hot-title', facts };
  if (keys.size < 2 * PARTITIONS && !keys.has(null)) return { diagnosis: 'few-keys', facts };
  return { diagnosis: 'heavy-partition', facts };
}

export function diagnoseMissing(run: Run, events: number): Diagnosis & { atUs: number; seq: number } {
  const stored = new Set(run.byNumber.map((s) => s.number));
  let first = 1;
  while (stored.has(first)) first++;
  const facts: Facts = { missing: events - stored.size, id: `watch-${String(first).padStart(3, '0')}`, strange: run.strange };
  const { uncaught, failed, exited } = run;
  if (uncaught) {
    const where = { error: uncaught.code || uncaught.name, text: uncaught.message, file: uncaught.file, line: uncaught.line };
    return { diagnosis: 'stopped-by-error', atUs: uncaught.timeUs, seq: uncaught.seq, facts: { ...facts, ...where } };
  }
  if (run.strange > 0 && stored.size === 0) return { diagnosis: 'not-events', atUs: run.endUs, seq: -1, facts };
  if (failed && run.sentUs.has(first)) return { diagnosis: 'send-failed', atUs: failed.timeUs, seq: failed.seq, facts: { ...facts, error: failed.error } };
  if (run.sentUs.has(first)) return { diagnosis: 'sent-not-stored', atUs: run.sentUs.get(first)!, seq: -1, facts };
  if (exited) return { diagnosis: 'ended-early', atUs: exited.timeUs, seq: exited.seq, facts };
  return { diagnosis: 'never-sent', atUs: run.endUs, seq: -1, facts };
}

function shares(run: Run): number[] {
  const counts = Array<number>(PARTITIONS).fill(0);
  for (const s of run.byNumber) counts[s.partition]!++;
  return counts;
}

/** The fullest partition and its share of what was stored, in whole per cent. */
function largest(run: Run): { fullest: number; fullestPercent: number } {
  const counts = shares(run);
  const most = Math.max(...counts);
  return { fullest: counts.indexOf(most), fullestPercent: Math.round((100 * most) / Math.max(1, run.byNumber.length)) };
}

function popular(run: Run): { content: string; percent: number } {
  const counts = new Map<string, number>();
  for (const s of run.byNumber) counts.set(s.event.contentId, (counts.get(s.event.contentId) ?? 0) + 1);
  const [content, n] = [...counts].sort((a, b) => b[1] - a[1])[0] ?? ['', 0];
  return { content, percent: Math.round((100 * n) / Math.max(1, run.byNumber.length)) };
}
