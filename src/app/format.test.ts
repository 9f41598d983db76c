import { expect, it } from 'vitest';
import { formatAxis, formatClock, formatCount, formatDuration, formatDurationKo, formatHash, formatSeconds } from './format.ts';

it('writes virtual times', () => {
  expect(formatClock(21_448_213)).toEqual({ main: '00:21.448', micros: '213' });
  expect(formatClock(600_000_000)).toEqual({ main: '10:00.000', micros: '000' });
  expect(formatSeconds(21_448_999)).toBe('21.448');
  expect([formatAxis(5e6, 40e6), formatAxis(0.5e6, 2e6), formatAxis(150e6, 600e6)]).toEqual(['5', '0.5', '2:30']);
});

it('writes durations in the unit that reads best, in both languages', () => {
  expect([640, 4600, 46_000, 9_048_000, 75_000_000].map(formatDuration)).toEqual(['640\u00a0µs', '4.6\u00a0ms', '46\u00a0ms', '9.05\u00a0s', '1\u00a0min 15\u00a0s']);
  expect([640, 4600, 46_000, 9_048_000, 75_000_000].map(formatDurationKo)).toEqual(['640µs', '4.6ms', '46ms', '9.05초', '1분 15초']);
});

it('groups figures and shortens hashes', () => {
  expect(formatCount(48_213)).toBe('48,213');
  expect(formatHash('7f3a91c4e0b2aaaa')).toBe('7f3a·91c4·e0b2');
});
