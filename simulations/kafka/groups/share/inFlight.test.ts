import { describe, expect, it } from 'vitest';
import { InFlightRecords, stateBatch, type Lock } from './inFlight.ts';
import { STATE_IDS } from './machine.ts';
import { merged, type ShareState } from './states.ts';

const noDeadline = null as never;
const lockFor = (first: number, last: number): Lock => ({ deadline: noDeadline, first, last, left: last - first + 1, over: false });

function records(startOffset = 0, limit = 5) {
  const r = new InFlightRecords(limit);
  r.restore(startOffset, []);
  return r;
}

/** Every record in one go, as one member says of them. */
function say(r: InFlightRecords, first: number, last: number, to: 'ACKNOWLEDGED' | 'AVAILABLE' | 'ARCHIVED', apart = false) {
  const found = r.find(first, last);
  if (typeof found === 'string') return found;
  const runs = found.flatMap((b) => r.runs(b, first, last, apart)).filter((run) => r.begin(run, to));
  r.commit(runs);
  r.advance();
  return runs.map((run) => [run.first, run.last, run.inFlight.state]);
}

const offsets = (r: InFlightRecords) => [r.startOffset, r.endOffset, r.nextFetchOffset()];

describe('records in flight in a share partition', () => {
  it('are taken whole, and moved over when they are done with in order', () => {
    const r = records(10);
    expect(offsets(r)).toEqual([10, 10, 10]);
    expect(r.acquire('a', 10, 14, lockFor)).toEqual([{ firstOffset: 10, lastOffset: 14, deliveryCount: 1 }]);
    expect(r.acquire('b', 15, 19, lockFor)).toEqual([{ firstOffset: 15, lastOffset: 19, deliveryCount: 1 }]);
    expect(offsets(r)).toEqual([10, 19, 20]);
    say(r, 15, 19, 'ACKNOWLEDGED');
    expect(offsets(r)).toEqual([10, 19, 20]);
    say(r, 10, 14, 'ACKNOWLEDGED');
    expect(offsets(r)).toEqual([20, 20, 20]);
    expect(r.size).toBe(0);
  });

  it('are told apart when only some of a batch are done with, and the start stops at the first that is not', () => {
    const r = records();
    r.acquire('a', 0, 9, lockFor);
    expect(say(r, 0, 3, 'ACKNOWLEDGED')).toHaveLength(4);
    expect(offsets(r)).toEqual([4, 9, 10]);
    say(r, 6, 6, 'ARCHIVED');
    say(r, 4, 4, 'ACKNOWLEDGED');
    expect(offsets(r)).toEqual([5, 9, 10]);
    say(r, 5, 5, 'ACKNOWLEDGED');
    expect(r.startOffset).toBe(7);
  });

  it('that were given back are fetched first, and delivered with a higher count', () => {
    const r = records();
    r.acquire('a', 0, 4, lockFor);
    say(r, 2, 3, 'AVAILABLE');
    expect(r.nextFetchOffset()).toBe(2);
    // The fetch brings the whole batch; only what is free is taken, record by record.
    expect(r.acquire('b', 0, 9, lockFor)).toEqual([
      { firstOffset: 2, lastOffset: 2, deliveryCount: 2 },
      { firstOffset: 3, lastOffset: 3, deliveryCount: 2 },
      { firstOffset: 5, lastOffset: 9, deliveryCount: 1 },
    ]);
    expect(r.heldBy('b').map((run) => [run.first, run.last])).toEqual([
      [2, 2],
      [3, 3],
      [5, 9],
    ]);
    expect(r.heldBy('a').map((run) => run.first)).toEqual([0, 1, 4]);
  });

  it('are archived instead of given back when they have been delivered as often as the limit allows', () => {
    const r = records(0, 2);
    r.acquire('a', 0, 0, lockFor);
    say(r, 0, 0, 'AVAILABLE');
    expect(r.acquire('a', 0, 0, lockFor)).toEqual([{ firstOffset: 0, lastOffset: 0, deliveryCount: 2 }]);
    expect(say(r, 0, 0, 'AVAILABLE')).toEqual([[0, 0, 'ARCHIVED']]);
    expect(offsets(r)).toEqual([1, 1, 1]);
  });

  it('go back to what they were when a change could not be written', () => {
    const r = records();
    r.acquire('a', 0, 4, lockFor);
    const found = r.find(0, 4);
    if (typeof found === 'string') throw new Error(found);
    const runs = r.runs(found[0]!, 0, 4, false);
    r.begin(runs[0]!, 'AVAILABLE');
    // While it is being written nobody else can take it.
    expect(r.acquire('b', 0, 4, lockFor)).toEqual([]);
    r.rollBack(runs);
    expect(r.heldBy('a').map((run) => [run.first, run.last, run.inFlight.deliveryCount])).toEqual([[0, 4, 1]]);
  });

  it('cannot be acknowledged where none are, or twice', () => {
    const r = records(10);
    expect(r.find(3, 5)).toBe('notFound');
    r.acquire('a', 10, 14, lockFor);
    expect(r.find(12, 20)).toBe('pastEnd');
    say(r, 12, 12, 'ACKNOWLEDGED');
    expect(say(r, 12, 12, 'ACKNOWLEDGED')).toEqual([]);
    // What reaches back behind the start is what is left of it.
    say(r, 10, 11, 'ACKNOWLEDGED');
    expect(say(r, 13, 14, 'ACKNOWLEDGED')).toHaveLength(2);
  });

  it('are limited in number, but what was given back may always be taken', () => {
    const r = records();
    r.acquire('a', 0, 99, lockFor);
    expect([r.mayAcquire(100), r.mayAcquire(101)]).toEqual([false, true]);
    say(r, 50, 50, 'AVAILABLE');
    expect(r.mayAcquire(100)).toBe(true);
  });

  it('before a log start that has moved are archived if nobody has them, and the start follows', () => {
    const r = records();
    r.acquire('a', 0, 4, lockFor);
    r.acquire('a', 5, 9, lockFor);
    say(r, 5, 9, 'AVAILABLE');
    expect(r.logStartMoved(8).map((run) => [run.first, run.inFlight.state])).toEqual([
      [5, 'ARCHIVED'],
      [6, 'ARCHIVED'],
      [7, 'ARCHIVED'],
    ]);
    expect([r.startOffset, r.nextFetchOffset()]).toEqual([8, 8]);
    expect(r.logStartMoved(8)).toEqual([]);
  });

  it('come back from what was kept of them', () => {
    const r = new InFlightRecords(5);
    r.restore(10, [
      { firstOffset: 10, lastOffset: 11, deliveryState: STATE_IDS.ACKNOWLEDGED, deliveryCount: 1 },
      { firstOffset: 12, lastOffset: 14, deliveryState: STATE_IDS.AVAILABLE, deliveryCount: 3 },
      { firstOffset: 15, lastOffset: 19, deliveryState: STATE_IDS.ARCHIVED, deliveryCount: 1 },
    ]);
    expect(offsets(r)).toEqual([12, 19, 12]);
    expect(r.acquire('a', 10, 19, lockFor)).toEqual([{ firstOffset: 12, lastOffset: 14, deliveryCount: 4 }]);
  });

  it('of which nothing was kept were only locked: they are delivered as if for the first time', () => {
    const r = new InFlightRecords(5);
    r.restore(10, [
      { firstOffset: 12, lastOffset: 13, deliveryState: STATE_IDS.ACKNOWLEDGED, deliveryCount: 1 },
      { firstOffset: 16, lastOffset: 16, deliveryState: STATE_IDS.ACKNOWLEDGED, deliveryCount: 1 },
    ]);
    expect(offsets(r)).toEqual([10, 16, 10]);
    expect(r.acquire('a', 10, 16, lockFor)).toEqual([
      { firstOffset: 10, lastOffset: 11, deliveryCount: 1 },
      { firstOffset: 14, lastOffset: 15, deliveryCount: 1 },
    ]);
  });
});

describe('what the share coordinator keeps', () => {
  const none: ShareState = { stateEpoch: 0, leaderEpoch: 0, startOffset: 0, stateBatches: [] };
  const batch = (firstOffset: number, lastOffset: number, deliveryState: number, deliveryCount = 1) => ({ firstOffset, lastOffset, deliveryState, deliveryCount });

  it('is the newest state of each record, in as few runs as possible, from the start offset on', () => {
    const one = merged(none, { ...none, stateBatches: [batch(0, 9, 0)] });
    const two = merged(one, { ...none, stateBatches: [batch(3, 5, 2), batch(6, 6, 2)] });
    expect(two.stateBatches).toEqual([batch(0, 2, 0), batch(3, 6, 2), batch(7, 9, 0)]);
    const three = merged(two, { ...none, startOffset: 4, stateBatches: [batch(0, 2, 2)] });
    expect(three).toMatchObject({ startOffset: 4, stateBatches: [batch(4, 6, 2), batch(7, 9, 0)] });
    expect(merged(three, { ...none, startOffset: -1 }).startOffset).toBe(4);
  });

  it('is written of a run with its state and count', () => {
    const r = records();
    r.acquire('a', 0, 4, lockFor);
    const [run] = r.heldBy('a');
    r.begin(run!, 'ACKNOWLEDGED');
    expect(stateBatch(run!)).toEqual(batch(0, 4, 2));
  });
});
