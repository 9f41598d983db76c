// Runs a universe with learner code: TypeScript becomes JavaScript first, then the sandbox computes it.
import type { RunFailure, Runner } from '../lab/session.ts';
import type { CodeProblem } from './code-problem.ts';
import { compile } from './typescript-service.ts';

export const learnerRunner: Runner = (universe, sink) => {
  let cancelled = false;
  let running: { cancel(): void } | null = null;
  const files = { ...universe.scenario.files, ...universe.files };
  Promise.all([compile(files), import('../workers/sandbox.ts')]).then(
    ([compiled, { runInSandbox }]) => {
      if (cancelled) return;
      if (!compiled.ok) {
        sink.failed(typeErrors(compiled.problems));
        return;
      }
      const code = Object.entries(compiled.code);
      running = runInSandbox({ universe, js: Object.fromEntries(code.map(([name, { js }]) => [name, js])), maps: Object.fromEntries(code.map(([name, { map }]) => [name, map])), frames: true }, sink);
    },
    () => {
      if (!cancelled) sink.failed(NOT_LOADED);
    },
  );
  return {
    cancel: () => {
      cancelled = true;
      running?.cancel();
    },
  };
};

function typeErrors(problems: readonly CodeProblem[]): RunFailure {
  const { file, line, column, message } = problems[0]!;
  return {
    message: {
      ko: `타입 오류 때문에 실행하지 않았습니다. ${file} 파일 ${line}번째 줄 ${column}번째 칸: ${message} 오류를 고치고 다시 실행하세요.`,
      en: `The code was not run, because of a type error. ${file}, line ${line}, column ${column}: ${message} Correct it and run again.`,
    },
  };
}

const NOT_LOADED: RunFailure = {
  message: {
    ko: '코드를 실행할 준비를 하지 못했습니다. TypeScript나 실행 환경을 불러오지 못했습니다. 네트워크 연결을 확인하고 다시 실행하세요.',
    en: 'The code could not be made ready to run: TypeScript or the sandbox did not load. Check the network and run again.',
  },
};
