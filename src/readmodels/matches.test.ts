import { describe, expect, it } from 'vitest';
import { createMatches } from './matches.ts';
import { JOB, makeMatches, OPERATOR } from './matches.test-helper.ts';
import { createPassages } from './passage.ts';

const store = makeMatches();
const matches = createMatches(store);
const at = (seconds: number) => store.positionAt(seconds * 1_000_000);
const named = (key: string, match: number) => ({ job: JOB, operator: OPERATOR, key, match });
const ends = (seconds: number) => matches.list(JOB, at(seconds)).map((m) => `${m.key} ${m.match} ${m.end} ${m.state} ${m.reason}`.trim());

describe('partial matches', () => {
  it('are told up to the playhead, each with how it ended', () => {
    expect(ends(0.5)).toEqual([]);
    expect(ends(2)).toEqual(['ana 1 open paused', 'ana 2 open paused']);
    expect(ends(60)).toEqual(['ana 1 matched bought', 'ana 2 pruned paused skip', 'ben 1 pruned paused contiguity', 'ben 2 pruned paused condition', 'ben 3 open bought', 'cleo 1 pruned paused time']);
  });

  it('know their path and the events that they took, with those of the one they come from', () => {
    const ana = matches.find(named('ana', 1), at(60))!;
    expect(ana.steps.map((s) => `${s.state} ${s.action}`)).toEqual(['paused start', 'paused ignore', 'bought take']);
    expect(ana.taken).toBe(3);
    expect(matches.find(named('ana', 1), at(3.5))!.taken).toBe(2);
    expect(ana.stages).toBe('viewed=1,paused=1,bought=1');
    const branch = matches.find(named('ben', 3), at(60))!;
    expect([branch.parent, branch.taken]).toEqual([2, 2]);
    expect(matches.find(named('ben', 3), at(6))).toBeNull();
  });

  it('are filtered, the latest of them', () => {
    expect(matches.list(JOB, at(60), 2, (m) => m.end === 'pruned').map((m) => `${m.key} ${m.match}`)).toEqual(['ben 2', 'cleo 1']);
    expect(matches.limits(JOB, at(60))).toMatchObject([{ key: 'cleo', partialMatches: 1 }]);
    expect([matches.any(JOB, at(0.5)), matches.any(JOB, at(1))]).toEqual([false, true]);
    expect([matches.waiting(JOB, at(2)), matches.waiting(JOB, at(60))]).toEqual([
      { open: 2, most: 2 },
      { open: 1, most: 1 },
    ]);
  });

  it('lead from a record to the match that took it, and back', () => {
    const passages = createPassages(store);
    const [arrival] = passages.arrivalsOf(0, at(60));
    const [match] = passages.next(arrival!, at(60));
    expect(store.typeAt(match!)).toBe('cep.matched');
    expect(passages.next(arrival!, at(3))).toEqual([]);
    const [emitted] = passages.next(match!, at(60));
    expect(store.typeAt(emitted!)).toBe('operator.emitted');
    expect(passages.previous(emitted!, at(60))).toEqual([match]);
    expect(passages.previous(match!, at(60)).map((s) => store.typeAt(s))).toEqual(['cep.stateEntered', 'cep.stateEntered', 'operator.received']);
  });
});
