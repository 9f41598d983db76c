import { describe, expect, it } from 'vitest';
import { SCENARIOS } from '../../simulations/scenarios/catalogue.ts';
import { grouped, SCENARIO_GROUPS } from './scenario-groups.ts';

describe('the groups of the lab', () => {
  it('hold every scenario exactly once, and none that does not exist', () => {
    expect(SCENARIO_GROUPS.flatMap((g) => g.scenarios).sort()).toEqual(SCENARIOS.map((s) => s.id).sort());
  });

  it('have an id, a title and a question of their own in both languages', () => {
    for (const language of ['en', 'ko'] as const) {
      expect(new Set(SCENARIO_GROUPS.map((g) => g.title[language])).size).toBe(SCENARIO_GROUPS.length);
      for (const g of SCENARIO_GROUPS) expect(g.about[language], g.id).not.toBe('');
    }
    expect(new Set(SCENARIO_GROUPS.map((g) => g.id)).size).toBe(SCENARIO_GROUPS.length);
  });

  it('begin with a scenario in which nothing fails', () => {
    const first = grouped(SCENARIOS)[0]!.scenarios[0]!;
    expect(first.faults).toEqual([]);
    expect(first.processes.length).toBeGreaterThan(0);
  });

  it('leave out a group of which nothing is listed', () => {
    expect(grouped(SCENARIOS.filter((s) => s.id === 'zombie-producer')).map((g) => g.group.id)).toEqual(['transactions']);
  });
});
