// A partial match in words.
import { stageOf } from '../../../simulations/streams/cep/graph.ts';
import type { PartialMatch } from '../../readmodels/matches.ts';
import type { StreamWords } from '../messages/streams.ts';

/** Flink's name of the state behind the last stage: complete, and held back only by matches that come first. */
const END = '$endState$';

/** The stages that it waited at: `paused → bought`. What it only let pass is left out; of a loop, the states within it are one stage. */
export function pathOf(match: PartialMatch): string {
  const stages = match.steps.filter((s) => s.action !== 'ignore' && s.state !== END).map((s) => stageOf(s.state));
  return stages.filter((stage, i) => stage !== stages[i - 1]).join(' → ') || (match.state === END ? '' : stageOf(match.state)) || taken(match.stages).join(' → ');
}

/** Where it comes from: the checkpoint that brought it back, whom it branched off from. */
export function noteOf(match: PartialMatch, t: StreamWords['matchList']): string {
  return [match.parent >= 0 ? t.from(match.parent) : '', match.restoredFrom >= 0 ? t.restored(match.restoredFrom) : ''].filter(Boolean).join(', ');
}

/** How it ended and why. */
export function endOf(match: PartialMatch, t: StreamWords['matchList']): string {
  if (match.end === 'matched') return match.stages ? `${t.matched}: ${taken(match.stages).join(', ')}` : t.matched;
  const state = match.state === END ? t.complete : stageOf(match.state);
  if (match.end === 'undone') return match.stages ? `${t.matched}: ${taken(match.stages).join(', ')}; ${t.undone}` : t.in(state, t.undone);
  if (match.end === 'open') return match.state === END ? t.complete : t.waitsIn(state);
  const why = t.why[match.reason] ?? match.reason;
  return state === '' ? why : t.in(state, why);
}

/** `trial=1,paywall=2` → `trial`, `paywall ×2` */
function taken(stages: string): string[] {
  return stages.split(',').map((stage) => stage.replace(/=1$/, '').replace('=', ' ×'));
}
