// Runs any universe: the simulation worker where it is all ours, the sandbox where learner code takes part.
import { learnerRunner } from '../editor/learner-runner.ts';
import { runNative } from '../workers/native-runner.ts';
import type { Runner } from './session.ts';

export const runAnything: Runner = (universe, sink) => (universe.scenario.learner.length > 0 ? learnerRunner(universe, sink) : runNative(universe, sink));
