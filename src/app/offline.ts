// The service worker: after the first load everything works without a network. A new version waits until the learner takes it.

let update: (() => void) | null = null;
const listeners = new Set<(update: () => void) => void>();

/** Calls back once a new version is ready. @returns a function that stops it. */
export function onAppUpdate(listener: (update: () => void) => void): () => void {
  listeners.add(listener);
  if (update) listener(update);
  return () => listeners.delete(listener);
}

/** Registers the service worker when the page is built and has finished loading. */
export async function startOffline(): Promise<void> {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
  const { registerSW } = await import('virtual:pwa-register');
  const apply = registerSW({
    immediate: true,
    onNeedRefresh() {
      update = () => void apply(true);
      for (const listener of listeners) listener(update);
    },
  });
}
