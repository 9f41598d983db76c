// The single keys of stage and transport bar. They act only while the focus is inside one of the two, and can be turned off.
import type { KeyboardEvent } from 'react';
import { showKeys } from '../app/keys-dialog.tsx';
import { parseFault, printFault, type Fault } from '../../simulations/faults/grammar.ts';
import { ancestors } from '../readmodels/causes.ts';
import { whatHappened } from './inspector/about.ts';
import { SPEEDS, type Session } from './session.ts';

export interface KeyOptions {
  /** Whether single keys are on. */
  readonly enabled: boolean;
  /** Opens the break menu for the selected thing; absent where nothing can be broken. */
  readonly breakMenu?: (() => void) | undefined;
  /** Left and right jump a second; in the transport bar. */
  readonly jump?: boolean;
}

/** Step by which `[` and `]` move a fault, microseconds. */
const FAULT_STEP_US = 100_000;

export function useKeys(session: Session, { enabled, breakMenu, jump }: KeyOptions): (e: KeyboardEvent) => void {
  return (e) => {
    if (!enabled || e.ctrlKey || e.metaKey || e.altKey || e.nativeEvent.isComposing || inField(e.target)) return;
    const act = actionOf(e.key, session, breakMenu, jump ?? false, e.shiftKey, e.target);
    if (!act) return;
    e.preventDefault();
    e.stopPropagation();
    act();
  };
}

function actionOf(key: string, session: Session, breakMenu: (() => void) | undefined, jump: boolean, shift: boolean, target: EventTarget): (() => void) | null {
  switch (key) {
    case ' ':
      // Space on a button presses the button.
      return target instanceof HTMLButtonElement || target instanceof HTMLSelectElement ? null : () => session.toggle();
    case '.':
      return () => session.step(1);
    case ',':
      return () => session.step(-1);
    case 'n':
      return () => session.stepInteresting(1);
    case 'p':
      return () => session.stepInteresting(-1);
    case '-':
      return () => changeSpeed(session, -1);
    case '=':
    case '+':
      return () => changeSpeed(session, 1);
    case 'b':
      return () => session.back();
    case 'k':
      return breakMenu ?? null;
    case 'g':
      return () => goToCause(session);
    case '?':
      return () => showKeys();
    case 'ArrowLeft':
      return jump ? () => session.seek(session.state().timeUs - 1_000_000) : null;
    case 'ArrowRight':
      return jump ? () => session.seek(session.state().timeUs + 1_000_000) : null;
    case '[':
    case '{':
      return () => shiftFault(session, -FAULT_STEP_US, shift);
    case ']':
    case '}':
      return () => shiftFault(session, FAULT_STEP_US, shift);
    default:
      return null;
  }
}

export function changeSpeed(session: Session, by: 1 | -1): void {
  const now = session.state().speed;
  const at = SPEEDS.findIndex((s) => s >= now);
  session.setSpeed(SPEEDS[Math.max(0, Math.min(SPEEDS.length - 1, (at < 0 ? SPEEDS.length - 1 : at) + by))]!);
}

/** To just after the first cause of what last happened to the selected thing. */
export function goToCause(session: Session): void {
  const state = session.state();
  const seq = whatHappened(state);
  if (seq < 0) return;
  const chain = ancestors(state.trace, seq);
  session.seekPosition(chain.at(-1)! + 1);
}

/** Moves a fault of the schedule, or its end, and makes the universe anew. */
export function shiftFault(session: Session, byUs: number, end: boolean): void {
  const { selection, universe } = session.state();
  if (selection?.kind !== 'fault' || !universe) return;
  const read = parseFault(universe.faults[selection.index] ?? '', null);
  if (!read.ok) return;
  session.reschedule(universe.faults.map((line, i) => (i === selection.index ? printFault(shifted(read.fault, byUs, end, universe.scenario.horizonMs * 1000)) : line)));
}

export function shifted(fault: Fault, byUs: number, end: boolean, horizonUs: number): Fault {
  if (!end) return { ...fault, atUs: Math.max(0, Math.min(horizonUs, Math.round(fault.atUs + byUs))) };
  if (fault.kind === 'restart') return fault;
  const now = fault.forUs ?? horizonUs - fault.atUs;
  return { ...fault, forUs: Math.max(1000, Math.min(horizonUs - fault.atUs, Math.round(now + byUs))) };
}

function inField(target: EventTarget): boolean {
  return target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement || (target instanceof HTMLElement && target.isContentEditable);
}
