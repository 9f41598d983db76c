// A partial match in words.
import type { PartialMatch } from '../../readmodels/matches.ts';
import type { StreamWords } from '../messages/streams.ts';

/** The states that it went through: `paused → bought`. What it only let pass is left out. */
export function pathOf(match: PartialMatch): string {
  const states = match.steps.filter((s) => s.action !== 'ignore').map((s) => s.state);
  const parts: { state: string; n: number }[] = [];
  for (const state of states) {
    const last = parts.at(-1);
    if (last?.state === state) last.n++;
    else parts.push({ state, n: 1 });
  }
  return parts.map(({ state, n }) => (n > 1 ? `${state} ×${n}` : state)).join(' → ') || match.state;
}

/** How it ended and why. */
export function endOf(match: PartialMatch, t: StreamWords['matchList']): string {
  if (match.end === 'matched') return match.stages ? `${t.matched}: ${match.stages.replaceAll(',', ', ')}` : t.matched;
  return match.end === 'open' ? t.waitsIn(match.state) : t.in(match.state, t.why[match.reason] ?? match.reason);
}
