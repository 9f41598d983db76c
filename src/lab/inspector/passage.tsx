// What came of a record in a stream job, and what a result was made of: each step leads to its moment or to the thing itself.
import type { Scenario } from '../../../simulations/contract/scenario.ts';
import { columns } from '../../readmodels/columns.ts';
import { matchesOf } from '../../readmodels/matches.ts';
import { operatorKey } from '../../readmodels/windows.ts';
import { useEngineText, useLabMessages } from '../messages/use-lab-messages.ts';
import type { LabMessages } from '../messages/en.ts';
import { Said, type Names } from '../said.tsx';
import type { Selection } from '../selection.ts';
import type { Session, SessionState } from '../session.ts';
import { shortClock } from '../streams/clock.ts';
import { eventTimesOf } from '../streams/windows-of.ts';
import { ChainStep, Part } from './part.tsx';
import { placeOfRecord } from './record-way.ts';

export interface PassageProps {
  readonly session: Session;
  readonly state: SessionState;
  readonly scenario: Scenario;
  readonly names: Names;
}

/** Steps told at most; a window that slides holds a record many times. */
const MOST = 9;
const MOST_SOURCES = 6;
const RECEIVED = columns('operator.received');

/** A step: an event, or the record of Kafka that a result became. */
type Step = { readonly seq: number } | { readonly record: number; readonly emitted: number };

/** @param seqs arrivals of a record at operators, or a firing or a match. */
export function CameOf({ seqs, ...props }: PassageProps & { readonly seqs: readonly number[] }) {
  const words = useLabMessages();
  const t = words.streams.inspect;
  const { state, scenario } = props;
  const { passages } = eventTimesOf(state.trace, scenario);
  const steps: Step[] = [];
  const follow = (seq: number, depth: number) => {
    for (const next of passages.next(seq, state.position)) {
      steps.push({ seq: next });
      if (state.trace.typeAt(next) === 'operator.emitted') {
        steps.pop();
        const record = passages.resultOf(next, state.position);
        steps.push(record >= 0 ? { record, emitted: next } : { seq: next });
      } else if (depth < 6) follow(next, depth + 1);
    }
  };
  for (const seq of seqs) follow(seq, 0);
  const waits = seqs.length > 0 ? waitsFor(props, seqs.at(-1)!, words) : '';
  if (steps.length === 0 && !waits) return null;
  const last = steps.findLast((s): s is Extract<Step, { record: number }> => 'record' in s);
  return (
    <Part
      title={t.resultsOf}
      action={
        last && (
          <button type="button" className="link" onClick={() => goTo(props, last)}>
            {t.goToResult}
          </button>
        )
      }
    >
      <ol className="chain">
        {steps.slice(0, MOST).map((step) => (
          <StepRow key={'record' in step ? `r${step.record}` : step.seq} {...props} step={step} />
        ))}
      </ol>
      {steps.length > MOST && <p className="small quiet">{t.more(steps.length - MOST)}</p>}
      {waits && <p className="small quiet">{waits}</p>}
    </Part>
  );
}

/** What a firing, a match or a written result was made of. */
export function MadeOf({ seq, ...props }: PassageProps & { readonly seq: number }) {
  const t = useLabMessages().streams.inspect;
  const { state, scenario } = props;
  const { passages } = eventTimesOf(state.trace, scenario);
  const chain: number[] = [];
  let from = seq;
  // Back from the result to what fired or matched, and from there to the records.
  while (state.trace.typeAt(from) !== 'window.fired' && state.trace.typeAt(from) !== 'cep.matched' && state.trace.typeAt(from) !== 'cep.matchPruned' && chain.length < MOST_SOURCES) {
    const [before] = passages.previous(from, state.position);
    if (before === undefined) break;
    chain.push((from = before));
  }
  const records = passages.previous(from, state.position);
  return <Sources {...props} title={t.sources} chain={[...chain, ...records.slice(-MOST_SOURCES).reverse()]} more={Math.max(0, records.length - MOST_SOURCES)} />;
}

function Sources({ title, chain, more, ...props }: PassageProps & { readonly title: string; readonly chain: readonly number[]; readonly more: number }) {
  const t = useLabMessages().streams.inspect;
  if (chain.length === 0) return null;
  return (
    <Part title={title}>
      <ol className="chain">
        {chain.map((seq) => (
          <StepRow key={seq} {...props} step={{ seq }} />
        ))}
      </ol>
      {more > 0 && <p className="small quiet">{t.more(more)}</p>}
    </Part>
  );
}

export function StepRow({ step, ...props }: PassageProps & { readonly step: Step }) {
  const engine = useEngineText();
  const t = useLabMessages().streams.inspect;
  const { state, names } = props;
  const seq = 'record' in step ? step.emitted : step.seq;
  const place = 'record' in step ? placeOfRecord(state, step.record) : null;
  return (
    <ChainStep timeUs={state.trace.timeAt(seq)} onClick={() => goTo(props, step)}>
      {place ? (
        <ResultText state={state} record={(step as { record: number }).record} name={`${t.result} ${place.topic}-${place.partition} · ${place.offset}`} />
      ) : (
        <Said event={state.trace.event(seq)} text={engine} names={names} />
      )}
    </ChainStep>
  );
}

function ResultText({ state, record, name }: { state: SessionState; record: number; name: string }) {
  const row = state.trace.records[record];
  return (
    <>
      <b>{name}</b> <span className="quiet mono">{row?.value?.slice(0, 80)}</span>
    </>
  );
}

/** A result is selected where it stands; any other step is gone to. */
function goTo({ session, state }: PassageProps, step: Step): void {
  const place = 'record' in step ? placeOfRecord(state, step.record) : null;
  if (place) session.select(place);
  else {
    const seq = 'record' in step ? step.emitted : step.seq;
    session.select(selectionOf(state, seq));
    session.seekPosition(seq + 1);
  }
}

function selectionOf({ trace }: SessionState, seq: number): Selection {
  const e = trace.event(seq);
  if (e.type === 'window.fired') return { kind: 'window', job: e.job, operator: e.operator, key: e.key, startMs: e.startMs, endMs: e.endMs };
  const match = e.type === 'cep.matched' ? matchesOf(trace).find(e, seq + 1) : null;
  if (match) return { kind: 'match', job: match.job, operator: match.operator, key: match.key, match: match.match, since: match.since };
  return { kind: 'event', seq };
}

/** Which window will fire next of those that hold a record: the answer to "why not yet?". */
function waitsFor({ state, scenario }: PassageProps, seq: number, words: LabMessages): string {
  const { trace, position } = state;
  if (trace.typeAt(seq) !== 'operator.received') return '';
  const windows = eventTimesOf(trace, scenario).windows.at(position);
  const of = windows.operators.get(operatorKey(trace.value(seq, RECEIVED.job), trace.value(seq, RECEIVED.operator)));
  const time = trace.value(seq, RECEIVED.timestampMs);
  const open = (of?.open.get(trace.value(seq, RECEIVED.key)) ?? []).filter((w) => w.firedBy < 0 && w.startMs <= time && time < w.endMs);
  if (open.length === 0) return '';
  const next = open.reduce((first, w) => (w.endMs < first.endMs ? w : first));
  const t = words.streams;
  return `${t.eventTime.window(shortClock(next.startMs, t), shortClock(next.endMs, t))}: ${t.inspect.fires(shortClock(next.endMs, t))}`;
}
