import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseFault, parseTime, printFault, printTime, type Fault } from './grammar.ts';

const NAMES = ['broker-1', 'broker-2', 'broker-3', 'app', 'controller'];

describe('the fault grammar', () => {
  it.each([
    'kill broker-2 at 12s for 8s',
    'restart broker-2 at 500ms',
    'pause app at 1s for 250ms',
    'cut broker-1->broker-2 at 3s for 4s',
    'cut {broker-1,app}<->{broker-2,broker-3} at 3s',
    'delay broker-1<->app by=20ms at 5s for 1m',
    'loss app->broker-1 share=1/20 at 0s for 10s',
    'kill broker-1 at 1us',
    'shutdown broker-2 at 10s for 20s',
    'powerloss broker-1 at 10s for 20s',
  ])('prints %s back as it was read', (line) => {
    const read = parseFault(line, NAMES);
    expect(read.ok && printFault(read.fault)).toBe(line);
  });

  it('reads what it prints, for any fault', () => {
    const name = fc.constantFrom(...NAMES);
    const us = fc.integer({ min: 0, max: 600_000_000 });
    const link = fc.record({
      kind: fc.constant('link' as const),
      from: fc.constantFrom(['broker-1'], ['broker-1', 'app']),
      to: fc.constantFrom(['broker-2'], ['broker-2', 'broker-3']),
      both: fc.boolean(),
    });
    const process = name.map((n) => ({ kind: 'process' as const, name: n }));
    const length = fc.option(fc.integer({ min: 1, max: 600_000_000 }));
    const share = { numerator: 0, denominator: 1 };
    const any: fc.Arbitrary<Fault> = fc.oneof(
      fc.record({
        kind: fc.constantFrom('kill' as const, 'restart' as const, 'pause' as const, 'powerloss' as const),
        target: process,
        atUs: us,
        forUs: length,
        byUs: fc.constant(0),
        share: fc.constant(share),
      }),
      fc.record({ kind: fc.constant('cut' as const), target: link, atUs: us, forUs: length, byUs: fc.constant(0), share: fc.constant(share) }),
      fc.record({ kind: fc.constant('delay' as const), target: link, atUs: us, forUs: length, byUs: fc.integer({ min: 1, max: 60_000_000 }), share: fc.constant(share) }),
      fc.record({
        kind: fc.constant('loss' as const),
        target: link,
        atUs: us,
        forUs: length,
        byUs: fc.constant(0),
        share: fc.integer({ min: 1, max: 50 }).chain((d) => fc.record({ numerator: fc.integer({ min: 1, max: d }), denominator: fc.constant(d) })),
      }),
    );
    fc.assert(
      fc.property(any, (fault) => {
        expect(parseFault(printFault(fault), NAMES)).toEqual({ ok: true, fault });
      }),
    );
  });

  it.each([
    ['', 'empty'],
    ['explode broker-2 at 1s', 'unknownKind'],
    ['kill broker-9 at 1s', 'unknownProcess'],
    ['kill broker-1<->broker-2 at 1s', 'needsProcess'],
    ['shutdown broker-1<->broker-2 at 1s', 'needsProcess'],
    ['shutdown controller at 1s', 'needsBroker'],
    ['cut broker-1 at 1s', 'needsLink'],
    ['cut broker-1<->broker-1 at 1s', 'target'],
    ['powerloss broker-1->broker-2 at 1s', 'needsProcess'],
    ['kill broker-1', 'noAt'],
    ['kill broker-1 at soon', 'time'],
    ['kill broker-1 at 1.5s', 'time'],
    ['kill broker-1 at 11m', 'range'],
    ['kill broker-1 at 1s for 0s', 'time'],
    ['kill broker-1 at 1s for 2s please', 'trailing'],
    ['kill broker-1 by=2ms at 1s', 'option'],
    ['delay app<->broker-1 at 1s', 'needsBy'],
    ['delay app<->broker-1 at 1s by=20ms', 'lateOption'],
    ['loss app<->broker-1 at 1s for 2s share=1/4', 'lateOption'],
    ['delay app<->broker-1 by=2h at 1s', 'time'],
    ['loss app<->broker-1 at 1s', 'share'],
    ['loss app<->broker-1 share=3/2 at 1s', 'share'],
    ['loss app<->broker-1 share=0.5 at 1s', 'share'],
  ])('says what is wrong with %j', (line, code) => {
    const read = parseFault(line, NAMES);
    expect(read.ok).toBe(false);
    if (!read.ok) {
      expect(read.error.code).toBe(code);
      expect(read.error.hint).not.toBe('');
    }
  });

  it('tells the nearest name', () => {
    const read = parseFault('kill brokr-2 at 1s', NAMES);
    expect(!read.ok && read.error.hint.startsWith('broker-2')).toBe(true);
  });

  it('never throws, whatever it is given', () => {
    fc.assert(fc.property(fc.string({ maxLength: 400 }), (text) => void parseFault(text, NAMES)));
  });

  it('writes times the shortest way', () => {
    expect([0, 1, 1_500, 2_000_000, 60_000_000, 61_000_000].map(printTime)).toEqual(['0s', '1us', '1500us', '2s', '1m', '61s']);
    expect(parseTime('10h')).toBeNull();
  });
});
