// Subscriptions to metrics of clients: answers of Kafka 4.0.0 to the same requests.
import { describe, expect, it } from 'vitest';
import { bodyOf, errorsOf, other, TOPIC } from '../admin.test-helper.ts';
import { probe, type Answer } from '../probe.test-helper.ts';
import { OPERATION, RESOURCE, type DescribeConfigsResponse } from '../protocol/adminMessages.ts';

const CLUSTER = { topics: [TOPIC], horizonMs: 5_000 };
const resourceType = RESOURCE.clientMetrics;
const change = (atMs: number, resourceName: string, settings: Readonly<Record<string, string | null>>, over: object = {}) => {
  const configs = Object.entries(settings).map(([name, value]) => ({ name, value, configOperation: value === null ? OPERATION.delete : OPERATION.set, ...over }));
  return other(atMs, 'IncrementalAlterConfigs', 1, { resources: [{ resourceType, resourceName, configs }], validateOnly: false });
};
const list = (atMs: number, broker = 1) => other(atMs, 'ListClientMetricsResources', 0, {}, broker);
const names = (answer: Answer | undefined) => bodyOf<{ readonly clientMetricsResources: readonly { readonly name: string }[] }>(answer).clientMetricsResources.map((r) => r.name);

describe('a subscription to metrics', () => {
  it.each([
    ['interval.ms', ['100', '3600000', ' 500 '], 0],
    ['interval.ms', ['99', '3600001', '0', '-1'], 42],
    ['interval.ms', ['abc', '1e3', '500.0', ''], 40],
    ['metrics', ['', '*', 'a,b', ','], 0],
    [
      'match',
      ['', 'client_id=a', ' client_id = a.* ', 'client_id=a,client_id=b', 'client_instance_id=x,client_software_name=y,client_software_version=z,client_source_address=q,client_source_port=1'],
      0,
    ],
    ['match', ['client_id=', '=a', 'client_id', 'client_id=a=b', 'foo=a', 'client_id=[', 'CLIENT_ID=a', 'client_id=a,', 'client_id=('], 40],
    ['nope', ['1'], 42],
  ] as const)('takes or refuses %s of %j', (setting, values, error) => {
    const { answers } = probe(
      CLUSTER,
      values.map((value, i) => change(1_000 + i, `s${i}`, { [setting]: value })),
    );
    expect(answers.map(errorsOf)).toEqual(values.map(() => [error]));
  });

  it('is there as long as it says anything, and is told whole by every broker', () => {
    const described = (atMs: number, resourceName: string) =>
      other(atMs, 'DescribeConfigs', 4, { resources: [{ resourceType, resourceName, configurationKeys: ['nope'] }], includeSynonyms: true, includeDocumentation: false }, 2);
    const { answers } = probe(CLUSTER, [
      change(1_000, 'all', { 'interval.ms': '1000', match: 'client_id=x' }),
      change(1_100, 'all', { metrics: 'b' }, { configOperation: OPERATION.append }),
      change(1_200, '', { metrics: 'b' }),
      change(1_300, 'none', { metrics: null }),
      described(2_000, 'all'),
      described(2_000, 'none'),
      described(2_000, ''),
      list(2_000, 3),
      change(3_000, 'all', { 'interval.ms': null, match: null }),
      list(4_000),
    ]);
    expect(answers.slice(0, 4).map(errorsOf)).toEqual([[0], [40], [42], [0]]);
    const told = answers.slice(4, 7).map((a) => bodyOf<DescribeConfigsResponse>(a).results[0]!);
    expect(told.map((r) => [r.errorCode, ...r.configs.map((c) => `${c.name}=${c.value}, source ${c.configSource}`)])).toEqual([
      [0, 'interval.ms=1000, source 7', 'match=client_id=x, source 7'],
      [0],
      [42],
    ]);
    expect([names(answers[7]), errorsOf(answers[8]), names(answers[9])]).toEqual([['all'], [0], []]);
  });
});
