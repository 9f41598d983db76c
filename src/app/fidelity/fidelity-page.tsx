// How true the simulation is: behaviour by behaviour, what is as in Kafka, what is simpler, what is not there, and what proves it.
import { useState } from 'react';
import { RESULT } from 'virtual:conformance';
import { Icon } from '../icons.tsx';
import { PlainPage } from '../plain-page.tsx';
import { useLanguage } from '../preferences.ts';
import { Whole } from '../whole.tsx';
import { AREAS, BEHAVIOURS, STATES, type Behaviour, type State } from './behaviours.ts';
import './fidelity-page.css';
import { FIDELITY_WORDS } from './words.ts';

export function FidelityPage() {
  const language = useLanguage();
  const words = FIDELITY_WORDS[language];
  const [shown, setShown] = useState<State | 'all'>('all');
  const count = (state: State) => BEHAVIOURS.filter((b) => b.state === state).length;
  const sets = Object.values(RESULT);
  const passed = sets.reduce((sum, s) => sum + s.passed, 0);
  const total = sets.reduce((sum, s) => sum + s.total, 0);
  return (
    <PlainPage title={words.title} lead={words.lead} className="fidelity">
      <dl className="fidelity-sum">
        <div>
          <dt>{words.vectors}</dt>
          <dd>
            <b>{passed.toLocaleString('en-US')}</b> {words.of(total.toLocaleString('en-US'), sets.length)}
          </dd>
        </div>
        {STATES.map((state) => (
          <div key={state}>
            <dt>{words.states[state]}</dt>
            <dd>
              <b>{count(state)}</b> {words.behaviours}
            </dd>
          </div>
        ))}
      </dl>
      <div className="segments" role="group" aria-label={words.filter}>
        {(['all', ...STATES] as const).map((state) => (
          <button key={state} type="button" aria-pressed={shown === state} onClick={() => setShown(state)}>
            {state === 'all' ? words.all : words.states[state]}
          </button>
        ))}
      </div>
      {AREAS.map((area) => {
        const rows = BEHAVIOURS.filter((b) => b.area === area && (shown === 'all' || b.state === shown));
        return (
          rows.length > 0 && (
            <section key={area}>
              <h2>{words.areas[area]}</h2>
              <ul>
                {rows.map((b) => (
                  <Row key={b.name.en} behaviour={b} />
                ))}
              </ul>
            </section>
          )
        );
      })}
      <section>
        <h2>{words.unverified.title}</h2>
        <p className="fidelity-note">{words.unverified.text}</p>
        <ul className="fidelity-plain">
          {words.unverified.items.map((item) => (
            <li key={item}>
              <Whole text={item} />
            </li>
          ))}
        </ul>
      </section>
    </PlainPage>
  );
}

const ICON = { exact: 'check', simplified: 'wait', absent: 'cross' } as const;

function Row({ behaviour }: { behaviour: Behaviour }) {
  const language = useLanguage();
  const words = FIDELITY_WORDS[language];
  const { state, name, note, source, sets } = behaviour;
  return (
    <li className="fidelity-row">
      <span className={`fidelity-state ${state}`}>
        <Icon name={ICON[state]} />
        {words.states[state]}
      </span>
      <div>
        <h3>{name[language]}</h3>
        <p>
          <Whole text={note[language]} />
        </p>
      </div>
      <div className="fidelity-proof">
        {sets.map((set) => {
          const r = RESULT[set];
          return (
            r && (
              <p key={set} className="mono">
                {r.passed}/{r.total} {set}
                {r.equivalent > 0 && <span className="quiet"> ({words.equivalent(r.equivalent)})</span>}
              </p>
            )
          );
        })}
        <p className="quiet">{source}</p>
      </div>
    </li>
  );
}
