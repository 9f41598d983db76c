// What faults do to the directions of connections: cuts, losses and delays while they are on, and hosts without power.
import type { Process } from './kernel.ts';

/** A fault of the network while it is on. */
export interface NetworkFault {
  readonly index: number;
  readonly kind: 'cut' | 'delay' | 'loss';
  /** Whether it strikes what goes from one process to another. */
  readonly covers: (from: Process, to: Process) => boolean;
  readonly byUs: number;
  readonly numerator: number;
  readonly denominator: number;
  /** Transmissions it has dropped or slowed. */
  touched: number;
}

/** What strikes a direction now, as it was last looked up; the number of a fault, or -1. */
export interface Struck {
  readonly from: Process;
  readonly to: Process;
  faultsVersion: number;
  cutBy: number;
  lossBy: number;
  lossNumerator: number;
  lossDenominator: number;
  delayBy: number;
  extraDelayUs: number;
}

export class NetworkFaults {
  /** Those that are on, in order of their numbers. */
  private readonly present: NetworkFault[] = [];
  /** Counts the changes. */
  private version = 0;
  /** Hosts without power, each with what keeps everything from them. */
  private readonly dark = new Map<Process, NetworkFault>();

  add(fault: NetworkFault): void {
    this.present.push(fault);
    this.present.sort((x, y) => x.index - y.index);
    this.version++;
  }

  remove(fault: NetworkFault): void {
    const at = this.present.indexOf(fault);
    if (at >= 0) this.present.splice(at, 1);
    this.version++;
  }

  /** A host goes dark: nothing leaves it and nothing reaches it, so that the others learn of it only by their own time-outs. */
  powerOff(process: Process, index: number): void {
    if (this.dark.has(process)) return;
    const fault: NetworkFault = { index, kind: 'cut', covers: (from, to) => from === process || to === process, byUs: 0, numerator: 0, denominator: 1, touched: 0 };
    this.dark.set(process, fault);
    this.add(fault);
  }

  powerOn(process: Process): void {
    const fault = this.dark.get(process);
    if (!fault) return;
    this.dark.delete(process);
    this.remove(fault);
  }

  /** A fault has dropped or slowed a transmission. */
  touch(fault: number): void {
    for (const f of this.present) if (f.index === fault) f.touched++;
  }

  /** Brings up to date what strikes a direction. */
  refresh(d: Struck): void {
    if (d.faultsVersion === this.version) return;
    d.faultsVersion = this.version;
    d.cutBy = -1;
    d.lossBy = -1;
    d.delayBy = -1;
    d.extraDelayUs = 0;
    for (const f of this.present) {
      if (!f.covers(d.from, d.to)) continue;
      if (f.kind === 'cut') {
        if (d.cutBy < 0) d.cutBy = f.index;
      } else if (f.kind === 'loss') {
        d.lossBy = f.index;
        d.lossNumerator = f.numerator;
        d.lossDenominator = f.denominator;
      } else {
        d.delayBy = f.index;
        d.extraDelayUs += f.byUs;
      }
    }
  }
}
