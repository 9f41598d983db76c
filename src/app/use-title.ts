// The title of the window: what this page shows, then the name of the app.
import { useEffect } from 'react';

/** @param title of the page; null on the page that is the app itself. */
export function useTitle(title: string | null): void {
  useEffect(() => {
    document.title = title ? `${title} · Millrace` : 'Millrace';
  }, [title]);
}
