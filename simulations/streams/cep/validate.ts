// What of a pattern is checked before it is compiled.
import { malformed } from './errors.ts';
import { END_STATE } from './graph.ts';
import { GroupPattern, type Pattern } from './pattern.ts';

/** @throws CepError DUPLICATE_STAGE_NAME where a name is used twice, in a group or outside, or is the end state's */
export function checkNames<T>(pattern: Pattern<T>, seen: Set<string> = new Set([END_STATE])): void {
  for (let stage: Pattern<T> | null = pattern; stage !== null; stage = stage.previous) {
    if (stage instanceof GroupPattern) {
      checkNames<T>(stage.inside, seen);
      continue;
    }
    if (seen.has(stage.name)) throw malformed('DUPLICATE_STAGE_NAME', `Two stages are called "${stage.name}". Give each stage its own name.`);
    seen.add(stage.name);
  }
}

/** As in Flink, a stage inside a group cannot be skipped to. @throws CepError SKIP_STAGE_UNKNOWN */
export function checkSkipStage<T>(pattern: Pattern<T>): void {
  const skip = pattern.afterMatchSkip;
  if (!('stage' in skip)) return;
  for (let stage: Pattern<T> | null = pattern; stage !== null; stage = stage.previous) if (stage.name === skip.stage) return;
  throw malformed('SKIP_STAGE_UNKNOWN', `The pattern has no stage "${skip.stage}" to skip to. Stages inside a group cannot be skipped to.`);
}
