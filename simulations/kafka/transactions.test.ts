// The transaction coordinator and the partitions of a transaction, asked request by request (Kafka TransactionCoordinator, KIP-98, KIP-890).
import { describe, expect, it } from 'vitest';
import { probe } from './probe.test-helper.ts';
import {
  addOffsets,
  addPartitions,
  commitOffset,
  COORDINATOR,
  COORDINATOR_REPLICAS,
  end,
  errorIn,
  fetch,
  fetchOffset,
  from,
  ID,
  init,
  latest,
  L,
  prepare,
  produce,
  topic,
} from './transactions.test-helper.ts';
import { KEY } from './protocol/apiKeys.ts';
import { ZERO_UUID } from './protocol/layout.ts';

/** Asks are made from 2 s on, when followers have found the transaction topic. */
const run = (asks: Parameters<typeof probe>[1], horizonMs = 5_000, faults: readonly string[] = []) =>
  probe({ topics: [topic], horizonMs }, [prepare, ...asks.map((a) => ({ ...a, atMs: a.atMs + 2_000 }))], faults);
const states = (r: ReturnType<typeof run>) => r.of('transaction.stateChanged').map((e) => [e.from, e.to, e.producerEpoch, e.reason]);
const fetched = (answer: unknown) => (answer as { body: { responses: { partitions: Record<string, unknown>[] }[] } }).body.responses[0]!.partitions[0]!;

describe('a transaction', () => {
  it('as the Java client 4.0 sends it (transaction version 2): the broker adds the partition, every end bumps the epoch', () => {
    const r = run([init(200), produce(300, from(1), 0), produce(320, from(1), 1), end(400, from(1), true), produce(500, from(4), 0), end(600, from(4), false)]);
    expect(r.answers.slice(1).map((a) => errorIn(a))).toEqual([0, 0, 0, 0, 0, 0]);
    expect(r.answers[1]!.body).toMatchObject({ producerEpoch: 0 });
    expect(r.answers[4]!.body).toMatchObject({ producerEpoch: 1 });
    expect(r.answers[6]!.body).toMatchObject({ producerEpoch: 2 });
    expect(states(r)).toEqual([
      ['Empty', 'Empty', 0, 'client'],
      ['Empty', 'Ongoing', 0, 'client'],
      ['Ongoing', 'PrepareCommit', 1, 'client'],
      ['PrepareCommit', 'CompleteCommit', 1, 'markersWritten'],
      ['CompleteCommit', 'Ongoing', 1, 'client'],
      ['Ongoing', 'PrepareAbort', 2, 'client'],
      ['PrepareAbort', 'CompleteAbort', 2, 'markersWritten'],
    ]);
    expect(r.of('transaction.markerWritten').map((e) => [e.topic, e.marker, e.offset, e.producerEpoch, e.firstOffset])).toEqual([
      ['t', 'COMMIT', 2, 1, 0],
      ['t', 'ABORT', 4, 2, 3],
    ]);
    expect(r.of('kafka.transactionOpened').map((e) => e.firstOffset)).toEqual([0, 3]);
  });

  it('as kafkajs sends it (transaction version 1): the client adds the partition, the epoch stays', () => {
    const r = run([
      init(200, undefined, {}, 1),
      addPartitions(300, from(1), 1),
      produce(320, from(1), 0, 7),
      end(400, from(1), true, 1),
      addPartitions(500, from(1), 1),
      produce(520, from(1), 1, 7),
      end(600, from(1), false, 1),
    ]);
    expect(r.answers.slice(1).map((a) => errorIn(a))).toEqual([0, 0, 0, 0, 0, 0, 0]);
    expect(states(r).map(([, to, epoch]) => [to, epoch])).toEqual([
      ['Empty', 0],
      ['Ongoing', 0],
      ['PrepareCommit', 0],
      ['CompleteCommit', 0],
      ['Ongoing', 0],
      ['PrepareAbort', 0],
      ['CompleteAbort', 0],
    ]);
  });

  it('holds read_committed readers back until it ends, and hides what was aborted', () => {
    const r = run([init(200), produce(300, from(1), 0), fetch(400, 1), fetch(410, 0), latest(420, 1), latest(430, 0), end(500, from(1), false), fetch(600, 1), fetch(610, 0), latest(620, 1)]);
    expect(fetched(r.answers[3])).toMatchObject({ highWatermark: 1, lastStableOffset: 0, records: [], abortedTransactions: [] });
    expect(fetched(r.answers[4])).toMatchObject({ highWatermark: 1, lastStableOffset: 0, records: [{ count: 1 }], abortedTransactions: null });
    expect(r.answers[5]!.body).toMatchObject({ topics: [{ partitions: [{ offset: 0 }] }] });
    expect(r.answers[6]!.body).toMatchObject({ topics: [{ partitions: [{ offset: 1 }] }] });
    expect(fetched(r.answers[8])).toMatchObject({ lastStableOffset: 2, records: [{ baseOffset: 0 }, { baseOffset: 1 }], abortedTransactions: [{ firstOffset: 0 }] });
    expect(fetched(r.answers[9])).toMatchObject({ abortedTransactions: null });
    expect(r.answers[10]!.body).toMatchObject({ topics: [{ partitions: [{ offset: 2 }] }] });
    expect(r.of('kafka.lastStableOffset').map((e) => [e.offset, e.highWatermark])).toEqual([
      [0, 1],
      [2, 2],
    ]);
  });

  it('takes no batch of a partition that is not in it: 48 for older clients, 120 for those that know it', () => {
    const r = run([init(200), produce(300, from(1), 0, 7), produce(350, from(1), 0, 11)]);
    expect(r.answers.slice(2).map((a) => errorIn(a))).toEqual([48, 120]);
    expect(r.of('kafka.append').filter((e) => e.topic === 't')).toEqual([]);
  });

  it('takes no plain batch of a producer whose transaction is open', () => {
    const r = run([init(200), produce(300, from(1), 0), produce(350, from(1), 1, 12, { attributes: 0 })]);
    expect(errorIn(r.answers[3])).toBe(48);
  });
});

describe('EndTxn', () => {
  it('repeated is told by the epoch with version 2, and by the state before', () => {
    const two = run([
      init(200),
      produce(300, from(1), 0),
      end(400, from(1), true),
      end(500, from(1), true),
      end(510, from(1), false),
      end(600, from(3), true),
      end(700, from(3), false),
      end(750, from(3), false),
    ]);
    // The repeat is answered as the first was; the other outcome is refused; with the new epoch a commit of nothing is refused and an abort is not.
    expect(two.answers.slice(3).map((a) => [errorIn(a), (a!.body as { producerEpoch: number }).producerEpoch])).toEqual([
      [0, 1],
      [0, 1],
      [48, -1],
      [48, -1],
      [0, 2],
      [0, 2],
    ]);
    const one = run([init(200), addPartitions(300, from(1)), end(400, from(1), true, 3), end(500, from(1), true, 3), end(510, from(1), false, 3)]);
    expect(one.answers.slice(3).map((a) => errorIn(a))).toEqual([0, 0, 48]);
  });

  it('of an empty transaction is refused before version 2', () => {
    expect(
      run([init(200), end(300, from(1), false, 3)])
        .answers.slice(2)
        .map((a) => errorIn(a)),
    ).toEqual([48]);
    expect(
      run([init(200), end(300, from(1), true)])
        .answers.slice(2)
        .map((a) => errorIn(a)),
    ).toEqual([48]);
  });

  it('of somebody else is refused in the words of the version', () => {
    const stranger = { producerId: 1, producerEpoch: 0 };
    const r = run([
      init(200),
      end(300, stranger, true),
      init(400),
      end(500, from(1), true, 1),
      end(510, from(1), true, 2),
      addPartitions(520, from(1), 1),
      addPartitions(530, from(1), 2),
      addOffsets(540, from(1), 1),
      addOffsets(550, from(1), 2),
    ]);
    expect(r.answers.slice(2).map((a) => errorIn(a))).toEqual([49, 0, 47, 90, 47, 90, 47, 90]);
  });
});

describe('InitProducerId', () => {
  it('bumps the epoch each time, knows a retry, and fences who expects another epoch', () => {
    const r = run([init(200), init(250), init(300, from(2)), init(350, from(2)), init(400, from(1)), init(450, from(1), {}, 3), init(500, { producerId: 3, producerEpoch: 3 })]);
    const answers = r.answers.slice(1).map((a) => [errorIn(a), (a!.body as { producerEpoch: number }).producerEpoch]);
    expect(answers).toEqual([
      [0, 0],
      [0, 1],
      [0, 2],
      [0, 2],
      [90, -1],
      [47, -1],
      [90, -1],
    ]);
  });

  it('refuses time-outs out of range and half an identity', () => {
    const bad = (over: object) => errorIn(run([init(200, undefined, over)]).answers[1]);
    expect([bad({ transactionTimeoutMs: 900_001 }), bad({ transactionTimeoutMs: 0 }), bad({ producerId: 4 }), bad({ transactionalId: '' })]).toEqual([50, 50, 42, 42]);
  });

  it('in an open transaction aborts it under a fencing epoch and asks to come again (timeline I)', () => {
    const r = run([init(200), produce(300, from(1), 0), init(400), init(600), produce(700, from(1), 1), end(750, from(1), true), end(800, from(1), true, 1)]);
    expect(r.answers.slice(3).map((a) => errorIn(a))).toEqual([51, 0, 47, 90, 47]);
    // 0 is fenced by 1, the abort itself bumps to 2, the new producer gets 3.
    expect(states(r).slice(2)).toEqual([
      ['Ongoing', 'PrepareAbort', 2, 'fencing'],
      ['PrepareAbort', 'CompleteAbort', 2, 'markersWritten'],
      ['CompleteAbort', 'Empty', 3, 'client'],
    ]);
    expect(r.answers[4]!.body).toMatchObject({ producerEpoch: 3 });
    expect(r.of('transaction.markerWritten')).toMatchObject([{ marker: 'ABORT', producerEpoch: 2, firstOffset: 0 }]);
  });

  it('asked of another broker is not its to answer', () => {
    const elsewhere = { ...init(200), broker: (COORDINATOR % 3) + 1 };
    expect(errorIn(run([elsewhere]).answers[1])).toBe(16);
  });
});

describe('a transaction that is open for too long', () => {
  it('is aborted at the first look after its time-out; its producer is fenced', () => {
    const r = run([init(200, undefined, { transactionTimeoutMs: 12_000 }), produce(300, from(1), 0), end(25_000, from(1), true)], 28_000);
    const aborted = r.of('transaction.stateChanged').find((e) => e.to === 'PrepareAbort')!;
    expect(aborted).toMatchObject({ reason: 'timeout', producerEpoch: 2 });
    expect(aborted.timeUs / 1000).toBeCloseTo(20_001, -1);
    expect(errorIn(r.answers[3])).toBe(90);
  });
});

describe('offsets in a transaction', () => {
  it('are pending until its end, and count only when it is committed', () => {
    const r = run([
      init(200),
      commitOffset(300, from(1), 7),
      fetchOffset(400, true),
      fetchOffset(410, false),
      end(500, from(1), true),
      fetchOffset(600, true),
      commitOffset(700, from(5), 9),
      end(800, from(5), false),
      fetchOffset(900, true),
    ]);
    type Fetched = { groups: { topics: { partitions: { committedOffset: number; errorCode: number }[] }[] }[] };
    const offsets = [3, 4, 6, 9].map((i) => (r.answers[i]!.body as Fetched).groups[0]!.topics[0]!.partitions[0]!);
    expect(offsets.map((o) => [o.committedOffset, o.errorCode])).toEqual([
      [-1, 88],
      [-1, 0],
      [7, 0],
      [7, 0],
    ]);
    expect(r.of('offset.committed').map((e) => e.offset)).toEqual([7]);
  });

  it('do not count when their topic was deleted meanwhile', () => {
    const remove = { atMs: 400, broker: COORDINATOR, api: KEY.DeleteTopics, version: 6, body: { topics: [{ name: 't', topicId: ZERO_UUID }], topicNames: [], timeoutMs: 1_000 } };
    const r = run([init(200), commitOffset(300, from(1), 7), remove, end(600, from(1), true), fetchOffset(1_000, true)], 6_000);
    expect(errorIn(r.answers[4])).toBe(0);
    expect((r.answers[5]!.body as { groups: { topics: { partitions: { committedOffset: number; errorCode: number }[] }[] }[] }).groups[0]!.topics[0]!.partitions[0]).toMatchObject({
      committedOffset: -1,
      errorCode: 0,
    });
    expect(r.of('offset.committed')).toEqual([]);
  });

  it('need the group to be in the transaction before version 5, and know generations from version 3', () => {
    const r = run([
      init(200),
      commitOffset(300, from(1), 7, 2),
      commitOffset(310, from(1), 7, 4),
      addOffsets(320, from(1)),
      commitOffset(400, from(1), 7, 2),
      commitOffset(500, from(1), 8, 3, { generationId: 4, memberId: 'm' }),
    ]);
    expect(r.answers.slice(2).map((a) => errorIn(a))).toEqual([48, 120, 0, 0, 22]);
  });
});

describe('a coordinator that fails', () => {
  it('is succeeded by one that read the log: what was decided gets its markers, what was open stays open', () => {
    const [, next] = COORDINATOR_REPLICAS as [number, number, number];
    // Markers cannot leave the coordinator, which then dies with the decision in its log.
    const faults = [`cut broker-${COORDINATOR}->broker-${L} at 2350ms for 30s`, `kill broker-${COORDINATOR} at 3s`];
    const r = run([init(200), produce(300, from(1), 0), end(400, from(1), true), { ...init(20_000), broker: next }], 25_000, faults);
    expect(errorIn(r.answers[3])).toBe(0);
    const marker = r.of('transaction.markerWritten')[0]!;
    expect(marker).toMatchObject({ marker: 'COMMIT', coordinatorEpoch: 1 });
    expect(marker.timeUs).toBeGreaterThan(9_000_000);
    expect(r.of('transaction.stateChanged').at(-2)).toMatchObject({ to: 'CompleteCommit', process: `broker-${next}` });
    expect(r.answers[4]!.body).toMatchObject({ errorCode: 0, producerEpoch: 2 });
  });
});

describe('what administrators ask', () => {
  it('lists and describes transactions and producers', () => {
    const list = (atMs: number, over: object = {}) => ({
      atMs,
      broker: COORDINATOR,
      api: KEY.ListTransactions,
      version: 1,
      body: { stateFilters: [], producerIdFilters: [], durationFilter: -1, ...over },
    });
    const r = run([
      init(200),
      produce(300, from(1), 0),
      list(400),
      list(410, { stateFilters: ['CompleteCommit', 'Lost'] }),
      list(420, { durationFilter: 50 }),
      list(430, { durationFilter: 5_000 }),
      { atMs: 440, broker: COORDINATOR, api: KEY.DescribeTransactions, version: 0, body: { transactionalIds: [ID, 'nobody'] } },
      { atMs: 450, broker: L, api: KEY.DescribeProducers, version: 0, body: { topics: [{ name: 't', partitionIndexes: [0] }] } },
    ]);
    const bodies = r.answers.slice(3).map((a) => a!.body as never as Record<string, unknown>);
    expect(bodies[0]).toMatchObject({ transactionStates: [{ transactionalId: ID, transactionState: 'Ongoing' }] });
    expect(bodies[1]).toMatchObject({ transactionStates: [], unknownStateFilters: ['Lost'] });
    expect(bodies[2]!['transactionStates']).toHaveLength(1);
    expect(bodies[3]!['transactionStates']).toHaveLength(0);
    expect(bodies[4]).toMatchObject({
      transactionStates: [
        { errorCode: 0, transactionState: 'Ongoing', transactionTimeoutMs: 60_000, topics: [{ topic: 't', partitions: [0] }] },
        { errorCode: [16, 105].find((e) => e === (bodies[4]!['transactionStates'] as { errorCode: number }[])[1]!.errorCode) },
      ],
    });
    expect(bodies[5]).toMatchObject({ topics: [{ partitions: [{ errorCode: 0, activeProducers: [{ producerEpoch: 0, lastSequence: 0, coordinatorEpoch: -1, currentTxnStartOffset: 0 }] }] }] });
  });
});
