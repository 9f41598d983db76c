// The lab's addresses: the list of scenarios, one scenario, or the run that a link holds.
import { useCallback, useMemo } from 'react';
import { useLocation, useParams, useSearchParams } from 'react-router';
import { SCENARIOS, scenarioById } from '../../simulations/scenarios/catalogue.ts';
import type { Scenario } from '../../simulations/contract/scenario.ts';
import { isLink } from '../store/link.ts';
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
  const seed = seedOf(params.get('seed'));
  const universe = useMemo(() => ({ scenario, faults: scenario.faults, seed, files: scenario.files }), [scenario, seed]);
  const newSeed = useCallback(() => setParams({ seed: String((seed + 1) % (MOST_SEED + 1)) }), [seed, setParams]);
  return <LabRoom universe={universe} onNewSeed={newSeed} />;
}

function seedOf(text: string | null): number {
  const n = Number(text ?? '1');
  return Number.isInteger(n) && n >= 0 && n <= MOST_SEED ? n : 1;
}
