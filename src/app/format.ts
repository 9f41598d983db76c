// Numbers and times as they are written on screen.

const grouped = new Intl.NumberFormat('en-US');

/** 48213 → `48,213`. */
export function formatCount(n: number): string {
  return grouped.format(n);
}

export interface ClockText {
  /** `00:21.448` */
  readonly main: string;
  /** `213`: the microseconds below the millisecond. */
  readonly micros: string;
}

/** A virtual time for the large clock. */
export function formatClock(timeUs: number): ClockText {
  const whole = Math.floor(timeUs);
  const minutes = Math.floor(whole / 60_000_000);
  const seconds = Math.floor(whole / 1_000_000) % 60;
  const millis = Math.floor(whole / 1000) % 1000;
  return { main: `${pad(minutes, 2)}:${pad(seconds, 2)}.${pad(millis, 3)}`, micros: pad(whole % 1000, 3) };
}

/** A virtual time in lists: seconds with milliseconds, `21.448`. */
export function formatSeconds(timeUs: number): string {
  return (Math.floor(timeUs / 1000) / 1000).toFixed(3);
}

/** A time of the axis: `5`, `12.5`, or `2:30` past a minute when the axis is longer than two. */
export function formatAxis(timeUs: number, horizonUs: number): string {
  const seconds = timeUs / 1_000_000;
  if (horizonUs <= 120_000_000) return String(Math.round(seconds * 1000) / 1000);
  return `${Math.floor(seconds / 60)}:${pad(Math.floor(seconds % 60), 2)}`;
}

/** A duration in the unit that reads best: `46 ms`, `9.05 s`, `640 µs`. The space does not break. */
export function formatDuration(us: number): string {
  const abs = Math.abs(us);
  if (abs < 1000) return `${Math.round(us)}\u00a0µs`;
  if (abs < 10_000) return `${(us / 1000).toFixed(1)}\u00a0ms`;
  if (abs < 1_000_000) return `${Math.round(us / 1000)}\u00a0ms`;
  if (abs < 60_000_000) return `${(us / 1_000_000).toFixed(abs < 10_000_000 ? 2 : 1)}\u00a0s`;
  return `${Math.floor(us / 60_000_000)}\u00a0min ${Math.round((us % 60_000_000) / 1_000_000)}\u00a0s`;
}

/** As `formatDuration`, in the Korean way: figures joined to their unit. */
export function formatDurationKo(us: number): string {
  const abs = Math.abs(us);
  if (abs < 1000) return `${Math.round(us)}µs`;
  if (abs < 10_000) return `${(us / 1000).toFixed(1)}ms`;
  if (abs < 1_000_000) return `${Math.round(us / 1000)}ms`;
  if (abs < 60_000_000) return `${(us / 1_000_000).toFixed(abs < 10_000_000 ? 2 : 1)}초`;
  return `${Math.floor(us / 60_000_000)}분 ${Math.round((us % 60_000_000) / 1_000_000)}초`;
}

/** A time as it was planned, to the microsecond: `5 s`, `12.4 s`, `40 ms`. The space does not break. */
export function formatExact(us: number): string {
  return us >= 1_000_000 || us === 0 ? `${us / 1_000_000}\u00a0s` : us >= 1000 ? `${us / 1000}\u00a0ms` : `${us}\u00a0µs`;
}

/** As `formatExact`, in the Korean way. */
export function formatExactKo(us: number): string {
  return us >= 1_000_000 || us === 0 ? `${us / 1_000_000}초` : us >= 1000 ? `${us / 1000}ms` : `${us}µs`;
}

/** `0.05×` */
export function formatSpeed(speed: number): string {
  return `${speed}×`;
}

/** A run's hash in groups, short enough to compare by eye: `7f3a·91c4·e0b2`. */
export function formatHash(hash: string): string {
  return `${hash.slice(0, 4)}·${hash.slice(4, 8)}·${hash.slice(8, 12)}`;
}

function pad(n: number, width: number): string {
  return String(n).padStart(width, '0');
}
