// A sentence of the run's log, with the names of processes set apart: the learner's own in violet, a fault and a violation in their colours.
import { memo, type ReactNode } from 'react';
import type { TraceEvent } from '../../simulations/contract/events.ts';
import type { Scenario } from '../../simulations/contract/scenario.ts';
import { say, type EngineText } from '../../simulations/text/contract.ts';
import { processesOf } from './breaks.ts';

/** Names of a scenario's processes and how they are marked. */
export interface Names {
  readonly pattern: RegExp;
  readonly processes: ReadonlySet<string>;
  readonly own: ReadonlySet<string>;
}

export function namesOf(scenario: Scenario): Names {
  const escaped = (names: readonly string[]) =>
    names
      .slice()
      .sort((a, b) => b.length - a.length)
      .map((n) => n.replace(/[-.]/g, '\\$&'))
      .join('|');
  const processes = escaped(processesOf(scenario).filter((n) => n !== 'controller'));
  const topics = escaped([...scenario.topics.map((t) => t.name), '__consumer_offsets']);
  return {
    pattern: new RegExp(`(?<![\\w-])((?:${topics})-\\d+|(?:${processes})(?![\\w]|-\\d))`, 'g'),
    processes: new Set(processesOf(scenario)),
    own: new Set(scenario.processes.filter((p) => p.role === 'guest').map((p) => p.name)),
  };
}

export interface SaidProps {
  readonly event: TraceEvent;
  readonly text: EngineText;
  readonly names: Names;
}

/** A name does not break at its hyphens; a process is set apart, a partition is not. */
function named(name: string, key: number, names: Names): ReactNode {
  if (!names.processes.has(name))
    return (
      <span key={key} className="whole">
        {name}
      </span>
    );
  return (
    <b key={key} className={names.own.has(name) ? 'whole violet' : 'whole'}>
      {name}
    </b>
  );
}

export const Said = memo(function Said({ event, text, names }: SaidProps) {
  const sentence = say(text, event);
  if (event.type === 'invariant.violated') return <span className="broken">{sentence}</span>;
  if (event.type === 'fault.started') return <span className="fault">{sentence}</span>;
  const parts = sentence.split(names.pattern);
  return <>{parts.map((part, i): ReactNode => (i % 2 ? named(part, i, names) : part))}</>;
});
