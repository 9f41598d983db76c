// The one grammar of faults, for command line, palette, links and files:
//   <kind> <target> [<name>=<value>]... at <time> [for <duration>]
import { nearest } from '../contract/schema.ts';

export const FAULT_KINDS = ['kill', 'restart', 'pause', 'cut', 'delay', 'loss', 'shutdown', 'powerloss'] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

export type FaultTarget =
  | { readonly kind: 'process'; readonly name: string }
  /** One way (`->`) or both (`<->`), between sets of processes. */
  | { readonly kind: 'link'; readonly from: readonly string[]; readonly to: readonly string[]; readonly both: boolean };

export interface Fault {
  readonly kind: FaultKind;
  readonly target: FaultTarget;
  /** Microseconds from the start of the run. */
  readonly atUs: number;
  /** Microseconds; null = to the end of the run (for restart: the program starts again at once). */
  readonly forUs: number | null;
  /** Added delay of each message, microseconds; delay only. */
  readonly byUs: number;
  /** Share of transmissions lost; loss only. */
  readonly share: { readonly numerator: number; readonly denominator: number };
}

/** What is wrong with a line. `code` names the sentence; `part` is the piece it speaks of. */
export interface FaultError {
  readonly code:
    | 'empty'
    | 'unknownKind'
    | 'target'
    | 'needsProcess'
    | 'needsLink'
    | 'needsBroker'
    | 'unknownProcess'
    | 'time'
    | 'noAt'
    | 'option'
    | 'lateOption'
    | 'needsBy'
    | 'share'
    | 'trailing'
    | 'range';
  readonly part: string;
  /** Something that would be right, or names that are near. */
  readonly hint: string;
}

export type ParsedFault = { readonly ok: true; readonly fault: Fault } | { readonly ok: false; readonly error: FaultError };

const UNITS: Readonly<Record<string, number>> = { us: 1, ms: 1_000, s: 1_000_000, m: 60_000_000 };
const MAX_US = 600_000_000;
const NAME = /^[a-z][a-z0-9-]{0,39}$/;

/**
 * Reads a line.
 * @param processes names that exist; null = any name that could.
 * @param latestUs the last time at which it may strike, microseconds: ten minutes, but for a run without an end.
 */
export function parseFault(line: string, processes: readonly string[] | null, latestUs = MAX_US): ParsedFault {
  const fail = (code: FaultError['code'], part: string, hint: string): ParsedFault => ({ ok: false, error: { code, part, hint } });
  const words = line.trim().split(/\s+/);
  if (words[0] === '' || line.length > 300) return fail('empty', line.slice(0, 40), 'kill broker-2 at 12s for 8s');
  const kind = words[0] as FaultKind;
  if (!FAULT_KINDS.includes(kind)) return fail('unknownKind', words[0]!.slice(0, 40), nearest(words[0]!, FAULT_KINDS).join(', '));
  const targetText = words[1] ?? '';
  const target = parseTarget(targetText);
  const wantsProcess = kind === 'kill' || kind === 'restart' || kind === 'pause' || kind === 'shutdown' || kind === 'powerloss';
  if (!target) return fail('target', targetText.slice(0, 80), wantsProcess ? 'broker-2' : 'broker-1<->broker-2');
  if (wantsProcess && target.kind !== 'process') return fail('needsProcess', targetText.slice(0, 80), 'broker-2');
  if (!wantsProcess && target.kind !== 'link') return fail('needsLink', targetText.slice(0, 80), 'broker-1<->broker-2');
  const named = target.kind === 'process' ? [target.name] : [...target.from, ...target.to];
  if (processes) for (const name of named) if (!processes.includes(name)) return fail('unknownProcess', name, nearest(name, processes).join(', '));
  if (kind === 'shutdown' && named[0] === 'controller') return fail('needsBroker', named[0]!, 'shutdown broker-2 at 12s for 8s');

  let i = 2;
  let byUs = 0;
  let share: Fault['share'] | null = null;
  for (; i < words.length && words[i]!.includes('='); i++) {
    const [name, value] = split(words[i]!, '=');
    if (name === 'by' && kind === 'delay') {
      const us = parseTime(value);
      if (us === null || us <= 0) return fail('time', value.slice(0, 40), '20ms');
      if (us > 60_000_000) return fail('range', words[i]!.slice(0, 40), 'by=1us … by=60s');
      byUs = us;
    } else if (name === 'share' && kind === 'loss') {
      const m = /^(\d{1,9})\/(\d{1,9})$/.exec(value);
      if (!m || Number(m[2]) < 1 || Number(m[1]) < 1 || Number(m[1]) > Number(m[2])) return fail('share', value.slice(0, 40), 'share=1/20');
      share = { numerator: Number(m[1]), denominator: Number(m[2]) };
    } else return fail('option', name.slice(0, 40), kind === 'delay' ? 'by=20ms' : kind === 'loss' ? 'share=1/20' : 'at 12s');
  }
  const missing = kind === 'delay' && byUs === 0 ? 'by=' : kind === 'loss' && !share ? 'share=' : null;
  const late = missing === null ? undefined : words.slice(i).find((w) => w.startsWith(missing));
  if (late) return fail('lateOption', late.slice(0, 40), `${late.slice(0, 40)} at 12s`);
  if (kind === 'delay' && byUs === 0) return fail('needsBy', kind, 'by=20ms');
  if (kind === 'loss' && !share) return fail('share', kind, 'share=1/20');
  if (words[i] !== 'at') return fail('noAt', (words[i] ?? '').slice(0, 40), 'at 12s');
  const atUs = parseTime(words[i + 1] ?? '');
  if (atUs === null) return fail('time', (words[i + 1] ?? '').slice(0, 40), '12s');
  if (atUs > latestUs) return fail('range', words[i + 1]!, 'at 0s … at 10m');
  i += 2;
  let forUs: number | null = null;
  if (words[i] === 'for') {
    forUs = parseTime(words[i + 1] ?? '');
    if (forUs === null || forUs <= 0) return fail('time', (words[i + 1] ?? '').slice(0, 40), '8s');
    if (forUs > MAX_US) return fail('range', words[i + 1]!, 'for 1us … for 10m');
    i += 2;
  }
  if (i < words.length) return fail('trailing', words.slice(i).join(' ').slice(0, 80), 'for 8s');
  return { ok: true, fault: { kind, target, atUs, forUs, byUs, share: share ?? { numerator: 0, denominator: 1 } } };
}

function parseTarget(text: string): FaultTarget | null {
  const both = text.includes('<->');
  const sides = both ? text.split('<->') : text.split('->');
  if (sides.length === 1) return NAME.test(text) ? { kind: 'process', name: text } : null;
  if (sides.length !== 2) return null;
  const from = parseSet(sides[0]!);
  const to = parseSet(sides[1]!);
  if (!from || !to || from.some((n) => to.includes(n))) return null;
  return { kind: 'link', from, to, both };
}

function parseSet(text: string): string[] | null {
  const names = text.startsWith('{') && text.endsWith('}') ? text.slice(1, -1).split(',') : [text];
  return names.every((n) => NAME.test(n)) && new Set(names).size === names.length ? names : null;
}

/** Microseconds of a whole number with us, ms, s or m; null for anything else. */
export function parseTime(text: string): number | null {
  const m = /^(\d{1,10})(us|ms|s|m)$/.exec(text);
  if (!m) return null;
  const us = Number(m[1]) * UNITS[m[2]!]!;
  return Number.isSafeInteger(us) ? us : null;
}

/** The shortest way to write a time without losing a microsecond. */
export function printTime(us: number): string {
  if (us !== 0 && us % UNITS['m']! === 0) return `${us / UNITS['m']!}m`;
  if (us % UNITS['s']! === 0) return `${us / UNITS['s']!}s`;
  if (us % UNITS['ms']! === 0) return `${us / UNITS['ms']!}ms`;
  return `${us}us`;
}

export function printTarget(target: FaultTarget): string {
  if (target.kind === 'process') return target.name;
  const set = (names: readonly string[]) => (names.length === 1 ? names[0]! : `{${names.join(',')}}`);
  return `${set(target.from)}${target.both ? '<->' : '->'}${set(target.to)}`;
}

/** The fault as its line; reading it again gives the same fault. */
export function printFault(f: Fault): string {
  const options = f.kind === 'delay' ? ` by=${printTime(f.byUs)}` : f.kind === 'loss' ? ` share=${f.share.numerator}/${f.share.denominator}` : '';
  return `${f.kind} ${printTarget(f.target)}${options} at ${printTime(f.atUs)}${f.forUs === null ? '' : ` for ${printTime(f.forUs)}`}`;
}

function split(text: string, at: string): [string, string] {
  const i = text.indexOf(at);
  return [text.slice(0, i), text.slice(i + 1)];
}
