// The way a message takes: a point and a direction for every part of it.

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Curve {
  readonly d: string;
  /** @param t 0 at the beginning, 1 at the end. */
  at(t: number): Point & { readonly angle: number };
}

/** A channel between two points that leaves and arrives level, or upright. */
export function channel(a: Point, b: Point, upright = false): Curve {
  const c1 = upright ? { x: a.x, y: a.y + (b.y - a.y) * 0.5 } : { x: a.x + (b.x - a.x) * 0.5, y: a.y };
  const c2 = upright ? { x: b.x, y: b.y - (b.y - a.y) * 0.5 } : { x: b.x - (b.x - a.x) * 0.5, y: b.y };
  return {
    d: `M${n(a.x)} ${n(a.y)}C${n(c1.x)} ${n(c1.y)} ${n(c2.x)} ${n(c2.y)} ${n(b.x)} ${n(b.y)}`,
    at(t) {
      const u = 1 - t;
      const x = u * u * u * a.x + 3 * u * u * t * c1.x + 3 * u * t * t * c2.x + t * t * t * b.x;
      const y = u * u * u * a.y + 3 * u * u * t * c1.y + 3 * u * t * t * c2.y + t * t * t * b.y;
      const dx = 3 * u * u * (c1.x - a.x) + 6 * u * t * (c2.x - c1.x) + 3 * t * t * (b.x - c2.x);
      const dy = 3 * u * u * (c1.y - a.y) + 6 * u * t * (c2.y - c1.y) + 3 * t * t * (b.y - c2.y);
      return { x, y, angle: Math.atan2(dy, dx || 1e-6) };
    },
  };
}

/** Straight pieces through points, walked at one speed. */
export function pipe(points: readonly Point[]): Curve {
  const lengths = points.slice(1).map((p, i) => Math.hypot(p.x - points[i]!.x, p.y - points[i]!.y));
  const whole = lengths.reduce((sum, l) => sum + l, 0) || 1;
  return {
    d: points.map((p, i) => `${i ? 'L' : 'M'}${n(p.x)} ${n(p.y)}`).join(''),
    at(t) {
      let left = Math.max(0, Math.min(1, t)) * whole;
      for (let i = 0; i < lengths.length; i++) {
        const a = points[i]!;
        const b = points[i + 1]!;
        if (left <= lengths[i]! || i === lengths.length - 1) {
          const part = lengths[i] ? left / lengths[i]! : 0;
          return { x: a.x + (b.x - a.x) * part, y: a.y + (b.y - a.y) * part, angle: Math.atan2(b.y - a.y, b.x - a.x) };
        }
        left -= lengths[i]!;
      }
      return { ...points[0]!, angle: 0 };
    },
  };
}

/** The same way, walked back. */
export function reversed(curve: Curve): Curve {
  return {
    d: curve.d,
    at(t) {
      const p = curve.at(1 - t);
      return { x: p.x, y: p.y, angle: p.angle + Math.PI };
    },
  };
}

function n(value: number): string {
  return String(Math.round(value * 10) / 10);
}
