// Makes a realm that a run can be repeated in: virtual dates, one locale, one way of sorting, no way out, and frozen built-ins.
import * as ours from '../../kernel/math.ts';
import * as angles from '../../kernel/trigonometry.ts';
import { removeAbsent } from './absent.ts';
import { virtualDates } from './dates.ts';
import { freezeRealm } from './freeze.ts';
import { levelLanguage } from './level.ts';
import { fixedIntl, fixedLocale } from './locale.ts';
import { sortAlike } from './sorting.ts';

/** Once per worker, before learner code is loaded. @param nowMs virtual milliseconds since the epoch. @param extra objects that processes share. */
export function prepareRealm(nowMs: () => number, extra: readonly object[]): void {
  levelLanguage();
  virtualDates(nowMs);
  fixedLocale();
  Object.defineProperty(globalThis, 'Intl', { value: fixedIntl(), writable: true, configurable: true, enumerable: false });
  sortAlike();
  const { ln: _ln, ...named } = ours;
  Object.assign(Math, named, angles);
  // The host's clock would show through.
  Object.defineProperty(Event.prototype, 'timeStamp', { get: () => nowMs(), configurable: true });
  // kafkajs's errors call it; engines without it have stacks all the same.
  (Error as { captureStackTrace?: unknown }).captureStackTrace ??= () => {};
  removeAbsent();
  freezeRealm(extra);
}
