// The documents of this browser, and React's way to read and change one.
import { useCallback, useSyncExternalStore } from 'react';
import { createDocuments, type DocumentKind } from './documents.ts';

export const documents = createDocuments(browserStorage());

if (typeof addEventListener === 'function') addEventListener('storage', (event) => documents.changedElsewhere(event.key));

export function useSaved<T>(name: string, kind: DocumentKind<T>): readonly [T, (change: (value: T) => T) => void] {
  const value = useSyncExternalStore(documents.subscribe, () => documents.read(name, kind));
  const change = useCallback((by: (value: T) => T) => documents.write(name, kind, by(documents.read(name, kind))), [name, kind]);
  return [value, change];
}

/** Null where the browser forbids it: reading the property alone may throw. */
function browserStorage(): Storage | null {
  try {
    return localStorage;
  } catch {
    return null;
  }
}
