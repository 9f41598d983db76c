// What the TypeScript worker is begun with: the one options object, and the declarations learner code is checked against.
import types from 'virtual:guest-types';
import { COMPILE_OPTIONS } from '../../simulations/guest/compile-options.ts';
import type { TypeScriptSetUp } from './typescript-port.ts';

export function typeScriptSetUp(): TypeScriptSetUp {
  return { options: { ...COMPILE_OPTIONS }, libraries: types };
}
