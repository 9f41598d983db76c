// What the processes of one run share: the learner's files, ready to be run by each process for itself, and who is running now.
import type { Natives } from './natives.ts';
import { GLOBAL_NAMES, MODULE_NAMES } from './globals.ts';
import { addProbes } from './probes.ts';
import type { GuestProcess } from './process.ts';
import { isAbsent } from './realm/absent.ts';
import { readSourceMap, sourcePlace } from './sourceMap.ts';
import { SOURCE_PREFIX, type MappedFile } from './stack.ts';

/** A learner file as a function over what it is given by name. */
export type Loaded = (given: Readonly<Record<string, unknown>>) => void;

interface BufferConstructor {
  from(bytes: Uint8Array | string): Uint8Array;
  concat(list: readonly Uint8Array[]): Uint8Array;
}

/** A name that no learner chooses. */
const PROBE = '__millraceAt';
const LOOK_EVERY = 4096;

/** Where learner code was last seen. */
export interface Whereabouts {
  readonly process: string;
  readonly file: string;
  /** From 1; -1 before any learner code ran. */
  readonly line: number;
}

export interface HostOptions {
  readonly natives: Natives;
  readonly Buffer: unknown;
  /** Emitted JavaScript and its source maps, by the name of the source: `producer.ts`. */
  readonly js: Readonly<Record<string, string>>;
  readonly maps: Readonly<Record<string, string>>;
  /** Called now and then from inside learner code that has run for long. */
  readonly onLong: (at: Whereabouts) => void;
}

export class GuestHost {
  readonly natives: Natives;
  readonly Buffer: BufferConstructor;
  /** Names of the emitted files: `producer.js`. */
  readonly files: readonly string[];
  readonly mapped = new Map<string, MappedFile>();
  private readonly js: Readonly<Record<string, string>>;
  private readonly maps: Readonly<Record<string, string>>;
  private readonly loaded = new Map<string, Loaded>();
  private readonly onLong: (at: Whereabouts) => void;
  private current: GuestProcess | null = null;
  private enteredAtMs = 0;
  private saidAtMs = 0;
  private lastFile = '';
  private lastLine = -1;
  private passes = 0;

  constructor(options: HostOptions) {
    this.natives = options.natives;
    this.Buffer = options.Buffer as BufferConstructor;
    this.js = options.js;
    this.maps = options.maps;
    this.onLong = options.onLong;
    this.files = Object.keys(options.js).map((name) => name.replace(/\.ts$/, '.js'));
    options.natives.onRejection((reason) => this.current?.rejected(reason));
  }

  /** A process is about to run. */
  entered(process: GuestProcess): void {
    this.current = process;
    this.enteredAtMs = this.natives.now();
  }

  get whereabouts(): Whereabouts {
    const file = this.mapped.get(this.lastFile);
    return { process: this.current?.process.name ?? '', file: this.lastFile, line: (file && sourcePlace(file.map, this.lastLine, 1)?.line) ?? this.lastLine };
  }

  /** Evaluates a file's text once; each process then runs it for itself. @param name e.g. `producer.js`. */
  load(name: string): Loaded {
    let loaded = this.loaded.get(name);
    if (!loaded) this.loaded.set(name, (loaded = this.evaluate(name.replace(/\.js$/, '.ts'))));
    return loaded;
  }

  private evaluate(source: string): Loaded {
    const emitted = this.js[source] ?? '';
    const names = [...MODULE_NAMES, ...GLOBAL_NAMES, PROBE];
    const head = `(function (${names.join(', ')}) {`;
    const wrap = (code: string) => `${head}${code}\n})\n//# sourceURL=${SOURCE_PREFIX}${source}`;
    const code = emitted.replace(/\n\/\/# sourceMappingURL=.*\s*$/, '\n');
    const map = readSourceMap(this.maps[source] ?? '');
    let probed = addProbes(code, PROBE, isAbsent);
    let run: (...args: unknown[]) => void;
    try {
      run = this.natives.evaluate(wrap(probed.code)) as typeof run;
    } catch (error) {
      if (!(error instanceof SyntaxError) || probed.code === code) throw error;
      probed = { code, shifts: new Map() };
      run = this.natives.evaluate(wrap(code)) as typeof run;
    }
    this.mapped.set(source, { map, shifts: probed.shifts, firstLineColumns: head.length });
    const probe = (line: number): void => {
      this.lastFile = source;
      this.lastLine = line;
      if (++this.passes % LOOK_EVERY === 0) this.look();
    };
    return (given) => run(...names.map((n) => (n === PROBE ? probe : given[n])));
  }

  /** Tells where a long-running piece of learner code is, at most twice a second. */
  private look(): void {
    const now = this.natives.now();
    if (now - this.enteredAtMs < 200 || now - this.saidAtMs < 500) return;
    this.saidAtMs = now;
    this.onLong(this.whereabouts);
  }
}
