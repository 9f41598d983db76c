import { describe, expect, it } from 'vitest';
import { initialTransition, transition } from 'xstate';
import { better, gateStands, lessonMachine, type LessonEvent, type LessonInput, type LessonState } from './machine.ts';

const fresh: LessonInput = { gateUs: 9_000_000, answerUs: 13_000_000, option: null, explained: false, best: null };
const best = { quiet: 100, faulted: 100, of: 100 };

/** The state after a visit's start and these events. */
function after(events: readonly LessonEvent[], input: LessonInput = fresh) {
  let [state] = initialTransition(lessonMachine, input);
  for (const event of events) [state] = transition(lessonMachine, state, event);
  return { value: state.value as LessonState, ...state.context };
}

const CHOOSE = (option: string): LessonEvent => ({ type: 'CHOOSE', option });
const SHOWN = (timeUs: number): LessonEvent => ({ type: 'SHOWN', timeUs });

describe('the flow of a lesson', () => {
  it('begins with reading, and the gate stands', () => {
    expect(after([])).toMatchObject({ value: 'reading', option: null });
    expect(gateStands('reading')).toBe(true);
  });

  it('lets the learner change the answer until it is committed', () => {
    expect(after([CHOOSE('a'), CHOOSE('b')])).toMatchObject({ value: 'predicting', option: 'b' });
    expect(after([CHOOSE('a'), { type: 'COMMIT' }, CHOOSE('b')])).toMatchObject({ value: 'gated', option: 'a' });
  });

  it('commits to nothing without a choice', () => {
    expect(after([{ type: 'COMMIT' }, { type: 'RUN' }]).value).toBe('reading');
  });

  it('does not run before the answer is committed', () => {
    expect(after([CHOOSE('a'), { type: 'RUN' }, SHOWN(99e6)]).value).toBe('predicting');
  });

  it('lifts the gate when the run is asked for', () => {
    const running = after([CHOOSE('a'), { type: 'COMMIT' }, { type: 'RUN' }]);
    expect(running.value).toBe('running');
    expect(gateStands(running.value)).toBe(false);
  });

  it('explains when the playhead reaches the answer, not before', () => {
    const way: LessonEvent[] = [CHOOSE('a'), { type: 'COMMIT' }, { type: 'RUN' }];
    expect(after([...way, SHOWN(12_999_999)]).value).toBe('running');
    expect(after([...way, SHOWN(13_000_000)]).value).toBe('explained');
  });

  it('takes an answer back until the playhead has passed the gate', () => {
    const way: LessonEvent[] = [CHOOSE('a'), { type: 'COMMIT' }];
    expect(after([...way, { type: 'TAKE_BACK' }])).toMatchObject({ value: 'reading', option: null });
    expect(after([...way, { type: 'RUN' }, SHOWN(8_000_000), { type: 'TAKE_BACK' }]).value).toBe('reading');
    expect(after([...way, { type: 'RUN' }, SHOWN(9_000_000), SHOWN(1_000_000), { type: 'TAKE_BACK' }])).toMatchObject({ value: 'running', option: 'a' });
  });

  it('is graded after it was explained, however early the grade came', () => {
    const way: LessonEvent[] = [CHOOSE('a'), { type: 'COMMIT' }, { type: 'RUN' }, SHOWN(13_000_000)];
    expect(after([...way, { type: 'GRADED', best }])).toMatchObject({ value: 'graded', best });
    expect(after([{ type: 'GRADED', best }]).value).toBe('reading');
    expect(after([{ type: 'GRADED', best }, ...way]).value).toBe('graded');
  });

  it('goes on where an earlier visit ended', () => {
    expect(after([], { ...fresh, option: 'b' }).value).toBe('gated');
    expect(after([], { ...fresh, option: 'b', explained: true }).value).toBe('explained');
    expect(after([], { ...fresh, option: 'b', explained: true, best }).value).toBe('graded');
  });

  it('keeps the best grading', () => {
    expect(better(best, { quiet: 100, faulted: 3, of: 100 })).toBe(best);
    expect(better({ quiet: 5, faulted: 0, of: 100 }, best)).toBe(best);
  });
});
