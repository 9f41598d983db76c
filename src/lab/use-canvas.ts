// A canvas that is painted when something changed, at most once a frame.
import { useEffect, useRef, type RefObject } from 'react';
import { useShownTheme } from '../app/preferences.ts';
import { nextFrame } from './frames.ts';
import { paint, sized, themeColors } from './paint.ts';
import type { Mark } from './marks.ts';
import type { Session, SessionState } from './session.ts';

export interface Painted {
  readonly width: number;
  readonly height: number;
  readonly marks: readonly Mark[];
  /** Marks are drawn this much higher: for a canvas that shows a part of a taller picture. */
  readonly scrollTop?: number;
}

/** Paints `picture` of the session's state into the canvas after every change of the session, of `deps`, of the theme and of the fonts. */
export function useCanvas(ref: RefObject<HTMLCanvasElement | null>, session: Session, picture: (now: SessionState) => Painted | null, deps: readonly unknown[]): void {
  const theme = useShownTheme();
  const latest = useRef(picture);
  latest.current = picture;
  useEffect(() => {
    let stop: (() => void) | null = null;
    const draw = () => {
      stop = null;
      const canvas = ref.current;
      const painted = canvas && latest.current(session.state());
      if (!canvas || !painted) return;
      const ctx = sized(canvas, painted.width, painted.height);
      if (!ctx) return;
      ctx.clearRect(0, 0, painted.width, painted.height);
      if (painted.scrollTop) ctx.translate(0, -painted.scrollTop);
      paint(ctx, painted.marks, themeColors());
    };
    const changed = () => {
      stop ??= nextFrame(draw);
    };
    changed();
    const unsubscribe = session.subscribe(changed);
    document.fonts?.addEventListener('loadingdone', changed);
    return () => {
      unsubscribe();
      document.fonts?.removeEventListener('loadingdone', changed);
      stop?.();
    };
    // The caller names what the picture depends on besides the session.
  }, [ref, session, theme, ...deps]);
}
