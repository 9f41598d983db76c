// A sentence of the run's log, with the names of processes set apart: the learner's own in violet, a fault and a violation in their colours.
import { memo, type ReactNode } from 'react';
import type { TraceEvent } from '../../simulations/contract/events.ts';
import type { Scenario } from '../../simulations/contract/scenario.ts';
import { say, type EngineText } from '../../simulations/text/contract.ts';
import { HYPHENED, Whole, wholeName } from '../app/whole.tsx';
import { processesOf } from './breaks.ts';

/** Names of a scenario's processes and how they are marked. */
export interface Names {
  readonly pattern: RegExp;
  readonly processes: ReadonlySet<string>;
  readonly own: ReadonlySet<string>;
}

export function namesOf(scenario: Scenario): Names {
  const processes = processesOf(scenario)
    .filter((n) => n !== 'controller')
    .sort((a, b) => b.length - a.length)
    .map((n) => n.replace(/[-.]/g, '\\$&'))
    .join('|');
  return {
    pattern: new RegExp(`(?<![\\w-])((?:${processes})(?![\\w]|-\\w)|${HYPHENED.source})`, 'g'),
    processes: new Set(processesOf(scenario)),
    own: new Set(scenario.processes.filter((p) => p.role === 'guest').map((p) => p.name)),
  };
}

export interface SaidProps {
  readonly event: TraceEvent;
  readonly text: EngineText;
  readonly names: Names;
}

/** A name does not break at its hyphens; a process is set apart, anything else is not. */
function named(name: string, key: number, names: Names): ReactNode {
  if (!names.processes.has(name)) return wholeName(name, key);
  return (
    <b key={key} className={names.own.has(name) ? 'whole violet' : 'whole'}>
      {name}
    </b>
  );
}

export const Said = memo(function Said({ event, text, names }: SaidProps) {
  const sentence = say(text, event);
  if (event.type === 'invariant.violated' || event.type === 'fault.started')
    return (
      <span className={event.type === 'fault.started' ? 'fault' : 'broken'}>
        <Whole text={sentence} />
      </span>
    );
  const parts = sentence.split(names.pattern);
  return <>{parts.map((part, i): ReactNode => (i % 2 ? named(part, i, names) : part))}</>;
});
