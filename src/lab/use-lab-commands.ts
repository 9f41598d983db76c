// The lab in the command palette: every fault for every process, and any line of the fault grammar as it is typed.
import { useCallback } from 'react';
import { FAULT_KINDS, parseFault } from '../../simulations/faults/grammar.ts';
import { useCommands, type Command } from '../app/commands.ts';
import { useLanguage } from '../app/preferences.ts';
import { breaksOf, hostOf, processesOf, targetsOf } from './breaks.ts';
import { exactTime, faultTimeUs } from './fault-time.ts';
import { tellBreak } from './fault-words.ts';
import { sameSchedule } from './kept-universe.ts';
import { useEngineText, useLabMessages } from './messages/use-lab-messages.ts';
import type { Session } from './session.ts';

/** @param original the schedule to which there is a way back. */
export function useLabCommands(session: Session, newSeed: () => void, original: readonly string[]): void {
  const words = useLabMessages();
  const engine = useEngineText();
  const language = useLanguage();
  const source = useCallback(
    (typed: string): Command[] => {
      const { universe, views, position, selection, trace, timeUs, hasPrevious } = session.state();
      if (!universe) return [];
      const { scenario } = universe;
      const out: Command[] = [];
      const line = typed.trim();
      if (FAULT_KINDS.some((kind) => line.startsWith(`${kind} `))) {
        const atUs = faultTimeUs(trace, position, timeUs);
        const full = / at \d/.test(line) ? line : line.replace(/( for \S+)?$/, (rest) => ` at ${exactTime(atUs)}${rest}`);
        const read = parseFault(full, processesOf(scenario));
        if (read.ok) out.push({ id: 'typed:fault', title: words.breaks.command(full), icon: read.fault.kind, run: () => session.reschedule([...session.state().universe!.faults, full]) });
        else out.push({ id: 'typed:error', title: engine.faultErrors[read.error.code](read.error), icon: 'warn', complaint: true, run: () => undefined });
      }
      const cluster = views.cluster.at(position);
      const near = selection ? breaksOf(hostOf(selection, views.streams.at(position)), scenario, cluster) : [];
      const teller = { words, language, processes: processesOf(scenario) };
      const all = [...near, ...FAULT_KINDS.flatMap((kind) => targetsOf(kind, scenario, cluster)).filter((b) => !near.some((n) => n.fault === b.fault))];
      for (const b of all) out.push({ id: `break:${b.fault}`, title: tellBreak(b.fault, teller), icon: b.kind, hint: b.fault.replace(/\{[^}]*\}/, '{…}'), run: () => session.inject(b.fault) });
      const t = words.transport;
      out.push({ id: 'play', title: session.state().playing ? t.pause : t.play, icon: session.state().playing ? 'pause' : 'play', run: () => session.toggle() });
      out.push({ id: 'next-stop', title: t.nextStop, icon: 'nextStop', hint: 'n', run: () => session.stepInteresting(1) });
      out.push({ id: 'previous-stop', title: t.previousStop, icon: 'previousStop', hint: 'p', run: () => session.stepInteresting(-1) });
      if (hasPrevious) out.push({ id: 'back', title: t.previousFuture, icon: 'back', hint: 'b', run: () => session.back() });
      if (!sameSchedule(universe.faults, original)) out.push({ id: 'original', title: words.lab.toOriginalNote, icon: 'back', run: () => session.reschedule(original) });
      out.push({ id: 'seed', title: words.lab.newSeed, run: newSeed });
      return out;
    },
    [session, words, engine, language, newSeed, original],
  );
  useCommands(source);
}
