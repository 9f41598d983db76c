// The frame that keeps learner code from the page: an opaque origin, a policy that lets nothing in or out, and in it one worker from a blob.
// The only way between page and worker is a MessagePort that the page hands through.
import guest from 'virtual:guest';

/** First in the frame's head. `srcdoc` inherits the page's policy as well; both hold. */
const POLICY = "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval' blob:; worker-src blob:; connect-src 'none'; img-src 'none'; form-action 'none'; base-uri 'none'";

/** Runs inside the frame. It takes the worker's text once, then makes and ends workers as the page asks. */
const SCRIPT = `
let url = '', worker = null;
onmessage = ({ data, ports }) => {
  if (data.kind === 'code') url = URL.createObjectURL(new Blob([data.code], { type: 'text/javascript' }));
  if (data.kind === 'stop' || data.kind === 'start') { if (worker) worker.terminate(); worker = null; }
  if (data.kind === 'start') {
    const port = ports[0];
    worker = new Worker(url);
    worker.onerror = (e) => { e.preventDefault(); parent.postMessage({ kind: 'worker-error', message: String(e.message || 'the worker ended') }, '*'); };
    worker.postMessage(null, [port]);
  }
};
parent.postMessage({ kind: 'frame-ready' }, '*');
`;

export interface Frame {
  /** Ends the worker that runs, if any, and starts a fresh one. @returns the page's end of its port; the worker says `ready` on it. */
  start(onError: (message: string) => void): MessagePort;
  /** Ends the worker; the frame can be used again. */
  stop(): void;
  /** Removes the frame with everything in it. */
  remove(): void;
}

/** Makes a frame. Resolves when it can start workers. */
export function createFrame(): Promise<Frame> {
  const element = document.createElement('iframe');
  element.setAttribute('sandbox', 'allow-scripts');
  element.title = 'sandbox';
  element.tabIndex = -1;
  element.ariaHidden = 'true';
  element.style.display = 'none';
  element.srcdoc = `<!doctype html><html><head><meta http-equiv="Content-Security-Policy" content="${POLICY}"></head><body><script>${SCRIPT}</script></body></html>`;
  let onWorkerError: (message: string) => void = () => {};
  return new Promise((resolve) => {
    const hear = (event: MessageEvent<{ kind?: string; message?: string } | null>) => {
      if (event.source !== element.contentWindow || event.source === null) return;
      if (event.data?.kind === 'worker-error') onWorkerError(String(event.data.message).slice(0, 300));
      if (event.data?.kind !== 'frame-ready') return;
      const to = element.contentWindow!;
      to.postMessage({ kind: 'code', code: guest }, '*');
      resolve({
        start(onError) {
          onWorkerError = onError;
          const { port1, port2 } = new MessageChannel();
          to.postMessage({ kind: 'start' }, '*', [port2]);
          return port1;
        },
        stop() {
          onWorkerError = () => {};
          to.postMessage({ kind: 'stop' }, '*');
        },
        remove() {
          removeEventListener('message', hear);
          element.remove();
        },
      });
    };
    addEventListener('message', hear);
    document.body.append(element);
  });
}
