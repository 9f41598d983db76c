// The windows and arrivals of one trace, folded once for all who look at them: lanes, inspector, what is read aloud.
import type { Scenario } from '../../../simulations/contract/scenario.ts';
import type { TraceStore } from '../../../simulations/kernel/traceStore.ts';
import { createArrivals, type ArrivalsOf } from '../../readmodels/arrivals.ts';
import { createPassages, type Passages } from '../../readmodels/passage.ts';
import { createTimeline, type Timeline } from '../../readmodels/timeline.ts';
import { windowsModel, type WindowsState } from '../../readmodels/windows.ts';
import { planOf, type PlannedOperator } from './plan.ts';

export interface EventTimes {
  readonly arrivals: ArrivalsOf;
  readonly windows: Timeline<WindowsState>;
  readonly passages: Passages;
}

const made = new WeakMap<TraceStore, EventTimes>();

export function eventTimesOf(trace: TraceStore, scenario: Scenario): EventTimes {
  let found = made.get(trace);
  if (!found) {
    const rule = (job: string, operator: string) => operatorOf(scenario, job, operator)?.windows ?? null;
    made.set(trace, (found = { arrivals: createArrivals(trace), windows: createTimeline(trace, windowsModel(remembered(rule))), passages: createPassages(trace) }));
  }
  return found;
}

export function operatorOf(scenario: Scenario, job: string, operator: string): PlannedOperator | null {
  const spec = scenario.streams?.jobs.find((j) => j.name === job);
  const plan = spec ? planOf(spec) : null;
  return plan?.tasks.flatMap((t) => t.operators).find((o) => o.name === operator) ?? null;
}

/** Asked at every record of a run. */
function remembered<T>(of: (job: string, operator: string) => T): (job: string, operator: string) => T {
  const jobs = new Map<string, Map<string, T>>();
  return (job, operator) => {
    let operators = jobs.get(job);
    if (!operators) jobs.set(job, (operators = new Map()));
    let value = operators.get(operator);
    if (value === undefined) operators.set(operator, (value = of(job, operator)));
    return value;
  };
}
