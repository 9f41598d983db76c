// What the build provides to the fidelity page: the last result over the conformance vectors, by set.
declare module 'virtual:conformance' {
  export const RESULT: Readonly<Record<string, { readonly passed: number; readonly total: number; readonly equivalent: number }>>;
}
