// React's side of a session: components read what they need and draw again only when that changed.
import { useEffect, useRef, useState, useSyncExternalStore } from 'react';
import type { Session, SessionState } from './session.ts';

/** One value of the state. The selector must return a primitive or something that stays the same object while unchanged. */
export function useSession<T>(session: Session, select: (state: SessionState) => T): T {
  return useSyncExternalStore(session.subscribe, () => select(session.state()));
}

/** The whole state, at most `hz` times a second while the playhead runs, at once otherwise. For pictures that React draws. */
export function usePaced(session: Session, hz: number): SessionState {
  const [state, setState] = useState(session.state);
  const last = useRef(0);
  useEffect(() => {
    let waiting: ReturnType<typeof setTimeout> | undefined;
    const show = () => {
      clearTimeout(waiting);
      waiting = undefined;
      last.current = performance.now();
      setState(session.state());
    };
    const changed = () => {
      const wait = 1000 / hz - (performance.now() - last.current);
      if (wait <= 0 || !session.state().playing) show();
      else waiting ??= setTimeout(show, wait);
    };
    show();
    const stop = session.subscribe(changed);
    return () => {
      stop();
      clearTimeout(waiting);
    };
  }, [session, hz]);
  return state;
}
