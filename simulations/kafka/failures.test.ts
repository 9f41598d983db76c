// A cluster of three brokers through nine failures and repairs: after each, leaders, epochs, in-sync replicas, offsets and errors are those that a running
// Kafka 4.0.0 of three brokers and a controller came to in the same order of events.
import { describe, expect, it } from 'vitest';
import { createTopics, electLeaders, reassign, setConfigs } from './admin.test-helper.ts';
import { batchOf, fetchBody, probe, type Answer, type Ask } from './probe.test-helper.ts';
import { KEY } from './protocol/apiKeys.ts';
import { ZERO_UUID } from './protocol/layout.ts';

const steps: { readonly label: string; readonly ask: Ask; readonly told: (answer: Answer) => string }[] = [];
const step = (label: string, ask: Ask, told: (answer: Answer) => string) => void steps.push({ label, ask: { ...ask, on: label }, told });
const bodyOf = <T>(answer: Answer): T => answer.body as unknown as T;

interface Told {
  readonly brokers: readonly { readonly nodeId: number }[];
  readonly topics: readonly {
    readonly partitions: readonly {
      readonly partitionIndex: number;
      readonly leaderId: number;
      readonly leaderEpoch: number;
      readonly isrNodes: readonly number[];
      readonly offlineReplicas: readonly number[];
      readonly errorCode: number;
    }[];
  }[];
}

/** Leader, its epoch, in-sync replicas and those that are offline, for each partition. */
function state(label: string, atMs: number, broker: number): void {
  const ask: Ask = { atMs, broker, api: KEY.Metadata, version: 12, body: { topics: [{ topicId: ZERO_UUID, name: 't' }], allowAutoTopicCreation: false, includeTopicAuthorizedOperations: false } };
  step(label, ask, (a) => {
    const { topics, brokers } = bodyOf<Told>(a);
    const partitions = topics[0]!.partitions.toSorted((x, y) => x.partitionIndex - y.partitionIndex);
    const lines = partitions.map((p) => `${p.leaderId}@${p.leaderEpoch} isr=${p.isrNodes.join(',')} off=${p.offlineReplicas.join(',')}${p.errorCode === 0 ? '' : ` e${p.errorCode}`}`);
    return `${lines.join(' | ')} brokers=${brokers
      .map((b) => b.nodeId)
      .toSorted()
      .join(',')}`;
  });
}

function produce(label: string, atMs: number, broker: number, index: number, acks = -1, count = 1): void {
  const body = { transactionalId: null, acks, timeoutMs: 3_000, topicData: [{ name: 't', partitionData: [{ index, records: [batchOf(count)] }] }] };
  step(label, { atMs, broker, api: KEY.Produce, version: 9, body }, (a) => {
    const { errorCode, baseOffset } = bodyOf<{ responses: { partitionResponses: { errorCode: number; baseOffset: number }[] }[] }>(a).responses[0]!.partitionResponses[0]!;
    return `${errorCode}/${baseOffset}`;
  });
}

function fetch(label: string, atMs: number, broker: number, currentLeaderEpoch: number): void {
  step(label, { atMs, broker, api: KEY.Fetch, version: 11, body: fetchBody({ currentLeaderEpoch }) }, (a) => {
    const { errorCode, highWatermark } = bodyOf<{ responses: { partitions: { errorCode: number; highWatermark: number }[] }[] }>(a).responses[0]!.partitions[0]!;
    return `e${errorCode} hw${highWatermark}`;
  });
}

function latest(label: string, atMs: number, broker: number): void {
  const body = { replicaId: -1, isolationLevel: 0, topics: [{ name: 't', partitions: [{ partitionIndex: 0, currentLeaderEpoch: -1, timestamp: -1 }] }] };
  step(label, { atMs, broker, api: KEY.ListOffsets, version: 8, body }, (a) => {
    const { errorCode, offset, leaderEpoch } = bodyOf<{ topics: { partitions: { errorCode: number; offset: number; leaderEpoch: number }[] }[] }>(a).topics[0]!.partitions[0]!;
    return `e${errorCode} o${offset} ep${leaderEpoch}`;
  });
}

function endOf(label: string, atMs: number, broker: number, leaderEpoch: number): void {
  const body = { replicaId: -1, topics: [{ topic: 't', partitions: [{ partition: 0, currentLeaderEpoch: -1, leaderEpoch }] }] };
  step(label, { atMs, broker, api: KEY.OffsetForLeaderEpoch, version: 4, body }, (a) => {
    const found = bodyOf<{ topics: { partitions: { leaderEpoch: number; endOffset: number }[] }[] }>(a).topics[0]!.partitions[0]!;
    return `ep${found.leaderEpoch} end${found.endOffset}`;
  });
}

const errors = (a: Answer): string =>
  JSON.stringify(a.body)
    .match(/"errorCode":-?\d+/g)!
    .map((e) => e.slice(12))
    .join(' ');

step(
  'create',
  createTopics(3_000, {
    t: {
      assignments: [
        [1, 2, 3],
        [2, 3, 1],
        [3, 1, 2],
      ],
      // Batches of tests are from long ago.
      configs: { 'min.insync.replicas': '2', 'retention.ms': '-1' },
    },
  }),
  errors,
);
state('at the start', 4_500, 2);
for (const p of [0, 1, 2]) produce(`written to ${p}`, 5_000, p + 1, p, -1, 2);
produce('written to a follower', 5_500, 2, 0);
fetch('read with a later epoch', 5_600, 1, 3);
latest('offsets of a follower', 5_700, 2);
// kill broker-1 at 6s
state('broker 1 is dead', 18_000, 2);
state('broker 1 is dead, says 3', 18_000, 3);
produce('the new leader writes', 18_500, 2, 0);
fetch('read with the old epoch', 19_000, 2, 0);
for (const epoch of [0, 1, 5]) endOf(`end of epoch ${epoch}`, 19_100, 2, epoch);
latest('offsets of the new leader', 19_200, 2);
// kill broker-3 at 20s
state('brokers 1 and 3 are dead', 32_000, 2);
produce('acks=all with one in sync', 32_500, 2, 0);
produce('acks=1 with one in sync', 33_000, 2, 0, 1);
fetch('the high watermark stands', 33_500, 2, -1);
latest('and so does the latest offset', 33_600, 2);
// restart broker-3 at 34s
state('broker 3 is back', 44_000, 2);
produce('acks=all again', 44_500, 2, 0);
fetch('the high watermark moves', 45_000, 2, -1);
// restart broker-1 at 46s
state('broker 1 is back', 56_000, 2);
step('preferred leaders', { ...electLeaders(57_000, 0, { t: [0, 1, 2] }), broker: 2 }, errors);
state('after the election', 58_500, 2);
for (const epoch of [0, 1, 2, 3]) endOf(`end of epoch ${epoch} now`, 59_000, 1, epoch);
// shutdown broker-1 at 60s
state('broker 1 is shut down', 64_000, 2);
// restart broker-1 at 65s
state('broker 1 is back again', 80_000, 2);
step('reassign', { ...reassign(81_000, 't', 2, [2, 1]), broker: 2 }, errors);
state('after the reassignment', 86_000, 2);
// kill broker-2 at 87s
state('broker 2 is dead', 99_000, 3);
// kill broker-1 at 100s
state('brokers 2 and 1 are dead', 112_000, 3);
produce('acks=all to the last one', 112_500, 3, 0);
// kill broker-3 at 114s, restart broker-1 at 126s
state('only 1 is back', 140_000, 1);
// restart broker-3 at 141s
state('3 is back', 155_000, 1);
step('unclean elections', setConfigs(156_000, 't', { 'unclean.leader.election.enable': 'true' }), errors);
state('with unclean elections', 160_000, 1);

const FAULTS = [
  'kill broker-1 at 6s for 40s',
  'kill broker-3 at 20s for 14s',
  'shutdown broker-1 at 60s for 5s',
  'kill broker-2 at 87s',
  'kill broker-1 at 100s for 26s',
  'kill broker-3 at 114s for 27s',
];

const ALL = '2@1 isr=2,3,1 off= | 2@0 isr=2,3,1 off= | 2@1 isr=2,3,1 off= brokers=1,2,3';

describe('a cluster of three', () => {
  it('goes through its failures as a running Kafka does', () => {
    const { answers } = probe(
      { horizonMs: 162_000, cluster: { brokers: 3 } },
      steps.map((s) => s.ask),
      FAULTS,
    );
    expect(Object.fromEntries(steps.map(({ label, told }, i) => [label, answers[i] ? told(answers[i]) : 'no answer']))).toEqual({
      create: '0',
      'at the start': '1@0 isr=1,2,3 off= | 2@0 isr=2,3,1 off= | 3@0 isr=3,1,2 off= brokers=1,2,3',
      'written to 0': '0/0',
      'written to 1': '0/0',
      'written to 2': '0/0',
      'written to a follower': '6/-1',
      'read with a later epoch': 'e75 hw-1',
      'offsets of a follower': 'e6 o-1 ep-1',
      'broker 1 is dead': '2@1 isr=2,3 off=1 | 2@0 isr=2,3 off=1 | 3@0 isr=3,2 off=1 brokers=2,3',
      'broker 1 is dead, says 3': '2@1 isr=2,3 off=1 | 2@0 isr=2,3 off=1 | 3@0 isr=3,2 off=1 brokers=2,3',
      'the new leader writes': '0/2',
      'read with the old epoch': 'e74 hw-1',
      'end of epoch 0': 'ep0 end2',
      'end of epoch 1': 'ep1 end3',
      'end of epoch 5': 'ep-1 end-1',
      'offsets of the new leader': 'e0 o3 ep1',
      'brokers 1 and 3 are dead': '2@1 isr=2 off=1,3 | 2@0 isr=2 off=3,1 | 2@1 isr=2 off=3,1 brokers=2',
      'acks=all with one in sync': '19/-1',
      'acks=1 with one in sync': '0/3',
      'the high watermark stands': 'e0 hw3',
      'and so does the latest offset': 'e0 o3 ep1',
      'broker 3 is back': '2@1 isr=2,3 off=1 | 2@0 isr=2,3 off=1 | 2@1 isr=2,3 off=1 brokers=2,3',
      'acks=all again': '0/4',
      'the high watermark moves': 'e0 hw5',
      'broker 1 is back': ALL,
      'preferred leaders': '0 0 84 0',
      'after the election': '1@2 isr=2,3,1 off= | 2@0 isr=2,3,1 off= | 3@2 isr=2,3,1 off= brokers=1,2,3',
      'end of epoch 0 now': 'ep0 end2',
      'end of epoch 1 now': 'ep1 end5',
      'end of epoch 2 now': 'ep2 end5',
      'end of epoch 3 now': 'ep-1 end-1',
      'broker 1 is shut down': '2@3 isr=2,3 off=1 | 2@0 isr=2,3 off=1 | 3@2 isr=2,3 off=1 brokers=2,3',
      'broker 1 is back again': '2@3 isr=2,3,1 off= | 2@0 isr=2,3,1 off= | 3@2 isr=2,3,1 off= brokers=1,2,3',
      reassign: '0 0',
      'after the reassignment': '2@3 isr=2,3,1 off= | 2@0 isr=2,3,1 off= | 2@3 isr=2,1 off= brokers=1,2,3',
      'broker 2 is dead': '1@4 isr=3,1 off=2 | 3@1 isr=3,1 off=2 | 1@4 isr=1 off=2 brokers=1,3',
      'brokers 2 and 1 are dead': '3@5 isr=3 off=1,2 | 3@1 isr=3 off=2,1 | -1@5 isr=1 off=2,1 e5 brokers=3',
      'acks=all to the last one': '19/-1',
      'only 1 is back': '-1@6 isr=3 off=2,3 e5 | -1@2 isr=3 off=2,3 e5 | 1@6 isr=1 off=2 brokers=1',
      '3 is back': '3@7 isr=3,1 off=2 | 3@3 isr=3,1 off=2 | 1@6 isr=1 off=2 brokers=1,3',
      'unclean elections': '0',
      'with unclean elections': '3@7 isr=3,1 off=2 | 3@3 isr=3,1 off=2 | 1@6 isr=1 off=2 brokers=1,3',
    });
  });
});
