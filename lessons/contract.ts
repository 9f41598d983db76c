// What a lesson's exercise offers to whoever grades it: the page and the command line use the same functions.
import type { Universe } from '../simulations/contract/scenario.ts';
import type { TraceStore } from '../simulations/kernel/traceStore.ts';

export type Lang = 'ko' | 'en';
/** The same thing said in both languages. */
export type Bilingual<T = string> = Readonly<Record<Lang, T>>;

/** The first wrong event of one failed check. */
export interface Finding {
  readonly check: string;
  /** Which mistake it is; the key of a message. */
  readonly diagnosis: string;
  /** Virtual time of the first wrong event, microseconds. */
  readonly atUs: number;
  /** Sequence number of that event in the trace; -1 when the wrong thing is that nothing happened. */
  readonly seq: number;
  /** What the message names. */
  readonly facts: Facts;
}

export type Facts = Readonly<Record<string, string | number>>;

/** What the checks say about one finished run. */
export interface Judgement {
  /** In the order of `Exercise.checks`. */
  readonly held: readonly boolean[];
  /** One per failed check, the earliest first. */
  readonly findings: readonly Finding[];
  /** Faults that struck something while the learner's code was sending. */
  readonly faultsInEffect: number;
}

export type Group = 'quiet' | 'faulted';

/** One run of a grading. */
export interface GradedRun {
  readonly index: number;
  readonly group: Group;
  readonly seed: number;
}

export type Files = Readonly<Record<string, string>>;

export interface Exercise {
  /** Lesson it belongs to, e.g. `1.4`. */
  readonly lesson: string;
  /** The file the learner writes. */
  readonly entry: string;
  readonly checks: readonly { readonly id: string; readonly title: Bilingual }[];
  /** The runs of a grading. @param runs per group, quiet and faulted. */
  readonly plan: (runs?: number) => readonly GradedRun[];
  /** What one run computes. @param attempt counts from 0; a faulted run whose faults touched nothing is drawn again with the next. */
  readonly universe: (run: GradedRun, files: Files, attempt: number) => Universe;
  readonly judge: (trace: TraceStore) => Judgement;
  /** The story of a finding. */
  readonly tell: (finding: Finding, lang: Lang) => string;
  /** The place in the entry that a finding is about; null when it is about no line. */
  readonly point: (finding: Finding, entry: string) => CodeMark | null;
  /** From a nudge to nearly the answer. */
  readonly hints: readonly [Bilingual, Bilingual, Bilingual];
}

/** A piece of one line, with a few words to stand beside it. */
export interface CodeMark {
  /** From 1. */
  readonly line: number;
  /** First column, and the one after the last, from 1. */
  readonly from: number;
  readonly to: number;
  readonly note: Bilingual;
}

/** How often a faulted run is drawn again at most before it counts as it is. */
export const MAX_ATTEMPTS = 12;

/** Whether a run has to be drawn again: it was to be struck, and nothing struck while the code was sending. */
export function drawAgain(run: GradedRun, judged: Judgement, attempt: number): boolean {
  return run.group === 'faulted' && judged.faultsInEffect === 0 && attempt + 1 < MAX_ATTEMPTS;
}

/** Everything a lesson's page needs besides its text. */
export interface LessonKit {
  readonly lesson: string;
  /** What the stage runs when the lesson is opened. */
  readonly experiment: Universe;
  readonly prediction: {
    /** Nothing at or after this virtual time is shown before the learner has committed to an answer, microseconds. */
    readonly gateUs: number;
    /** By then the run has given the answer. */
    readonly answerUs: number;
    /** Id of the option that is right. */
    readonly right: string;
  };
  readonly exercise: Exercise;
  /** Files as first given, in the order of their tabs. Only the entry may be changed. */
  readonly given: Files;
  /** The entry as we would write it. */
  readonly solution: string;
  readonly java: { readonly file: string; readonly text: string; readonly notes: readonly JavaNote[] };
  /** Counts along with the playhead. @param position events of the trace that may be looked at. */
  readonly overtaken: (trace: TraceStore, position: number) => Overtaken;
}

/** How often an event was handled after a later event of the same user. */
export interface Overtaken {
  readonly handled: number;
  readonly late: number;
  /** The first event handled too late, what had overtaken it, and when. */
  readonly first: { readonly user: string; readonly late: string; readonly before: string; readonly atUs: number } | null;
}

/** A live figure: the same events several times, with one thing changed. */
export interface LessonFigure {
  readonly variants: readonly { readonly id: string; readonly title: Bilingual; readonly universe: Universe }[];
  /** The variant shown at first. */
  readonly first: string;
  readonly read: (trace: TraceStore) => FigureRead;
}

export interface FigureMark {
  /** Place in the order of sending, from 0. */
  readonly n: number;
  readonly user: string;
  readonly type: string;
}

/** What the figure draws: what was sent, where it was stored, and in which order a reader was handed it. */
export interface FigureRead {
  readonly sent: readonly FigureMark[];
  readonly partitions: readonly (readonly FigureMark[])[];
  readonly read: readonly (FigureMark & { readonly overtaken: boolean })[];
}

export interface JavaNote {
  readonly title: Bilingual;
  readonly text: Bilingual;
  /** Whether both clients do the same here. */
  readonly same: boolean;
}
