// What the inspector says of things of a stream job that have no "before": windows, checkpoints, partial matches.
import { formatSeconds } from '../../app/format.ts';
import { useLanguage } from '../../app/preferences.ts';
import { Whole } from '../../app/whole.tsx';
import { columns } from '../../readmodels/columns.ts';
import { operatorKey, type WindowState } from '../../readmodels/windows.ts';
import { inkOf } from '../hue.ts';
import { durationIn, useLabMessages } from '../messages/use-lab-messages.ts';
import type { Selection } from '../selection.ts';
import { sizeText, stateOf } from '../streams/checkpoint-words.ts';
import { fullClock } from '../streams/clock.ts';
import { endOf, noteOf, pathOf } from '../streams/match-words.ts';
import { eventTimesOf, operatorOf } from '../streams/windows-of.ts';
import { CameOf, MadeOf, StepRow, type PassageProps } from './passage.tsx';
import { ChainStep, Part } from './part.tsx';

type Of<K extends Selection['kind']> = Extract<Selection, { kind: K }>;

const RECEIVED = columns('operator.received');
const MOST_KEYS = 12;

function Facts({ rows }: { readonly rows: readonly (readonly [label: string, value: string, note?: string] | null)[] }) {
  return (
    <dl className="facts">
      {rows.map(
        (row) =>
          row && (
            <div key={row[0]}>
              <dt>{row[0]}</dt>
              <dd>
                <span className="mono">
                  <Whole text={row[1]} />
                </span>{' '}
                {row[2] && (
                  <span className="quiet">
                    <Whole text={row[2]} />
                  </span>
                )}
              </dd>
            </div>
          ),
      )}
    </dl>
  );
}

export function WindowFacts({ selection, ...props }: PassageProps & { readonly selection: Of<'window'> }) {
  const words = useLabMessages();
  const { streams: t } = words;
  const { state, scenario, session } = props;
  const { trace, position, views } = state;
  const windows = eventTimesOf(trace, scenario).windows.at(position);
  const of = windows.operators.get(operatorKey(views.logs.topicSym(selection.job), views.logs.topicSym(selection.operator)));
  const here = (w: WindowState) => w.startMs === selection.startMs && w.endMs === selection.endMs && (selection.key === null || trace.texts[w.key] === selection.key);
  const open = Array.from(of?.open.values() ?? []).flatMap((list) => list.filter(here));
  const latest = new Map<number, WindowState>();
  for (const w of [...(of?.closed.filter(here) ?? []), ...open]) latest.set(w.key, w);
  const all = Array.from(latest.values());
  const fired = all.filter((w) => w.firedBy >= 0);
  const counted = operatorOf(scenario, selection.job, selection.operator)?.windows != null;
  const said = all.length > 0 && open.length === 0 ? t.eventTime.closed : fired.length > 0 ? t.eventTime.firedState : t.eventTime.open;
  const one = selection.key !== null ? fired[0] : undefined;
  return (
    <>
      <Part title={t.inspect.window}>
        <Facts
          rows={[
            [t.inspect.from, fullClock(selection.startMs, t)],
            [t.inspect.to, fullClock(selection.endMs, t)],
            fired.length === 0 ? [t.inspect.state, said, t.inspect.fires(fullClock(selection.endMs, t))] : [t.inspect.state, said],
            counted ? [t.inspect.recordsIn, String(all.reduce((sum, w) => sum + w.records, 0))] : null,
          ]}
        />
      </Part>
      {selection.key === null && all.length > 0 && (
        <Part title={t.eventTime.records}>
          <ol className="window-keys">
            {all
              .toSorted((a, b) => b.records - a.records)
              .slice(0, MOST_KEYS)
              .map((w) => (
                <li key={w.key}>
                  <button type="button" onClick={() => session.select({ ...selection, key: trace.texts[w.key]! })}>
                    <i className="swatch" style={{ background: `var(--${inkOf(trace.texts[w.key]! || null)})` }} />
                    <span>{trace.texts[w.key]}</span>
                    <span className="mono quiet">{counted && t.eventTime.received(w.records)}</span>
                    <span className="mono quiet">{w.firedBy >= 0 ? formatSeconds(trace.timeAt(w.firedBy)) : ''}</span>
                  </button>
                </li>
              ))}
          </ol>
          {all.length > MOST_KEYS && <p className="small quiet">{t.inspect.more(all.length - MOST_KEYS)}</p>}
        </Part>
      )}
      {one && <CameOf {...props} seqs={[one.firedBy]} />}
      {one && <MadeOf {...props} seq={one.firedBy} />}
    </>
  );
}

export function CheckpointFacts({ selection, session, state }: PassageProps & { readonly selection: Of<'checkpoint'> }) {
  const { streams: t, transport } = useLabMessages();
  const duration = durationIn(useLanguage());
  const view = state.views.checkpoints.find(selection.job, selection.checkpoint, state.position, state.timeUs);
  if (!view) return null;
  const stored = view.parts.filter((p) => p.storedUs >= 0).length;
  return (
    <>
      <Part title={t.checkpoint(view.savepoint, view.checkpoint)}>
        <Facts
          rows={[
            [t.inspect.state, stateOf(view, t)],
            [t.timeline.triggered, transport.seconds(formatSeconds(view.triggeredUs)), t.attempt(view.attempt)],
            [t.timeline.duration, duration(view.endUs - view.triggeredUs)],
            [t.timeline.size, sizeText(view.bytes), t.timeline.parts(stored, view.parts.length)],
            view.alignmentUs > 0 ? [t.timeline.alignment, duration(view.alignmentUs)] : null,
            view.inFlight > 0 ? [t.inspect.inFlight, t.timeline.inFlightRecords(view.inFlight)] : null,
          ]}
        />
        {view.restored.map(({ attempt, seq }) => (
          <p key={attempt} className="what">
            <button type="button" className="link" onClick={() => session.seekPosition(seq + 1)}>
              {t.timeline.restoredFrom(attempt)}
            </button>
          </p>
        ))}
      </Part>
      {view.transactions.length > 0 && (
        <Part title={t.timeline.transactions}>
          <ol className="chain">
            {view.transactions.map((tx) => (
              <ChainStep key={tx.seq} timeUs={state.trace.timeAt(tx.seq)} onClick={() => session.seekPosition(tx.seq + 1)}>
                <span className={tx.state === 'lost' ? 'amber' : tx.state === 'committed' ? 'teal' : ''}>
                  <span className="mono">{tx.transactionalId}</span> {t.timeline.transaction[tx.state] ?? tx.state} {tx.reason}
                </span>
              </ChainStep>
            ))}
          </ol>
        </Part>
      )}
    </>
  );
}

export function MatchFacts({ selection, ...props }: PassageProps & { readonly selection: Of<'match'> }) {
  const { streams: t } = useLabMessages();
  const { state } = props;
  const match = state.views.matches.find(selection, state.position);
  if (!match) return null;
  return (
    <>
      <Part title={match.end === 'pruned' ? t.inspect.whyNot : t.inspect.match(match.match)}>
        <p className="what">{endOf(match, t.matchList)}</p>
        <Facts
          rows={[
            [t.inspect.path, pathOf(match), noteOf(match, t.matchList)],
            [t.inspect.eventsTaken, String(match.taken)],
          ]}
        />
      </Part>
      {match.steps.length > 0 && (
        <Part title={t.matchList.path}>
          <ol className="chain">
            {match.steps.map((step) => (
              <StepRow key={step.seq} {...props} step={{ seq: step.seq }} />
            ))}
            {match.endedBy >= 0 && <StepRow {...props} step={{ seq: match.endedBy }} />}
          </ol>
        </Part>
      )}
      {match.end === 'matched' && <CameOf {...props} seqs={[match.endedBy]} />}
    </>
  );
}

/** What came of an event within a job, and what it came from. */
export function EventPassage({ seq, ...props }: PassageProps & { readonly seq: number }) {
  const type = props.state.trace.typeAt(seq);
  if (type === 'operator.received') return <CameOf {...props} seqs={[seq]} />;
  if (type !== 'window.fired' && type !== 'cep.matched' && type !== 'operator.emitted') return null;
  return (
    <>
      {type !== 'operator.emitted' && <CameOf {...props} seqs={[seq]} />}
      <MadeOf {...props} seq={seq} />
    </>
  );
}

/** What came of a record of Kafka in the jobs that read it, and what it was made of where a job wrote it. */
export function RecordPassage({ record, ...props }: PassageProps & { readonly record: number }) {
  const { state, scenario } = props;
  if (!scenario.streams || record < 0) return null;
  const { passages } = eventTimesOf(state.trace, scenario);
  const arrivals = passages.arrivalsOf(record, state.position);
  const emitted = passages.emittedBy(record);
  return (
    <>
      {arrivals.length > 0 && <CameOf {...props} seqs={lastOfEachOperator(arrivals, state)} />}
      {emitted >= 0 && <MadeOf {...props} seq={emitted} />}
    </>
  );
}

/** After a restart a record comes again; what counts is what came of it last. */
function lastOfEachOperator(arrivals: readonly number[], { trace }: PassageProps['state']): number[] {
  const last = new Map<number, number>();
  for (const seq of arrivals) last.set(operatorKey(trace.value(seq, RECEIVED.job), trace.value(seq, RECEIVED.operator)), seq);
  return Array.from(last.values());
}
