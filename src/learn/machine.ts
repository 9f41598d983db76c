// The flow of a lesson: the learner reads, predicts, commits, runs to the answer, has it explained, and is graded. The clock obeys it:
// until an answer is committed and the run asked for, nothing past the gate is shown.
import { assign, setup } from 'xstate';
import type { Best } from '../store/progress.ts';

export interface LessonContext {
  /** The option chosen or committed to. */
  readonly option: string | null;
  /** Whether the playhead has been past the gate: from then on the answer cannot be taken back. */
  readonly passed: boolean;
  readonly best: Best | null;
  readonly gateUs: number;
  readonly answerUs: number;
}

export interface LessonInput {
  readonly gateUs: number;
  readonly answerUs: number;
  /** What an earlier visit left. */
  readonly option: string | null;
  readonly explained: boolean;
  readonly best: Best | null;
}

export type LessonEvent =
  | { readonly type: 'CHOOSE'; readonly option: string }
  | { readonly type: 'COMMIT' }
  | { readonly type: 'TAKE_BACK' }
  | { readonly type: 'RUN' }
  /** The playhead moved. */
  | { readonly type: 'SHOWN'; readonly timeUs: number }
  | { readonly type: 'GRADED'; readonly best: Best };

export type LessonState = 'reading' | 'predicting' | 'gated' | 'running' | 'explained' | 'graded';

export const lessonMachine = setup({
  types: { context: {} as LessonContext, events: {} as LessonEvent, input: {} as LessonInput },
  guards: {
    wasExplained: ({ context }) => context.passed && context.option !== null,
    wasCommitted: ({ context }) => context.option !== null,
    wasGraded: ({ context }) => context.best !== null,
    answers: ({ context, event }) => event.type === 'SHOWN' && event.timeUs >= context.answerUs,
    passes: ({ context, event }) => event.type === 'SHOWN' && event.timeUs >= context.gateUs && !context.passed,
    canTakeBack: ({ context }) => !context.passed,
  },
  actions: {
    choose: assign({ option: ({ context, event }) => (event.type === 'CHOOSE' ? event.option : context.option) }),
    pass: assign({ passed: true }),
    forget: assign({ option: null }),
    grade: assign({ best: ({ context, event }) => (event.type === 'GRADED' ? better(context.best, event.best) : context.best) }),
  },
}).createMachine({
  id: 'lesson',
  context: ({ input }) => ({ option: input.option, passed: input.explained, best: input.best, gateUs: input.gateUs, answerUs: input.answerUs }),
  initial: 'opened',
  on: { GRADED: { actions: 'grade' } },
  states: {
    opened: {
      always: [{ guard: 'wasExplained', target: 'explained' }, { guard: 'wasCommitted', target: 'gated' }, { target: 'reading' }],
    },
    /** No option chosen. The gate stands. */
    reading: { on: { CHOOSE: { target: 'predicting', actions: 'choose' } } },
    /** An option is chosen and may be changed. The gate stands. */
    predicting: { on: { CHOOSE: { actions: 'choose' }, COMMIT: 'gated' } },
    /** Committed. The gate stands until the learner asks for the run. */
    gated: { on: { RUN: 'running', TAKE_BACK: { target: 'reading', actions: 'forget' } } },
    /** The gate is lifted; the playhead is on its way to the answer. */
    running: {
      on: {
        SHOWN: [
          { guard: 'answers', target: 'explained', actions: 'pass' },
          { guard: 'passes', actions: 'pass' },
        ],
        TAKE_BACK: { guard: 'canTakeBack', target: 'reading', actions: 'forget' },
      },
    },
    explained: { always: { guard: 'wasGraded', target: 'graded' }, on: { GRADED: { actions: 'grade' } } },
    graded: {},
  },
});

/** Whether the clock is halted before the gate. */
export function gateStands(state: LessonState): boolean {
  return state === 'reading' || state === 'predicting' || state === 'gated';
}

/** The grading that held on more runs, compared in shares: a full grading and a short one may meet. */
export function better(a: Best | null, b: Best): Best {
  if (a === null) return b;
  const share = (best: Best) => (best.quiet + best.faulted) / (2 * best.of);
  return share(a) > share(b) ? a : b;
}
