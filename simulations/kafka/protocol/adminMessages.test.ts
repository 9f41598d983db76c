// Every administrator's request and answer in every version that a broker takes: to bytes and back without loss.
import { describe, expect, it } from 'vitest';
import { SUPPORTED } from '../broker/small.ts';
import * as ask from '../admin.test-helper.ts';
import { probe, type Ask } from '../probe.test-helper.ts';
import { apiNameOf, KEY } from './apiKeys.ts';
import { requestToEngine, requestToWire, responseToWire } from './bridge.ts';
import { decodeResponse, type Body } from './codec.ts';
import { ZERO_UUID } from './layout.ts';

const asks: readonly Ask[] = [
  ask.createTopics(100, {
    a: { numPartitions: 2, configs: { 'retention.ms': '5' } },
    b: {
      assignments: [
        [1, 2],
        [3, 1],
      ],
    },
  }),
  ask.createPartitions(300, 't', 3, [
    [1, 2, 3],
    [2, 3, 1],
  ]),
  ask.setConfigs(400, 't', { 'retention.ms': '5' }),
  ask.replaceConfigs(450, 't', { 'retention.ms': '6' }),
  ask.describeConfigs(500, 't', ['retention.ms']),
  ask.setGroupConfigs(520, 'g', { 'share.auto.offset.reset': 'earliest' }),
  ask.describeGroupConfigs(560, 'g'),
  ask.electLeaders(600, 0, { t: [0, 1] }),
  ask.reassign(700, 't', 0, [1, 2]),
  ask.listReassignments(710),
  ask.describeCluster(800, { includeClusterAuthorizedOperations: true }),
  ask.describeTopics(900, ['t', 'nowhere']),
  ask.describeAcls(920),
  ask.createAcls(930),
  ask.deleteAcls(940),
  ask.describeLogDirs(950, { t: [0] }),
  ask.alterQuotas(960, { user: null, 'client-id': 'app' }, { request_percentage: 12.5 }),
  ask.describeQuotas(980, { user: undefined, 'client-id': 'app' }),
  ask.describeQuorum(990),
  ask.alterScram(991, [{ name: 'amy', mechanism: 1 }], [ask.scramUpsertion('bob')]),
  ask.describeScram(993, ['bob', 'amy']),
  ask.updateFeatures(994, { 'transaction.version': [2] }),
  ask.other(995, 'AddRaftVoter', 0, { clusterId: null, timeoutMs: 9, voterId: 7, voterDirectoryId: ZERO_UUID, listeners: [{ name: 'CONTROLLER', host: 'h', port: 40_000 }] }),
  ask.other(995, 'RemoveRaftVoter', 0, { clusterId: 'millrace', voterId: 7, voterDirectoryId: ZERO_UUID }),
  ask.other(996, 'AlterReplicaLogDirs', 2, { dirs: [{ path: '/var/lib/kafka/data', topics: [{ name: 't', partitions: [0] }] }] }),
  ask.other(996, 'SaslAuthenticate', 2, { authBytes: new Uint8Array([1]) }),
  ask.other(996, 'CreateDelegationToken', 3, { ownerPrincipalType: 'User', ownerPrincipalName: 'a', renewers: [{ principalType: 'User', principalName: 'b' }], maxLifetimeMs: -1 }),
  ask.other(996, 'RenewDelegationToken', 2, { hmac: new Uint8Array([1]), renewPeriodMs: 5 }),
  ask.other(996, 'ExpireDelegationToken', 2, { hmac: new Uint8Array([1]), expiryTimePeriodMs: 5 }),
  ask.other(996, 'DescribeDelegationToken', 3, { owners: [{ principalType: 'User', principalName: 'b' }] }),
  ask.other(996, 'ListClientMetricsResources', 0, {}),
  ask.other(996, 'InitializeShareGroupState', 0, { groupId: 'g', topics: [{ topicId: ZERO_UUID, partitions: [{ partition: 0, stateEpoch: 1, startOffset: 2 }] }] }),
  ask.other(996, 'DeleteShareGroupState', 0, { groupId: 'g', topics: [{ topicId: ZERO_UUID, partitions: [{ partition: 0 }] }] }),
  ask.other(996, 'ReadShareGroupStateSummary', 0, { groupId: 'g', topics: [{ topicId: ZERO_UUID, partitions: [{ partition: 0, leaderEpoch: 1 }] }] }),
  ask.deleteTopics(1_000, 'a', 'nowhere'),
  ask.unregister(1_100, 3),
];
const { answers } = probe({ topics: [ask.TOPIC], horizonMs: 2_000 }, asks);

const book = { name: () => ({ firstRecord: -1, digest: 0 }) };
const message = (a: Ask, apiVersion: number, body: unknown, response: boolean) => ({
  response,
  api: a.api,
  apiVersion,
  correlationId: 9,
  clientId: 'admin',
  body,
  bytes: 0,
  firstRecord: -1,
  records: 0,
});

/** Whether every field that was sent is read again as it was. @param whole false: an old version may lack fields, and then reads their defaults. */
function agrees(sent: unknown, read: unknown, whole: boolean): boolean {
  if (!whole && isDefault(read)) return true;
  if (Array.isArray(sent)) return Array.isArray(read) && sent.length === read.length && sent.every((x, i) => agrees(x, read[i], whole));
  if (typeof sent !== 'object' || sent === null) return sent === read || (typeof read === 'bigint' && BigInt(sent as number) === read);
  if (typeof read !== 'object' || read === null) return false;
  return Object.entries(sent).every(([name, value]) => (name in read ? agrees(value, (read as Body)[name], whole) : !whole || OLD.has(name) || isDefault(value)));
}

/** What only old versions carry. */
const OLD: ReadonlySet<string> = new Set(['topicNames']);

function isDefault(value: unknown): boolean {
  return value === null || value === -1 || value === 0 || value === false || value === '' || (Array.isArray(value) && value.length === 0) || value === ZERO_UUID;
}

const cases = asks.flatMap((a, i) => {
  const range = SUPPORTED.find((s) => s.apiKey === a.api)!;
  return Array.from({ length: range.maxVersion - range.minVersion + 1 }, (_, n) => ({
    name: apiNameOf(a.api),
    version: range.minVersion + n,
    newest: range.minVersion + n === range.maxVersion,
    a,
    i,
  }));
});

describe('administration on the wire', () => {
  it.each(cases)('$name version $version', ({ a, version, newest, i }) => {
    const old = a.api === KEY.DeleteTopics && version < 6 ? { topics: [], topicNames: ['a', 'nowhere'], timeoutMs: 1_000 } : a.body;
    const read = requestToEngine(requestToWire(message(a, version, old, false), []).subarray(4), book, null);
    expect(read.ok).toBe(true);
    if (read.ok) expect(agrees(old, read.message.body, newest)).toBe(true);
    const answer = answers[i]!.body as unknown;
    const told = decodeResponse(a.api, version, responseToWire(message(a, version, answer, true), []).subarray(4), { absentFields: false });
    expect(told.ok).toBe(true);
    if (told.ok) expect(agrees(answer, told.body, newest)).toBe(true);
  });

  it('is answered without an error where there is nothing to refuse', () => {
    expect(asks.map((a, i) => `${apiNameOf(a.api)} ${ask.errorsOf(answers[i]).join(' ')}`)).toEqual([
      'CreateTopics 0 0',
      'CreatePartitions 0',
      'IncrementalAlterConfigs 0',
      'AlterConfigs 0',
      'DescribeConfigs 0',
      'IncrementalAlterConfigs 0',
      'DescribeConfigs 0',
      'ElectLeaders 0 84 84',
      'AlterPartitionReassignments 0 0',
      'ListPartitionReassignments 0',
      'DescribeCluster 0',
      'DescribeTopicPartitions 3 0 0 0 0',
      'DescribeAcls 54',
      'CreateAcls 54',
      'DeleteAcls 54',
      'DescribeLogDirs 0 0',
      'AlterClientQuotas 0',
      'DescribeClientQuotas 0',
      'DescribeQuorum 0 0',
      'AlterUserScramCredentials 0 91',
      'DescribeUserScramCredentials 0 0 91',
      'UpdateFeatures 0',
      'AddRaftVoter 42',
      'RemoveRaftVoter 42',
      'AlterReplicaLogDirs 0',
      'SaslAuthenticate 34',
      'CreateDelegationToken 64',
      'RenewDelegationToken 64',
      'ExpireDelegationToken 64',
      'DescribeDelegationToken 64',
      'ListClientMetricsResources 0',
      'InitializeShareGroupState 35',
      'DeleteShareGroupState 35',
      'ReadShareGroupStateSummary 35',
      'DeleteTopics 0 3',
      'UnregisterBroker 0',
    ]);
  });
});
