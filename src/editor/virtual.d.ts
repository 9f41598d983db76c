// Modules that the build provides to the editor.
declare module 'virtual:emitted-lessons' {
  /** By the key of the TypeScript text. */
  export const EMITTED: Readonly<Record<string, { readonly js: string; readonly map: string }>>;
}
declare module 'virtual:guest-types' {
  /** Declarations by path below the learner's root. */
  const types: Readonly<Record<string, string>>;
  export default types;
}
