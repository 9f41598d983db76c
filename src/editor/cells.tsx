// One cell per run, quiet ones first: filled when everything held, crossed when not, outlined where a fault struck. The first failure is framed.
import { useRef, useState, type KeyboardEvent } from 'react';
import { tellFaultLine } from '../lab/fault-words.ts';
import { useFaultTeller } from '../lab/messages/use-lab-messages.ts';
import type { Cell } from './grader.ts';
import { useEditorMessages } from './messages.ts';

export interface CellsProps {
  readonly cells: readonly Cell[];
  readonly first: Cell | null;
  readonly chosen: number | null;
  readonly onChoose: (index: number) => void;
}

const COLUMNS = 25;

export function Cells({ cells, first, chosen, onChoose }: CellsProps) {
  const m = useEditorMessages().report;
  const teller = useFaultTeller(cells.find((cell) => cell.universe)?.universe?.scenario ?? null);
  const [at, setAt] = useState(0);
  const box = useRef<HTMLDivElement>(null);
  const half = cells.length / 2;
  const held = (from: number) => cells.slice(from, from + half).filter((cell) => cell.state === 'held').length;

  function move(e: KeyboardEvent): void {
    const by = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -COLUMNS, ArrowDown: COLUMNS, Home: -at, End: cells.length - 1 - at }[e.key];
    if (by === undefined) return;
    e.preventDefault();
    const next = Math.max(0, Math.min(cells.length - 1, at + by));
    setAt(next);
    box.current?.querySelector<HTMLElement>(`[data-cell="${next}"]`)?.focus();
  }

  const group = (from: number, title: string) => (
    <div className="cell-group">
      <p className="micro">{title}</p>
      <div className="cell-rows">
        {cells.slice(from, from + half).map((cell) => {
          const { index, seed, group: kind } = cell.run;
          const faults = cell.universe?.faults.map((line) => tellFaultLine(line, teller)).join('; ') || m.noFaults;
          return (
            <button
              key={index}
              type="button"
              data-cell={index}
              className={`cell ${cell.state} ${kind} ${cell === first ? 'first' : ''}`}
              aria-pressed={chosen === index}
              aria-label={m.cell(index + 1, seed, faults, m.states[cell.state])}
              title={cell.state === 'waiting' ? undefined : m.cell(index + 1, seed, faults, m.states[cell.state])}
              tabIndex={index === at ? 0 : -1}
              disabled={cell.state === 'waiting' && index !== at}
              onFocus={() => setAt(index)}
              onClick={() => cell.state !== 'waiting' && onChoose(index)}
            />
          );
        })}
      </div>
    </div>
  );

  return (
    <div ref={box} className="cells" role="group" aria-label={m.cells} aria-describedby="cells-hint" onKeyDown={move}>
      {group(0, m.quiet(held(0), half))}
      {group(half, m.faulted(held(half), half))}
      <p id="cells-hint" className="unseen">
        {m.gridHint}
      </p>
    </div>
  );
}
