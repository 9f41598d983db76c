// Functions that ECMA-262 leaves to each engine, from + - * / and sqrt only, so that every engine gives the same bits. The reductions and
// polynomials are the classical ones of fdlibm (Sun Microsystems, 1993); results are within 2 units in the last place of the true value.

const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;
const LN2 = 0.6931471805599453;
const INV_LN2 = 1.4426950408889634;

const view = new DataView(new ArrayBuffer(8));

/** `x * 2^n` without rounding on the way, for any n. */
function scale(x: number, n: number): number {
  let y = x;
  let k = n;
  while (k > 1000) {
    y *= 2 ** 1000;
    k -= 1000;
  }
  while (k < -1000) {
    y *= 2 ** -1000;
    k += 1000;
  }
  return y * powerOfTwo(k);
}

/** 2^k exactly, -1022 to 1023. */
function powerOfTwo(k: number): number {
  view.setUint32(0, (k + 1023) << 20);
  view.setUint32(4, 0);
  return view.getFloat64(0);
}

/** `x = m * 2^k` with m in [sqrt(1/2), sqrt(2)). @param x positive, finite. */
function split(x: number): { m: number; k: number } {
  let k = 0;
  let y = x;
  if (y < 2.2250738585072014e-308) {
    y *= 18014398509481984;
    k -= 54;
  }
  view.setFloat64(0, y);
  const high = view.getUint32(0);
  k += (high >>> 20) - 1023;
  view.setUint32(0, (high & 0x000fffff) | 0x3ff00000);
  let m = view.getFloat64(0);
  if (m > 1.4142135623730951) {
    m /= 2;
    k += 1;
  }
  return { m, k };
}

/** e^x. */
export function exp(x: number): number {
  if (x !== x || x === Infinity) return x;
  // The polynomial misses e by one unit in the last place.
  if (x === 1) return Math.E;
  if (x > 709.782712893384) return Infinity;
  if (x < -745.1332191019411) return 0;
  const k = Math.floor(x * INV_LN2 + 0.5);
  return expOf(x - k * LN2_HIGH, k * LN2_LOW, k);
}

/** e^(high - low) * 2^k, |high - low| at most ln2/2. */
function expOf(high: number, low: number, k: number): number {
  const r = high - low;
  const t = r * r;
  const c = r - t * (0.16666666666666602 + t * (-0.0027777777777015593 + t * (6.613756321437934e-5 + t * (-1.6533902205465252e-6 + t * 4.1381367970572385e-8))));
  return scale(1 - (low - (r * c) / (2 - c) - high), k);
}

/** e^x - 1, exact near 0. */
export function expm1(x: number): number {
  if (x > 1e-5 ? x > 0.5 : x < -0.5) return exp(x) - 1;
  if (x === 0 || x !== x) return x;
  // sinh-like form: 2 e^(x/2) sinh(x/2), with the series of sinh.
  const h = x / 2;
  const t = h * h;
  let term = h;
  let sum = h;
  for (let n = 2; n < 24; n += 2) {
    term *= t / (n * (n + 1));
    sum += term;
  }
  return 2 * exp(h) * sum;
}

/** log of m in [sqrt(1/2), sqrt(2)) plus k * ln2. */
function logOf(m: number, k: number): number {
  const f = m - 1;
  if (f === 0) return k * LN2_HIGH + k * LN2_LOW;
  const s = f / (2 + f);
  const z = s * s;
  const w = z * z;
  const r = w * (0.3999999999940942 + w * (0.2222219843214978 + w * 0.15313837699209373)) + z * (0.6666666666666735 + w * (0.2857142874366239 + w * (0.1818357216161805 + w * 0.14798198605116586)));
  const half = 0.5 * f * f;
  return k * LN2_HIGH - (half - (s * (half + r) + k * LN2_LOW) - f);
}

/** Natural logarithm. */
export function log(x: number): number {
  if (x !== x || x < 0) return NaN;
  if (x === 0) return -Infinity;
  if (x === Infinity) return x;
  const { m, k } = split(x);
  return logOf(m, k);
}

/** ln(1 + x), exact near 0. */
export function log1p(x: number): number {
  const u = 1 + x;
  if (u === 1 || x !== x) return x;
  if (u <= 0 || u === Infinity) return log(u);
  // Corrects for the rounding of 1 + x.
  return log(u) - (u - 1 - x) / u;
}

export function log2(x: number): number {
  if (!(x > 0) || x === Infinity) return log(x);
  const { m, k } = split(x);
  return m === 1 ? k : k + logOf(m, 0) * INV_LN2;
}

export function log10(x: number): number {
  if (!(x > 0) || x === Infinity) return log(x);
  const value = log(x) / 2.302585092994046;
  const near = Math.round(value);
  // Whole powers of ten are exact.
  return near >= 0 && near <= 22 && powerInteger(10, near) === x ? near : value;
}

/** By squaring. @param exponent 0 or more. */
function powerInteger(base: number, exponent: number): number {
  let result = 1;
  let b = base;
  for (let n = exponent; n > 0; n = Math.floor(n / 2)) {
    if (n % 2 === 1) result *= b;
    b *= b;
  }
  return result;
}

/** x to the power y. Whole numbers and powers of two are exact where the result can be. */
export function pow(x: number, y: number): number {
  if (y === 0) return 1;
  if (y !== y || x !== x) return NaN;
  if (y === Infinity || y === -Infinity) {
    const size = Math.abs(x);
    return size === 1 ? NaN : size > 1 === y > 0 ? Infinity : 0;
  }
  const whole = Math.floor(y) === y;
  if (y === 0.5 && x !== -Infinity) return Math.sqrt(x + 0);
  const odd = whole && Math.abs(y) < 9007199254740992 && Math.abs(y) % 2 === 1;
  if (x === 0 || x === Infinity || x === -Infinity) {
    const big = (x === 0) === y < 0;
    const negative = odd && (x < 0 || Object.is(x, -0));
    return big ? (negative ? -Infinity : Infinity) : negative ? -0 : 0;
  }
  if (x < 0 && !whole) return NaN;
  const size = Math.abs(x);
  const value = (whole ? powerExact(size, y) : null) ?? powPositive(size, y);
  return x < 0 && odd ? -value : value;
}

/** A whole power where multiplication makes no rounding error; else null. */
function powerExact(x: number, y: number): number | null {
  const { m, k } = split(x);
  if (m === 1) return Math.abs(y * k) > 5000 ? (y * k > 0 ? Infinity : 0) : scale(1, y * k);
  if (Math.abs(y) > 64) return null;
  const product = powerInteger(x, Math.abs(y));
  if (Math.floor(x) !== x || product > 9007199254740992) return null;
  return y < 0 ? 1 / product : product;
}

/** 2^26 + 1 splits a number into halves whose products are exact (Veltkamp, Dekker). */
function timesExact(a: number, b: number): { high: number; low: number } {
  const high = a * b;
  const ca = 134217729 * a;
  const ah = ca - (ca - a);
  const al = a - ah;
  const cb = 134217729 * b;
  const bh = cb - (cb - b);
  const bl = b - bh;
  return { high, low: ah * bh - high + ah * bl + al * bh + al * bl };
}

/** e^(y ln x) with the logarithm in two parts, so that large powers keep their last digits. */
function powPositive(x: number, y: number): number {
  const { m, k } = split(x);
  const first = logOf(m, 0);
  // One Newton step in twice the precision: ln m = first + (m e^-first - 1).
  const e = exp(-first);
  const product = timesExact(m, e);
  const rest = product.high - 1 + product.low + expError(-first, e);
  const kHigh = k * LN2_HIGH;
  const sumHigh = kHigh + first;
  const sumLow = kHigh - sumHigh + first + (k * LN2_LOW + rest);
  const scaled = timesExact(y, sumHigh);
  const low = scaled.low + y * sumLow;
  const total = scaled.high + low;
  if (total > 709.8) return Infinity;
  if (total < -745.2) return 0;
  const n = Math.floor(total * INV_LN2 + 0.5);
  return expOf(scaled.high - n * LN2_HIGH, n * LN2_LOW - low, n);
}

/** How far `e` is from e^x, over e^x: the series of e^x in twice the precision. @param x at most 0.35 in size. */
function expError(x: number, e: number): number {
  let high = 1;
  let low = 0;
  let termHigh = 1;
  let termLow = 0;
  for (let n = 1; n < 22; n++) {
    const p = timesExact(termHigh, x);
    const q = p.high / n;
    const back = timesExact(q, n);
    termLow = (p.high - back.high - back.low + p.low + termLow * x) / n;
    termHigh = q;
    const sum = high + termHigh;
    low += high - sum + termHigh + termLow;
    high = sum;
  }
  return (high - e + low) / e;
}

/** Cube root. */
export function cbrt(x: number): number {
  if (x === 0 || x !== x || x === Infinity || x === -Infinity) return x;
  const size = Math.abs(x);
  // Brought into a range where nothing is subnormal: (2^300)^3.
  const small = size < 1e-290;
  const s = small ? scale(size, 900) : size;
  let y = powPositive(s, 1 / 3);
  y -= (y * y * y - s) / (3 * y * y);
  if (small) y = scale(y, -300);
  return x < 0 ? -y : y;
}

/** Square root of the sum of squares, scaled so that it neither overflows nor vanishes. */
export function hypot(...values: readonly number[]): number {
  let largest = 0;
  let nan = false;
  for (const v of values) {
    const size = Math.abs(v);
    if (size === Infinity) return Infinity;
    if (size !== size) nan = true;
    if (size > largest) largest = size;
  }
  if (nan) return NaN;
  if (largest === 0) return 0;
  let sum = 0;
  let lost = 0;
  for (const v of values) {
    const part = v / largest;
    const square = part * part - lost;
    const next = sum + square;
    lost = next - sum - square;
    sum = next;
  }
  return Math.sqrt(sum) * largest;
}

export function sinh(x: number): number {
  if (Math.abs(x) < 1) {
    const e = expm1(x);
    return x === 0 ? x : (e + e / (e + 1)) / 2;
  }
  const h = exp(Math.abs(x) / 2);
  const value = (h / 2) * h - 0.5 / h / h;
  return x < 0 ? -value : value;
}

export function cosh(x: number): number {
  const h = exp(Math.abs(x) / 2);
  return (h / 2) * h + 0.5 / h / h;
}

export function tanh(x: number): number {
  if (Math.abs(x) > 22) return x < 0 ? -1 : 1;
  const e = expm1(2 * x);
  return x === 0 ? x : e / (e + 2);
}

export function asinh(x: number): number {
  if (x === 0 || x !== x || Math.abs(x) === Infinity) return x;
  const size = Math.abs(x);
  const value = size > 268435456 ? log(size) + LN2 : log1p(size + (size * size) / (1 + Math.sqrt(1 + size * size)));
  return x < 0 ? -value : value;
}

export function acosh(x: number): number {
  if (x > 268435456) return log(x) + LN2;
  if (!(x >= 1)) return NaN;
  const t = x - 1;
  return log1p(t + Math.sqrt(2 * t + t * t));
}

export function atanh(x: number): number {
  if (x === 0) return x;
  const size = Math.abs(x);
  const value = log1p((2 * size) / (1 - size)) / 2;
  return x < 0 ? -value : value;
}

/** The logarithm under the name that distributions use. */
export const ln = log;
