// The contract between a lesson's text and the page: the components that lesson.*.mdx may use. Lessons import nothing; the page hands these in.
//
// A lesson is eight steps in this order:
//   <Hook> an incident with numbers
//   <Idea> one idea; <Term id> at the first use of a word; <KeyFigure> with its caption
//   <Predict> the question, then <Options> with one <Option id> per answer
//   <Run> what to look at, <Overtaken/>, and one <Explain option> per option; closed until the run has answered
//   <BreakIt> what to break; <Inject line> per fault, with its name as text
//   <DoIt> the task; <Exercise/>
//   <Check> two or three <Question id>: text, then <Choice id right?> each with its <Why>
//   <AtWork> settings, metrics, alarms, what is left out, an incident

import type { ReactNode } from 'react';
import { Whole } from '../app/whole.tsx';
import { Exercise } from './exercise.tsx';
import { KeyFigure } from './figure.tsx';
import { Inject } from './inject.tsx';
import { Overtaken } from './overtaken.tsx';
import { Explain, Option, Options, Predict, Run } from './prediction.tsx';
import { Check, Choice, Question, Why } from './quiz.tsx';
import { AtWork, BreakIt, DoIt, Hook, Idea } from './steps.tsx';
import { Term } from './term.tsx';

export const LESSON_COMPONENTS = { Hook, Idea, Predict, Run, BreakIt, DoIt, Check, AtWork, Term, KeyFigure, Options, Option, Explain, Overtaken, Inject, Exercise, Question, Choice, Why, code: Code };

/** A name in the text does not break at its hyphens. */
function Code({ children }: { children?: ReactNode }) {
  return <code>{typeof children === 'string' ? <Whole text={children} /> : children}</code>;
}

export type LessonComponents = typeof LESSON_COMPONENTS;
