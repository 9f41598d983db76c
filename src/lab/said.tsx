// A sentence of the run's log, with the names of processes set apart: the learner's own in violet, a fault and a violation in their colours.
import { memo, type ReactNode } from 'react';
import type { TraceEvent } from '../../simulations/contract/events.ts';
import type { Scenario } from '../../simulations/contract/scenario.ts';
import { say, type EngineText } from '../../simulations/text/contract.ts';
import { processesOf } from './breaks.ts';

/** Names of a scenario's processes and how they are marked. */
export interface Names {
  readonly pattern: RegExp;
  readonly own: ReadonlySet<string>;
}

export function namesOf(scenario: Scenario): Names {
  const names = processesOf(scenario).filter((n) => n !== 'controller').sort((a, b) => b.length - a.length);
  return {
    pattern: new RegExp(`(?<![\\w-])(${names.map((n) => n.replace(/[-]/g, '\\-')).join('|')})(?![\\w]|-\\d)`, 'g'),
    own: new Set(scenario.processes.filter((p) => p.role === 'guest').map((p) => p.name)),
  };
}

export interface SaidProps {
  readonly event: TraceEvent;
  readonly text: EngineText;
  readonly names: Names;
}

export const Said = memo(function Said({ event, text, names }: SaidProps) {
  const sentence = say(text, event);
  if (event.type === 'invariant.violated') return <span className="broken">{sentence}</span>;
  if (event.type === 'fault.started') return <span className="fault">{sentence}</span>;
  const parts = sentence.split(names.pattern);
  return <>{parts.map((part, i): ReactNode => (i % 2 ? <b key={i} className={names.own.has(part) ? 'violet' : undefined}>{part}</b> : part))}</>;
});
