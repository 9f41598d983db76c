// Node's EventEmitter, made anew for each process, because a class can be changed by whoever holds it.

type Listener = (...args: unknown[]) => unknown;
interface Entry {
  readonly listener: Listener;
  readonly once: boolean;
}

/** @returns what `require('events')` gives: the class, which also holds itself by name. */
export function makeEvents(): unknown {
  class EventEmitter {
    static EventEmitter = EventEmitter;
    static defaultMaxListeners = 10;
    readonly #entries = new Map<string | symbol, Entry[]>();

    on(event: string | symbol, listener: Listener): this {
      return this.#add(event, { listener, once: false }, false);
    }
    addListener(event: string | symbol, listener: Listener): this {
      return this.on(event, listener);
    }
    prependListener(event: string | symbol, listener: Listener): this {
      return this.#add(event, { listener, once: false }, true);
    }
    once(event: string | symbol, listener: Listener): this {
      return this.#add(event, { listener, once: true }, false);
    }
    prependOnceListener(event: string | symbol, listener: Listener): this {
      return this.#add(event, { listener, once: true }, true);
    }
    off(event: string | symbol, listener: Listener): this {
      const list = this.#entries.get(event) ?? [];
      const at = list.findLastIndex((e) => e.listener === listener);
      // A new list each time: one that is being walked over stays as it was.
      if (at >= 0) this.#set(event, list.toSpliced(at, 1));
      return this;
    }
    removeListener(event: string | symbol, listener: Listener): this {
      return this.off(event, listener);
    }
    removeAllListeners(event?: string | symbol): this {
      if (event === undefined) this.#entries.clear();
      else this.#entries.delete(event);
      return this;
    }
    emit(event: string | symbol, ...args: unknown[]): boolean {
      const list = this.#entries.get(event);
      if (!list) {
        if (event === 'error') throw args[0] instanceof Error ? args[0] : new Error(`Unhandled error. (${String(args[0])})`);
        return false;
      }
      for (const entry of list) {
        if (entry.once) this.off(event, entry.listener);
        Reflect.apply(entry.listener, this, args);
      }
      return true;
    }
    listenerCount(event: string | symbol): number {
      return this.#entries.get(event)?.length ?? 0;
    }
    listeners(event: string | symbol): Listener[] {
      return (this.#entries.get(event) ?? []).map((e) => e.listener);
    }
    eventNames(): (string | symbol)[] {
      return [...this.#entries.keys()];
    }
    setMaxListeners(): this {
      return this;
    }
    getMaxListeners(): number {
      return EventEmitter.defaultMaxListeners;
    }
    #add(event: string | symbol, entry: Entry, first: boolean): this {
      if (typeof entry.listener !== 'function') throw new TypeError('The "listener" argument must be of type function.');
      const list = this.#entries.get(event) ?? [];
      this.#set(event, first ? [entry, ...list] : [...list, entry]);
      return this;
    }
    #set(event: string | symbol, list: Entry[]): void {
      if (list.length === 0) this.#entries.delete(event);
      else this.#entries.set(event, list);
    }
  }
  return EventEmitter;
}
