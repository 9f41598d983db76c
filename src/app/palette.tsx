// The command palette: Ctrl or Cmd with K, from anywhere.
import { useEffect, useId, useRef, useState, type KeyboardEvent } from 'react';
import { findCommands, setPaletteOpen, usePaletteOpen, type Command } from './commands.ts';
import { Dialog } from './components/dialog.tsx';
import { Icon } from './icons.tsx';
import { useMessages } from './messages/use-messages.ts';

export function Palette() {
  const open = usePaletteOpen();
  useEffect(() => {
    const onKey = (e: globalThis.KeyboardEvent) => {
      if ((e.ctrlKey || e.metaKey) && !e.altKey && !e.shiftKey && e.key.toLowerCase() === 'k') {
        e.preventDefault();
        setPaletteOpen(true);
      }
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
  return open ? <OpenPalette /> : null;
}

function OpenPalette() {
  const m = useMessages();
  const [typed, setTyped] = useState('');
  const [chosen, setChosen] = useState(0);
  const listId = useId();
  const list = useRef<HTMLUListElement>(null);
  const found = findCommands(typed);
  const at = Math.min(chosen, found.length - 1);

  useEffect(() => {
    list.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' });
  }, [at, typed]);

  const close = () => setPaletteOpen(false);
  const run = (command: Command) => {
    close();
    // The dialog gives the focus back first; a command that opens another dialog must come after it.
    setTimeout(() => command.run(), 0);
  };

  function onKeyDown(e: KeyboardEvent): void {
    if (e.nativeEvent.isComposing) return;
    const by = e.key === 'ArrowDown' ? 1 : e.key === 'ArrowUp' ? -1 : 0;
    if (by && found.length) {
      e.preventDefault();
      setChosen((at + by + found.length) % found.length);
    } else if (e.key === 'Enter' && found[at]) {
      e.preventDefault();
      run(found[at]);
    }
  }

  return (
    <Dialog title={m.palette.title} onClose={close} bare className="palette">
      <div className="palette-field">
        <Icon name="search" />
        <input
          type="text"
          role="combobox"
          aria-expanded="true"
          aria-controls={listId}
          aria-activedescendant={found[at] ? `${listId}-${at}` : undefined}
          aria-label={m.palette.find}
          placeholder={m.palette.find}
          autoFocus
          autoComplete="off"
          spellCheck={false}
          value={typed}
          onChange={(e) => {
            setTyped(e.target.value);
            setChosen(0);
          }}
          onKeyDown={onKeyDown}
        />
      </div>
      <ul ref={list} id={listId} role="listbox" aria-label={m.palette.title}>
        {found.map((command, i) => (
          <li key={command.id} id={`${listId}-${i}`} role="option" aria-selected={i === at} onPointerMove={() => setChosen(i)} onClick={() => run(command)}>
            {command.icon ? <Icon name={command.icon} /> : <span className="icon" />}
            <span>{command.title}</span>
            {command.hint && <kbd>{command.hint}</kbd>}
          </li>
        ))}
      </ul>
      {found.length === 0 && <p className="palette-none">{m.palette.none}</p>}
      <p className="palette-hint">{m.palette.hint}</p>
    </Dialog>
  );
}
