// Bytes a second over the last ten whole windows of a second and the one that is going on, as quotas measure them
// (Kafka Rate over SampledStat, with quota.window.num=11 and quota.window.size.seconds=1).

/** quota.window.num (Kafka 4.0 default): how many windows are looked at, the one that is going on among them. */
export const WINDOWS = 11;
/** quota.window.size.seconds (Kafka 4.0 default), in milliseconds. */
const WINDOW_MS = 1_000;

interface Sample {
  bytes: number;
  startMs: number;
  lastMs: number;
}

export class ByteRate {
  private readonly samples: Sample[] = [];
  private current = 0;

  /** @param nowMs never less than before. */
  record(bytes: number, nowMs: number): void {
    let sample = this.samples[this.current];
    if (!sample) this.samples.push((sample = { bytes: 0, startMs: nowMs, lastMs: nowMs }));
    else if (nowMs - sample.startMs >= WINDOW_MS) sample = this.next(nowMs);
    sample.bytes += bytes;
    sample.lastMs = nowMs;
  }

  /** The sample of the next window: one more is kept than is looked at, because it may reach into the time that is. */
  private next(nowMs: number): Sample {
    this.current = (this.current + 1) % (WINDOWS + 1);
    const old = this.samples[this.current];
    if (old) {
      reset(old, nowMs);
      return old;
    }
    const sample = { bytes: 0, startMs: nowMs, lastMs: nowMs };
    this.samples.push(sample);
    return sample;
  }

  /** @returns bytes a second, and over how many milliseconds: time before the first sample counts as windows without bytes. */
  measure(nowMs: number): { readonly bytesPerSecond: number; readonly windowMs: number } {
    let bytes = 0;
    let oldestMs = nowMs;
    for (const s of this.samples) {
      if (nowMs - s.lastMs >= WINDOWS * WINDOW_MS) reset(s, nowMs);
      bytes += s.bytes;
      oldestMs = Math.min(oldestMs, s.startMs);
    }
    const elapsedMs = nowMs - oldestMs;
    const windowMs = elapsedMs + Math.max(0, WINDOWS - 1 - Math.floor(elapsedMs / WINDOW_MS)) * WINDOW_MS;
    return { bytesPerSecond: bytes / (windowMs / 1_000), windowMs };
  }
}

function reset(sample: Sample, nowMs: number): void {
  sample.bytes = 0;
  sample.startMs = sample.lastMs = nowMs;
}
