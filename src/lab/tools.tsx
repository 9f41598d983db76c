// The palette of the lab: the faults there are. Click one to choose what it strikes, or drag it onto the fault track.
import { useCallback, useState } from 'react';
import { Icon } from '../app/icons.tsx';
import { FAULT_KINDS, type FaultKind } from '../../simulations/faults/grammar.ts';
import { useEngineText, useLabMessages } from './messages/use-lab-messages.ts';
import type { Session } from './session.ts';
import { TargetMenu } from './target-menu.tsx';
import { FAULT_DRAG } from './transport/tracks.tsx';

export function Tools({ session }: { session: Session }) {
  const words = useLabMessages();
  const engine = useEngineText();
  const [open, setOpen] = useState<{ kind: FaultKind; x: number; y: number } | null>(null);
  const close = useCallback(() => setOpen(null), []);
  return (
    <aside className="tools" aria-label={words.breaks.title}>
      <h2>{words.breaks.title}</h2>
      <ul>
        {FAULT_KINDS.map((kind) => (
          <li key={kind}>
            <button
              type="button"
              draggable
              aria-haspopup="menu"
              title={engine.faults[kind].does}
              onDragStart={(e) => {
                e.dataTransfer.setData(FAULT_DRAG, kind);
                e.dataTransfer.effectAllowed = 'copy';
              }}
              onClick={(e) => {
                const box = e.currentTarget.getBoundingClientRect();
                setOpen({ kind, x: box.right + 4, y: box.top });
              }}
            >
              <Icon name={kind} />
              <span>{engine.faults[kind].name}</span>
            </button>
          </li>
        ))}
      </ul>
      {open && <TargetMenu session={session} kind={open.kind} atUs={null} at={open} onClose={close} />}
    </aside>
  );
}
