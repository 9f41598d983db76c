// Users, tokens and directories: answers of Kafka 4.0.0 to the same requests.
import { describe, expect, it } from 'vitest';
import { alterScram, bodyOf, describeScram, errorsOf, other, scramUpsertion as up, TOPIC } from '../admin.test-helper.ts';
import { probe, type Answer } from '../probe.test-helper.ts';
import type { AlterUserScramCredentialsResponse, DescribeUserScramCredentialsResponse } from '../protocol/clusterMessages.ts';
import { ZERO_UUID } from '../protocol/layout.ts';

const CLUSTER = { topics: [TOPIC], horizonMs: 20_000 };
/** Error by user, in the order of the answer. */
const changed = (answer: Answer | undefined) => bodyOf<AlterUserScramCredentialsResponse>(answer).results.map((r) => `${r.user} ${r.errorCode}`);
/** Error and credentials by user, in the order of the answer. */
const told = (answer: Answer | undefined) =>
  bodyOf<DescribeUserScramCredentialsResponse>(answer).results.map((r) => [r.user, r.errorCode, ...r.credentialInfos.map((c) => `${c.mechanism}x${c.iterations}`)].join(' '));

describe('SCRAM credentials', () => {
  it('are kept by user and mechanism, and told by every broker once it has read of them', () => {
    const { answers } = probe(CLUSTER, [
      alterScram(1_000, [], []),
      alterScram(1_100, [], [up('bob'), up('amy', { mechanism: 2, iterations: 8_192 })]),
      alterScram(1_500, [], [up('bob', { mechanism: 2, iterations: 16_384 })]),
      describeScram(2_000, null, 2),
      describeScram(2_000, [], 3),
      describeScram(2_000, ['zed', 'bob', 'zed', 'carol', 'amy']),
      alterScram(3_000, [{ name: 'bob', mechanism: 2 }], [up('good')]),
      describeScram(4_000, null),
      alterScram(5_000, [{ name: 'bob', mechanism: 1 }], []),
      describeScram(6_000, ['bob']),
    ]);
    expect(answers.slice(0, 3).map(changed)).toEqual([[], ['bob 0', 'amy 0'], ['bob 0']]);
    const all = ['bob 0 1x4096 2x16384', 'amy 0 2x8192'];
    expect([told(answers[3]), told(answers[4])]).toEqual([all, all]);
    expect(told(answers[5])).toEqual(['carol 91', 'bob 0 1x4096 2x16384', 'zed 92', 'amy 0 2x8192']);
    expect(changed(answers[6])).toEqual(['bob 0', 'good 0']);
    expect(told(answers[7])).toEqual(['bob 0 1x4096', 'amy 0 2x8192', 'good 0 1x4096']);
    expect(changed(answers[8])).toEqual(['bob 0']);
    expect(told(answers[9])).toEqual(['bob 91']);
  });

  it.each([
    ['a user without a name', [{ name: '', mechanism: 7 }], [up('')], [' 93']],
    ['a mechanism that there is not', [{ name: 'x', mechanism: 0 }], [up('m', { mechanism: 9, iterations: 1 })], ['x 33', 'm 33']],
    ['too few and too many iterations', [], [up('lo', { iterations: 4_095 }), up('hi', { iterations: 16_385 }), up('ok', { iterations: 16_384 })], ['ok 0', 'hi 93', 'lo 93']],
    ['a credential that there is not', [{ name: 'bob', mechanism: 1 }], [], ['bob 91']],
    ['one user twice', [], [up('bob'), up('bob', { mechanism: 2 }), up('amy')], ['amy 0', 'bob 92']],
    ['no salted password, while no salt is none', [], [up('np', { saltedPassword: new Uint8Array(0) }), up('ns', { salt: new Uint8Array(0) })], ['ns 0', 'np -1']],
  ])('refuses %s', (_, deletions, upsertions, expected) => {
    expect(changed(probe(CLUSTER, [alterScram(1_000, deletions, upsertions)]).answers[0])).toEqual(expected);
  });

  it('outlive the controller, and cannot be changed while it is away', () => {
    const { answers } = probe(
      { ...CLUSTER, horizonMs: 60_000 },
      [alterScram(1_000, [], [up('bob')]), alterScram(3_000, [], [up('amy')]), describeScram(50_000, null)],
      ['kill controller at 2s for 40s'],
    );
    expect(changed(answers[1])).toEqual(['amy 7']);
    expect(told(answers[2])).toEqual(['bob 0 1x4096']);
  });
});

describe('a listener of plain text', () => {
  it('has nobody log in, and goes on with the connection', () => {
    const { answers } = probe(CLUSTER, [other(1_000, 'SaslHandshake', 1, { mechanism: 'PLAIN' }), other(1_100, 'SaslAuthenticate', 2, { authBytes: new Uint8Array(1) }), describeScram(1_200, null)]);
    expect(answers.map(errorsOf)).toEqual([[34], [34], [0]]);
  });

  it('gives no delegation tokens', () => {
    const hmac = new Uint8Array(1);
    const create = (ownerPrincipalType: string | null, ownerPrincipalName: string | null) =>
      other(1_000, 'CreateDelegationToken', 3, { ownerPrincipalType, ownerPrincipalName, renewers: [], maxLifetimeMs: -1 });
    const { answers } = probe(CLUSTER, [
      create(null, null),
      create('User', 'bob'),
      other(1_000, 'RenewDelegationToken', 2, { hmac, renewPeriodMs: 1 }),
      other(1_000, 'ExpireDelegationToken', 2, { hmac, expiryTimePeriodMs: 1 }),
      other(1_000, 'DescribeDelegationToken', 3, { owners: null }),
    ]);
    expect(answers.map(errorsOf)).toEqual([[64], [64], [64], [64], [64]]);
    expect(answers.slice(0, 2).map((a) => bodyOf(a))).toMatchObject([
      { principalType: 'User', principalName: 'ANONYMOUS', tokenRequesterPrincipalName: 'ANONYMOUS', issueTimestampMs: -1 },
      { principalType: 'User', principalName: 'bob', tokenRequesterPrincipalName: 'ANONYMOUS' },
    ]);
  });
});

describe('the one directory of logs', () => {
  it('keeps its replicas, and is the only one that there is', () => {
    const dirs = (atMs: number, asked: readonly (readonly [path: string, topic: string, partitions: readonly number[]])[], broker = 1) =>
      other(atMs, 'AlterReplicaLogDirs', 2, { dirs: asked.map(([path, name, partitions]) => ({ path, topics: [{ name, partitions }] })) }, broker);
    const own = '/var/lib/kafka/data';
    const topics = [TOPIC, { name: 'one', partitions: 1, replicationFactor: 1, replicaAssignment: [[2]] }];
    const { answers } = probe({ ...CLUSTER, topics }, [
      dirs(1_000, []),
      dirs(1_000, [
        [own, 't', [0, 7]],
        ['/nowhere', 'nope', [1]],
        [own, 'one', [0]],
      ]),
      dirs(1_000, [
        [own, 't', [0]],
        ['', 't', [0]],
      ]),
    ]);
    expect(answers.map((a) => bodyOf(a))).toMatchObject([
      { results: [] },
      {
        results: [
          {
            topicName: 't',
            partitions: [
              { partitionIndex: 0, errorCode: 0 },
              { partitionIndex: 7, errorCode: 3 },
            ],
          },
          { topicName: 'nope', partitions: [{ partitionIndex: 1, errorCode: 57 }] },
          { topicName: 'one', partitions: [{ partitionIndex: 0, errorCode: 6 }] },
        ],
      },
      { results: [{ topicName: 't', partitions: [{ partitionIndex: 0, errorCode: 57 }] }] },
    ]);
  });
});

describe('what Kafka 4.0 advertises and has not got yet', () => {
  it('is UNSUPPORTED_VERSION for every share partition that is named', () => {
    const of = (fields: object) => ({ groupId: 'g', topics: [{ topicId: ZERO_UUID, partitions: [{ partition: 0, ...fields }] }] });
    const { answers } = probe(CLUSTER, [
      other(1_000, 'InitializeShareGroupState', 0, of({ stateEpoch: 0, startOffset: 0 })),
      other(1_000, 'DeleteShareGroupState', 0, of({})),
      other(1_000, 'ReadShareGroupStateSummary', 0, of({ leaderEpoch: 0 })),
      other(1_000, 'ReadShareGroupState', 0, { groupId: 'g', topics: [] }),
      other(1_000, 'ListClientMetricsResources', 0, {}),
    ]);
    expect(answers.map(errorsOf)).toEqual([[35], [35], [35], [], [0]]);
  });
});
