// The simulated disk of a process: files by path, which outlive a kill.

export class DiskError extends Error {
  readonly code: string;
  readonly syscall: string;
  readonly path: string;
  constructor(code: string, syscall: string, path: string) {
    super(`${code}: no such file or directory, ${syscall} '${path}'`);
    this.name = 'Error';
    this.code = code;
    this.syscall = syscall;
    this.path = path;
  }
}

export class Disk {
  private readonly files: Map<string, Uint8Array>;

  /** @param files kept by whoever outlives the process. */
  constructor(files: Map<string, Uint8Array>) {
    this.files = files;
  }

  read(path: string): Uint8Array {
    const bytes = this.files.get(absolute(path));
    if (!bytes) throw new DiskError('ENOENT', 'open', path);
    return bytes.slice();
  }
  write(path: string, bytes: Uint8Array): void {
    this.files.set(absolute(path), bytes);
  }
  append(path: string, bytes: Uint8Array): void {
    const before = this.files.get(absolute(path)) ?? new Uint8Array(0);
    const after = new Uint8Array(before.length + bytes.length);
    after.set(before);
    after.set(bytes, before.length);
    this.files.set(absolute(path), after);
  }
  has(path: string): boolean {
    const at = absolute(path);
    return this.files.has(at) || [...this.files.keys()].some((name) => name.startsWith(`${at}/`));
  }
  remove(path: string): void {
    if (!this.files.delete(absolute(path))) throw new DiskError('ENOENT', 'unlink', path);
  }
  rename(from: string, to: string): void {
    const bytes = this.files.get(absolute(from));
    if (!bytes) throw new DiskError('ENOENT', 'rename', from);
    this.files.delete(absolute(from));
    this.files.set(absolute(to), bytes);
  }
  /** Names directly below a folder, sorted. */
  list(path: string): string[] {
    const prefix = `${absolute(path).replace(/\/$/, '')}/`;
    const names = [...this.files.keys()].filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length).split('/')[0]!);
    return [...new Set(names)].sort();
  }
}

function absolute(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return `/${parts.join('/')}`;
}
