// The host's own functions, taken before learner code is loaded and before the realm is changed: what the driver runs on.

export interface Natives {
  /** Milliseconds of real time; for reports and slices only, never for anything in a run. */
  readonly now: () => number;
  readonly queueMicrotask: (job: () => void) => void;
  /** Evaluates a script's text in the global scope. */
  readonly evaluate: (text: string) => unknown;
  /** Calls `job` in a task of its own, after all microtasks. One may be under way at a time. */
  readonly hop: (job: () => void) => void;
  /**
   * Tasks to wait for before virtual time goes on. Browsers tell of unhandled rejections in a task of its own, queued after the microtasks
   * are done; a second hop comes after it. Node tells of them before the next task.
   */
  readonly hopsPerEvent: number;
  readonly onRejection: (handler: (reason: unknown) => void) => void;
}

interface NodeProcess {
  on(event: string, handler: (reason: unknown) => void): void;
}

export function takeNatives(nodeProcess: NodeProcess | null): Natives {
  const clock = performance;
  const now = clock.now.bind(clock);
  const scope = globalThis as unknown as { addEventListener?: (type: string, handler: (e: PromiseRejectionEvent) => void) => void };
  const listen = scope.addEventListener?.bind(globalThis);
  const channel = new MessageChannel();
  const { port1, port2 } = channel;
  const post = port2.postMessage.bind(port2);
  let job: (() => void) | null = null;
  port1.onmessage = () => {
    const due = job;
    job = null;
    due?.();
  };
  return {
    now,
    queueMicrotask: globalThis.queueMicrotask.bind(globalThis),
    // Indirect, so that the text sees the global scope only. Taken here, then refused to everyone else.
    // oxlint-disable-next-line no-eval
    evaluate: globalThis.eval,
    hop(next) {
      job = next;
      post(0);
    },
    hopsPerEvent: nodeProcess ? 1 : 2,
    onRejection(handler) {
      if (nodeProcess) nodeProcess.on('unhandledRejection', handler);
      else {
        listen?.('unhandledrejection', (e) => {
          e.preventDefault();
          handler(e.reason);
        });
      }
    },
  };
}
