// The menu of faults for one thing, opened from the thing itself.
import { Menu } from '../app/components/menu.tsx';
import { breaksOf, hostOf } from './breaks.ts';
import { tellBreak } from './fault-words.ts';
import { useFaultTeller, useLabMessages } from './messages/use-lab-messages.ts';
import type { LabMessages } from './messages/en.ts';
import { isOfStreams, type Selection } from './selection.ts';
import type { Session } from './session.ts';
import { nameOfStreams } from './streams/spoken.ts';

export interface BreakMenuProps {
  readonly session: Session;
  readonly target: Selection;
  readonly at: { readonly x: number; readonly y: number };
  readonly onClose: () => void;
}

export function BreakMenu({ session, target, at, onClose }: BreakMenuProps) {
  const words = useLabMessages();
  const { universe, views, position } = session.state();
  const teller = useFaultTeller(universe?.scenario ?? null);
  if (!universe) return null;
  const breaks = breaksOf(hostOf(target, views.streams.at(position)), universe.scenario, views.cluster.at(position));
  const title = nameOf(target, words.streams);
  if (breaks.length === 0) return <Menu label={words.breaks.nothing} items={[]} at={at} onClose={onClose} />;
  return (
    <Menu
      label={words.breaks.menu(title)}
      at={at}
      onClose={onClose}
      items={breaks.map((b) => ({ id: b.fault, title: tellBreak(b.fault, teller), icon: b.kind, run: () => session.inject(b.fault) }))}
    />
  );
}

export function nameOf(selection: Selection, words: LabMessages['streams']): string {
  if (isOfStreams(selection)) return nameOfStreams(selection, words);
  switch (selection.kind) {
    case 'process':
      return selection.name;
    case 'partition':
      return `${selection.topic}-${selection.partition}`;
    case 'record':
      return `broker-${selection.broker}`;
    case 'link':
      return `${selection.from} ↔ ${selection.to}`;
    case 'group':
      return selection.group;
    case 'event':
    case 'fault':
      return '';
  }
}
