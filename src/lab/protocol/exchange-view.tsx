// One request and its response: when each left and came, every field beside its bytes, and what it caused.
import { useMemo, useState } from 'react';
import { EVENT_SPECS } from '../../../simulations/contract/events.ts';
import type { Scenario } from '../../../simulations/contract/scenario.ts';
import { annotate, type FieldNote } from '../../../simulations/kafka/protocol/annotate.ts';
import { API } from '../../../simulations/kafka/protocol/layout.ts';
import type { TraceStore } from '../../../simulations/kernel/traceStore.ts';
import { formatSeconds } from '../../app/format.ts';
import { useLanguage } from '../../app/preferences.ts';
import { durationIn, useEngineText } from '../messages/use-lab-messages.ts';
import { namesOf, Said } from '../said.tsx';
import type { Session } from '../session.ts';
import { Bytes } from './bytes.tsx';
import { causedBy, errorOf, SENT, versionOf, type Exchange } from './exchanges.ts';
import { fieldAt, Fields } from './fields.tsx';
import { useProtocolMessages } from './messages.ts';

export interface ExchangeViewProps {
  readonly session: Session;
  readonly store: TraceStore;
  readonly scenario: Scenario;
  readonly exchange: Exchange;
  readonly position: number;
  readonly timeUs: number;
}

const CAUSED = 4;

export function ExchangeView({ session, store, scenario, exchange, position, timeUs }: ExchangeViewProps) {
  const words = useProtocolMessages();
  const engine = useEngineText();
  const duration = durationIn(useLanguage());
  const names = useMemo(() => namesOf(scenario), [scenario]);
  const [side, setSide] = useState<'request' | 'response'>('request');
  const shown = side === 'response' && exchange.response < 0 ? 'request' : side;
  const seq = shown === 'request' ? exchange.request : exchange.response;
  const text = (field: number) => store.texts[store.value(exchange.request, field)]!;
  const api = text(SENT.api);
  const apiVersion = versionOf(store, exchange);
  const message = store.value(seq, SENT.message);
  const frame = useMemo(() => store.frame(message), [store, message]);
  const read = useMemo(() => (frame ? annotate(frame, { api: API[api] ?? -1, apiVersion, response: shown === 'response' }) : null), [frame, api, apiVersion, shown]);
  const [chosen, setChosen] = useState<{ readonly of: typeof read; readonly note: FieldNote } | null>(null);
  const note = chosen && chosen.of === read ? chosen.note : null;
  const choose = (next: FieldNote | null) => next && setChosen({ of: read, note: next });
  const caused = useMemo(
    () => causedBy(store, exchange, position, (at) => EVENT_SPECS[store.typeAt(at)].kind === 'outcome', CAUSED),
    [store, exchange.index, exchange.arrived, exchange.response, position], // the position matters until the response has left
  );
  const error = errorOf(store, exchange.response);
  const own = scenario.processes.some((p) => p.role === 'guest' && p.name === text(SENT.from));
  const at = (of: number) => store.timeAt(of);
  const steps = [
    [words.sent, exchange.request, 0],
    [words.arrived, exchange.arrived, exchange.request],
    [words.answered, exchange.response, exchange.arrived],
    [words.back, exchange.answered, exchange.response],
  ] as const;

  return (
    <section className="exchange" aria-label={`${api} ${words.correlation(store.value(exchange.request, SENT.correlationId))}`}>
      <header className="exchange-head">
        <h2>
          {api} <span className="mono quiet">v{apiVersion < 0 ? '?' : apiVersion}</span>
          {error && <span className="exchange-error amber">{error}</span>}
        </h2>
        <p className="quiet">
          <b className={own ? 'violet' : ''}>{text(SENT.from)}</b> → <b>{text(SENT.to)}</b> · {words.correlation(store.value(exchange.request, SENT.correlationId))}
        </p>
        <ol className="exchange-steps">
          {steps.map(([name, of, since]) => (
            <li key={name} className={of < 0 ? 'absent' : ''}>
              <span>{name}</span>
              <span className="mono">{of < 0 ? '—' : formatSeconds(at(of))}</span>
              <span className="mono quiet">{of < 0 || of === exchange.request || since < 0 ? '' : `+${duration(at(of) - at(since))}`}</span>
            </li>
          ))}
          <li>
            <span>{words.roundTrip}</span>
            <span className="mono">{exchange.answered < 0 ? '—' : duration(at(exchange.answered) - at(exchange.request))}</span>
            <span className="mono amber">{exchange.answered < 0 && exchange.response < 0 ? words.waiting(duration(timeUs - at(exchange.request))) : ''}</span>
          </li>
        </ol>
      </header>
      <div className="exchange-bar">
        <div className="segments" role="group">
          {(['request', 'response'] as const).map((name) => (
            <button key={name} type="button" aria-pressed={shown === name} disabled={name === 'response' && exchange.response < 0} onClick={() => setSide(name)}>
              {words[name]}
            </button>
          ))}
        </div>
        {frame && <span className="quiet small">{note ? words.bytesOf(note.from, note.to) : words.bytes(frame.length)}</span>}
        <span className="spring" />
        <button
          type="button"
          className="link small"
          onClick={() => {
            session.select({ kind: 'event', seq });
            session.seekPosition(seq + 1);
          }}
        >
          {words.toEvent}
        </button>
      </div>
      {read && frame ? (
        <div className="wire">
          <Fields notes={read.notes} frame={frame} chosen={note} words={words} onChoose={choose} />
          <Bytes frame={frame} chosen={note} words={words} onPick={(byte) => choose(fieldAt(read.notes, byte))} />
          {read.problem && <p className="wire-problem amber">{words.problem(read.problem)}</p>}
        </div>
      ) : (
        <p className="exchange-none quiet">{words.noBytes}</p>
      )}
      <div className="exchange-caused">
        <h4>{words.caused}</h4>
        {caused.length === 0 ? (
          <p className="quiet">{words.causedNothing}</p>
        ) : (
          <ul>
            {caused.map((of) => (
              <li key={of}>
                <button
                  type="button"
                  onClick={() => {
                    session.select({ kind: 'event', seq: of });
                    session.seekPosition(of + 1);
                  }}
                >
                  <span className="mono">{formatSeconds(at(of))}</span>
                  <span>
                    <Said event={store.event(of)} text={engine} names={names} />
                  </span>
                </button>
              </li>
            ))}
          </ul>
        )}
      </div>
    </section>
  );
}
