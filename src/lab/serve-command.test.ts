// The line that puts a universe on ports.
import { expect, it } from 'vitest';
import { readScenario } from '../../simulations/contract/scenario.ts';
import { scenarioById } from '../../simulations/scenarios/catalogue.ts';
import { serveCommand } from './serve-command.ts';

const scenario = scenarioById('leader-dies')!;

it('names a listed scenario, with what differs', () => {
  expect(serveCommand({ scenario, faults: scenario.faults, seed: 1, files: {} })).toEqual({ line: 'npm run --silent sim -- serve leader-dies --port 9092', file: null });
  expect(serveCommand({ scenario, faults: ['pause broker-1 at 5s for 2s'], seed: 42, files: {} }).line).toBe(
    'npm run --silent sim -- serve leader-dies --port 9092 --seed 42 --fault "pause broker-1 at 5s for 2s"',
  );
});

it('puts anything else into a document that reads back', () => {
  const none = serveCommand({ scenario, faults: [], seed: 1, files: {} });
  expect(none.line).toBe('npm run --silent sim -- serve leader-dies.json --port 9092');
  const read = readScenario(JSON.parse(none.file!.text));
  expect(read.ok && read.value).toEqual({ ...scenario, faults: [] });
  const changed = { ...scenario, horizonMs: 5_000 };
  expect(serveCommand({ scenario: changed, faults: scenario.faults, seed: 1, files: {} }).file).not.toBeNull();
});
