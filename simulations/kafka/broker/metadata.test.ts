import { describe, expect, it } from 'vitest';
import { probe, type Ask } from '../probe.test-helper.ts';
import { KEY } from '../protocol/apiKeys.ts';
import { ZERO_UUID } from '../protocol/layout.ts';
import type { MetadataResponse } from '../protocol/messages.ts';

const topic = { name: 't', partitions: 2, replicationFactor: 3, minInsyncReplicas: 2 };
const ask = (version: number, topics: readonly { topicId: string; name: string | null }[] | null, over: object = {}, atMs = 100): Ask => ({
  atMs,
  broker: 1,
  api: KEY.Metadata,
  version,
  body: { topics, allowAutoTopicCreation: false, includeClusterAuthorizedOperations: false, includeTopicAuthorizedOperations: false, ...over },
});
const bodies = (answers: readonly unknown[]) => answers.map((a) => (a as { body: MetadataResponse }).body);
const run = (asks: readonly Ask[], document: object = {}, faults: readonly string[] = []) => bodies(probe({ topics: [topic], horizonMs: 3_000, ...document }, asks, faults).answers);
const idOf = (document: object = {}) => run([ask(12, [{ topicId: ZERO_UUID, name: 't' }])], document)[0]!.topics[0]!.topicId;

describe('Metadata', () => {
  it('tells a topic by its id as by its name, and the id depends on nothing but seed and name', () => {
    const id = idOf();
    expect(id).toMatch(/^[A-Za-z0-9_][A-Za-z0-9_-]{21}$/);
    expect(idOf({ topics: [{ ...topic, name: 'another' }, topic] })).toBe(id);
    const [byId] = run([ask(13, [{ topicId: id, name: null }])]);
    expect(byId).toMatchObject({ errorCode: 0, topics: [{ errorCode: 0, name: 't', topicId: id, partitions: [{ partitionIndex: 0 }, { partitionIndex: 1 }] }] });
  });

  it('knows no topic of a strange id, and takes ids only from version 12 on', () => {
    const strange = 'AAAAAAAAQACAAAAAAAAAAQ';
    const [unknown, early, noName] = run([ask(12, [{ topicId: strange, name: null }]), ask(11, [{ topicId: strange, name: 't' }]), ask(10, [{ topicId: ZERO_UUID, name: null }])]);
    expect(unknown!.topics).toMatchObject([{ errorCode: 100, name: null, topicId: strange }]);
    expect(early!.topics).toMatchObject([{ errorCode: 42 }]);
    expect(noName!.topics).toMatchObject([{ errorCode: 42 }]);
  });

  it('answers by ids only when any is asked for', () => {
    const id = idOf();
    const [mixed] = run([
      ask(12, [
        { topicId: ZERO_UUID, name: 'nowhere' },
        { topicId: id, name: null },
      ]),
    ]);
    expect(mixed!.topics.map((t) => t.name)).toEqual(['t']);
  });

  it('lists every topic when asked for all, and none when asked for none', () => {
    const [all, none] = run([ask(12, null), ask(12, [])]);
    expect(all!.topics.map((t) => t.name)).toEqual(['__consumer_offsets', 't']);
    expect(none!.topics).toEqual([]);
  });

  it('says what a client may do only when asked', () => {
    const [quiet, asked] = run([ask(10, null), ask(10, null, { includeClusterAuthorizedOperations: true, includeTopicAuthorizedOperations: true })]);
    expect(quiet).toMatchObject({ clusterAuthorizedOperations: -2147483648, topics: [{ topicAuthorizedOperations: -2147483648 }, {}] });
    expect(asked).toMatchObject({ clusterAuthorizedOperations: 8096, topics: [{ topicAuthorizedOperations: 3576 }, {}] });
  });

  it('hides replicas that cannot be reached from version 0, and names them offline to later ones', () => {
    const [old, now] = run([ask(0, null, {}, 14_000), ask(7, null, {}, 14_100)], { horizonMs: 15_000 }, ['kill broker-2 at 1s']);
    const parts = (body: MetadataResponse) => body.topics.find((t) => t.name === 't')!.partitions;
    for (const p of parts(old!)) expect([p.errorCode, p.replicaNodes.includes(2)]).toEqual([9, false]);
    for (const p of parts(now!)) expect([p.errorCode, p.replicaNodes.includes(2), p.offlineReplicas]).toEqual([0, true, [2]]);
  });
});
