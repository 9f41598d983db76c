// What the command palette can do: each part of the page adds its own commands while it is shown.
import { useEffect, useSyncExternalStore } from 'react';
import type { IconName } from './icons.tsx';

export interface Command {
  readonly id: string;
  readonly title: string;
  readonly icon?: IconName;
  /** A key that does the same, or what the command applies to. */
  readonly hint?: string;
  /** Only says what is wrong with what is typed: it stands behind everything that can be run. */
  readonly complaint?: boolean;
  run(): void;
}

/** Commands made from what is typed, e.g. a line of the fault grammar. */
export type CommandSource = (typed: string) => readonly Command[];

const sources = new Set<CommandSource>();
const listeners = new Set<() => void>();
let open = false;

export function usePaletteOpen(): boolean {
  return useSyncExternalStore(subscribe, () => open);
}

export function setPaletteOpen(next: boolean): void {
  open = next;
  for (const listener of listeners) listener();
}

/** Adds commands while the calling component is mounted. */
export function useCommands(source: CommandSource): void {
  useEffect(() => {
    sources.add(source);
    return () => {
      sources.delete(source);
    };
  }, [source]);
}

/** Commands whose title and hint hold every word typed, so that a fault is found by its line in any language, those of the page first, complaints last. */
export function findCommands(typed: string): readonly Command[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const out: Command[] = [];
  for (const source of Array.from(sources).reverse()) {
    for (const command of source(typed)) {
      const name = `${command.title} ${command.hint ?? ''}`.toLowerCase();
      if (command.id.startsWith('typed:') || words.every((word) => name.includes(word))) out.push(command);
    }
  }
  return [...out.filter((c) => !c.complaint), ...out.filter((c) => c.complaint)];
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
