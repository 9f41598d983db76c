declare module 'virtual:guest' {
  /** Text of guest.js: the engine, the shims and the client library as one classic script. */
  const code: string;
  export default code;
}
