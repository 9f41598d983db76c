// Language, theme and single keys, as the learner last chose them. The inline script of index.html reads the same entry before the first pixel.
import { useSyncExternalStore } from 'react';

export type Language = 'ko' | 'en';
export type Theme = 'system' | 'light' | 'dark';

export interface Preferences {
  readonly language: Language;
  readonly theme: Theme;
  /** Whether single keys act in stage and transport. */
  readonly singleKeys: boolean;
}

const ENTRY = 'millrace.preferences';
const listeners = new Set<() => void>();
const darkQuery = typeof matchMedia === 'function' ? matchMedia('(prefers-color-scheme: dark)') : null;
let preferences = read();

export function getPreferences(): Preferences {
  return preferences;
}

export function setPreferences(change: Partial<Preferences>): void {
  preferences = { ...preferences, ...change };
  try {
    localStorage.setItem(ENTRY, JSON.stringify(preferences));
  } catch {
    // Storage is full or forbidden: the choice holds until the page is closed.
  }
  apply();
  for (const listener of listeners) listener();
}

export function usePreferences(): Preferences {
  return useSyncExternalStore(subscribe, getPreferences);
}

export function useLanguage(): Language {
  return useSyncExternalStore(subscribe, () => preferences.language);
}

/** The theme that is shown, with `system` resolved. */
export function useShownTheme(): 'light' | 'dark' {
  return useSyncExternalStore(subscribe, shownTheme);
}

function shownTheme(): 'light' | 'dark' {
  if (preferences.theme !== 'system') return preferences.theme;
  return darkQuery?.matches ? 'dark' : 'light';
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function apply(): void {
  const root = document.documentElement;
  root.lang = preferences.language;
  root.dataset.theme = shownTheme();
}

darkQuery?.addEventListener('change', () => {
  apply();
  for (const listener of listeners) listener();
});

function read(): Preferences {
  let kept: Partial<Record<keyof Preferences, unknown>> = {};
  try {
    kept = (JSON.parse(localStorage.getItem(ENTRY) ?? '{}') as typeof kept | null) ?? {};
  } catch {
    // Unreadable or forbidden: begin with what the browser asks for.
  }
  return {
    language: kept.language === 'ko' || kept.language === 'en' ? kept.language : /^ko\b/i.test(navigator.language) ? 'ko' : 'en',
    theme: kept.theme === 'light' || kept.theme === 'dark' ? kept.theme : 'system',
    singleKeys: kept.singleKeys !== false,
  };
}
