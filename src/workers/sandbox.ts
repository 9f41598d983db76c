// Runs learner code: each run in a new worker inside a sandboxed frame, with a watchdog over it. Started workers wait in reserve.
import type { Sandbox } from '../editor/runner.ts';
import type { RunFailure } from '../lab/session.ts';
import type { GuestReport, Place, RunMessage } from '../../simulations/guest/protocol.ts';
import { createFrame, type Frame } from './sandbox-frame.ts';
import { watch } from './watchdog.ts';

/** Silence allowed before the first event, when files are evaluated, and afterwards. */
const FIRST_SILENCE_MS = 5_000;
const SILENCE_MS = 2_000;
/** Started workers that wait for a run. */
const RESERVE = 2;
/** Messages of one run; what is beyond it is not the engine's. */
const MAX_MESSAGES = 200_000;

interface Started {
  readonly frame: Frame;
  readonly port: MessagePort;
  /** Resolves when the worker waits for a run. */
  readonly ready: Promise<void>;
}

const reserve: Promise<Started>[] = [];

function start(frame: Promise<Frame>): Promise<Started> {
  return frame.then((made) => {
    let refuse: (why: Error) => void = () => {};
    const port = made.start((message) => refuse(new Error(message)));
    const ready = new Promise<void>((resolve, reject) => {
      refuse = reject;
      port.onmessage = (event: MessageEvent<GuestReport>) => {
        if (event.data.kind === 'ready') resolve();
      };
    });
    ready.catch(() => {});
    return { frame: made, port, ready };
  });
}

/** Starts workers ahead of the first run. */
export function warmUp(): void {
  while (reserve.length < RESERVE) reserve.push(start(createFrame()));
}

function take(): Promise<Started> {
  return reserve.shift() ?? start(createFrame());
}

/** The frame of a run that ended in good order serves again, with a new worker. */
function giveBack(frame: Frame): void {
  frame.stop();
  if (reserve.length < RESERVE) reserve.push(start(Promise.resolve(frame)));
  else frame.remove();
}

export const runInSandbox: Sandbox = (run, sink) => {
  let over = false;
  let end: (reuse: boolean) => void = () => {};
  const fail = (failure: RunFailure) => {
    if (over) return;
    end(false);
    sink.failed(failure);
  };
  void take().then(
    async ({ frame, port, ready }) => {
      if (over) return giveBack(frame);
      let place: Place | null = null;
      let messages = 0;
      const dog = watch(FIRST_SILENCE_MS, () => fail(stuck(place)));
      end = (reuse) => {
        over = true;
        dog.stop();
        port.close();
        if (reuse) giveBack(frame);
        else frame.remove();
      };
      try {
        await ready;
      } catch (error) {
        fail(broken(String(error)));
        return;
      }
      if (over) return;
      dog.heard(FIRST_SILENCE_MS);
      port.onmessage = (event: MessageEvent<GuestReport>) => {
        if (over) return;
        if (++messages > MAX_MESSAGES) return fail(broken('too many messages'));
        const report = event.data;
        switch (report.kind) {
          case 'ready':
            return;
          case 'progress':
            place = report;
            return dog.heard(report.events > 1 ? SILENCE_MS : FIRST_SILENCE_MS);
          case 'inside':
            place = report;
            return;
          case 'chunk':
            return sink.chunk(report.chunk);
          case 'end':
            end(true);
            return sink.done(report.result.hash);
          case 'failed':
            return fail(broken(report.message));
        }
      };
      const message: RunMessage = { kind: 'run', universe: run.universe, js: run.js, maps: run.maps, record: true, frames: run.frames === true };
      port.postMessage(message);
    },
    (error: unknown) => fail(broken(String(error))),
  );
  return {
    cancel: () => {
      if (over) return;
      over = true;
      end(false);
    },
  };
};

/** Learner code did not return. */
function stuck(at: Place | null): RunFailure {
  const seconds = at ? (at.timeUs / 1e6).toFixed(6) : '0';
  const event = at ? Math.max(0, at.events - 1) : 0;
  const line = at && at.file !== '' && at.line > 0 ? `${at.file}:${at.line}` : null;
  const process = at?.process || null;
  return {
    message: {
      ko: `코드가 오랫동안 돌아오지 않아 실행을 멈추었습니다. ${process ? `${process} 프로세스가 ` : ''}가상 시간 ${seconds}초, 이벤트 ${event} 다음에 멈췄습니다. ${line ? `마지막으로 들어간 줄은 ${line}입니다. ` : ''}끝나지 않는 반복이나 await 없는 반복이 있는지 확인하세요.`,
      en: `The code did not return, so the run was stopped. ${process ? `${process} was running, ` : ''}at virtual time ${seconds} s, after event ${event}. ${line ? `The last line entered was ${line}. ` : ''}Look for a loop that never ends or never awaits.`,
    },
  };
}

function broken(reason: string): RunFailure {
  return {
    message: {
      ko: `샌드박스가 실행 도중에 끝났습니다. ${reason} 메모리를 많이 쓰는 코드인지 확인하고 다시 실행하세요.`,
      en: `The sandbox ended during the run: ${reason}. Check whether the code uses very much memory, then run again.`,
    },
  };
}
