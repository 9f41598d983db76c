// Lesson 1.4 as the page opens it. Whoever builds it brings the texts of the files: a bundler reads them one way, Node another.
import type { LessonKit } from '../../contract.ts';
import { createExercise } from './exercise/grading.ts';
import { JAVA_NOTES } from './exercise/java.ts';
import { overtaken } from './measure.ts';
import { buildScenario, PREDICTION } from './scenario.ts';

export interface Texts {
  readonly starter: string;
  readonly events: string;
  readonly solution: string;
  readonly java: string;
}

export function createKit(texts: Texts): LessonKit {
  const given = { 'publish.ts': texts.starter, 'events.ts': texts.events };
  return {
    lesson: '1.4',
    experiment: { scenario: buildScenario(given), faults: [PREDICTION.fault], seed: 9, files: given },
    prediction: { gateUs: PREDICTION.gateUs, answerUs: PREDICTION.answerUs, right: 'torn' },
    exercise: createExercise(given),
    given,
    solution: texts.solution,
    java: { file: 'Publish.java', text: texts.java, notes: JAVA_NOTES },
    overtaken,
  };
}
