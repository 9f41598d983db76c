// The console of one process: each call is an event of the trace.
import { format, inspect } from './inspect.ts';

export type Level = 'log' | 'info' | 'warn' | 'error' | 'debug';

/** Takes what was written. `args` are as given, for the hash. */
export type Write = (level: Level, args: readonly unknown[], text: string) => void;

export function makeConsole(write: Write, nowMs: () => number): object {
  let indent = '';
  const counts = new Map<string, number>();
  const times = new Map<string, number>();
  const say =
    (level: Level) =>
    (...args: unknown[]): void =>
      write(level, args, indent + format(args).replaceAll('\n', `\n${indent}`));
  const log = say('log');
  const warn = say('warn');
  const since = (label: string) => `${label}: ${Number((nowMs() - times.get(label)!).toFixed(3))}ms`;
  return {
    log,
    info: say('info'),
    warn,
    error: say('error'),
    debug: say('debug'),
    trace: (...args: unknown[]) => say('error')('Trace:', ...args),
    dir: (value: unknown) => log(inspect(value)),
    table: (value: unknown) => log(value),
    assert: (condition: unknown, ...args: unknown[]) => {
      if (!condition) say('error')('Assertion failed:', ...args);
    },
    group: (...args: unknown[]) => {
      if (args.length) log(...args);
      indent += '  ';
    },
    groupCollapsed: (...args: unknown[]) => {
      if (args.length) log(...args);
      indent += '  ';
    },
    groupEnd: () => {
      indent = indent.slice(2);
    },
    count: (label = 'default') => {
      const n = (counts.get(String(label)) ?? 0) + 1;
      counts.set(String(label), n);
      log(`${label}: ${n}`);
    },
    countReset: (label = 'default') => {
      counts.delete(String(label));
    },
    time: (label = 'default') => {
      times.set(String(label), nowMs());
    },
    timeLog: (label = 'default', ...args: unknown[]) => {
      if (times.has(String(label))) log(since(String(label)), ...args);
    },
    timeEnd: (label = 'default') => {
      if (!times.has(String(label))) return;
      log(since(String(label)));
      times.delete(String(label));
    },
    clear: () => {},
  };
}
