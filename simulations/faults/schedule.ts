// Turns faults into what the kernel merges by time: what strikes and what heals, before anything else of that microsecond.
import type { Kernel, Process, ScheduledAction } from '../kernel/kernel.ts';
import type { NetworkFault } from '../kernel/networkFaults.ts';
import { printFault, type Fault } from './grammar.ts';

interface Action extends ScheduledAction {
  /** Among those of one time: the healing of a fault before the strike of the next. */
  readonly order: number;
}

export function scheduleFaults(kernel: Kernel, faults: readonly Fault[]): void {
  const actions = faults.flatMap((fault, index) => actionsOf(kernel, fault, index));
  actions.sort((a, b) => a.timeUs - b.timeUs || a.order - b.order);
  kernel.setSchedule(actions);
}

/** Adds a fault to a run that goes on. @param index its number; it must strike now or later. */
export function injectFault(kernel: Kernel, fault: Fault, index: number): void {
  for (const action of actionsOf(kernel, fault, index)) kernel.addToSchedule(action);
}

function actionsOf(kernel: Kernel, fault: Fault, index: number): Action[] {
  const line = printFault(fault);
  const fired: Fired = { effect: false, seq: -1, incarnation: 0, network: null };
  const actions: Action[] = [{ timeUs: fault.atUs, order: index * 2 + 1, apply: () => strike(kernel, fault, index, line, fired) }];
  const endUs = fault.kind === 'restart' ? fault.atUs + (fault.forUs ?? 0) : fault.forUs === null ? null : fault.atUs + fault.forUs;
  if (endUs !== null && endUs > fault.atUs) actions.push({ timeUs: endUs, order: index * 2, apply: () => heal(kernel, fault, index, line, fired) });
  return actions;
}

interface Fired {
  effect: boolean;
  seq: number;
  /** Of the process, when it struck. */
  incarnation: number;
  network: NetworkFault | null;
}

function strike(kernel: Kernel, fault: Fault, index: number, line: string, fired: Fired): void {
  const { trace } = kernel;
  const started = (effect: boolean) => {
    fired.effect = effect;
    fired.seq = kernel.cause = trace.emit('fault.started', subjectOf(kernel, fault), -1, index, trace.sym(fault.kind), trace.sym(line), effect);
  };
  if (fault.target.kind === 'process') {
    const process = kernel.processNamed(fault.target.name)!;
    const running = process.state === 'running';
    fired.incarnation = process.incarnation;
    if (fault.kind === 'pause') {
      started(running);
      if (running) kernel.pause(process);
      return;
    }
    if (fault.kind === 'shutdown') {
      // Brokers and native consumers know how to end by themselves.
      started(running && process.behavior?.shutDown !== undefined);
      kernel.shutDown(process);
      return;
    }
    if (fault.kind === 'powerloss') {
      started(process.state !== 'unstarted');
      kernel.powerOff(process, index);
      return;
    }
    const ends = running || process.state === 'paused';
    // A process that has ended by itself or by an earlier kill can still be restarted.
    started(ends || (fault.kind === 'restart' && process.state === 'ended'));
    if (ends) kernel.kill(process, 'fault');
    if (fault.kind === 'restart' && (fault.forUs ?? 0) === 0) kernel.restart(process);
    return;
  }
  const { from, to, both } = fault.target;
  const covers = (a: Process, b: Process) => (from.includes(a.name) && to.includes(b.name)) || (both && to.includes(a.name) && from.includes(b.name));
  started(true);
  fired.network = { index, kind: fault.kind as 'cut' | 'delay' | 'loss', covers, byUs: fault.byUs, numerator: fault.share.numerator, denominator: fault.share.denominator, touched: 0 };
  kernel.network.faults.add(fired.network);
}

function heal(kernel: Kernel, fault: Fault, index: number, line: string, fired: Fired): void {
  const { trace } = kernel;
  kernel.cause = trace.emit('fault.ended', subjectOf(kernel, fault), fired.seq, index, trace.sym(fault.kind), trace.sym(line), fired.network ? fired.network.touched : fired.effect ? 1 : 0);
  if (fired.network) {
    kernel.network.faults.remove(fired.network);
    return;
  }
  if (!fired.effect || fault.target.kind !== 'process') return;
  const process = kernel.processNamed(fault.target.name)!;
  if (fault.kind === 'pause') {
    kernel.resume(process);
    return;
  }
  // What is still about to end in order when it should run again is cut short.
  if (fault.kind === 'shutdown' && process.incarnation === fired.incarnation) kernel.kill(process, 'fault');
  kernel.restart(process);
}

function subjectOf(kernel: Kernel, fault: Fault) {
  return kernel.trace.sym(fault.target.kind === 'process' ? fault.target.name : '');
}
