// A modal dialog on the browser's own element: it traps the focus, closes on Esc and gives the focus back.
import { useEffect, useId, useRef, type ReactNode } from 'react';
import { Icon } from '../icons.tsx';
import { useMessages } from '../messages/use-messages.ts';

export interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
  /** `bare`: the title is for screen readers only and there is no close button. */
  readonly bare?: boolean;
  readonly className?: string;
}

export function Dialog({ title, onClose, children, bare, className }: DialogProps) {
  const ref = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  const m = useMessages();
  useEffect(() => {
    const dialog = ref.current;
    if (dialog && !dialog.open) dialog.showModal();
  }, []);
  return (
    <dialog
      ref={ref}
      className={`dialog ${className ?? ''}`}
      aria-labelledby={titleId}
      onClose={onClose}
      onClick={(e) => {
        if (e.target === ref.current) ref.current.close();
      }}
    >
      <div className="dialog-body">
        {bare ? (
          <h2 id={titleId} className="unseen">
            {title}
          </h2>
        ) : (
          <div className="dialog-head">
            <h2 id={titleId}>{title}</h2>
            <button type="button" className="tool" aria-label={m.close} onClick={() => ref.current?.close()}>
              <Icon name="cross" />
            </button>
          </div>
        )}
        {children}
      </div>
    </dialog>
  );
}
