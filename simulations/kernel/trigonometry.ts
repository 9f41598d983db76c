// Sine, cosine, tangent and their inverses from + - * / and sqrt only; see math.ts. Arguments are reduced exactly for every finite size.

const PI = 3.141592653589793;
/** Pi/2 in three parts of 33 bits each, and a fourth (fdlibm). */
const PIO2_1 = 1.5707963267341256;
const PIO2_1T = 6.077100506506192e-11;

interface Reduced {
  readonly quadrant: number;
  readonly high: number;
  readonly low: number;
}

/** x minus the nearest multiple of pi/2, in two parts. */
function reduce(x: number): Reduced {
  if (Math.abs(x) <= 0.7853981633974483) return { quadrant: 0, high: x, low: 0 };
  if (Math.abs(x) < 1_000) {
    const n = Math.round(x / 1.5707963267948966);
    const r = x - n * PIO2_1;
    const w = n * PIO2_1T;
    const high = r - w;
    // Where cancellation leaves few digits, the exact way is taken.
    if (Math.abs(high) > 1e-3) return { quadrant: ((n % 4) + 4) % 4, high, low: r - high - w + n * -PIO2_1T_REST };
  }
  return reduceExactly(x);
}

/** What the first two parts of pi/2 leave out: pi/2 - PIO2_1 - PIO2_1T. */
const PIO2_1T_REST = 2.0222662487959506e-21;

/** Pi/2 times 2^1190, as an integer: enough digits for the largest number. */
let pio2: bigint | null = null;
const PIO2_BITS = 1190n;

/** Machin's formula in whole numbers. */
function piOverTwo(): bigint {
  if (pio2 !== null) return pio2;
  const one = 1n << (PIO2_BITS + 32n);
  const arctanInverse = (d: bigint): bigint => {
    let term = one / d;
    let sum = term;
    for (let n = 3n, sign = -1n; term !== 0n; n += 2n, sign = -sign) {
      term /= d * d;
      sum += (sign * term) / n;
    }
    return sum;
  };
  pio2 = (8n * arctanInverse(5n) - 2n * arctanInverse(239n)) >> 32n;
  return pio2;
}

function reduceExactly(x: number): Reduced {
  const unit = piOverTwo();
  const size = Math.abs(x);
  const shift = size >= 9007199254740992 ? 0 : 1074;
  const scaled = shift === 0 ? BigInt(size) << PIO2_BITS : fractionToInteger(size);
  let n = scaled / unit;
  let rest = scaled - n * unit;
  if (rest * 2n > unit) {
    n += 1n;
    rest -= unit;
  }
  const high = toNumber(rest);
  const low = toNumber(rest - fractionToInteger(high));
  const quadrant = Number((((x < 0 ? -n : n) % 4n) + 4n) % 4n);
  return { quadrant, high: x < 0 ? -high : high, low: x < 0 ? -low : low };
}

/** A number times 2^1190 as an integer, exactly where it has at most that many binary places. */
function fractionToInteger(x: number): bigint {
  let y = Math.abs(x);
  let bits = 0n;
  while (y !== Math.floor(y) && bits < PIO2_BITS) {
    y *= 2;
    bits += 1n;
  }
  const whole = BigInt(Math.floor(y)) << (PIO2_BITS - bits);
  return x < 0 ? -whole : whole;
}

/** An integer divided by 2^1190, rounded. */
function toNumber(value: bigint): number {
  const negative = value < 0n;
  let size = negative ? -value : value;
  let bits = Number(PIO2_BITS);
  const length = size.toString(16).length * 4;
  if (length > 64) {
    const drop = length - 64;
    size >>= BigInt(drop);
    bits -= drop;
  }
  let out = Number(size);
  for (; bits > 0; bits -= Math.min(bits, 1000)) out /= 2 ** Math.min(bits, 1000);
  return negative ? -out : out;
}

/** sin(x + y), |x| at most pi/4, y a tail. */
function kernelSin(x: number, y: number): number {
  const z = x * x;
  const v = z * x;
  const r = 0.00833333333332249 + z * (-0.0001984126982985795 + z * (2.7557313707070068e-6 + z * (-2.5050760253406863e-8 + z * 1.58969099521155e-10)));
  return x - (z * (0.5 * y - v * r) - y - v * -0.16666666666666632);
}

function kernelCos(x: number, y: number): number {
  const z = x * x;
  const r = z * (0.0416666666666666 + z * (-0.001388888888887411 + z * (2.480158728947673e-5 + z * (-2.7557314351390663e-7 + z * (2.087572321298175e-9 + z * -1.1359647557788195e-11)))));
  const half = 0.5 * z;
  const w = 1 - half;
  return w + (1 - w - half + (z * r - x * y));
}

export function sin(x: number): number {
  if (x === 0 || !(Math.abs(x) < Infinity)) return x === 0 ? x : NaN;
  const { quadrant, high, low } = reduce(x);
  switch (quadrant) {
    case 0:
      return kernelSin(high, low);
    case 1:
      return kernelCos(high, low);
    case 2:
      return -kernelSin(high, low);
    default:
      return -kernelCos(high, low);
  }
}

export function cos(x: number): number {
  if (!(Math.abs(x) < Infinity)) return NaN;
  const { quadrant, high, low } = reduce(x);
  switch (quadrant) {
    case 0:
      return kernelCos(high, low);
    case 1:
      return -kernelSin(high, low);
    case 2:
      return -kernelCos(high, low);
    default:
      return kernelSin(high, low);
  }
}

export function tan(x: number): number {
  if (x === 0 || !(Math.abs(x) < Infinity)) return x === 0 ? x : NaN;
  const { quadrant, high, low } = reduce(x);
  const s = kernelSin(high, low);
  const c = kernelCos(high, low);
  return quadrant % 2 === 0 ? s / c : -c / s;
}

const ATAN_HIGH = [0.4636476090008061, 0.7853981633974483, 0.982793723247329, 1.5707963267948966];
const ATAN_LOW = [2.2698777452961687e-17, 3.061616997868383e-17, 1.3903311031230998e-17, 6.123233995736766e-17];

export function atan(x: number): number {
  if (x !== x) return NaN;
  const size = Math.abs(x);
  if (size >= 73786976294838206464) return x < 0 ? -1.5707963267948966 : 1.5707963267948966;
  let at = -1;
  let t = size;
  if (size >= 0.4375) {
    if (size < 1.1875) {
      if (size < 0.6875) {
        at = 0;
        t = (2 * size - 1) / (2 + size);
      } else {
        at = 1;
        t = (size - 1) / (size + 1);
      }
    } else if (size < 2.4375) {
      at = 2;
      t = (size - 1.5) / (1 + 1.5 * size);
    } else {
      at = 3;
      t = -1 / size;
    }
  } else if (size < 1.862645149230957e-9) return x;
  const z = t * t;
  const w = z * z;
  const s1 = z * (0.3333333333333293 + w * (0.14285714272503466 + w * (0.09090887133436507 + w * (0.06661073137387531 + w * (0.049768779946159324 + w * 0.016285820115365782)))));
  const s2 = w * (-0.19999999999876483 + w * (-0.11111110405462356 + w * (-0.0769187620504483 + w * (-0.058335701337905735 + w * -0.036531572744216916))));
  const value = at < 0 ? t - t * (s1 + s2) : ATAN_HIGH[at]! - (t * (s1 + s2) - ATAN_LOW[at]! - t);
  return x < 0 ? -value : value;
}

export function atan2(y: number, x: number): number {
  if (x !== x || y !== y) return NaN;
  const left = x < 0 || Object.is(x, -0);
  const below = y < 0 || Object.is(y, -0);
  if (y === 0) return left ? (below ? -PI : PI) : y;
  if (x === 0) return below ? -PI / 2 : PI / 2;
  if (Math.abs(x) === Infinity) {
    const turned = Math.abs(y) === Infinity ? (left ? (3 * PI) / 4 : PI / 4) : left ? PI : 0;
    return below ? -turned : turned;
  }
  if (Math.abs(y) === Infinity) return below ? -PI / 2 : PI / 2;
  const angle = atan(Math.abs(y / x));
  const value = left ? PI - (angle - 1.2246467991473532e-16) : angle;
  return below ? -value : value;
}

export function asin(x: number): number {
  if (x === 0) return x;
  if (!(Math.abs(x) <= 1)) return NaN;
  return 2 * atan(x / (1 + Math.sqrt((1 - x) * (1 + x))));
}

export function acos(x: number): number {
  if (!(Math.abs(x) <= 1)) return NaN;
  return x === -1 ? PI : 2 * atan(Math.sqrt((1 - x) / (1 + x)));
}
