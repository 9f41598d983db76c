// A fault to try from the prose: the learner's own code with this one fault, from just before it strikes.
import { useState, type ReactNode } from 'react';
import { Icon } from '../app/icons.tsx';
import { faultIcon } from '../lab/fault-words.ts';
import { useSession } from '../lab/use-session.ts';
import { DRAFT, draftName } from '../store/drafts.ts';
import { documents } from '../store/saved.ts';
import { useLessonMessages } from './messages.ts';
import { useRoom } from './room.tsx';

export function Inject({ line, children }: { line: string; children: ReactNode }) {
  const m = useLessonMessages().inject;
  const { kit, lesson, play, finish, session } = useRoom();
  const [asked, setAsked] = useState(false);
  const shown = useSession(session, (state) => state.universe?.faults.length === 1 && state.universe.faults[0] === line && asked);
  const run = () => {
    if (!kit) return;
    setAsked(true);
    finish('break');
    const files = { ...kit.given, ...documents.read(draftName(lesson), DRAFT) };
    play({ ...kit.experiment, faults: [line], files }, startUs(line) - 1_000_000);
  };
  return (
    <span className="inject">
      <button type="button" className="button secondary" onClick={run}>
        <Icon name={faultIcon(line)} className="fault" />
        {children}
      </button>
      <code>{line}</code>
      {shown && (
        <span className="small quiet" role="status">
          {m.running}
        </span>
      )}
    </span>
  );
}

const UNITS: Readonly<Record<string, number>> = { us: 1, ms: 1000, s: 1_000_000, m: 60_000_000 };

/** When a line of the fault grammar strikes, microseconds. */
export function startUs(line: string): number {
  const [, n, unit] = / at (\d+)(us|ms|s|m)\b/.exec(line) ?? [];
  return n && unit ? Number(n) * UNITS[unit]! : 0;
}
