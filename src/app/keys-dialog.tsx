// Every key, and whether single keys act at all.
import { useSyncExternalStore } from 'react';
import { Dialog } from './components/dialog.tsx';
import { useMessages } from './messages/use-messages.ts';
import { setPreferences, usePreferences } from './preferences.ts';

const listeners = new Set<() => void>();
let open = false;

export function showKeys(next = true): void {
  open = next;
  for (const listener of listeners) listener();
}

export function KeysDialog() {
  const shown = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => open,
  );
  const m = useMessages();
  const { singleKeys } = usePreferences();
  if (!shown) return null;
  const k = m.keys;
  const command = /mac/i.test(navigator.platform) ? '⌘' : 'Ctrl';
  const groups: [string, [string, string][]][] = [
    [k.anywhere, [[`${command} K`, k.palette]]],
    [
      k.transport,
      [
        [k.space, k.play],
        ['.', k.nextEvent],
        [',', k.previousEvent],
        ['n', k.nextStop],
        ['p', k.previousStop],
        ['-', k.slower],
        ['=', k.faster],
        [k.leftRight, k.second],
        ['b', k.back],
        ['?', k.list],
      ],
    ],
    [
      k.stage,
      [
        [k.arrows, k.move],
        ['Enter', k.inspect],
        ['k', k.breakMenu],
        ['g', k.why],
        ['[ ]', k.shift],
        ['Shift [ ]', k.shiftEnd],
      ],
    ],
  ];
  return (
    <Dialog title={k.title} onClose={() => showKeys(false)} className="keys">
      <div className="keys-groups">
        {groups.map(([title, rows]) => (
          <section key={title}>
            <h3>{title}</h3>
            <dl>
              {rows.map(([key, what]) => (
                <div key={key}>
                  <dt>
                    <kbd>{key}</kbd>
                  </dt>
                  <dd>{what}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <label className="switch">
        <input type="checkbox" role="switch" checked={singleKeys} onChange={(e) => setPreferences({ singleKeys: e.target.checked })} />
        <span>{k.single}</span>
      </label>
      <p className="keys-scope">{k.scope}</p>
    </Dialog>
  );
}
