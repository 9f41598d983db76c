/** Changes whenever a change of the engine may change a hash: links tell it. */
export const ENGINE_VERSION = '0.1.0';
