// What the learner's code wrote to its console, and the error that ended it, up to the playhead.
import { useMemo } from 'react';
import type { TraceEvent } from '../../simulations/contract/events.ts';
import { TYPE_OF } from '../../simulations/kernel/trace.ts';
import type { TraceStore } from '../../simulations/kernel/traceStore.ts';
import { formatSeconds } from '../app/format.ts';
import type { Session } from '../lab/session.ts';
import { usePaced } from '../lab/use-session.ts';
import { useEditorMessages } from './messages.ts';

interface Line {
  readonly seq: number;
  readonly timeUs: number;
  readonly level: string;
  readonly text: string;
  readonly file: string;
  readonly line: number;
}

const MOST = 30;
const HZ = 4;

export function Output({ session, process }: { session: Session; process: string }) {
  const m = useEditorMessages().output;
  const { trace, position } = usePaced(session, HZ);
  const lines = useMemo(() => outputOf(trace, position, process), [trace, position, process]);
  if (lines.length === 0) return null;
  return (
    <section className="output" aria-labelledby="output-title">
      <h2 id="output-title">{m.title}</h2>
      <ol>
        {lines.map((line) => (
          <li key={line.seq} className={line.level}>
            <span>{formatSeconds(line.timeUs)}</span>
            <span>{line.text}</span>
            <span>{line.file && line.line > 0 ? m.at(line.file, line.line) : ''}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}

/** The last lines among the first `position` events. The client library's own log is left out: its lines name no file of the learner. */
export function outputOf(trace: TraceStore, position: number, process: string): Line[] {
  const lines: Line[] = [];
  for (let seq = position - 1; seq >= 0 && lines.length < MOST; seq--) {
    const type = trace.typeNumberAt(seq);
    if (type !== TYPE_OF['guest.console'] && type !== TYPE_OF['guest.uncaught']) continue;
    if (trace.processAt(seq) !== process) continue;
    const e = trace.event(seq) as TraceEvent<'guest.console'> | TraceEvent<'guest.uncaught'>;
    if (e.type === 'guest.uncaught') lines.push({ seq, timeUs: e.timeUs, level: 'error', text: `${e.name}: ${e.message}`, file: e.file, line: e.line });
    else if (e.file !== '') lines.push({ seq, timeUs: e.timeUs, level: e.level, text: e.text, file: e.file, line: e.line });
  }
  return lines.reverse();
}
