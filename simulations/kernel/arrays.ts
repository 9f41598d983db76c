// Columns that grow.

/** @returns the longer one, which begins as the other is. */
export function copied<A extends { set(from: A): void }>(from: A, to: A): A {
  to.set(from);
  return to;
}
