// What depends on locale, as en-US has it and the same in every engine: dates, numbers, comparing text. Only the options that examples
// commonly use are honoured; for the rest the text says so by leaving them out.

const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];
const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

const two = (value: number) => (value < 10 ? `0${value}` : String(value));

export function formatDate(d: Date, options: Intl.DateTimeFormatOptions = {}): string {
  const plain = options.year === undefined && options.month === undefined && options.day === undefined && options.weekday === undefined;
  const day = options.day ?? (plain ? 'numeric' : undefined);
  const month = options.month ?? (plain ? 'numeric' : undefined);
  const year = options.year ?? (plain ? 'numeric' : undefined);
  const dayText = day && (day === '2-digit' ? two(d.getUTCDate()) : String(d.getUTCDate()));
  const yearText = year && (year === '2-digit' ? two(d.getUTCFullYear() % 100) : String(d.getUTCFullYear()));
  const weekday = options.weekday && (options.weekday === 'long' ? DAYS[d.getUTCDay()]! : DAYS[d.getUTCDay()]!.slice(0, 3));
  if (month === 'long' || month === 'short' || month === 'narrow') {
    const name = MONTHS[d.getUTCMonth()]!;
    const monthText = month === 'long' ? name : name.slice(0, month === 'short' ? 3 : 1);
    return [weekday, [monthText, dayText].filter(Boolean).join(' '), yearText].filter(Boolean).join(', ');
  }
  const monthText = month && (month === '2-digit' ? two(d.getUTCMonth() + 1) : String(d.getUTCMonth() + 1));
  return [weekday, [monthText, dayText, yearText].filter(Boolean).join('/')].filter(Boolean).join(', ');
}

export function formatTime(d: Date, options: Intl.DateTimeFormatOptions = {}): string {
  const half = options.hour12 ?? options.hourCycle !== 'h23';
  const h = d.getUTCHours();
  const hours = half ? ((h + 11) % 12) + 1 : h;
  const plain = options.hour === undefined && options.minute === undefined && options.second === undefined;
  const parts: string[] = [];
  if (plain || options.hour) parts.push(options.hour === '2-digit' || !half ? two(hours) : String(hours));
  if (plain || options.minute) parts.push(two(d.getUTCMinutes()));
  if (plain || options.second) parts.push(two(d.getUTCSeconds()));
  const digits = options.fractionalSecondDigits;
  const fraction = digits ? `.${String(d.getUTCMilliseconds()).padStart(3, '0').slice(0, digits)}` : '';
  return `${parts.join(':')}${fraction}${half && (plain || options.hour) ? (h < 12 ? ' AM' : ' PM') : ''}`;
}

export function formatDateTime(d: Date, options: Intl.DateTimeFormatOptions = {}): string {
  const asksTime = options.hour ?? options.minute ?? options.second ?? options.fractionalSecondDigits;
  const asksDate = options.year ?? options.month ?? options.day ?? options.weekday;
  if (asksDate !== undefined && asksTime === undefined) return formatDate(d, options);
  if (asksTime !== undefined && asksDate === undefined) return formatTime(d, options);
  return `${formatDate(d, options)}, ${formatTime(d, options)}`;
}

export interface NumberOptions {
  readonly minimumFractionDigits?: number;
  readonly maximumFractionDigits?: number;
  readonly useGrouping?: boolean;
  readonly style?: string;
  readonly currency?: string;
}

/** Grouped by thousands, at most three decimals unless asked otherwise. */
export function formatNumber(value: number | bigint, options: NumberOptions = {}): string {
  if (typeof value === 'bigint') return group(String(value), options);
  if (Number.isNaN(value)) return 'NaN';
  const percent = options.style === 'percent';
  const currency = options.style === 'currency';
  const least = options.minimumFractionDigits ?? (currency ? 2 : 0);
  const most = Math.max(least, options.maximumFractionDigits ?? (percent ? 0 : currency ? 2 : 3));
  const scaled = percent ? value * 100 : value;
  if (!Number.isFinite(scaled)) return scaled < 0 ? '-∞' : '∞';
  let digits = Math.abs(scaled) < 1e21 ? Math.abs(scaled).toFixed(most) : BigInt(Math.abs(scaled)).toString();
  if (digits.includes('.')) {
    let end = digits.length;
    while (end > digits.indexOf('.') + 1 + least && digits[end - 1] === '0') end--;
    digits = digits.slice(0, digits[end - 1] === '.' ? end - 1 : end);
  }
  const sign = scaled < 0 || Object.is(scaled, -0) ? '-' : '';
  const symbol = currency ? (options.currency === 'USD' ? '$' : options.currency === 'KRW' ? '₩' : `${options.currency} `) : '';
  return `${sign}${symbol}${group(digits, options)}${percent ? '%' : ''}`;
}

function group(digits: string, options: NumberOptions): string {
  if (options.useGrouping === false) return digits;
  const [whole, fraction] = digits.split('.') as [string, string?];
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

/** Order of text as a reader expects it: letters before accents before case, punctuation before digits before letters. @returns -1, 0 or 1. */
export function compareText(a: string, b: string): number {
  const x = a.normalize('NFD');
  const y = b.normalize('NFD');
  return compareBy(x, y, base) || compareBy(x, y, accent) || compareBy(x, y, caseOf) || (a < b ? -1 : a > b ? 1 : 0);
}

function compareBy(a: string, b: string, weight: (text: string) => string): number {
  const x = weight(a);
  const y = weight(b);
  if (x === y) return 0;
  const n = Math.min(x.length, y.length);
  for (let i = 0; i < n; i++) {
    const d = rank(x.charCodeAt(i)) - rank(y.charCodeAt(i));
    if (d !== 0) return d < 0 ? -1 : 1;
  }
  return x.length < y.length ? -1 : 1;
}

const MARKS = /[\u0300-\u036f]/g;
const base = (text: string) => text.replace(MARKS, '').toLowerCase();
const accent = (text: string) => text.toLowerCase();
/** Small before capital. */
const caseOf = (text: string) => text.replace(MARKS, '').replace(/./gsu, (c) => (c === c.toLowerCase() ? '0' : '1'));

function rank(code: number): number {
  if (code >= 48 && code <= 57) return 0x1000 + code;
  if (code < 128 && !(code >= 97 && code <= 122)) return code;
  return 0x2000 + code;
}

/** Replaces the locale-dependent methods of the realm. */
export function fixedLocale(): void {
  const methods: [object, Record<string, unknown>][] = [
    [
      Number.prototype,
      {
        toLocaleString(this: number, _l?: unknown, options?: NumberOptions) {
          return formatNumber(Number(this), options);
        },
      },
    ],
    [
      BigInt.prototype,
      {
        toLocaleString(this: bigint, _l?: unknown, options?: NumberOptions) {
          return formatNumber(BigInt.prototype.valueOf.call(this), options);
        },
      },
    ],
    [
      String.prototype,
      {
        localeCompare(this: string, other: unknown) {
          return compareText(String(this), String(other));
        },
        toLocaleLowerCase(this: string) {
          return String(this).toLowerCase();
        },
        toLocaleUpperCase(this: string) {
          return String(this).toUpperCase();
        },
      },
    ],
  ];
  for (const [proto, replaced] of methods) {
    for (const [name, value] of Object.entries(replaced)) Object.defineProperty(proto, name, { value, writable: true, configurable: true, enumerable: false });
  }
}

/** The part of Intl that the simulation has: dates and numbers in en-US and UTC. */
export function fixedIntl(): object {
  class DateTimeFormat {
    readonly #options: Intl.DateTimeFormatOptions;
    constructor(_locales?: unknown, options: Intl.DateTimeFormatOptions = {}) {
      this.#options = options;
      this.format = this.format.bind(this);
    }
    format(date: Date | number = new Date()): string {
      const d = new Date(date);
      const { hour, minute, second } = this.#options;
      return (hour ?? minute ?? second) ? formatDateTime(d, this.#options) : formatDate(d, this.#options);
    }
    resolvedOptions(): object {
      return { locale: 'en-US', calendar: 'gregory', numberingSystem: 'latn', timeZone: 'UTC', ...this.#options };
    }
  }
  class NumberFormat {
    readonly #options: NumberOptions;
    constructor(_locales?: unknown, options: NumberOptions = {}) {
      this.#options = options;
      this.format = this.format.bind(this);
    }
    format(value: number | bigint): string {
      return formatNumber(value, this.#options);
    }
    resolvedOptions(): object {
      return { locale: 'en-US', numberingSystem: 'latn', style: 'decimal', ...this.#options };
    }
  }
  return { DateTimeFormat, NumberFormat };
}
