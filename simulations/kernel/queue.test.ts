import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EventQueue } from './queue.ts';

describe('the event queue', () => {
  it('hands out events by time, then tie, then the order they were queued in', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.record({ time: fc.oneof(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 400_000 })), tie: fc.integer({ min: 0, max: 3 }) }), fc.constant('pop' as const)), {
          maxLength: 600,
        }),
        (steps) => {
          const queue = new EventQueue();
          const reference: { time: number; tie: number; n: number }[] = [];
          let n = 0;
          const popBoth = () => {
            reference.sort((x, y) => x.time - y.time || x.tie - y.tie || x.n - y.n);
            const expected = reference.shift()!;
            expect(queue.peekUs()).toBe(expected.time);
            const slot = queue.pop();
            expect(queue.a[slot]).toBe(expected.n);
            queue.release(slot);
          };
          for (const step of steps) {
            if (step === 'pop') {
              if (reference.length > 0) popBoth();
            } else {
              const slot = queue.push(step.time, step.tie);
              queue.a[slot] = n;
              reference.push({ ...step, n: n++ });
            }
          }
          while (reference.length > 0) popBoth();
          expect(queue.size).toBe(0);
          expect(queue.peekUs()).toBe(Infinity);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('keeps what a slot carries while it grows', () => {
    const queue = new EventQueue();
    for (let i = 0; i < 5_000; i++) queue.payload[queue.push(5_000 - i, 0)] = i;
    const seen: unknown[] = [];
    while (queue.size > 0) {
      const slot = queue.pop();
      seen.push(queue.payload[slot]);
      queue.release(slot);
    }
    expect(seen).toEqual(Array.from({ length: 5_000 }, (_, i) => 4_999 - i));
  });

  it('takes large ties as unsigned numbers', () => {
    const queue = new EventQueue();
    queue.a[queue.push(1, 0xffff_ffff)] = 2;
    queue.a[queue.push(1, 1)] = 1;
    queue.a[queue.push(1, 0xffff_ffff)] = 3;
    expect([queue.a[queue.pop()], queue.a[queue.pop()], queue.a[queue.pop()]]).toEqual([1, 2, 3]);
  });
});
