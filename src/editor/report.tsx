// The grading report: how many runs held, which properties, one cell per run, and the first failure as a story that can be opened.
import { useMemo, useState } from 'react';
import { useNavigate } from 'react-router';
import type { Exercise, Finding } from '../../lessons/contract.ts';
import { formatSeconds } from '../app/format.ts';
import { Icon } from '../app/icons.tsx';
import { useLanguage } from '../app/preferences.ts';
import { Rich } from '../app/rich.tsx';
import { Whole } from '../app/whole.tsx';
import { faultIcon, tellFaultLine } from '../lab/fault-words.ts';
import { useFaultTeller } from '../lab/messages/use-lab-messages.ts';
import { SceneSvg } from '../lab/scene-svg.tsx';
import { Cells } from './cells.tsx';
import { findingScene } from './finding-scene.ts';
import { heldByCheck, tally, type Cell, type Grading } from './grader.ts';
import { useEditorMessages } from './messages.ts';

export interface ReportProps {
  readonly exercise: Exercise;
  readonly grading: Grading;
  readonly onCancel: () => void;
  /** Shows the run on the stage, halted one event before. */
  readonly onShow: (cell: Cell, finding: Finding) => void;
  /** Address of the run in the lab; null when it is too large for a link. */
  readonly linkTo: (cell: Cell, finding: Finding) => Promise<string | null>;
}

export function Report({ exercise, grading, onCancel, onShow, linkTo }: ReportProps) {
  const m = useEditorMessages().report;
  const all = useEditorMessages();
  const language = useLanguage();
  const [chosen, setChosen] = useState<number | null>(null);
  const { cells, finished, firstFailure, state } = grading;
  const sums = tally(cells);
  const checks = heldByCheck(cells, exercise.checks.length);
  const shown = (chosen === null ? firstFailure : cells[chosen]) ?? null;

  return (
    <section className="report" aria-labelledby="report-title">
      <div className="report-head">
        <div role="status">
          <h2 id="report-title">{headline(grading, m)}</h2>
        </div>
        <span className="small quiet">
          {m.groups(sums.quiet, sums.faulted, sums.of)} · {m.elapsed((grading.elapsedMs / 1000).toFixed(1))}
        </span>
        <span className="spring" />
        {state === 'running' && (
          <button type="button" className="tool" onClick={onCancel}>
            {all.cancel}
          </button>
        )}
      </div>
      {grading.failure && (
        <p className="report-failure" role="alert">
          {grading.failure.message[language]}
        </p>
      )}
      <div className="report-body">
        <ul className="checks">
          {exercise.checks.map((check, i) => {
            const held = checks[i]!;
            const good = held === finished;
            return (
              <li key={check.id} className={finished === 0 ? '' : good ? 'teal' : 'broken'}>
                <Icon name={finished === 0 ? 'wait' : good ? 'check' : 'cross'} />
                <span>{check.title[language]}</span>
                <span className="mono">{held}</span>
              </li>
            );
          })}
        </ul>
        <Cells cells={cells} first={firstFailure} chosen={chosen} onChoose={setChosen} />
      </div>
      {shown && <Story key={shown.run.index} exercise={exercise} cell={shown} first={shown === firstFailure} onShow={onShow} linkTo={linkTo} />}
    </section>
  );
}

function headline(grading: Grading, m: ReturnType<typeof useEditorMessages>['report']): string {
  const of = String(grading.cells.length);
  const held = grading.cells.filter((cell) => cell.state === 'held').length;
  switch (grading.state) {
    case 'running':
      return m.running(String(grading.finished), of);
    case 'cancelled':
      return m.cancelled(String(grading.finished), of);
    case 'stopped':
      return m.stopped;
    case 'finished':
      return held === grading.cells.length ? m.allHeld(of) : m.held(String(held), of);
  }
}

interface StoryProps extends Pick<ReportProps, 'exercise' | 'onShow' | 'linkTo'> {
  readonly cell: Cell;
  readonly first: boolean;
}

function Story({ exercise, cell, first, onShow, linkTo }: StoryProps) {
  const m = useEditorMessages().report;
  const language = useLanguage();
  const navigate = useNavigate();
  const teller = useFaultTeller(cell.universe?.scenario ?? null);
  const [copied, setCopied] = useState(false);
  const findings = cell.judgement?.findings ?? [];
  const finding = findings[0];
  const scene = useMemo(() => {
    const order = findings.find((f) => f.facts.beforePartition !== undefined);
    return order
      ? findingScene(order.facts, {
          firstHandled: m.mini.first(formatSeconds(Number(order.facts.overtakenUs))),
          secondHandled: m.mini.second,
          sentFirst: m.mini.sentFirst,
          sentSecond: m.mini.sentSecond,
        })
      : null;
  }, [findings, m]);
  if (!finding) return <p className="story-held teal">{m.holds(cell.run.seed)}</p>;

  const copy = async () => {
    const link = await linkTo(cell, finding);
    if (!link) return;
    await navigator.clipboard.writeText(link);
    setCopied(true);
  };
  const open = async () => {
    const link = await linkTo(cell, finding);
    if (!link) return;
    const { pathname, hash } = new URL(link);
    void navigate(pathname + hash);
  };
  const at = formatSeconds(finding.atUs);
  return (
    <div className="story" role={first ? 'status' : undefined}>
      <div>
        <h3>{first ? m.first(cell.run.seed, at) : m.chosen(cell.run.seed, at)}</h3>
        {cell.universe && cell.universe.faults.length > 0 && (
          <ul className="story-faults">
            {cell.universe.faults.map((line) => (
              <li key={line}>
                <Icon name={faultIcon(line)} className="fault" />
                <span title={line}>
                  <Whole text={tellFaultLine(line, teller)} />
                </span>
              </li>
            ))}
          </ul>
        )}
        {findings.map((f) => (
          <p key={f.check}>
            <Rich text={exercise.tell(f, language)} />
          </p>
        ))}
        <div className="story-actions">
          <button type="button" className="link" onClick={() => onShow(cell, finding)}>
            {m.here}
          </button>
          <button type="button" className="link" onClick={() => void open()}>
            {m.lab}
          </button>
          <button type="button" className="link" onClick={() => void copy()}>
            {copied ? m.copied : m.copy}
          </button>
        </div>
      </div>
      {scene && <SceneSvg scene={scene} className="story-scene" />}
    </div>
  );
}
