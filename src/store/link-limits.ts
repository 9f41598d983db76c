// The limits of a link, and what can be wrong with one.
import type { Problem } from '../../simulations/contract/schema.ts';

export const LIMITS = {
  /** Characters after #. */
  fragmentChars: 65_536,
  inflatedBytes: 1_048_576,
  files: 20,
  faults: 200,
} as const;

export type LinkError =
  | { readonly kind: 'notALink' }
  | { readonly kind: 'newerFormat'; readonly format: number }
  | { readonly kind: 'fragmentTooLong'; readonly chars: number }
  | { readonly kind: 'inflatedTooLarge' }
  | { readonly kind: 'tooManyFiles'; readonly files: number }
  | { readonly kind: 'tooManyFaults'; readonly faults: number }
  /** Where reading stopped: its letters, their compression, or the document inside. */
  | { readonly kind: 'damaged'; readonly part: 'letters' | 'compression' | 'document' }
  /** A field that is missing or has another shape. */
  | { readonly kind: 'badPart'; readonly part: string }
  | { readonly kind: 'badFault'; readonly line: string; readonly why: string }
  | { readonly kind: 'badScenario'; readonly problems: readonly Problem[] };
