// Everything that is saved: small versioned documents, one entry of the browser's storage each. What cannot be read is set aside,
// never thrown away and never a crash; what a newer version wrote is left as it is.

/** The part of `Storage` that is used, so that tests bring their own. */
export interface Backend {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

export interface DocumentKind<T> {
  /** Version of the shape, from 1. */
  readonly version: number;
  readonly empty: T;
  /** The value if it has the shape, else null. */
  readonly check: (data: unknown) => T | null;
  /** Steps from an older version to the next one, by the version they start from. */
  readonly migrations?: Readonly<Record<number, (data: unknown) => unknown>>;
}

export type StoreProblem =
  /** Unreadable text was moved out of the way. `text` is the whole of it, for export. */
  | { readonly kind: 'corrupt'; readonly name: string; readonly text: string }
  /** A newer version wrote it: it is neither read nor overwritten. */
  | { readonly kind: 'newer'; readonly name: string; readonly version: number }
  | { readonly kind: 'full'; readonly name: string }
  /** The browser gives no storage (private window, blocked). */
  | { readonly kind: 'unavailable'; readonly name: string };

export interface Documents {
  /** Always answers: with the empty document where nothing (readable) is saved. */
  read<T>(name: string, kind: DocumentKind<T>): T;
  /** Keeps the value for this page in any case, and saves it where that is possible. */
  write<T>(name: string, kind: DocumentKind<T>, value: T): void;
  /** What went wrong and was not yet dismissed. The same array while nothing changes. */
  problems(): readonly StoreProblem[];
  dismiss(problem: StoreProblem): void;
  /** Called after every change of a document or of the problems. @returns a function that stops it. */
  subscribe(listener: () => void): () => void;
  /** Another page of the same browser changed an entry. */
  changedElsewhere(key: string | null): void;
}

const PREFIX = 'millrace.';
const ASIDE = 'millrace.setAside.';

export function createDocuments(backend: Backend | null): Documents {
  const cache = new Map<string, unknown>();
  /** Written by a newer version. */
  const foreign = new Set<string>();
  const listeners = new Set<() => void>();
  let problems: readonly StoreProblem[] = [];

  function changed(): void {
    for (const listener of listeners) listener();
  }

  /** One problem of a kind for a document at a time. Listeners hear of it later: a read may happen while React renders. */
  function report(problem: StoreProblem): void {
    if (problems.some((p) => p.kind === problem.kind && p.name === problem.name)) return;
    problems = [...problems, problem];
    queueMicrotask(changed);
  }

  function load<T>(name: string, kind: DocumentKind<T>): T {
    let text: string | null = null;
    try {
      text = backend ? backend.getItem(PREFIX + name) : null;
    } catch {
      report({ kind: 'unavailable', name });
    }
    if (text === null) return kind.empty;
    const read = parse(text, kind);
    if (read.ok) return read.value;
    if (read.version > kind.version) {
      foreign.add(name);
      report({ kind: 'newer', name, version: read.version });
    } else {
      setAside(name, text);
      report({ kind: 'corrupt', name, text });
    }
    return kind.empty;
  }

  function setAside(name: string, text: string): void {
    try {
      backend!.setItem(`${ASIDE}${name}`, text);
      backend!.removeItem(PREFIX + name);
    } catch {
      // No room for a second copy: the text stays where it is until something is saved over it; the notice still holds it.
    }
  }

  return {
    read(name, kind) {
      if (!cache.has(name)) cache.set(name, load(name, kind));
      return cache.get(name) as ReturnType<typeof kind.check> & {};
    },
    write(name, kind, value) {
      if (!cache.has(name)) load(name, kind);
      cache.set(name, value);
      if (!foreign.has(name)) {
        try {
          if (!backend) throw new DOMException('no storage', 'SecurityError');
          backend.setItem(PREFIX + name, JSON.stringify({ version: kind.version, data: value }));
        } catch (error) {
          const full = error instanceof DOMException && /quota/i.test(error.name);
          report({ kind: full ? 'full' : 'unavailable', name });
        }
      }
      changed();
    },
    problems: () => problems,
    dismiss(problem) {
      problems = problems.filter((p) => p !== problem);
      try {
        if (problem.kind === 'corrupt') backend?.removeItem(ASIDE + problem.name);
      } catch {
        // Storage that cannot be reached holds nothing to remove.
      }
      changed();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    changedElsewhere(key) {
      if (key === null) cache.clear();
      else if (key.startsWith(PREFIX)) cache.delete(key.slice(PREFIX.length));
      changed();
    },
  };
}

type Parsed<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly version: number };

function parse<T>(text: string, kind: DocumentKind<T>): Parsed<T> {
  let version = -1;
  try {
    const envelope = JSON.parse(text) as { version?: unknown; data?: unknown } | null;
    if (typeof envelope?.version !== 'number') return { ok: false, version };
    version = envelope.version;
    let data = envelope.data;
    for (let at = version; at < kind.version; at++) {
      const step = kind.migrations?.[at];
      if (!step) return { ok: false, version };
      data = step(data);
    }
    const value = version > kind.version ? null : kind.check(data);
    return value === null ? { ok: false, version } : { ok: true, value };
  } catch {
    // Not JSON, or a migration that met something it did not expect.
    return { ok: false, version: Math.min(version, kind.version) };
  }
}
