import { describe, expect, it } from 'vitest';
import { scenarioById } from '../../simulations/scenarios/catalogue.ts';
import { createDocuments, type Backend } from '../store/documents.ts';
import { keepUniverse, keptUniverse } from './kept-universe.ts';

const scenario = scenarioById('leader-dies')!;
const NAME = `millrace.lab.${scenario.id}`;
const faults = [...scenario.faults, 'pause broker-1 at 3s for 2s'];

function storage(): Backend & { readonly entries: Map<string, string> } {
  const entries = new Map<string, string>();
  return { entries, getItem: (key) => entries.get(key) ?? null, setItem: (key, value) => void entries.set(key, value), removeItem: (key) => void entries.delete(key) };
}

describe('a scenario of the lab', () => {
  it('is as it is listed while nobody has changed it, and nothing is saved', () => {
    const backend = storage();
    const documents = createDocuments(backend);
    const universe = keptUniverse(documents, scenario, null);
    expect(universe).toMatchObject({ faults: scenario.faults, seed: 1 });
    keepUniverse(documents, { ...universe, seed: 7 });
    expect(backend.entries.size).toBe(0);
  });

  it('comes back with the schedule and the seed it was left with; the address goes before the seed', () => {
    const backend = storage();
    keepUniverse(createDocuments(backend), { scenario, faults, seed: 7, files: {} });
    expect(keptUniverse(createDocuments(backend), scenario, null)).toMatchObject({ faults, seed: 7 });
    expect(keptUniverse(createDocuments(backend), scenario, 9)).toMatchObject({ faults, seed: 9 });
  });

  it('keeps a schedule without any fault', () => {
    const backend = storage();
    keepUniverse(createDocuments(backend), { scenario, faults: [], seed: 1, files: {} });
    expect(keptUniverse(createDocuments(backend), scenario, null).faults).toEqual([]);
  });

  it('forgets what was kept when its own schedule is back', () => {
    const backend = storage();
    const documents = createDocuments(backend);
    keepUniverse(documents, { scenario, faults, seed: 7, files: {} });
    keepUniverse(documents, { scenario, faults: scenario.faults, seed: 7, files: {} });
    expect(keptUniverse(createDocuments(backend), scenario, null)).toMatchObject({ faults: scenario.faults, seed: 1 });
  });

  it.each([
    ['a line that is no fault', '{"version":1,"data":{"faults":["kill nobody at 1s"],"seed":1}}'],
    ['too many faults', JSON.stringify({ version: 1, data: { faults: Array.from({ length: 201 }, () => 'kill broker-1 at 1s'), seed: 1 } })],
    ['a seed out of range', '{"version":1,"data":{"faults":[],"seed":-1}}'],
    ['half a document', '{"version":1,"data":{"faults":["ki'],
  ])('sets aside %s', (_, text) => {
    const backend = storage();
    backend.entries.set(NAME, text);
    const documents = createDocuments(backend);
    expect(keptUniverse(documents, scenario, null).faults).toEqual(scenario.faults);
    expect(documents.problems()).toEqual([{ kind: 'corrupt', name: `lab.${scenario.id}`, text }]);
    expect(backend.entries.get(`millrace.setAside.lab.${scenario.id}`)).toBe(text);
  });

  it('does not keep more faults than a link may hold', () => {
    const backend = storage();
    const documents = createDocuments(backend);
    keepUniverse(documents, { scenario, faults, seed: 1, files: {} });
    keepUniverse(documents, { scenario, faults: Array.from({ length: 201 }, () => faults[0]!), seed: 1, files: {} });
    expect(keptUniverse(createDocuments(backend), scenario, null).faults).toEqual(faults);
  });
});
