// A fault in words, as buttons, menus, the inspector and a shared link say it.
import { parseFault, type Fault, type FaultKind, type FaultTarget } from '../../simulations/faults/grammar.ts';
import { formatExact, formatExactKo } from '../app/format.ts';
import type { Language } from '../app/preferences.ts';
import { withTime } from './fault-time.ts';
import type { LabMessages } from './messages/en.ts';

/** What a fault is told with, each figure as its language writes it. */
export interface FaultFigures {
  /** How long it lasts; '' = to the end of the run. */
  readonly lasts: string;
  /** Delay added to each message; '' for other kinds. */
  readonly by: string;
  /** Share of transmissions lost. */
  readonly share: Fault['share'];
}

export interface FaultTeller {
  readonly words: LabMessages;
  readonly language: Language;
  /** Every name that a fault can strike, so that "everyone else" is said only of all others. */
  readonly processes: readonly string[];
}

/** `Cut broker-2 ↔ everyone else for 5 s`. */
export function tellFault(fault: Fault, { words, language, processes }: FaultTeller): string {
  const time = exactIn(language);
  const figures: FaultFigures = { lasts: fault.forUs === null ? '' : time(fault.forUs), by: fault.byUs > 0 ? time(fault.byUs) : '', share: fault.share };
  return words.breaks.names[fault.kind](tellTarget(fault.target, words, processes), figures);
}

/** The same with its time, `At 5 s: Kill broker-2`. */
export function tellFaultAt(fault: Fault, teller: FaultTeller): string {
  return teller.words.breaks.at(exactIn(teller.language)(fault.atUs), fault.kind, tellFault(fault, teller));
}

/** The same of a line; the line itself where it is no fault. */
export function tellFaultLine(line: string, teller: FaultTeller): string {
  const read = parseFault(line, null);
  return read.ok ? tellFaultAt(read.fault, teller) : line;
}

/** The icon of a line's kind. */
export function faultIcon(line: string): FaultKind {
  const read = parseFault(line, null);
  return read.ok ? read.fault.kind : 'kill';
}

/** What a break will do, from its line without a time. */
export function tellBreak(fault: string, teller: FaultTeller): string {
  const read = parseFault(withTime(fault, 0), null);
  return read.ok ? tellFault(read.fault, teller) : fault;
}

export function tellTarget(target: FaultTarget, words: LabMessages, processes: readonly string[]): string {
  if (target.kind === 'process') return target.name;
  const { from, to, both } = target;
  const side = (names: readonly string[], others: readonly string[]) => (others.length === 1 && names.length > 1 && names.length + 1 >= processes.length ? words.breaks.everyone : names.join(', '));
  return `${side(from, to)} ${both ? '↔' : '→'} ${side(to, from)}`;
}

function exactIn(language: Language): (us: number) => string {
  return language === 'ko' ? formatExactKo : formatExact;
}
