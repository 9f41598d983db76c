// controller_mutation_rate: how many partitions a client may create and delete a second.
import { describe, expect, it } from 'vitest';
import { alterQuotas, bodyOf, createPartitions, createTopics, deleteTopics, errorsOf, TOPIC } from '../admin.test-helper.ts';
import { probe, type Answer, type Ask } from '../probe.test-helper.ts';

const CLUSTER = { topics: [TOPIC], horizonMs: 30_000 };
/** One partition in two seconds, of which an idle client saves eleven seconds' worth: five and a half. */
const SLOW = alterQuotas(100, { 'client-id': 'probe' }, { controller_mutation_rate: 0.5 });
const many = (atMs: number, name: string, numPartitions: number) => createTopics(atMs, { [name]: { numPartitions } });
const older = (ask: Ask, version: number): Ask => ({ ...ask, version });
const throttleOf = (answer: Answer | undefined) => bodyOf<{ throttleTimeMs: number }>(answer).throttleTimeMs;

describe('a client beyond its controller_mutation_rate', () => {
  it('may go below zero once, is then refused, topic by topic, and is not read from until it may go on', () => {
    const { answers, of } = probe(CLUSTER, [SLOW, many(1_000, 'a', 8), many(1_100, 'b', 1), many(1_200, 'c', 1)]);
    expect(answers.slice(1).map((a) => errorsOf(a))).toEqual([[0], [89], [0]]);
    expect([throttleOf(answers[1]), throttleOf(answers[3])]).toEqual([0, 0]);
    // Two and a half partitions below zero, less what came back in a tenth of a second.
    expect(throttleOf(answers[2])).toBeGreaterThan(4_880);
    expect(throttleOf(answers[2])).toBeLessThan(4_920);
    expect(answers[2]!.atMs).toBeLessThan(1_110);
    expect(answers[3]!.atMs).toBeGreaterThan(1_100 + throttleOf(answers[2]));
    expect(of('kafka.throttled').map((e) => [e.client, e.quota, e.rate, e.limit, e.throttleMs])).toEqual([['probe', 'controller_mutation_rate', -1, -1, throttleOf(answers[2])]]);
    expect(of('kafka.topicCreated').map((e) => e.topic)).toEqual(expect.arrayContaining(['a', 'c']));
    expect(of('kafka.topicCreated').some((e) => e.topic === 'b')).toBe(false);
  });

  it('is only slowed down in versions that do not know the error', () => {
    const { answers } = probe(CLUSTER, [SLOW, older(many(1_000, 'a', 8), 5), older(many(1_100, 'b', 1), 5)]);
    expect(answers.slice(1).map((a) => errorsOf(a))).toEqual([[0], [0]]);
    expect(throttleOf(answers[1])).toBe(5_000);
    expect(answers[2]!.atMs).toBeGreaterThan(6_000);
  });

  it('is counted for partitions that are added and deleted, too, and for no topic that was refused', () => {
    const { answers } = probe(CLUSTER, [SLOW, many(500, '!', 50), createPartitions(1_000, 't', 9), deleteTopics(1_100, 't'), many(1_200, 'a', 1)]);
    expect(answers.slice(1).map((a) => errorsOf(a))).toEqual([[17], [0], [89], [89]]);
    const deleted = probe(CLUSTER, [many(50, 'big', 20), SLOW, deleteTopics(1_000, 'big', 't')]);
    expect(errorsOf(deleted.answers[2])).toEqual([0, 89]);
  });

  it('is so again once the controller is back, with all that it may save', () => {
    const { answers } = probe(CLUSTER, [SLOW, many(1_000, 'a', 9), many(8_000, 'b', 9), many(8_100, 'c', 1)], ['kill controller at 2s for 2s']);
    expect(answers.slice(1).map((a) => errorsOf(a))).toEqual([[0], [0], [89]]);
  });

  it('holds nobody else back, nor topics that brokers make because a client named them', () => {
    const { answers } = probe(CLUSTER, [alterQuotas(100, { 'client-id': 'other' }, { controller_mutation_rate: 0.1 }), many(1_000, 'a', 50), many(1_100, 'b', 50)]);
    expect(answers.slice(1).map((a) => errorsOf(a))).toEqual([[0], [0]]);
    const processes = [{ name: 'reader', role: 'consumer', group: 'g', groupType: 'share', topics: ['t'] }];
    const own = probe({ ...CLUSTER, processes }, [alterQuotas(10, { user: null }, { controller_mutation_rate: 0.1 })]);
    expect(own.of('kafka.topicCreated').some((e) => e.topic === '__share_group_state')).toBe(true);
  });
});
