import { describe, expect, it } from 'vitest';
import { parseFault } from '../../simulations/faults/grammar.ts';
import { makeTrace } from '../readmodels/fixture.ts';
import { exactTime, faultTimeUs, withTime } from './fault-time.ts';

describe('the time of an injected fault', () => {
  it('is the playhead, or just after what is already shown of that instant', () => {
    const { store } = makeTrace();
    const seq = Math.floor(store.count / 2);
    const at = store.timeAt(seq);
    expect(faultTimeUs(store, seq + 1, at)).toBe(at + 1);
    expect(faultTimeUs(store, store.positionAt(at + 7), at + 7)).toBe(at + 7);
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
