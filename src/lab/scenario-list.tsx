// The scenarios of the lab, as a list to choose from: in groups by what they show, the first one for who is new here.
import { Link } from 'react-router';
import type { Scenario } from '../../simulations/contract/scenario.ts';
import { PlainPage } from '../app/plain-page.tsx';
import { useLanguage } from '../app/preferences.ts';
import { Whole } from '../app/whole.tsx';
import { CONNECT_WORDS } from './messages/connect.ts';
import { useLabMessages } from './messages/use-lab-messages.ts';
import { grouped } from './scenario-groups.ts';
import './scenario-list.css';

export function ScenarioList({ scenarios, unknown }: { scenarios: readonly Scenario[]; unknown: string | null }) {
  const words = useLabMessages().lab;
  const language = useLanguage();
  return (
    <PlainPage title={words.title} lead={words.lead} className="scenarios">
      {unknown && (
        <p className="scenarios-unknown" role="alert">
          {unknown}
        </p>
      )}
      {grouped(scenarios).map(({ group, scenarios: listed }) => (
        <section key={group.id} aria-labelledby={`group-${group.id}`}>
          <div className="scenario-group">
            <h2 id={`group-${group.id}`}>{group.title[language]}</h2>
            <p>{group.about[language]}</p>
          </div>
          <ul>
            {listed.map((s) => (
              <li key={s.id}>
                <Link to={`/lab/${s.id}`}>
                  <h3>{s.title[language]}</h3>
                  <p>
                    <Whole text={s.summary[language]} />
                  </p>
                  <p className="scenario-facts">
                    {[words.brokers(s.cluster.brokers), words.clients(s.processes.length), words.faultCount(s.faults.length), words.virtual(s.horizonMs / 1000)].map((fact) => (
                      <span key={fact}>{fact}</span>
                    ))}
                  </p>
                </Link>
              </li>
            ))}
          </ul>
        </section>
      ))}
      <section aria-labelledby="group-connect">
        <div className="scenario-group">
          <h2 id="group-connect">{words.outside}</h2>
          <p>{words.outsideAbout}</p>
        </div>
        <p>
          <Link className="button secondary" to="/connect">
            {CONNECT_WORDS[language].link}
          </Link>
        </p>
      </section>
    </PlainPage>
  );
}
