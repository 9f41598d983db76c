// The scenarios of the lab, as a list to choose from.
import { Link } from 'react-router';
import type { Scenario } from '../../simulations/contract/scenario.ts';
import { useLanguage } from '../app/preferences.ts';
import { CONNECT_WORDS } from './messages/connect.ts';
import { useLabMessages } from './messages/use-lab-messages.ts';

export function ScenarioList({ scenarios, unknown }: { scenarios: readonly Scenario[]; unknown: string | null }) {
  const words = useLabMessages().lab;
  const language = useLanguage();
  return (
    <section className="scenarios">
      <h1>{words.title}</h1>
      <p className="scenarios-lead">{words.lead}</p>
      {unknown && (
        <p className="scenarios-unknown" role="alert">
          {unknown}
        </p>
      )}
      <ul>
        {scenarios.map((s) => (
          <li key={s.id}>
            <Link to={`/lab/${s.id}`}>
              <h2>{s.title[language]}</h2>
              <p>{s.summary[language]}</p>
              <p className="scenario-facts mono">
                {[words.brokers(s.cluster.brokers), words.clients(s.processes.length), words.faultCount(s.faults.length), words.virtual(s.horizonMs / 1000)].join('  ')}
              </p>
            </Link>
          </li>
        ))}
      </ul>
      <p className="scenarios-connect">
        <Link className="link" to="/connect">
          {CONNECT_WORDS[language].link}
        </Link>
      </p>
    </section>
  );
}
