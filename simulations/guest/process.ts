// One entry file of the learner as a process: module instances, timers, sockets, chance and console of its own. Nothing of it runs on once
// it has ended: timers and deliveries are dropped and pending promises never settle, as after kill -9.
import type { Behavior, Kernel, Process } from '../kernel/kernel.ts';
import type { Conn, Message } from '../kernel/network.ts';
import { Chance, makeCrypto, makeMath } from './node/random.ts';
import { makeConsole, type Level } from './node/console.ts';
import { Disk } from './node/disk.ts';
import { codeOf, inspect, plainArguments, TEXT_LIMIT } from './node/inspect.ts';
import { compression, nodeModules, type NodeWorld } from './node/modules.ts';
import { Exit, makeProcess, type GuestNodeProcess } from './node/process.ts';
import { GUEST_TIMER, Timers } from './node/timers.ts';
import { makeGlobals } from './globals.ts';
import type { GuestHost } from './host.ts';
import { makeKafkajs } from './kafkajs.ts';
import { Modules } from './modules.ts';
import { NotInSimulation, whyAbsent } from './realm/absent.ts';
import { explainFrozen } from './realm/freeze.ts';
import { Sockets } from './sockets.ts';
import { Submissions } from './streams.ts';
import { firstPlace, mappedStack, mappedText, type Place } from './stack.ts';

/** Console events of one process at most; what is beyond is not kept, and the last one says so. */
const CONSOLE_LIMIT = 50_000;

export class GuestProcess implements Behavior {
  readonly process: Process;
  private readonly kernel: Kernel;
  private readonly host: GuestHost;
  private readonly entry: string;
  private readonly timers: Timers;
  private readonly sockets: Sockets;
  private readonly nodeProcess: GuestNodeProcess;
  private readonly modules: Modules;
  private readonly submissions: Submissions;
  /** Where learner code called the library for what then failed. */
  private readonly calls = new WeakMap<object, Error>();
  private dead = false;
  private written = 0;

  /** @param entry the learner's file, e.g. `producer.ts`. */
  constructor(host: GuestHost, kernel: Kernel, process: Process, entry: string) {
    this.host = host;
    this.kernel = kernel;
    this.process = process;
    this.entry = entry;
    this.timers = new Timers(kernel, process, (callback, args) => this.enter(() => callback(...args)));
    this.sockets = new Sockets({ kernel, process, compression, toBuffer: (bytes) => host.Buffer.from(bytes), enter: (job) => this.enter(job) });
    const learner = new Chance(kernel.draws(process, `learner/${process.incarnation}`));
    const client = new Chance(kernel.draws(process, `client/${process.incarnation}`));
    this.nodeProcess = makeProcess({
      name: process.name,
      entry,
      incarnation: process.incarnation,
      nowUs: () => kernel.nowUs,
      exit: (code) => this.exit(code),
      later: (job) => this.later(job),
      write: (level, text) => this.write(level, [text], text),
    });
    const nowMs = () => kernel.nowUs / 1000;
    const console = makeConsole((level, args, text) => this.write(level, args, text), nowMs);
    const disk = new Disk((process.disk ??= new Map<string, Uint8Array>()) as Map<string, Uint8Array>);
    const surroundings = (chance: Chance) => {
      const world: NodeWorld = {
        Buffer: host.Buffer,
        chance,
        crypto: makeCrypto(chance, why),
        disk,
        why,
        setTimeout: (callback, ms) => this.timers.set(callback, ms, [], false),
        setImmediate: (callback) => this.timers.setImmediate(callback, []),
      };
      const globals = makeGlobals({ world, math: makeMath(chance), timers: this.timers, nodeProcess: this.nodeProcess, console, nowMs, queueMicrotask: (job) => this.later(job) });
      return { world, globals };
    };
    const learning = surroundings(learner);
    const library = surroundings(client);
    this.submissions = new Submissions({
      kernel,
      process,
      enter: (job) => this.enter(job),
      learner: {
        entered: () => {
          host.entered(this);
          kernel.touchGuest();
        },
        threw: (error) => this.threwInJob(error),
      },
    });
    this.modules = new Modules({
      builtins: {
        kafkajs: () =>
          makeKafkajs({
            world: library.world,
            globals: library.globals,
            sockets: this.sockets,
            sends: this.sockets.sends,
            log: (level, namespace, text, stack) => this.emitConsole(level, plainArguments([namespace]), text, firstPlace(stack, host.mapped)),
            cameFrom: (error, call) => this.cameFrom(error, call),
          }),
        'millrace/streams': () => this.submissions.module(),
        ...nodeModules(learning.world),
      },
      files: host.files,
      run: (file, module, require) => host.load(file)({ exports: module.exports, require, module, __filename: `/${file}`, __dirname: '/', ...learning.globals }),
    });
  }

  start(): void {
    this.enter(() => this.modules.file(this.entry.replace(/\.ts$/, '.js')));
  }

  timer(kind: number, a: number, b: number): void {
    if (kind === GUEST_TIMER.socket) this.sockets.timer(a);
    else this.timers.fire(kind, a, b);
  }

  connected(conn: Conn): void {
    if (!this.submissions.connected(conn)) this.sockets.connected(conn);
  }

  closed(conn: Conn, reason: 'closed' | 'reset' | 'refused'): void {
    if (!this.submissions.closed(conn)) this.sockets.closed(conn, reason);
  }

  message(conn: Conn, message: Message): void {
    if (!this.submissions.message(conn, message)) this.sockets.message(conn, message);
  }

  stopped(): void {
    this.dead = true;
    this.timers.clearAll();
  }

  /** Runs code of the process; whatever it leaves in the microtask queue is drained before virtual time moves on. */
  private enter(job: () => unknown): void {
    if (this.dead) return;
    this.host.entered(this);
    this.kernel.touchGuest();
    try {
      job();
    } catch (error) {
      this.threw(error);
    }
  }

  private later(job: () => void): void {
    this.host.natives.queueMicrotask(() => {
      if (this.dead) return;
      try {
        job();
      } catch (error) {
        this.threw(error);
      }
    });
  }

  private threw(error: unknown): void {
    if (this.dead || error instanceof Exit) return;
    if (this.hears('uncaughtException', error, 'uncaughtException')) return;
    this.uncaught(error);
  }

  /** A promise of this process was rejected and nothing caught it. */
  rejected(reason: unknown): void {
    if (this.dead || reason instanceof Exit) return;
    if (this.hears('unhandledRejection', reason, Promise.resolve())) return;
    this.threw(reason);
  }

  private hears(event: string, ...args: unknown[]): boolean {
    try {
      return this.nodeProcess.emit(event, ...args);
    } catch (error) {
      if (!this.dead && !(error instanceof Exit)) this.uncaught(error);
      return true;
    }
  }

  /** A function of a job that this process handed over threw: the task fails, not this process, and the console says where. */
  private threwInJob(error: unknown): void {
    const text = error instanceof Error ? mappedStack(error.stack, this.host.mapped) : inspect(error);
    this.emitConsole('error', plainArguments(['job', error instanceof Error ? error.name : 'Thrown value']), text, error instanceof Error ? this.placeIn(error) : null);
  }

  private uncaught(error: unknown): void {
    const { trace } = this.kernel;
    const isError = error instanceof Error;
    const name = isError ? error.name : 'Thrown value';
    const message = (isError ? error.message : inspect(error)) + explainFrozen(error);
    const place = isError ? this.placeIn(error) : null;
    const called = isError ? mappedStack(this.calls.get(error)?.stack, this.host.mapped).split('\n').slice(1) : [];
    const stack = isError ? [mappedStack(error.stack, this.host.mapped), ...called].join('\n') : '';
    this.kernel.cause = trace.emit(
      'guest.uncaught',
      this.process.sym,
      this.kernel.cause,
      trace.sym(String(name)),
      trace.sym(codeOf(error)),
      trace.sym(message.slice(0, TEXT_LIMIT)),
      trace.sym(stack.slice(0, TEXT_LIMIT)),
      trace.sym(place?.file ?? ''),
      place?.line ?? -1,
      place?.column ?? -1,
    );
    this.kernel.kill(this.process, 'uncaught');
  }

  /** Where the learner's code is in an error's stack, or in that of what caused it. */
  private placeIn(error: Error): Place | null {
    let at: unknown = error;
    for (let depth = 0; depth < 5 && at instanceof Error; depth++) {
      const place = firstPlace(at.stack, this.host.mapped) ?? firstPlace(this.calls.get(at)?.stack, this.host.mapped);
      if (place) return place;
      at = at.cause;
    }
    return null;
  }

  private cameFrom(error: unknown, call: Error): void {
    if (typeof error === 'object' && error !== null && !this.calls.has(error)) this.calls.set(error, call);
  }

  private exit(code: number): void {
    if (this.dead) return;
    this.hears('exit', code);
    this.kernel.exit(this.process, code);
  }

  private write(level: Level, args: readonly unknown[], text: string): void {
    if (this.dead || this.written >= CONSOLE_LIMIT) return;
    if (++this.written === CONSOLE_LIMIT) this.emitConsole('warn', '["console limit"]', `More than ${CONSOLE_LIMIT} lines: what follows is not kept.`, null);
    else this.emitConsole(level, plainArguments(args), mappedText(text, this.host.mapped), firstPlace(new Error().stack, this.host.mapped));
  }

  private emitConsole(level: Level, args: string, text: string, place: Place | null): void {
    if (this.dead) return;
    const { trace } = this.kernel;
    trace.emit('guest.console', this.process.sym, this.kernel.cause, trace.sym(level), trace.sym(args), trace.sym(text.slice(0, TEXT_LIMIT)), trace.sym(place?.file ?? ''), place?.line ?? -1);
  }
}

function why(name: string): never {
  throw new NotInSimulation(name, name.startsWith('crypto.') ? 'it runs outside virtual time. crypto.randomUUID() and crypto.getRandomValues() are there.' : whyAbsent(name));
}
