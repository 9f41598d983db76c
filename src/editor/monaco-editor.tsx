// The full editor. Tab indents; Esc then Tab leaves, which is said beside it and to screen readers.
import { useEffect, useRef, useState } from 'react';
import type { editor } from 'monaco-editor/editor';
import { LEARNER_ROOT } from '../../simulations/guest/compile-options.ts';
import { useShownTheme } from '../app/preferences.ts';
import type { CodeProblem, Marked } from './code-problem.ts';
import { useEditorMessages } from './messages.ts';
import { loadMonaco, type Monaco } from './monaco.ts';

export interface MonacoEditorProps {
  /** All files, so that imports resolve. */
  readonly files: Readonly<Record<string, string>>;
  readonly file: string;
  readonly readOnly: boolean;
  readonly marked: Marked | null;
  readonly onChange: (file: string, text: string) => void;
  readonly onProblems: (problems: readonly CodeProblem[]) => void;
  /** ⌘↵ */
  readonly onRun: () => void;
}

export function MonacoEditor(props: MonacoEditorProps) {
  const m = useEditorMessages();
  const theme = useShownTheme();
  const host = useRef<HTMLDivElement>(null);
  const [loaded, setLoaded] = useState<{ monaco: Monaco; editor: editor.IStandaloneCodeEditor } | 'failed' | null>(null);
  const [attempt, setAttempt] = useState(0);
  const [leaves, setLeaves] = useState(false);
  const latest = useRef(props);
  latest.current = props;
  const theme0 = useRef(theme);
  theme0.current = theme;

  useEffect(() => {
    let gone = false;
    let dispose = () => {};
    loadMonaco().then(
      (monaco) => {
        if (gone || !host.current) return;
        const made = create(monaco, host.current, theme0.current, latest, setLeaves);
        dispose = made.dispose;
        setLoaded({ monaco, editor: made.editor });
      },
      () => {
        if (!gone) setLoaded('failed');
      },
    );
    return () => {
      gone = true;
      dispose();
    };
  }, [attempt]);

  useEffect(() => {
    if (!loaded || loaded === 'failed') return;
    const { monaco, editor } = loaded;
    for (const [name, text] of Object.entries(props.files)) {
      const uri = monaco.Uri.parse(LEARNER_ROOT + name);
      const model = monaco.editor.getModel(uri) ?? monaco.editor.createModel(text, 'typescript', uri);
      // Typing comes back as a prop: only a change from outside (reset, solution) is taken over, undoable.
      if (model.getValue() !== text) model.pushEditOperations([], [{ range: model.getFullModelRange(), text }], () => null);
    }
    editor.setModel(monaco.editor.getModel(monaco.Uri.parse(LEARNER_ROOT + props.file)));
    editor.updateOptions({ readOnly: props.readOnly, domReadOnly: props.readOnly, ariaLabel: m.editorLabel(props.file) });
  }, [loaded, props.files, props.file, props.readOnly, m]);

  useEffect(() => {
    if (loaded && loaded !== 'failed') loaded.monaco.editor.setTheme(`millrace-${theme}`);
  }, [loaded, theme]);

  useMark(loaded, props.file, props.marked);

  return (
    <div className="monaco-frame">
      <div ref={host} className="monaco-host" />
      {loaded === null && (
        <p className="editor-wait quiet" role="status">
          {m.loading}
        </p>
      )}
      {loaded === 'failed' && (
        <p className="editor-wait" role="alert">
          {m.loadFailed}{' '}
          <button
            type="button"
            className="link"
            onClick={() => {
              setLoaded(null);
              setAttempt(attempt + 1);
            }}
          >
            {m.reload}
          </button>
        </p>
      )}
      <p className={`escape-hint ${leaves ? 'leaves' : ''}`} role="status">
        {leaves ? m.escapeNow : m.escapeHint}
      </p>
    </div>
  );
}

function create(monaco: Monaco, host: HTMLElement, theme: string, latest: { readonly current: MonacoEditorProps }, onLeaves: (leaves: boolean) => void) {
  const { file, files } = latest.current;
  for (const [name, text] of Object.entries(files)) {
    const uri = monaco.Uri.parse(LEARNER_ROOT + name);
    const model = monaco.editor.getModel(uri);
    if (model) model.setValue(text);
    else monaco.editor.createModel(text, 'typescript', uri);
  }
  const made = monaco.editor.create(host, {
    model: monaco.editor.getModel(monaco.Uri.parse(LEARNER_ROOT + file)),
    theme: `millrace-${theme}`,
    fontFamily: '"JetBrains Mono", Pretendard, ui-monospace, Menlo, monospace',
    fontSize: 13,
    lineHeight: 20,
    letterSpacing: -0.1,
    fontLigatures: false,
    guides: { indentation: false },
    minimap: { enabled: false },
    lineNumbersMinChars: 4,
    glyphMargin: false,
    folding: false,
    padding: { top: 4, bottom: 10 },
    scrollBeyondLastLine: false,
    scrollbar: { verticalScrollbarSize: 8, horizontalScrollbarSize: 8, useShadows: false, alwaysConsumeMouseWheel: false },
    overviewRulerLanes: 0,
    renderLineHighlight: 'line',
    renderLineHighlightOnlyWhenFocus: true,
    stickyScroll: { enabled: false },
    tabSize: 2,
    automaticLayout: true,
    fixedOverflowWidgets: true,
    quickSuggestions: { strings: false, comments: false, other: true },
    unicodeHighlight: { ambiguousCharacters: false },
    accessibilitySupport: 'auto',
  });
  made.addCommand(monaco.KeyMod.CtrlCmd | monaco.KeyCode.Enter, () => latest.current.onRun());
  const disposables = [
    made,
    escapeLeaves(monaco, made, onLeaves),
    made.onDidChangeModelContent(() => {
      const name = made.getModel()?.uri.toString().slice(LEARNER_ROOT.length);
      if (name && !made.getOption(monaco.editor.EditorOption.readOnly)) latest.current.onChange(name, made.getValue());
    }),
    monaco.editor.onDidChangeMarkers(() => latest.current.onProblems(problemsOf(monaco, latest.current.files))),
  ];
  return {
    editor: made,
    dispose: () => {
      for (const disposable of disposables) disposable.dispose();
      for (const model of monaco.editor.getModels()) model.dispose();
    },
  };
}

/** After Esc, with no list or search open, Tab moves the focus on; any other key takes that back. */
function escapeLeaves(monaco: Monaco, made: editor.IStandaloneCodeEditor, onLeaves: (leaves: boolean) => void): { dispose(): void } {
  const leave = (on: boolean) => {
    made.updateOptions({ tabFocusMode: on });
    onLeaves(on);
  };
  made.addCommand(
    monaco.KeyCode.Escape,
    () => leave(true),
    '!suggestWidgetVisible && !findWidgetVisible && !renameInputVisible && !parameterHintsVisible && !editorHasMultipleSelections && !inSnippetMode',
  );
  const keys = made.onKeyDown((e) => {
    if (e.keyCode !== monaco.KeyCode.Escape && e.keyCode !== monaco.KeyCode.Tab && e.keyCode !== monaco.KeyCode.Shift) leave(false);
  });
  const blur = made.onDidBlurEditorText(() => leave(false));
  return {
    dispose: () => {
      keys.dispose();
      blur.dispose();
    },
  };
}

function problemsOf(monaco: Monaco, files: Readonly<Record<string, string>>): CodeProblem[] {
  return Object.keys(files).flatMap((file) =>
    monaco.editor
      .getModelMarkers({ resource: monaco.Uri.parse(LEARNER_ROOT + file) })
      .filter((marker) => marker.severity === monaco.MarkerSeverity.Error)
      .map((marker) => ({
        file,
        line: marker.startLineNumber,
        column: marker.startColumn,
        length: marker.endColumn - marker.startColumn,
        message: marker.message,
        code: Number(typeof marker.code === 'string' ? marker.code : marker.code?.value) || 0,
      })),
  );
}

/** The line a finding is about, with a few words beside it. */
function useMark(loaded: { monaco: Monaco; editor: editor.IStandaloneCodeEditor } | 'failed' | null, file: string, marked: MonacoEditorProps['marked']): void {
  useEffect(() => {
    if (!loaded || loaded === 'failed' || !marked) return;
    const { monaco, editor } = loaded;
    const end = editor.getModel()?.getLineMaxColumn(marked.line) ?? 1;
    const decorations = editor.createDecorationsCollection([
      { range: new monaco.Range(marked.line, marked.from, marked.line, marked.to), options: { inlineClassName: 'marked-text' } },
      {
        range: new monaco.Range(marked.line, end, marked.line, end),
        options: { isWholeLine: true, showIfCollapsed: true, className: 'marked-line', after: { content: `\u00a0\u00a0\u00a0${marked.note}`, inlineClassName: 'marked-note' } },
      },
    ]);
    editor.revealLineInCenterIfOutsideViewport(marked.line);
    return () => decorations.clear();
  }, [loaded, file, marked]);
}
