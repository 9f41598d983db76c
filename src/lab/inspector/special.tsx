// What the inspector says about a record, a link, an event and a fault.
import { EVENT_SPECS } from '../../../simulations/contract/events.ts';
import { Icon } from '../../app/icons.tsx';
import { useLanguage } from '../../app/preferences.ts';
import { Whole } from '../../app/whole.tsx';
import { transactionalIdOf } from '../../readmodels/clients.ts';
import { findPartition, logOf } from '../../readmodels/cluster.ts';
import { flightsOf } from '../../readmodels/flights.ts';
import { CELL, type Marker } from '../../readmodels/transactions.ts';
import { faultClips } from '../fault-clips.ts';
import { inkOf } from '../hue.ts';
import { durationIn, useEngineText, useLabMessages } from '../messages/use-lab-messages.ts';
import { Said, type Names } from '../said.tsx';
import { standingAt } from '../record-at.ts';
import type { Selection } from '../selection.ts';
import type { Session, SessionState } from '../session.ts';
import { ChainStep, Part } from './part.tsx';
import { wayOfRecord } from './record-way.ts';

type Of<K extends Selection['kind']> = Extract<Selection, { kind: K }>;

export function RecordFacts({ session, state, names, selection }: { session: Session; state: SessionState; names: Names; selection: Of<'record'> }) {
  const words = useLabMessages().inspector.record;
  const engine = useEngineText();
  const { views, trace, position } = state;
  const { record, appendedBy, cell, decided } = standingAt(state, selection);
  const row = trace.records[record];
  const isGone = cell === CELL.compacted;
  const marker = decided.markers[0];
  if (marker && !isGone) return <MarkerFacts state={state} marker={marker} />;
  if (!row) {
    return (
      <Part title={words.title}>
        <p className="quiet">{isGone ? words.compactedNote : words.absent}</p>
      </Part>
    );
  }
  const isTombstone = row.value === null;
  const p = findPartition(views.cluster.at(position), selection.topic, selection.partition);
  const committed = p ? selection.offset < (logOf(p, p.leader)?.highWatermark ?? 0) : false;
  const batch = views.logs.batch(appendedBy);
  const transaction = decided.transactions.find((t) => t.producerId === batch.producerId);
  const way = wayOfRecord(state, record);
  return (
    <>
      <Part title={isTombstone ? words.tombstone : words.title}>
        {isGone ? <p className="what">{words.compactedNote}</p> : isTombstone && <p className="what">{words.tombstoneNote}</p>}
        <dl className="facts">
          <div>
            <dt>{words.key}</dt>
            <dd>
              <i className="swatch" style={{ background: `var(--${inkOf(row.key)})` }} />
              <span className="mono">{row.key ?? words.noKey}</span>
            </dd>
          </div>
          <div>
            <dt>{words.producer}</dt>
            <dd>
              {trace.texts[row.producer]} <span className="quiet">{words.nth(row.nth)}</span>
            </dd>
          </div>
          <div>
            <dt>{words.epoch}</dt>
            <dd className="mono">
              {batch.leaderEpoch} <span className={committed ? 'teal' : 'quiet'}>{committed ? words.committed : words.notCommitted}</span>
            </dd>
          </div>
          {transaction && (
            <div>
              <dt>{words.transaction}</dt>
              <dd>
                {words.of[transaction.state]} <span className="quiet">{words.ofNote[transaction.state]}</span>
              </dd>
            </div>
          )}
          <div>
            <dt>{words.value}</dt>
            <dd className="mono record-value">{isTombstone ? 'null' : (row.value ?? words.bytes(row.bytes))}</dd>
          </div>
        </dl>
      </Part>
      {way.length > 0 && (
        <Part title={words.way}>
          <ol className="chain">
            {way.map((seq) => (
              <ChainStep key={seq} timeUs={trace.timeAt(seq)} onClick={() => session.seekPosition(seq + 1)}>
                <Said event={trace.event(seq)} text={engine} names={names} />
              </ChainStep>
            ))}
          </ol>
        </Part>
      )}
    </>
  );
}

/** A marker that ends a transaction: it stands in the log like a record, and is none. */
function MarkerFacts({ state, marker }: { state: SessionState; marker: Marker }) {
  const words = useLabMessages().inspector.record;
  const id = transactionalIdOf(state.views.clients.at(state.position), marker.producerId);
  return (
    <Part title={words.marker[marker.kind]}>
      <p className="what">{words.markerNote}</p>
      {id && (
        <dl className="facts">
          <div>
            <dt>{words.markerOf}</dt>
            <dd className="mono">{id}</dd>
          </div>
        </dl>
      )}
    </Part>
  );
}

export function LinkFacts({ state, selection }: { state: SessionState; selection: Of<'link'> }) {
  const words = useLabMessages().inspector;
  const flights = state.views.flights.at(state.position);
  const between = (a: string, b: string) => (a === selection.from && b === selection.to) || (a === selection.to && b === selection.from);
  const flying = flightsOf(flights, state.trace).filter((f) => between(f.from, f.to));
  const open = Array.from(flights.open.values()).some((pair) => between(...(pair.split('>') as [string, string])));
  return (
    <Part title={words.state}>
      <p className="what">{open ? words.connected : words.notConnected}</p>
      <p className="small quiet">{words.onTheWay(flying.length)}</p>
      <ul className="flying">
        {flying.slice(0, 8).map((f) => (
          <li key={f.message}>
            <span className="mono">{f.api}</span>{' '}
            <span className="quiet">
              <Whole text={`${f.from} → ${f.to}`} />
            </span>
          </li>
        ))}
      </ul>
    </Part>
  );
}

/** The fields of an event as the catalogue names them. */
export function EventFields({ state, seq }: { state: SessionState; seq: number }) {
  const event = state.trace.event(seq) as unknown as Record<string, unknown> & { type: keyof typeof EVENT_SPECS };
  const words = useLabMessages().transport;
  return (
    <Part title={`${words.event} ${seq}`}>
      <dl className="facts">
        {EVENT_SPECS[event.type].fields
          .filter((f) => event[f.name] !== '' && event[f.name] !== -1)
          .map((f) => (
            <div key={f.name} title={f.doc}>
              <dt className="mono">{f.name}</dt>
              <dd className="mono">{String(event[f.name])}</dd>
            </div>
          ))}
      </dl>
    </Part>
  );
}

export function FaultFacts({ session, state, index, editable }: { session: Session; state: SessionState; index: number; editable: boolean }) {
  const words = useLabMessages().inspector;
  const engine = useEngineText();
  const duration = durationIn(useLanguage());
  const clip = faultClips(state).find((c) => c.index === index);
  if (!clip) return null;
  return (
    <Part title={engine.faults[clip.fault.kind].name}>
      <p className="what">{engine.faults[clip.fault.kind].does}</p>
      <p className="mono fault-line">{clip.line}</p>
      <p className="small quiet">{clip.state === 'planned' ? words.startsIn(duration(clip.fromUs - state.timeUs)) : words.struck(duration(state.timeUs - clip.fromUs))}</p>
      {editable && (
        <div className="break-actions">
          <button
            type="button"
            title={words.removeNote}
            onClick={() => {
              session.select(null);
              session.reschedule((state.universe?.faults ?? []).filter((_, i) => i !== index));
            }}
          >
            <Icon name="cross" />
            {words.remove}
          </button>
        </div>
      )}
    </Part>
  );
}
