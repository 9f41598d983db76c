// The lab's addresses: the list of scenarios, one scenario, or the run that a link holds.
import { useCallback, useMemo } from 'react';
import { useLocation, useParams, useSearchParams } from 'react-router';
import { SCENARIOS, scenarioById } from '../../simulations/scenarios/catalogue.ts';
import type { Scenario, Universe } from '../../simulations/contract/scenario.ts';
import { isLink } from '../store/link.ts';
import { documents } from '../store/saved.ts';
import { StoreNotices } from '../store/store-notices.tsx';
import { keepUniverse, keptUniverse } from './kept-universe.ts';
import { LabRoom } from './lab-room.tsx';
import './lab.css';
import { LinkedRun } from './linked-run.tsx';
import { useLabMessages } from './messages/use-lab-messages.ts';
import { ScenarioList } from './scenario-list.tsx';

export function LabPage() {
  const { scenarioId } = useParams();
  const { hash } = useLocation();
  const words = useLabMessages();
  if (!scenarioId && isLink(hash)) return <LinkedRun key={hash} fragment={hash} />;
  const scenario = scenarioId ? scenarioById(scenarioId) : undefined;
  if (scenario) return <ListedRun key={scenario.id} scenario={scenario} />;
  return <ScenarioList scenarios={SCENARIOS} unknown={scenarioId ? words.lab.unknown(scenarioId) : null} />;
}

const MOST_SEED = 2 ** 32 - 1;

function ListedRun({ scenario }: { scenario: Scenario }) {
  const [params, setParams] = useSearchParams();
  const asked = params.get('seed');
  const universe = useMemo(() => keptUniverse(documents, scenario, seedOf(asked)), [scenario, asked]);
  const newSeed = useCallback(() => setParams({ seed: String((universe.seed + 1) % (MOST_SEED + 1)) }), [universe, setParams]);
  return (
    <>
      <LabRoom universe={universe} original={scenario.faults} onNewSeed={newSeed} onUniverse={keep} />
      <StoreNotices documents={documents} />
    </>
  );
}

function keep(universe: Universe): void {
  keepUniverse(documents, universe);
}

/** @returns null when the address names none. */
function seedOf(text: string | null): number | null {
  const n = Number(text);
  return text !== null && Number.isInteger(n) && n >= 0 && n <= MOST_SEED ? n : null;
}
