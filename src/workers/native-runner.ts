// Runs universes without learner code in a simulation worker of their own.
import { proxy, wrap } from 'comlink';
import type { Runner } from '../lab/session.ts';
import type { Simulation } from './sim.worker.ts';

/** A runner for sessions. Each run has its own worker, which ends with it. */
export const runNative: Runner = (universe, sink) => {
  const worker = new Worker(new URL('./sim.worker.ts', import.meta.url), { type: 'module', name: universe.scenario.id });
  let ended = false;
  const end = () => {
    ended = true;
    worker.terminate();
  };
  const fail = (reason: string) => {
    if (ended) return;
    end();
    sink.failed({
      message: {
        en: `The simulation stopped on an error of its own: ${reason}. Reload the page; if it happens again, the scenario and seed name the run that shows it.`,
        ko: `시뮬레이션 자체의 오류로 실행이 멈추었습니다. ${reason} 페이지를 새로고침하세요. 같은 일이 되풀이되면 시나리오와 시드가 그 실행을 가리킵니다.`,
      },
    });
  };
  worker.onerror = (event) => fail(event.message);
  void wrap<Simulation>(worker)
    .run(
      universe,
      proxy((chunk) => {
        if (!ended) sink.chunk(chunk);
      }),
    )
    .then((outcome) => {
      if (ended) return;
      if (!outcome.ok) return fail(outcome.reason);
      end();
      sink.done(outcome.result.hash);
    });
  return { cancel: end };
};
