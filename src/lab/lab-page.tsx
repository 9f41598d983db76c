// The lab: one scenario on the stage, tools to break it, an inspector, and the transport bar.
import { useCallback, useEffect, useRef, useState } from 'react';
import { useParams, useSearchParams } from 'react-router';
import { SCENARIOS, scenarioById } from '../../simulations/scenarios/catalogue.ts';
import { parseFault } from '../../simulations/faults/grammar.ts';
import type { Scenario } from '../../simulations/contract/scenario.ts';
import { Icon } from '../app/icons.tsx';
import { useLanguage } from '../app/preferences.ts';
import { Crumbs, MainNav, TopBar } from '../app/top-bar.tsx';
import { runNative } from '../workers/native-runner.ts';
import { Inspector } from './inspector/inspector.tsx';
import './lab.css';
import { useLabMessages } from './messages/use-lab-messages.ts';
import { Narrative } from './narrative/narrative.tsx';
import { ScenarioList } from './scenario-list.tsx';
import { createSession, type Session } from './session.ts';
import { Stage } from './stage.tsx';
import { Tools } from './tools.tsx';
import { Transport } from './transport/transport.tsx';
import { useLabCommands } from './use-lab-commands.ts';
import { useSession } from './use-session.ts';

export function LabPage() {
  const { scenarioId } = useParams();
  const words = useLabMessages();
  const scenario = scenarioId ? scenarioById(scenarioId) : undefined;
  if (scenario) return <Lab key={scenario.id} scenario={scenario} />;
  return (
    <div className="page">
      <TopBar plain>
        <MainNav />
      </TopBar>
      <main id="content" className="wrap">
        <ScenarioList scenarios={SCENARIOS} unknown={scenarioId ? words.lab.unknown(scenarioId) : null} />
      </main>
    </div>
  );
}

const ENTRANCE_US = 400_000;
const MOST_SEED = 2 ** 32 - 1;

function Lab({ scenario }: { scenario: Scenario }) {
  const words = useLabMessages();
  const language = useLanguage();
  const [params, setParams] = useSearchParams();
  const [session] = useState<Session>(() => createSession(runNative));
  const heading = useRef<HTMLHeadingElement>(null);
  const seed = seedOf(params.get('seed'));

  useEffect(() => {
    const first = scenario.topics[0];
    session.load({ scenario, faults: scenario.faults, seed, files: scenario.files }, { timeUs: entranceUs(scenario), selection: first ? { kind: 'partition', topic: first.name, partition: 0 } : null });
    return () => session.close();
  }, [session, scenario, seed]);

  const newSeed = useCallback(() => setParams({ seed: String((seed + 1) % (MOST_SEED + 1)) }), [seed, setParams]);
  useLabCommands(session, newSeed);

  const changed = useSession(session, (s) => s.universe !== null && s.universe.faults.join('\n') !== scenario.faults.join('\n'));
  const failure = useSession(session, (s) => s.failure);
  const inspect = useCallback(() => heading.current?.focus(), []);
  const title = scenario.title[language];

  useEffect(() => {
    document.title = `${title} · Millrace`;
    return () => {
      document.title = 'Millrace';
    };
  }, [title]);

  return (
    <div className="lab">
      <TopBar>
        <Crumbs
          items={[
            { title: words.lab.crumb, to: '/lab' },
            { title },
            ...(changed
              ? [
                  {
                    title: (
                      <span className="crumb-fork">
                        <Icon name="fork" />
                        {words.lab.changed}
                      </span>
                    ),
                  },
                ]
              : []),
          ]}
        />
      </TopBar>
      <Tools session={session} />
      <main id="content" className="lab-stage">
        <h1 className="unseen">{title}</h1>
        {failure && (
          <div className="lab-failure" role="alert">
            <b>{words.lab.failed}</b> {failure.message[language]}
          </div>
        )}
        <Stage session={session} onInspect={inspect} />
      </main>
      <aside className="lab-side" aria-label={words.inspector.title}>
        <div className="lab-inspector">
          <Inspector session={session} headingRef={heading} />
        </div>
        <Narrative session={session} />
      </aside>
      <Transport session={session} />
    </div>
  );
}

/** Where the playhead stands at first: a moment before the first fault, so that the learner sees it strike. */
function entranceUs(scenario: Scenario): number {
  const first = scenario.faults.flatMap((line) => {
    const read = parseFault(line, null);
    return read.ok ? [read.fault.atUs] : [];
  });
  const horizonUs = scenario.horizonMs * 1000;
  return first.length ? Math.max(0, Math.min(...first) - ENTRANCE_US) : Math.min(horizonUs / 4, 5_000_000);
}

function seedOf(text: string | null): number {
  const n = Number(text ?? '1');
  return Number.isInteger(n) && n >= 0 && n <= MOST_SEED ? n : 1;
}
