import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SCENARIOS } from '../scenarios/catalogue.ts';
import { readScenario, SCENARIO } from './scenario.ts';
import { paths } from './schema.ts';

const minimal = { schemaVersion: 1, id: 'x', title: { ko: '가', en: 'a' }, summary: { ko: '가', en: 'a' }, horizonMs: 1000, cluster: { brokers: 3 } };

function problemsOf(document: unknown) {
  const read = readScenario(document);
  return read.ok ? [] : read.problems;
}

describe('reading a scenario', () => {
  it('fills in Kafka’s defaults', () => {
    const read = readScenario(minimal);
    expect(read.ok && read.value.cluster.config).toMatchObject({
      brokerSessionTimeoutMs: 9_000,
      replicaLagTimeMaxMs: 30_000,
      autoCreateTopicsEnable: true,
      numPartitions: 1,
      uncleanLeaderElectionEnable: false,
    });
  });

  it.each(SCENARIOS.map((s) => [s.id, s] as const))('reads %s back as itself', (_id, scenario) => {
    expect(readScenario(JSON.parse(JSON.stringify(scenario)))).toEqual({ ok: true, value: scenario });
  });

  it.each([
    [{ ...minimal, horizonMs: 'soon' }, 'horizonMs'],
    [{ ...minimal, horizonMs: 600_001 }, 'horizonMs'],
    [{ ...minimal, colour: 'red' }, 'colour'],
    [{ ...minimal, cluster: { brokers: 3, config: { minInsyncReplica: 2 } } }, 'cluster.config.minInsyncReplica'],
    [{ ...minimal, topics: [{ name: 'a b' }] }, 'topics[0].name'],
    [{ ...minimal, topics: [{ name: 'a', replicationFactor: 5 }] }, 'topics[0].replicationFactor'],
    [{ ...minimal, topics: [{ name: 'a', config: { 'retention.millis': '1' } }] }, 'topics[0].config["retention.millis"]'],
    [{ ...minimal, topics: [{ name: 'a', config: { 'retention.ms': 'long' } }] }, 'topics[0].config["retention.ms"]'],
    [{ ...minimal, topics: [{ name: 'a', config: { 'min.compaction.lag.ms': '9', 'max.compaction.lag.ms': '8' } }] }, 'topics[0].config'],
    [{ ...minimal, topics: [{ name: 'a', minInsyncReplicas: 2, config: { 'min.insync.replicas': '2' } }] }, 'topics[0].config'],
    [{ ...minimal, cluster: { brokers: 3, topicConfig: { 'segment.ms': '0' } } }, 'cluster.topicConfig["segment.ms"]'],
    [{ ...minimal, cluster: { brokers: 3, joining: [{ atMs: -1 }] } }, 'cluster.joining[0].atMs'],
    [{ ...minimal, cluster: { brokers: 3, joining: [{ atMs: 1 }] }, processes: [{ name: 'broker-4', role: 'producer' }] }, 'processes[0].name'],
    [{ ...minimal, processes: [{ name: 'broker-1', role: 'producer' }] }, 'processes[0].name'],
    [{ ...minimal, processes: [{ name: 'c', role: 'consumer' }] }, 'processes[0].group'],
    [{ ...minimal, processes: [{ name: 'p', role: 'producer', acks: '1' }] }, 'processes[0].idempotence'],
    [{ ...minimal, workloads: [{ process: 'nobody', topic: 'a', records: 1 }] }, 'workloads[0].process'],
    [{ ...minimal, learner: [{ process: 'app', entry: 'a.ts' }] }, 'learner[0].process'],
    [{ ...minimal, schemaVersion: 99 }, 'schemaVersion'],
    [null, '(document)'],
    ['text', '(document)'],
    [[], '(document)'],
  ])('tells where %j is wrong', (document, path) => {
    const problems = problemsOf(document);
    expect(problems.map((p) => p.path)).toContain(path);
    for (const p of problems) for (const part of [p.rule, p.got, p.hint]) expect(part).not.toBe('');
  });

  it('names the nearest field', () => {
    expect(problemsOf({ ...minimal, cluster: { brokers: 3, config: { minInsyncReplica: 2 } } })[0]!.hint).toContain('minInsyncReplicas');
  });

  it('never throws and never takes a polluting key', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => void readScenario(value)));
    expect(problemsOf(JSON.parse('{"schemaVersion":1,"__proto__":{"id":"x"}}')).length).toBeGreaterThan(0);
    expect(({} as { id?: string }).id).toBeUndefined();
  });

  it('documents every field: rule, meaning, and a source wherever a default comes from Kafka', () => {
    for (const { path, spec } of paths(SCENARIO as never)) {
      expect(spec.meta.doc, path).not.toBe('');
      if (spec.kind === 'integer')
        expect(
          [spec.min, spec.max].every((v) => typeof v === 'number'),
          path,
        ).toBe(true);
    }
  });
});
