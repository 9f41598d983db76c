// The worker's entry: finds its port, prepares the realm, waits for its one run.
import { Buffer } from 'buffer';
import { clock, drive, type Post } from './driver.ts';
import { takeNatives } from './natives.ts';
import type { RunMessage } from './protocol.ts';
import { prepareRealm } from './realm/prepare.ts';

interface NodeHost {
  on(event: string, handler: (reason: unknown) => void): void;
  getBuiltinModule(name: string): { parentPort: NodePort | null };
}
interface NodePort {
  postMessage(message: unknown, transfer?: ArrayBuffer[]): void;
  on(event: 'message', handler: (message: RunMessage) => void): void;
}

// In Node the worker talks by its parent port; in a page by the port that comes with the first message, or else by itself.
const node = (globalThis as { process?: NodeHost }).process ?? null;
const natives = takeNatives(node);
const nodePort = node?.getBuiltinModule('node:worker_threads').parentPort ?? null;
const scope = globalThis as unknown as { postMessage(message: unknown, transfer: Transferable[]): void; addEventListener(type: 'message', handler: (e: MessageEvent<RunMessage>) => void): void };
let post: Post = nodePort ? (report, transfer) => nodePort.postMessage(report, transfer) : (scope.postMessage.bind(scope) as unknown as Post);
let started = false;

function receive(message: RunMessage): void {
  if (started || message.kind !== 'run') return;
  started = true;
  drive(message, natives, Buffer, (report, transfer = []) => post(report, transfer));
}

if (nodePort) nodePort.on('message', receive);
else {
  scope.addEventListener('message', (e) => {
    const [port] = e.ports;
    if (port) {
      post = port.postMessage.bind(port) as unknown as Post;
      port.onmessage = (inner: MessageEvent<RunMessage>) => receive(inner.data);
      post({ kind: 'ready' });
    }
    if (e.data) receive(e.data);
  });
}
prepareRealm(() => clock.nowMs(), [Buffer]);
if (nodePort) post({ kind: 'ready' });
