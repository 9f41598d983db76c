// Dates of the simulation: the clock is virtual, the time zone is UTC and the locale en-US, whatever the host's are.
// `Date.prototype` is changed in place, so that every date in the realm behaves alike.
import { formatDate, formatDateTime, formatTime } from './locale.ts';

const RealDate = Date;
const { UTC } = RealDate;
const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

const LOCAL_PARTS = ['FullYear', 'Month', 'Date', 'Day', 'Hours', 'Minutes', 'Seconds', 'Milliseconds'] as const;

/** Makes dates virtual. @param nowMs milliseconds since the epoch, read at each use. */
export function virtualDates(nowMs: () => number): void {
  const proto = RealDate.prototype as unknown as Record<string, unknown>;
  for (const part of LOCAL_PARTS) {
    proto[`get${part}`] = proto[`getUTC${part}`];
    if (part !== 'Day') proto[`set${part}`] = proto[`setUTC${part}`];
  }
  const methods = {
    getTimezoneOffset: () => 0,
    getYear(this: Date) {
      return this.getUTCFullYear() - 1900;
    },
    setYear(this: Date, year: number) {
      return this.setUTCFullYear(year >= 0 && year <= 99 ? 1900 + Math.trunc(year) : year);
    },
    toDateString(this: Date) {
      return invalid(this) ?? dateText(this);
    },
    toTimeString(this: Date) {
      return invalid(this) ?? timeText(this);
    },
    toString(this: Date) {
      return invalid(this) ?? `${dateText(this)} ${timeText(this)}`;
    },
    toLocaleDateString(this: Date, _locales?: unknown, options?: Intl.DateTimeFormatOptions) {
      return invalid(this) ?? formatDate(this, options);
    },
    toLocaleTimeString(this: Date, _locales?: unknown, options?: Intl.DateTimeFormatOptions) {
      return invalid(this) ?? formatTime(this, options);
    },
    toLocaleString(this: Date, _locales?: unknown, options?: Intl.DateTimeFormatOptions) {
      return invalid(this) ?? formatDateTime(this, options);
    },
  };
  for (const [name, value] of Object.entries(methods)) Object.defineProperty(proto, name, { value, writable: true, configurable: true, enumerable: false });

  function VirtualDate(this: unknown, ...args: unknown[]): unknown {
    if (!new.target) return new RealDate(nowMs()).toString();
    return Reflect.construct(RealDate, [timeOf(args, nowMs)], new.target);
  }
  const statics = { now: () => nowMs(), parse: (text: unknown) => parseDate(String(text)), UTC };
  for (const [name, value] of Object.entries(statics)) Object.defineProperty(VirtualDate, name, { value, writable: true, configurable: true, enumerable: false });
  Object.defineProperty(VirtualDate, 'prototype', { value: RealDate.prototype, writable: false, enumerable: false, configurable: false });
  Object.defineProperty(VirtualDate, 'name', { value: 'Date', configurable: true });
  Object.defineProperty(VirtualDate, 'length', { value: 7, configurable: true });
  Object.defineProperty(RealDate.prototype, 'constructor', { value: VirtualDate, writable: true, configurable: true, enumerable: false });
  Object.defineProperty(globalThis, 'Date', { value: VirtualDate, writable: true, configurable: true, enumerable: false });
}

function timeOf(args: unknown[], nowMs: () => number): number {
  if (args.length === 0) return nowMs();
  if (args.length > 1) return UTC(...(args.map(Number) as [number, number]));
  const [value] = args;
  if (value instanceof RealDate) return value.getTime();
  const primitive = typeof value === 'object' && value !== null ? ((value as { [Symbol.toPrimitive]?: (hint: string) => unknown })[Symbol.toPrimitive]?.('default') ?? String(value)) : value;
  return typeof primitive === 'string' ? parseDate(primitive) : Number(primitive);
}

function invalid(date: Date): string | null {
  return Number.isNaN(date.getTime()) ? 'Invalid Date' : null;
}

function two(value: number): string {
  return value < 10 ? `0${value}` : String(value);
}

function dateText(d: Date): string {
  const year = d.getUTCFullYear();
  const years = `${year < 0 ? '-' : ''}${String(Math.abs(year)).padStart(4, '0')}`;
  return `${DAYS[d.getUTCDay()]} ${MONTHS[d.getUTCMonth()]} ${two(d.getUTCDate())} ${years}`;
}

function timeText(d: Date): string {
  return `${two(d.getUTCHours())}:${two(d.getUTCMinutes())}:${two(d.getUTCSeconds())} GMT+0000 (Coordinated Universal Time)`;
}

const ISO = /^([+-]\d{6}|\d{4})(?:-(\d\d)(?:-(\d\d))?)?(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?)?\s*(Z|[+-]\d\d:?\d\d)?$/i;
const WORDS =
  /^(?:[a-z]{3,9},?\s+)?(?:([a-z]{3,9})\.?\s+(\d{1,2})|(\d{1,2})\s+([a-z]{3,9})),?\s+(\d{4})(?:,?\s+(\d{1,2}):(\d\d)(?::(\d\d))?\s*(am|pm)?)?\s*(?:(?:GMT|UTC|Z)?([+-]\d{4})?)?(?:\s*\([^)]*\))?$/i;
const SLASHES = /^(\d{1,4})\/(\d{1,2})\/(\d{1,4})(?:,?\s+(\d{1,2}):(\d\d)(?::(\d\d))?\s*(am|pm)?)?$/i;

/** Reads ISO 8601, the forms that `toString` and `toUTCString` write, "January 1, 2026 10:00" and "1/31/2026". A time without a zone is UTC. All else is NaN. */
export function parseDate(text: string): number {
  const t = text.trim();
  let m = ISO.exec(t);
  if (m) {
    const fraction = m[7] === undefined ? 0 : Math.trunc(Number(`0.${m[7]}`) * 1000);
    return checked(Number(m[1]), Number(m[2] ?? 1), Number(m[3] ?? 1), Number(m[4] ?? 0), Number(m[5] ?? 0), Number(m[6] ?? 0), fraction, zone(m[8]));
  }
  m = WORDS.exec(t);
  if (m) {
    const month = MONTHS.findIndex((name) => (m![1] ?? m![4])!.toLowerCase().startsWith(name.toLowerCase()));
    if (month < 0) return NaN;
    return checked(Number(m[5]), month + 1, Number(m[2] ?? m[3]), hour(m[6], m[9]), Number(m[7] ?? 0), Number(m[8] ?? 0), 0, zone(m[10]));
  }
  m = SLASHES.exec(t);
  if (m) {
    const yearFirst = m[1]!.length === 4;
    const [year, month, day] = yearFirst ? [m[1], m[2], m[3]] : [m[3], m[1], m[2]];
    return checked(Number(year), Number(month), Number(day), hour(m[4], m[7]), Number(m[5] ?? 0), Number(m[6] ?? 0), 0, 0);
  }
  return NaN;
}

function hour(text: string | undefined, half: string | undefined): number {
  const h = Number(text ?? 0);
  return half === undefined ? h : (h % 12) + (half.toLowerCase() === 'pm' ? 12 : 0);
}

/** Minutes east of UTC. */
function zone(text: string | undefined): number {
  if (text === undefined || text.toUpperCase() === 'Z') return 0;
  const digits = text.replace(':', '');
  return (digits.startsWith('-') ? -1 : 1) * (Number(digits.slice(1, 3)) * 60 + Number(digits.slice(3, 5)));
}

function checked(year: number, month: number, day: number, h: number, min: number, s: number, ms: number, zoneMinutes: number): number {
  if (month < 1 || month > 12 || day < 1 || day > 31 || h > 24 || min > 59 || s > 59 || (h === 24 && (min > 0 || s > 0 || ms > 0))) return NaN;
  const date = new RealDate(0);
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(h, min - zoneMinutes, s, ms);
  return date.getTime();
}
