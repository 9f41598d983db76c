// What one kind of fault shall strike: opened from a tool of the palette, or by dropping it on the fault track.
import { Menu } from '../app/components/menu.tsx';
import type { FaultKind } from '../../simulations/faults/grammar.ts';
import { nameOf } from './break-menu.tsx';
import { breaksOf, hostOf, targetsOf } from './breaks.ts';
import { withTime } from './fault-time.ts';
import { tellBreak } from './fault-words.ts';
import { useEngineText, useFaultTeller, useLabMessages } from './messages/use-lab-messages.ts';
import type { Session } from './session.ts';

export interface TargetMenuProps {
  readonly session: Session;
  readonly kind: FaultKind;
  /** When it shall strike; null = at the playhead. */
  readonly atUs: number | null;
  readonly at: { readonly x: number; readonly y: number };
  readonly onClose: () => void;
}

export function TargetMenu({ session, kind, atUs, at, onClose }: TargetMenuProps) {
  const words = useLabMessages();
  const engine = useEngineText();
  const { universe, views, position, selection } = session.state();
  const teller = useFaultTeller(universe?.scenario ?? null);
  if (!universe) return null;
  const cluster = views.cluster.at(position);
  const preferred = selection ? breaksOf(hostOf(selection, views.streams.at(position)), universe.scenario, cluster).filter((b) => b.kind === kind) : [];
  const all = [...preferred, ...targetsOf(kind, universe.scenario, cluster).filter((b) => !preferred.some((p) => p.fault === b.fault))];
  const run = (fault: string) => {
    if (atUs === null) session.inject(fault);
    else session.reschedule([...session.state().universe!.faults, withTime(fault, atUs)]);
  };
  const label = all.length ? words.breaks.choose(engine.faults[kind].name) : words.breaks.nothing;
  return (
    <Menu
      label={label}
      at={at}
      onClose={onClose}
      items={all.map((b) => ({
        id: b.fault,
        title: tellBreak(b.fault, teller),
        icon: kind,
        hint: preferred.includes(b) && selection ? nameOf(selection, words.streams) : '',
        run: () => run(b.fault),
      }))}
    />
  );
}
