import { describe, expect, it } from 'vitest';
import { parseFault } from '../../simulations/faults/grammar.ts';
import { makeTrace } from '../readmodels/fixture.ts';
import { exactTime, faultTimeUs, withTime } from './fault-time.ts';

describe('the time of an injected fault', () => {
  it('is the playhead, or just after what is already shown of that instant', () => {
    const { store } = makeTrace();
    const seq = Math.floor(store.count / 2);
    const at = store.timeAt(seq);
    const shown = store.positionAt(at);
    const time = faultTimeUs(store, shown, at);
    expect(time).toBeGreaterThan(at);
    expect(time).toBeLessThanOrEqual(store.timeAt(shown));
    // Between two events of one microsecond only the next microsecond is left.
    const twice = Array.from({ length: store.count - 2 }, (_, i) => i + 1).find((s) => store.timeAt(s) === store.timeAt(s + 1) && store.timeAt(s) > 0)!;
    expect(faultTimeUs(store, twice + 1, store.timeAt(twice))).toBe(store.timeAt(twice) + 1);
  });

  it('is a whole millisecond where nothing happens until then', () => {
    const { store } = makeTrace();
    const seq = Array.from({ length: store.count - 1 }, (_, i) => i).find((s) => store.timeAt(s + 1) - store.timeAt(s) > 3000)!;
    expect(faultTimeUs(store, seq + 1, store.timeAt(seq) + 7) % 1000).toBe(0);
  });

  it('is written without losing a microsecond', () => {
    expect([0, 12_000_000, 12_400_000, 12_400_001].map(exactTime)).toEqual(['0s', '12s', '12400ms', '12400001us']);
  });

  it('stands before the duration', () => {
    expect(withTime('kill broker-2', 12_000_000)).toBe('kill broker-2 at 12s');
    expect(withTime('pause recs-b for 2s', 400_000)).toBe('pause recs-b at 400ms for 2s');
    expect(withTime('delay broker-1<->broker-2 by=40ms for 5s', 1)).toBe('delay broker-1<->broker-2 by=40ms at 1us for 5s');
    expect(parseFault(withTime('loss broker-1->broker-2 share=1/5 for 5s', 12_345), null).ok).toBe(true);
  });
});
