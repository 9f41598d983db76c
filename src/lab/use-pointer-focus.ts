// The ring of the focus is for the keyboard: a click on a picture moves the focus to the list behind it without showing it.
import { useRef, useState, type RefObject } from 'react';

export interface PointerFocus {
  readonly list: RefObject<HTMLDivElement | null>;
  /** Class of the list: without a ring while the focus came by a click. */
  className(base: string): string;
  /** After a click on the picture. */
  focus(): void;
  /** After a key, and when the focus has gone: the ring is for whoever comes by keyboard. */
  release(): void;
}

export function usePointerFocus(): PointerFocus {
  const list = useRef<HTMLDivElement>(null);
  const [byPointer, setByPointer] = useState(false);
  return {
    list,
    className: (base) => (byPointer ? `${base} by-pointer` : base),
    focus() {
      setByPointer(true);
      list.current?.focus({ preventScroll: true });
    },
    release: () => setByPointer(false),
  };
}
