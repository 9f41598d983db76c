import { describe, expect, it } from 'vitest';
import { runToEnd } from '../../../simulations/run.ts';
import { scenarioById } from '../../../simulations/scenarios/catalogue.ts';
import { TraceStore } from '../../../simulations/kernel/traceStore.ts';
import { readStrip } from './strip-run.ts';
import { stripHeight, stripScene } from './strip-scene.ts';

const scenario = scenarioById('leader-dies')!;
const trace = new TraceStore();
const result = runToEnd({ scenario, faults: scenario.faults, seed: 1, files: {} }, (chunk) => trace.append(chunk));
const data = readStrip(trace, 'watch-events', scenario.horizonMs * 1000, result.hash!);
const words = { fault: 'Kill broker-2', elected: 'new leaders', seconds: (n: number) => `${n} s` };

describe('the strip of the home page', () => {
  it('holds every record that a leader wrote, and when the leaders changed', () => {
    expect(data.partitions).toBe(6);
    expect(data.marks.length).toBeGreaterThanOrEqual(result.metrics.acknowledged);
    expect(data.faultUs).toBe(12_400_000);
    expect(data.electedUs).toBeGreaterThan(data.faultUs);
  });

  it('tells records that waited for their commit from those that did not', () => {
    const slow = data.marks.filter((m) => !m.committed);
    expect(slow.length).toBeGreaterThan(20);
    for (const mark of slow) expect(mark.timeUs).toBeGreaterThan(data.faultUs - 1_000_000);
  });

  it.each([1344, 968, 350])('stays inside %i px', (width) => {
    const scene = stripScene(data, width, words);
    expect(scene.height).toBe(stripHeight(width, 6));
    for (const m of scene.marks) if (m.kind === 'rect') expect(m.x + m.w).toBeLessThanOrEqual(width);
  });

  it('draws its lanes before the run is there', () => {
    expect(stripScene(null, 1000, words).marks.some((m) => m.kind === 'text' && m.text === 'P5')).toBe(true);
  });
});
