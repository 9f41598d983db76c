// The code of an exercise: its files, the editor, the Java tab, and below it the grading report with its hints.
import { useCallback, useEffect, useMemo, useState, type KeyboardEvent, type MouseEvent } from 'react';
import type { Finding, LessonKit } from '../../lessons/contract.ts';
import type { Universe } from '../../simulations/contract/scenario.ts';
import { Dialog } from '../app/components/dialog.tsx';
import { Menu, type MenuItem } from '../app/components/menu.tsx';
import { Icon } from '../app/icons.tsx';
import { useLanguage } from '../app/preferences.ts';
import type { Session } from '../lab/session.ts';
import { DRAFT, draftName } from '../store/drafts.ts';
import { changeProgress, type LessonProgress } from '../store/progress.ts';
import { useSaved } from '../store/saved.ts';
import { usePlainEditor } from './editor-choice.ts';
import { tally, type Cell, type Grading } from './grader.ts';
import { Hints } from './hints.tsx';
import { JavaTab } from './java-tab.tsx';
import { useEditorMessages } from './messages.ts';
import { Output } from './output.tsx';
import { MonacoEditor } from './monaco-editor.tsx';
import { PlainEditor } from './plain-editor.tsx';
import { ProblemList } from './problem-list.tsx';
import { Report } from './report.tsx';
import { Solution } from './solution.tsx';
import { useChecked } from './use-checked.ts';
import { useGrading } from './use-grading.ts';
import './editor.css';

export interface CodePaneProps {
  readonly kit: LessonKit;
  /** The run on the stage, whose output is shown up to the playhead. */
  readonly session: Session;
  readonly progress: LessonProgress;
  /** False while another tab covers it: the editor is loaded when it is first shown. */
  readonly shown: boolean;
  readonly onRun: (files: Readonly<Record<string, string>>) => void;
  readonly onGraded: (best: { quiet: number; faulted: number; of: number }) => void;
  readonly onShow: (universe: Universe, finding: Finding) => void;
  readonly linkTo: (universe: Universe, finding: Finding) => Promise<string | null>;
}

const JAVA = 'Java';
const RUN_KEY = /Mac|iP/.test(navigator.platform) ? '⌘↵' : 'Ctrl ↵';

export function CodePane({ kit, session, progress, shown, onRun, onGraded, onShow, linkTo }: CodePaneProps) {
  const m = useEditorMessages();
  const language = useLanguage();
  const [draft, changeDraft] = useSaved(draftName(kit.lesson), DRAFT);
  const files = useMemo(() => ({ ...kit.given, ...draft }), [kit, draft]);
  const entry = kit.exercise.entry;
  const [tab, setTab] = useState(entry);
  const [dialog, setDialog] = useState<'solution' | 'reset' | null>(null);
  const { plain, couldChoose, choose } = usePlainEditor();
  const [everShown, setEverShown] = useState(shown);
  const { problems, state: typesState, onProblems } = useChecked(files, plain && everShown);
  useEffect(() => {
    if (shown) setEverShown(true);
  }, [shown]);

  const { state, start, cancel } = useGrading(kit, (grading) => {
    const sums = tally(grading.cells);
    onGraded(sums);
  });
  const write = useCallback((name: string, text: string) => changeDraft((d) => ({ ...d, [name]: text })), [changeDraft]);
  const grade = useCallback(() => start(files), [start, files]);
  const grading = state.kind === 'graded' ? state.grading : null;
  const marked = useMarked(kit, grading, files[entry] ?? '', language, tab === entry);

  const hint = () => changeProgress(kit.lesson, (p) => ({ hints: Math.min(3, p.hints + 1) }));
  const tabs = [...Object.keys(kit.given), JAVA];
  const moveTab = (e: KeyboardEvent) => {
    const by = e.key === 'ArrowRight' ? 1 : e.key === 'ArrowLeft' ? -1 : 0;
    if (by === 0) return;
    const next = tabs[(tabs.indexOf(tab) + by + tabs.length) % tabs.length]!;
    setTab(next);
    document.getElementById(`file-${next}`)?.focus();
  };
  const [menuAt, setMenuAt] = useState<{ x: number; y: number } | null>(null);
  const closeMenu = useCallback(() => setMenuAt(null), []);
  const openMenu = (e: MouseEvent) => {
    const box = e.currentTarget.getBoundingClientRect();
    setMenuAt({ x: box.left, y: box.bottom + 4 });
  };
  const menu: MenuItem[] = [
    { id: 'solution', title: m.solution.show, run: () => setDialog('solution') },
    { id: 'reset', title: m.reset.action, icon: 'back', run: () => setDialog('reset') },
    ...(couldChoose ? [{ id: 'editor', title: plain ? m.rich : m.plain, run: () => choose(!plain) }] : []),
  ];
  const findingUniverse = (cell: Cell) => cell.universe!;

  return (
    <div className="code-pane">
      <div className="files">
        <div className="file-tabs" role="tablist" aria-label={m.files} onKeyDown={moveTab}>
          {tabs.map((name) => (
            <button
              key={name}
              type="button"
              role="tab"
              id={`file-${name}`}
              tabIndex={tab === name ? 0 : -1}
              aria-selected={tab === name}
              aria-controls="file-panel"
              className={name === JAVA ? '' : 'mono'}
              onClick={() => setTab(name)}
            >
              {name}
            </button>
          ))}
        </div>
        <span className="spring" />
        {tab === entry ? (
          <span className="own violet">
            <Icon name="code" />
            {m.own}
          </span>
        ) : (
          <span className="quiet">{m.readOnly}</span>
        )}
      </div>
      <div id="file-panel" className="file-panel" role="tabpanel" aria-labelledby={`file-${tab}`}>
        {tab === JAVA ? (
          <JavaTab java={kit.java} />
        ) : plain ? (
          <PlainEditor file={tab} text={files[tab]!} readOnly={tab !== entry} problems={problems.filter((p) => p.file === tab)} marked={marked} onChange={(text) => write(tab, text)} />
        ) : (
          everShown && <MonacoEditor files={files} file={tab} readOnly={tab !== entry} marked={marked} onChange={write} onProblems={onProblems} onRun={grade} />
        )}
      </div>
      <div className="code-bar">
        <span className={`types small ${problems.length ? 'broken' : 'quiet'}`} role="status">
          {m.saved} · {typesState === 'checking' ? m.checking : typesState === 'unknown' ? m.unchecked : problems.length ? m.problems(problems.length) : m.clean}
        </span>
        <span className="spring" />
        <button type="button" className="tool" onClick={hint} disabled={progress.hints >= 3}>
          {progress.hints >= 3 ? m.report.hintsDone : m.report.hint(progress.hints + 1)}
        </button>
        <button type="button" className="tool" aria-haspopup="menu" aria-expanded={menuAt !== null} aria-label={m.more} title={m.more} onClick={openMenu}>
          <Icon name="menu" />
        </button>
        <button type="button" className="button secondary" onClick={() => onRun(files)}>
          <Icon name="play" />
          {m.run}
        </button>
        <button type="button" className="button primary" onClick={grade}>
          {m.grade} <kbd aria-hidden="true">{RUN_KEY}</kbd>
        </button>
      </div>
      <div className="code-below">
        <Output session={session} process={kit.experiment.scenario.learner[0]!.process} />
        <Hints hints={kit.exercise.hints} open={progress.hints} />
        {state.kind === 'none' && <p className="report-none quiet">{m.report.none}</p>}
        {state.kind === 'compiling' && (
          <p className="report-none quiet" role="status">
            {m.report.compiling}
          </p>
        )}
        {state.kind === 'noCompiler' && (
          <p className="report-none broken" role="alert">
            {m.loadFailed}
          </p>
        )}
        {state.kind === 'typeErrors' && (
          <div role="alert" className="report-none">
            <p className="broken">{m.report.typeErrors(state.problems.length)}</p>
            <ProblemList problems={state.problems} />
          </div>
        )}
        {state.kind !== 'typeErrors' && plain && <ProblemList problems={problems} />}
        {grading && (
          <Report
            exercise={kit.exercise}
            grading={grading}
            onCancel={cancel}
            onShow={(cell, finding) => onShow(findingUniverse(cell), finding)}
            linkTo={(cell, finding) => linkTo(findingUniverse(cell), finding)}
          />
        )}
      </div>
      {menuAt && <Menu label={m.more} items={menu} at={menuAt} onClose={closeMenu} />}
      {dialog === 'solution' && <Solution mine={files[entry]!} solution={kit.solution} plain={plain} onInsert={() => write(entry, kit.solution)} onClose={() => setDialog(null)} />}
      {dialog === 'reset' && (
        <Dialog title={m.reset.title} onClose={() => setDialog(null)}>
          <p className="dialog-text">{m.reset.text}</p>
          <div className="dialog-actions">
            <button
              type="button"
              className="button primary"
              onClick={() => {
                changeDraft(() => ({}));
                setDialog(null);
              }}
            >
              {m.reset.confirm}
            </button>
            <button type="button" className="button secondary" onClick={() => setDialog(null)}>
              {m.reset.cancel}
            </button>
          </div>
        </Dialog>
      )}
    </div>
  );
}

/** The line that the first failure is about, while the code is still the one that was graded. */
function useMarked(kit: LessonKit, grading: Grading | null, text: string, language: 'ko' | 'en', entryShown: boolean) {
  const failure = grading?.firstFailure;
  const gradedText = failure?.universe?.files[kit.exercise.entry];
  return useMemo(() => {
    const finding = failure?.judgement?.findings[0];
    if (!finding || !entryShown || gradedText !== text) return null;
    const at = kit.exercise.point(finding, text);
    return at && { ...at, note: at.note[language] };
  }, [kit, failure, gradedText, text, language, entryShown]);
}
