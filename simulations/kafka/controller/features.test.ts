// Features and voters: answers of Kafka 4.0.0 to the same requests, and of what the cluster cannot change.
import { describe, expect, it } from 'vitest';
import { bodyOf, errorsOf, other, TOPIC, updateFeatures as update } from '../admin.test-helper.ts';
import { probe } from '../probe.test-helper.ts';
import { ZERO_UUID } from '../protocol/layout.ts';

const CLUSTER = { topics: [TOPIC], horizonMs: 3_000 };
const SAFE = 2;
const UNSAFE = 3;
const errorOf = (ask: ReturnType<typeof update>) => errorsOf(probe(CLUSTER, [ask]).answers[0])[0];

describe('a change of features', () => {
  it.each([
    ['nothing', {}, 0],
    ['levels in force', { 'transaction.version': [2], 'metadata.version': [25, SAFE], 'kraft.version': [0] }, 0],
    ['a feature that there is not', { nope: [1] }, 95],
    ['a level that there is not', { 'transaction.version': [3] }, 95],
    ['a level below zero', { 'transaction.version': [-1] }, 95],
    ['a type of upgrade that there is not', { 'transaction.version': [1, 9] }, 95],
    ['a downgrade that is called an upgrade', { 'transaction.version': [1] }, 95],
    ['an upgrade that is called a downgrade', { 'eligible.leader.replicas.version': [1, SAFE] }, 95],
    ['metadata that would lose something', { 'metadata.version': [22, SAFE] }, 95],
    ['metadata that would lose something, unsafely', { 'metadata.version': [7, UNSAFE] }, 95],
    ['one that is wrong among others', { 'transaction.version': [2], 'group.version': [9] }, 95],
    // From here on Kafka would do it.
    ['another level of transactions', { 'transaction.version': [1, SAFE] }, 96],
    ['metadata that loses nothing', { 'metadata.version': [23, SAFE] }, 96],
    ['eligible leader replicas', { 'eligible.leader.replicas.version': [1] }, 96],
  ] as const)('to %s', (_, updates, error) => {
    expect(errorOf(update(1_000, updates))).toBe(error);
  });

  it('is never a downgrade in version 0, which has no types, and names each feature up to version 1', () => {
    expect(errorOf(update(1_000, { 'transaction.version': [1, SAFE] }, 0))).toBe(95);
    const { answers } = probe(CLUSTER, [update(1_000, { 'transaction.version': [2] }, 1), update(1_000, { 'transaction.version': [2], nope: [1] }, 1)]);
    expect(answers.map((a) => bodyOf(a))).toMatchObject([
      { errorCode: 0, results: [{ feature: 'transaction.version', errorCode: 0, errorMessage: 'NONE' }] },
      { errorCode: 95, results: [] },
    ]);
  });
});

describe('a change of voters', () => {
  const listeners = [{ name: 'CONTROLLER', host: 'h', port: 1 }];
  const voter = { clusterId: null, timeoutMs: 1_000, voterId: 9, voterDirectoryId: 'BBBBBBBBBBBBBBBBBBBBBA', listeners };
  it.each([
    ['AddRaftVoter', {}, 35],
    ['AddRaftVoter', { clusterId: 'millrace' }, 35],
    ['AddRaftVoter', { clusterId: 'another', listeners: [] }, 104],
    ['AddRaftVoter', { voterId: -1, listeners: [] }, 42],
    ['AddRaftVoter', { voterDirectoryId: ZERO_UUID }, 42],
    ['AddRaftVoter', { listeners: [{ ...listeners[0], name: 'OTHER' }] }, 42],
    ['RemoveRaftVoter', {}, 35],
    ['RemoveRaftVoter', { clusterId: 'another' }, 104],
    ['RemoveRaftVoter', { voterId: -5 }, 42],
    ['RemoveRaftVoter', { voterDirectoryId: ZERO_UUID }, 42],
  ] as const)('%s %o is refused with %i', (api, over, error) => {
    expect(errorsOf(probe(CLUSTER, [other(1_000, api, 0, { ...voter, ...over })]).answers[0])).toEqual([error]);
  });
});
