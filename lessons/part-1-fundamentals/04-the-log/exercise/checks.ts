// The three properties of the exercise, as folds over a finished trace: order per user, balance, and arrival.
import type { TraceStore } from '../../../../simulations/kernel/traceStore.ts';
import type { Facts, Finding, Judgement } from '../../../contract.ts';
import { PARTITIONS } from '../scenario.ts';
import { diagnoseBalance, diagnoseMissing, diagnoseOrder } from './diagnose.ts';
import { readRun, type Run, type Stored } from './readRun.ts';

export const EVENTS = 600;
/** No partition may take more than this share of the events. */
export const MOST_SHARE = 0.4;

export const CHECKS = [
  { id: 'order', title: { ko: '사용자마다 보낸 순서대로 저장됩니다', en: 'Each user’s events stand in the order sent' } },
  { id: 'balance', title: { ko: '한 파티션에 40% 넘게 몰리지 않습니다', en: 'No partition takes more than 40%' } },
  { id: 'arrival', title: { ko: '이벤트가 모두 도착합니다', en: 'Every event arrives' } },
] as const;

export type CheckId = (typeof CHECKS)[number]['id'];

export function judge(trace: TraceStore): Judgement {
  const run = readRun(trace);
  const found = [order(run), balance(run), arrival(run)];
  return {
    held: found.map((finding) => finding === null),
    findings: found.filter((finding) => finding !== null).sort((a, b) => a.atUs - b.atUs),
    faultsInEffect: run.faultsInEffect,
  };
}

/**
 * For each user the log order of first occurrences equals the send order. Offsets of two partitions cannot be compared: two events of one
 * user in different partitions have no order, whatever one reader happened to see.
 */
function order(run: Run): Finding | null {
  const last = new Map<string, Stored>();
  let first: { before: Stored; after: Stored } | null = null;
  for (const after of run.byNumber) {
    const before = last.get(after.event.userId);
    last.set(after.event.userId, after);
    if (before === undefined || (before.partition === after.partition && before.offset < after.offset)) continue;
    if (first === null || after.atUs < first.after.atUs) first = { before, after };
  }
  if (first === null) return null;
  const { diagnosis, facts } = diagnoseOrder(run, first.before, first.after);
  return finding('order', diagnosis, first.after.atUs, first.after.seq, facts);
}

/** The first wrong event is the one with which a partition got past its share for good. */
function balance(run: Run): Finding | null {
  const most = Math.floor(EVENTS * MOST_SHARE);
  const counts = Array<number>(PARTITIONS).fill(0);
  for (const stored of run.byTime) {
    const count = ++counts[stored.partition]!;
    if (count !== most + 1) continue;
    const { diagnosis, facts } = diagnoseBalance(run, stored.partition);
    return finding('balance', diagnosis, stored.atUs, stored.seq, facts);
  }
  return null;
}

/** Counted by event: a record stored twice has arrived once. */
function arrival(run: Run): Finding | null {
  if (run.byNumber.length >= EVENTS) return null;
  const { diagnosis, atUs, seq, facts } = diagnoseMissing(run, EVENTS);
  return finding('arrival', diagnosis, atUs, seq, facts);
}

function finding(check: CheckId, diagnosis: string, atUs: number, seq: number, facts: Facts): Finding {
  return { check, diagnosis, atUs, seq, facts };
}
