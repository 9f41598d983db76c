// The one TypeScript worker: the page's own port first, then Monaco's protocol.
import './typescript-port.ts';
import 'monaco-editor/languages/features/typescript/ts.worker';
