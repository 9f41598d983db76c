// The one owner of requestAnimationFrame: everything that moves is called from here, in the order it was added.

type FrameCallback = (nowMs: number, elapsedMs: number) => void;

const callbacks = new Set<FrameCallback>();
let requested = 0;
let last = 0;

/** Calls back on every frame until the returned function is called. The loop rests while nobody listens. */
export function onFrame(callback: FrameCallback): () => void {
  callbacks.add(callback);
  if (!requested) {
    last = 0;
    requested = requestAnimationFrame(tick);
  }
  return () => callbacks.delete(callback);
}

/** Calls back once, on the next frame. */
export function nextFrame(callback: () => void): () => void {
  const stop = onFrame(() => {
    stop();
    callback();
  });
  return stop;
}

function tick(nowMs: number): void {
  const elapsed = last ? nowMs - last : 0;
  last = nowMs;
  for (const callback of callbacks) callback(nowMs, elapsed);
  requested = callbacks.size ? requestAnimationFrame(tick) : 0;
}
