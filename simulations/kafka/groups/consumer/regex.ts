// Regular expressions of topic subscriptions, matched in time linear in the name as RE2 does (Kafka uses RE2J): a walk over all states at once.
import { WORD, type Accepts } from './regexClasses.ts';
import { BadPattern, Parser, type Node } from './regexParser.ts';

export interface TopicPattern {
  /** Whether it matches the whole name. */
  matches(name: string): boolean;
}

/** A pattern has no more states than these. */
const MAX_STATES = 10_000;

/** @returns what is wrong with it where it cannot be read. */
export function parsePattern(source: string): { readonly ok: true; readonly pattern: TopicPattern } | { readonly ok: false; readonly message: string } {
  try {
    const program = compile(new Parser(source).whole());
    return { ok: true, pattern: { matches: (name) => run(program, name) } };
  } catch (error) {
    if (error instanceof BadPattern) return { ok: false, message: error.message };
    throw error;
  }
}

/** One state: takes a character, or passes on to others at once. */
type State =
  | { kind: 'char'; readonly accepts: Accepts; next: number }
  | { kind: 'split'; readonly next: number[] }
  | { kind: 'start' | 'end' | 'boundary' | 'inside'; next: number }
  | { kind: 'match' };

function compile(root: Node): readonly State[] {
  const states: State[] = [];
  const add = (state: State): number => {
    if (states.length >= MAX_STATES) throw new BadPattern('expression is too large');
    return states.push(state) - 1;
  };
  /** Builds from the end: `next` is where it goes on. */
  const build = (node: Node, next: number): number => {
    switch (node.kind) {
      case 'empty':
        return next;
      case 'char':
        return add({ kind: 'char', accepts: node.accepts, next });
      case 'start':
      case 'end':
      case 'boundary':
      case 'inside':
        return add({ kind: node.kind, next });
      case 'sequence':
        return node.parts.reduceRight((after, part) => build(part, after), next);
      case 'choice':
        return add({ kind: 'split', next: node.parts.map((part) => build(part, next)) });
      case 'repeat': {
        let entry = next;
        if (node.most === Number.POSITIVE_INFINITY) {
          const loop: State = { kind: 'split', next: [next] };
          entry = add(loop);
          loop.next.push(build(node.of, entry));
        } else for (let i = node.least; i < node.most; i++) entry = add({ kind: 'split', next: [build(node.of, entry), next] });
        for (let i = 0; i < node.least; i++) entry = build(node.of, entry);
        return entry;
      }
    }
  };
  const match = add({ kind: 'match' });
  const entry = build(root, match);
  // The entry stands last.
  add({ kind: 'split', next: [entry] });
  return states;
}

function run(states: readonly State[], text: string): boolean {
  const reach = (from: readonly number[], at: number): Set<number> => {
    const seen = new Set<number>();
    const open = [...from];
    while (open.length > 0) {
      const i = open.pop()!;
      if (seen.has(i)) continue;
      seen.add(i);
      const state = states[i]!;
      if (state.kind === 'split') open.push(...state.next);
      else if (state.kind !== 'char' && state.kind !== 'match' && holds(state.kind, text, at)) open.push(state.next);
    }
    return seen;
  };
  let now = reach([states.length - 1], 0);
  for (let at = 0; at < text.length; at++) {
    const next: number[] = [];
    const code = text.charCodeAt(at);
    for (const i of now) {
      const state = states[i]!;
      if (state.kind === 'char' && state.accepts(code)) next.push(state.next);
    }
    now = reach(next, at + 1);
    if (now.size === 0) return false;
  }
  return [...now].some((i) => states[i]!.kind === 'match');
}

/** Whether what takes no character holds at a place. */
function holds(kind: 'start' | 'end' | 'boundary' | 'inside', text: string, at: number): boolean {
  switch (kind) {
    case 'start':
      return at === 0;
    case 'end':
      return at === text.length;
    default: {
      const boundary = (at > 0 && WORD(text.charCodeAt(at - 1))) !== (at < text.length && WORD(text.charCodeAt(at)));
      return boundary === (kind === 'boundary');
    }
  }
}
