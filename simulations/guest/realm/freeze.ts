// Freezes the language's own objects, because the engine, the client library and every process share one realm: what one of them did to
// Array.prototype would otherwise reach them all. Follows SES (Agoric) in making inherited properties that programs commonly override
// assignable in spite of the frozen prototype.

/** Prototypes whose properties objects often set on themselves: `err.name = ...`, `toString`, `constructor`. */
function commonlyOverridden(): object[] {
  return [
    Object.prototype,
    Function.prototype,
    Error.prototype,
    AggregateError.prototype,
    EvalError.prototype,
    RangeError.prototype,
    ReferenceError.prototype,
    SyntaxError.prototype,
    TypeError.prototype,
    URIError.prototype,
  ];
}

/** @param extra objects to freeze with everything they reach, e.g. Buffer. */
export function freezeRealm(extra: readonly object[]): void {
  for (const proto of commonlyOverridden()) allowOverride(proto);
  const seen = new Set<object>([globalThis]);
  const queue: object[] = [];
  const add = (value: unknown) => {
    if ((typeof value === 'object' && value !== null) || typeof value === 'function') {
      if (seen.has(value)) return;
      seen.add(value);
      queue.push(value);
    }
  };
  for (const name of Object.getOwnPropertyNames(globalThis)) {
    const held = Object.getOwnPropertyDescriptor(globalThis, name)!;
    if ('value' in held) add(held.value);
    else {
      add(held.get);
      add(held.set);
    }
  }
  for (const hidden of hiddenIntrinsics()) add(hidden);
  for (const value of extra) add(value);
  for (let value = queue.pop(); value !== undefined; value = queue.pop()) {
    add(Object.getPrototypeOf(value));
    for (const key of Reflect.ownKeys(value)) {
      const held = Object.getOwnPropertyDescriptor(value, key)!;
      if ('value' in held) add(held.value);
      else {
        add(held.get);
        add(held.set);
      }
    }
    // Typed arrays with elements cannot be frozen, and hold nothing but numbers.
    if (!ArrayBuffer.isView(value)) Object.freeze(value);
  }
}

/** What no global name leads to: iterators, generators, async functions. */
function hiddenIntrinsics(): object[] {
  const samples: object[] = [
    [][Symbol.iterator](),
    new Map()[Symbol.iterator](),
    new Set()[Symbol.iterator](),
    ''[Symbol.iterator](),
    'a'.matchAll(/a/g),
    (function* () {})(),
    (async function* () {})(),
    async () => {},
    function* () {},
    async function* () {},
    Object.getPrototypeOf(Uint8Array) as object,
  ];
  return samples.map((sample) => Object.getPrototypeOf(sample) as object);
}

/** Turns the data properties of a prototype into accessors whose setter defines the property on the object that is assigned to. */
function allowOverride(proto: object): void {
  for (const key of Reflect.ownKeys(proto)) {
    const held = Object.getOwnPropertyDescriptor(proto, key)!;
    if (!('value' in held) || !held.configurable) continue;
    const { value } = held as { value: unknown };
    Object.defineProperty(proto, key, {
      get: () => value,
      set(this: object, next: unknown) {
        if (this === proto) throw new TypeError(`Cannot change ${String(key)} of a built-in prototype: built-in objects are frozen in the simulation, because every process shares them.`);
        if (Object.hasOwn(this, key)) (this as Record<PropertyKey, unknown>)[key] = next;
        else Object.defineProperty(this, key, { value: next, writable: true, enumerable: true, configurable: true });
      },
      enumerable: held.enumerable ?? false,
      configurable: false,
    });
  }
}

/** Explains an error that came of changing something frozen; '' for any other. */
export function explainFrozen(error: unknown): string {
  if (!(error instanceof TypeError)) return '';
  const said = /read.?only|not extensible|Cannot (?:add|delete|redefine|define) property|Cannot delete|is not configurable|non-configurable|can't (?:delete|define|redefine)/i.test(
    String(error.message),
  );
  return said ? ' (Built-in objects such as Array.prototype and Promise are frozen in the simulation, because every process shares them. Write a function of your own instead.)' : '';
}
