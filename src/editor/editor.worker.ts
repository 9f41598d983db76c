// Monaco's own worker: diffs and word completion.
import 'monaco-editor/editor/editor.worker';
