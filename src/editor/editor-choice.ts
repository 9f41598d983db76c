// Which editor suits this device: the full one needs a fine pointer and room, and is never forced on anyone.
import { useSyncExternalStore } from 'react';
import { SETTINGS } from '../store/settings.ts';
import { useSaved } from '../store/saved.ts';

const QUERY = '(pointer: coarse), (max-width: 699px)';

/** Whether the full editor would do here at all. */
export function useRoomForEditor(): boolean {
  return useSyncExternalStore(subscribe, () => !matchMedia(QUERY).matches);
}

export function usePlainEditor(): { readonly plain: boolean; readonly couldChoose: boolean; choose(plain: boolean): void } {
  const room = useRoomForEditor();
  const [settings, change] = useSaved('settings', SETTINGS);
  return { plain: !room || settings.plainEditor, couldChoose: room, choose: (plainEditor) => change((s) => ({ ...s, plainEditor })) };
}

function subscribe(listener: () => void): () => void {
  const query = matchMedia(QUERY);
  query.addEventListener('change', listener);
  return () => query.removeEventListener('change', listener);
}
