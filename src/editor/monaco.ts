// Monaco, loaded when a lesson's code is opened on a device that suits it: TypeScript only, on the shared TypeScript worker.
import { LEARNER_ROOT } from '../../simulations/guest/compile-options.ts';
import { beginTypeScript } from './typescript-service.ts';

export type Monaco = typeof import('monaco-editor/editor');

let loading: Promise<Monaco> | null = null;

export function loadMonaco(): Promise<Monaco> {
  loading ??= load().catch((error: unknown) => {
    loading = null;
    throw error;
  });
  return loading;
}

async function load(): Promise<Monaco> {
  const [monaco, typescript, { worker, setUp }] = await Promise.all([
    import('monaco-editor/editor'),
    import('monaco-editor/languages/features/typescript/register'),
    beginTypeScript(),
    import('monaco-editor/features/register.all'),
    import('monaco-editor/languages/definitions/typescript/register'),
  ]);
  (globalThis as { MonacoEnvironment?: unknown }).MonacoEnvironment = {
    getWorker: (_: string, label: string) => (label === 'typescript' ? worker : new Worker(new URL('./editor.worker.ts', import.meta.url), { type: 'module', name: label })),
  };
  // Set once: a later change would make Monaco end the worker that everything else uses too.
  const defaults = typescript.typescriptDefaults;
  defaults.setCompilerOptions({ ...setUp.options } as never);
  defaults.setExtraLibs(Object.entries(setUp.libraries).map(([path, content]) => ({ content, filePath: LEARNER_ROOT + path })));
  defaults.setEagerModelSync(true);
  await defineShownLanguage(monaco);
  defineThemes(monaco);
  void document.fonts.load('13px "JetBrains Mono"').then(() => monaco.editor.remeasureFonts());
  return monaco;
}

/** A language for code that is shown and not checked: the colours of TypeScript without its worker. */
export const SHOWN = 'shown-typescript';
async function defineShownLanguage(monaco: Monaco): Promise<void> {
  const { language, conf } = await import('monaco-editor/languages/definitions/typescript/typescript');
  monaco.languages.register({ id: SHOWN });
  monaco.languages.setMonarchTokensProvider(SHOWN, language as never);
  monaco.languages.setLanguageConfiguration(SHOWN, conf as never);
}

/** Our two themes, from the tokens of each. */
function defineThemes(monaco: Monaco): void {
  for (const theme of ['light', 'dark'] as const) {
    const token = tokensOf(theme);
    const ink = (name: string) => token(name).slice(1);
    monaco.editor.defineTheme(`millrace-${theme}`, {
      base: theme === 'dark' ? 'vs-dark' : 'vs',
      inherit: false,
      rules: [
        { token: '', foreground: ink('ink'), background: ink('stage') },
        { token: 'keyword', foreground: ink('ink'), fontStyle: 'bold' },
        { token: 'string', foreground: ink('accent-ink') },
        { token: 'regexp', foreground: ink('accent-ink') },
        { token: 'number', foreground: ink('ink') },
        { token: 'comment', foreground: ink('ink-3'), fontStyle: 'italic' },
        { token: 'delimiter', foreground: ink('ink-2') },
        { token: 'type', foreground: ink('ink') },
      ],
      colors: {
        'editor.background': token('stage'),
        'editor.foreground': token('ink'),
        'editorLineNumber.foreground': token('ink-3'),
        'editorLineNumber.activeForeground': token('ink'),
        'editorCursor.foreground': token('accent'),
        'editor.selectionBackground': token('accent-line'),
        'editor.inactiveSelectionBackground': token('accent-wash'),
        'editor.lineHighlightBackground': token('accent-wash'),
        'editor.lineHighlightBorder': '#00000000',
        'editor.wordHighlightBackground': token('accent-wash'),
        'editorBracketMatch.background': token('accent-wash'),
        'editorBracketMatch.border': token('accent-line'),
        ...Object.fromEntries([1, 2, 3, 4, 5, 6].map((n) => [`editorBracketHighlight.foreground${n}`, token('ink-2')])),
        'editorBracketHighlight.unexpectedBracket.foreground': token('broken'),
        'editorError.foreground': token('broken'),
        'editorWarning.foreground': token('amber'),
        'editorWidget.background': token('panel'),
        'editorWidget.foreground': token('ink'),
        'editorWidget.border': token('line-2'),
        'editorSuggestWidget.background': token('panel'),
        'editorSuggestWidget.foreground': token('ink'),
        'editorSuggestWidget.border': token('line-2'),
        'editorSuggestWidget.selectedBackground': token('accent-wash'),
        'editorSuggestWidget.selectedForeground': token('ink'),
        'editorSuggestWidget.highlightForeground': token('accent-ink'),
        'editorSuggestWidget.focusHighlightForeground': token('accent-ink'),
        'editorHoverWidget.background': token('panel'),
        'editorHoverWidget.border': token('line-2'),
        'input.background': token('stage'),
        'input.foreground': token('ink'),
        'input.border': token('line-2'),
        focusBorder: token('accent'),
        'list.hoverBackground': token('hover'),
        'list.activeSelectionBackground': token('accent-wash'),
        'list.activeSelectionForeground': token('ink'),
        'menu.background': token('panel'),
        'menu.foreground': token('ink'),
        'scrollbarSlider.background': token('line-2'),
        'scrollbarSlider.hoverBackground': token('line-3'),
        'diffEditor.insertedLineBackground': token('teal-wash'),
        'diffEditor.insertedTextBackground': token('teal-wash'),
        'diffEditor.removedLineBackground': token('broken-wash'),
        'diffEditor.removedTextBackground': token('broken-wash'),
        'diffEditor.border': token('line'),
      },
    });
  }
}

/** Tokens of a theme, whether or not it is the one shown, as #rrggbb or #rrggbbaa. */
function tokensOf(theme: 'light' | 'dark'): (name: string) => string {
  const probe = document.createElement('div');
  probe.dataset.theme = theme;
  probe.hidden = true;
  document.body.append(probe);
  const style = getComputedStyle(probe);
  const values = new Map<string, string>();
  for (const name of TOKENS) values.set(name, whole(style.getPropertyValue(`--${name}`).trim()));
  probe.remove();
  return (name) => values.get(name)!;
}

const TOKENS = [
  'stage',
  'panel',
  'hover',
  'ink',
  'ink-2',
  'ink-3',
  'line',
  'line-2',
  'line-3',
  'accent',
  'accent-ink',
  'accent-line',
  'accent-wash',
  'amber',
  'broken',
  'broken-wash',
  'teal-wash',
] as const;

/** `#fff` as `#ffffff`. */
function whole(color: string): string {
  const short = /^#(.)(.)(.)$/.exec(color);
  return short
    ? `#${short
        .slice(1)
        .map((c) => c + c)
        .join('')}`
    : color;
}
