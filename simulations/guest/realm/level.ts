// One level of the language in every engine: what came after ES2023 is taken away, so that no run depends on how new an engine is.
// Learner code is checked against ES2023 as well; this is for what a cast lets through.

/** Additions since ES2023, by the object that holds them. */
const LATER: readonly (readonly [holder: () => unknown, names: string])[] = [
  [() => globalThis, 'Iterator Float16Array DisposableStack AsyncDisposableStack SuppressedError Temporal'],
  [() => Array, 'fromAsync'],
  [() => ArrayBuffer.prototype, 'resize resizable maxByteLength transfer transferToFixedLength detached'],
  [() => DataView.prototype, 'getFloat16 setFloat16'],
  [() => Error, 'isError'],
  [() => JSON, 'rawJSON isRawJSON'],
  [() => Map, 'groupBy'],
  [() => Map.prototype, 'getOrInsert getOrInsertComputed'],
  [() => WeakMap.prototype, 'getOrInsert getOrInsertComputed'],
  [() => Math, 'f16round sumPrecise'],
  [() => Object, 'groupBy'],
  [() => Promise, 'withResolvers try allKeyed allSettledKeyed'],
  [() => RegExp, 'escape'],
  [() => Set.prototype, 'union intersection difference symmetricDifference isSubsetOf isSupersetOf isDisjointFrom'],
  [() => String.prototype, 'isWellFormed toWellFormed'],
  [() => Symbol, 'dispose asyncDispose'],
  [() => Uint8Array, 'fromBase64 fromHex'],
  [() => Uint8Array.prototype, 'toBase64 toHex setFromBase64 setFromHex'],
  [() => Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]())), 'map filter take drop flatMap reduce toArray forEach some every find constructor'],
];

export function levelLanguage(): void {
  for (const [holder, names] of LATER) for (const name of names.split(' ')) Reflect.deleteProperty(holder() as object, name);
}
