// `require` of one process: its own instances of the learner's files and of every module that exists here.

export interface Evaluated {
  readonly exports: unknown;
}

export interface ModuleHost {
  /** Makes a built-in module, asked for once per process. */
  readonly builtins: Readonly<Record<string, () => unknown>>;
  /** Names of the learner's emitted files, e.g. `events.js`. */
  readonly files: readonly string[];
  /** Runs a learner file. */
  run(file: string, module: { exports: unknown }, require: (name: string) => unknown): void;
}

export class ModuleNotFound extends Error {
  readonly code = 'MODULE_NOT_FOUND';
  constructor(message: string) {
    super(message);
    this.name = 'ModuleNotFound';
  }
}

export class Modules {
  private readonly host: ModuleHost;
  private readonly loaded = new Map<string, { exports: unknown }>();

  constructor(host: ModuleHost) {
    this.host = host;
  }

  /** @param from the file that asks. */
  require(from: string, name: string): unknown {
    const asked = String(name);
    if (asked.startsWith('.') || asked.startsWith('/')) return this.file(this.resolve(from, asked)).exports;
    const plain = asked.replace(/^node:/, '');
    const make = Object.hasOwn(this.host.builtins, plain) ? this.host.builtins[plain] : undefined;
    if (!make)
      throw new ModuleNotFound(
        `Cannot find module '${asked}'. Here exist: ${Object.keys(this.host.builtins).join(', ')}, and your files: ${this.host.files.map((f) => `./${f.replace(/\.js$/, '')}`).join(', ')}.`,
      );
    let module = this.loaded.get(plain);
    if (!module) this.loaded.set(plain, (module = { exports: make() }));
    return module.exports;
  }

  /** Runs a file once; a circle of imports sees what was exported so far, as in Node. */
  file(file: string): { exports: unknown } {
    let module = this.loaded.get(`file:${file}`);
    if (module) return module;
    module = { exports: {} };
    this.loaded.set(`file:${file}`, module);
    try {
      this.host.run(file, module, (name) => this.require(file, name));
    } catch (error) {
      this.loaded.delete(`file:${file}`);
      throw error;
    }
    return module;
  }

  private resolve(from: string, name: string): string {
    const parts = name.startsWith('/') ? [] : from.split('/').slice(0, -1);
    for (const part of name.split('/')) {
      if (part === '..') parts.pop();
      else if (part !== '.' && part !== '') parts.push(part);
    }
    const path = parts.join('/').replace(/\.(?:ts|js|mjs)$/, '');
    const found = [`${path}.js`, `${path}/index.js`].find((candidate) => this.host.files.includes(candidate));
    if (found === undefined)
      throw new ModuleNotFound(`Cannot find module '${name}' from ${from.replace(/\.js$/, '.ts')}. Your files: ${this.host.files.map((f) => `./${f.replace(/\.js$/, '')}`).join(', ')}.`);
    return found;
  }
}
