// Asks of a transactional client, one by one, for tests that look at each answer.
import { batchOf, probe, type Answer, type Ask } from './probe.test-helper.ts';
import { transactionsPartitionOf } from './broker/transactionLog.ts';
import { offsetsPartitionOf } from './broker/small.ts';
import { OFFSETS_TOPIC, TRANSACTIONS_TOPIC } from './metadata/image.ts';
import { KEY } from './protocol/apiKeys.ts';
import type { RecordBatch } from './protocol/batch.ts';

/** Its segments last: batches of tests are from long ago. */
export const topic = { name: 't', partitions: 1, replicationFactor: 3, minInsyncReplicas: 2, config: { 'segment.ms': '9223372036854775807' } };
export const GROUP = 'g';

const find = (atMs: number): Ask => ({ atMs, broker: 1, api: KEY.FindCoordinator, version: 2, on: 'find', body: { keyType: 1, coordinatorKeys: ['any'] } });
const placed = probe({ topics: [topic], horizonMs: 500 }, [find(10)]);
const leaderOf = (name: string, partition: number) => placed.of('kafka.leaderElected').find((e) => e.topic === name && e.partition === partition)!;

/** Broker that leads partition 0 of t, another that coordinates transactions of ID, and the one that coordinates GROUP, with seed 1. */
export const L = leaderOf('t', 0).leader;
export const ID = ['tx-1', 'tx-2', 'tx-3', 'tx-4'].find((id) => leaderOf(TRANSACTIONS_TOPIC, transactionsPartitionOf(id)).leader !== L)!;
export const COORDINATOR = leaderOf(TRANSACTIONS_TOPIC, transactionsPartitionOf(ID)).leader;
export const COORDINATOR_REPLICAS = leaderOf(TRANSACTIONS_TOPIC, transactionsPartitionOf(ID)).replicas.split(',').map(Number);
export const GROUP_COORDINATOR = leaderOf(OFFSETS_TOPIC, offsetsPartitionOf(GROUP)).leader;

export interface Identity {
  readonly producerId: number;
  readonly producerEpoch: number;
}
type Given = Identity | ((answers: readonly Answer[]) => Identity);
const given = (who: Given, answers: readonly Answer[]): Identity => (typeof who === 'function' ? who(answers) : who);

/** The identity that the n-th ask was answered with. */
export const from =
  (n: number) =>
  (answers: readonly Answer[]): Identity => {
    const { producerId, producerEpoch } = answers[n]!.body as Identity;
    return { producerId, producerEpoch };
  };

/** Creates the transaction topic. */
export const prepare = find(10);

export const init = (atMs: number, who: Given = { producerId: -1, producerEpoch: -1 }, over: object = {}, version = 5): Ask => ({
  atMs,
  broker: COORDINATOR,
  api: KEY.InitProducerId,
  version,
  body: (answers: readonly Answer[]) => ({ transactionalId: ID, transactionTimeoutMs: 60_000, ...given(who, answers), ...over }),
});
export const addPartitions = (atMs: number, who: Given, version = 3, name = 't', partitions = [0]): Ask => ({
  atMs,
  broker: COORDINATOR,
  api: KEY.AddPartitionsToTxn,
  version,
  body: (answers: readonly Answer[]) => {
    const { producerId, producerEpoch } = given(who, answers);
    return {
      transactions: [],
      v3AndBelowTransactionalId: ID,
      v3AndBelowProducerId: producerId,
      v3AndBelowProducerEpoch: producerEpoch,
      v3AndBelowTopics: [{ name, partitions }],
    };
  },
});
export const produce = (atMs: number, who: Given, baseSequence: number, version = 12, over: Partial<RecordBatch> = {}): Ask => ({
  atMs,
  broker: L,
  api: KEY.Produce,
  version,
  on: 'produce',
  body: (answers: readonly Answer[]) => ({
    transactionalId: ID,
    acks: -1,
    timeoutMs: 5_000,
    topicData: [{ name: 't', partitionData: [{ index: 0, records: [batchOf(1, { ...given(who, answers), baseSequence, attributes: 0x10, ...over })] }] }],
  }),
});
export const end = (atMs: number, who: Given, committed: boolean, version = 5): Ask => ({
  atMs,
  broker: COORDINATOR,
  api: KEY.EndTxn,
  version,
  body: (answers: readonly Answer[]) => ({ transactionalId: ID, ...given(who, answers), committed }),
});
export const addOffsets = (atMs: number, who: Given, version = 3): Ask => ({
  atMs,
  broker: COORDINATOR,
  api: KEY.AddOffsetsToTxn,
  version,
  body: (answers: readonly Answer[]) => ({ transactionalId: ID, ...given(who, answers), groupId: GROUP }),
});
export const commitOffset = (atMs: number, who: Given, committedOffset: number, version = 5, over: object = {}): Ask => ({
  atMs,
  broker: GROUP_COORDINATOR,
  api: KEY.TxnOffsetCommit,
  version,
  on: 'group',
  body: (answers: readonly Answer[]) => ({
    transactionalId: ID,
    groupId: GROUP,
    ...given(who, answers),
    generationId: -1,
    memberId: '',
    groupInstanceId: null,
    topics: [{ name: 't', partitions: [{ partitionIndex: 0, committedOffset, committedLeaderEpoch: -1, committedMetadata: '' }] }],
    ...over,
  }),
});
export const fetchOffset = (atMs: number, requireStable: boolean): Ask => ({
  atMs,
  broker: GROUP_COORDINATOR,
  api: KEY.OffsetFetch,
  version: 7,
  on: 'group',
  body: { groups: [{ groupId: GROUP, memberId: null, memberEpoch: -1, topics: [{ name: 't', partitionIndexes: [0] }] }], requireStable },
});
export const fetch = (atMs: number, isolationLevel: number, fetchOffset = 0): Ask => ({
  atMs,
  broker: L,
  api: KEY.Fetch,
  version: 11,
  on: 'fetch',
  body: {
    replicaId: -1,
    maxWaitMs: 0,
    minBytes: 1,
    maxBytes: 1_000_000,
    isolationLevel,
    sessionId: 0,
    sessionEpoch: -1,
    topics: [{ topic: 't', partitions: [{ partition: 0, currentLeaderEpoch: -1, fetchOffset, lastFetchedEpoch: -1, logStartOffset: -1, partitionMaxBytes: 1_000_000 }] }],
    forgottenTopicsData: [],
    rackId: '',
  },
});
export const latest = (atMs: number, isolationLevel: number): Ask => ({
  atMs,
  broker: L,
  api: KEY.ListOffsets,
  version: 6,
  on: 'fetch',
  body: { replicaId: -1, isolationLevel, topics: [{ name: 't', partitions: [{ partitionIndex: 0, currentLeaderEpoch: -1, timestamp: -1 }] }] },
});

/** The first error anywhere in an answer's body, 0 for none. */
export function errorIn(answer: Answer | undefined): number {
  const look = (value: unknown): number => {
    if (typeof value !== 'object' || value === null) return 0;
    for (const [key, inner] of Object.entries(value)) {
      const found = key === 'errorCode' || key === 'partitionErrorCode' ? Number(inner) : look(inner);
      if (found !== 0) return found;
    }
    return 0;
  };
  return look(answer?.body);
}
