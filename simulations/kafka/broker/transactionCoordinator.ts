// The transaction coordinator of one broker (Kafka TransactionCoordinator): producer ids and epochs per transactional.id, the partitions
// of each transaction, its end, and the abort of those that are open for too long.
import { OFFSETS_TOPIC } from '../metadata/image.ts';
import { ERR, KEY } from '../protocol/apiKeys.ts';
import type { InitProducerIdRequest } from '../protocol/messages.ts';
import type { AddOffsetsToTxnRequest, AddPartitionsToTxnRequest, AddPartitionsToTxnResponse, EndTxnRequest, TxnToAdd, TxnTopic, TxnTopicResult } from '../protocol/transactionMessages.ts';
import type { Broker, Request } from './broker.ts';
import { decideEnd, type EndRequest } from './endTransaction.ts';
import { offsetsPartitionOf, nextProducerId } from './small.ts';
import { answerInit, describeTransactions, fencedFor, listTransactions } from './transactionAnswers.ts';
import { TransactionLog, type TransactionHome } from './transactionLog.ts';
import { TransactionMarkers } from './transactionMarkers.ts';
import { isEpochExhausted, newTransaction, partitionKey, type TopicPartition, type TransactionMetadata, type Transit } from './transactionMetadata.ts';
import { TIMER } from './timers.ts';

interface Found {
  readonly home: TransactionHome;
  readonly meta: TransactionMetadata;
}

/** An end that is written and on its way to the partitions, or an error. */
type Ended = (error: number, producerId: number, producerEpoch: number) => void;

export class Transactions {
  readonly broker: Broker;
  readonly log: TransactionLog;
  private readonly markers: TransactionMarkers;

  constructor(broker: Broker) {
    this.broker = broker;
    this.log = new TransactionLog(broker);
    this.markers = new TransactionMarkers(broker, this.log);
  }

  start(): void {
    this.broker.kernel.setTimer(this.broker.process, this.broker.config.transactionAbortTimedOutCleanupIntervalMs * 1000, TIMER.transactions);
  }

  handle(request: Request): void {
    const { body } = request.message;
    switch (request.message.api) {
      case KEY.InitProducerId:
        return this.init(request, body as InitProducerIdRequest & { transactionalId: string });
      case KEY.AddPartitionsToTxn:
        return this.addPartitions(request, body as AddPartitionsToTxnRequest);
      case KEY.AddOffsetsToTxn:
        return this.addOffsets(request, body as AddOffsetsToTxnRequest);
      case KEY.EndTxn:
        return this.endTxn(request, body as EndTxnRequest);
      case KEY.DescribeTransactions:
        return describeTransactions(this, request);
      default:
        return listTransactions(this, request);
    }
  }

  private get nowMs(): number {
    return Math.floor(this.broker.kernel.nowUs / 1000);
  }

  /** @returns an error code where this broker is not the coordinator or does not know the id. */
  private find(transactionalId: string): Found | number {
    if (transactionalId === '') return ERR.INVALID_REQUEST;
    const home = this.log.homeOf(transactionalId);
    if (typeof home === 'number') return home;
    const meta = home.byId.get(transactionalId);
    return meta ? { home, meta } : ERR.INVALID_PRODUCER_ID_MAPPING;
  }

  /** This broker's role for a partition of the transaction log may have changed: what was decided there is carried on. */
  partitionChanged(partition: number): void {
    const home = this.log.roleChanged(partition);
    if (!home) return;
    for (const meta of home.byId.values()) {
      if (meta.values.state === 'PrepareCommit' || meta.values.state === 'PrepareAbort') this.markers.send(home, meta, meta.prepareComplete(this.nowMs));
    }
  }

  timer(kind: number): void {
    if (kind === TIMER.markers) return this.markers.timer();
    const { kernel } = this.broker;
    this.start();
    for (const home of this.log.led()) {
      for (const meta of home.byId.values()) {
        const { state, startMs, timeoutMs } = meta.values;
        if (state !== 'Ongoing' || meta.pending !== null || startMs + timeoutMs >= this.nowMs) continue;
        kernel.cause = -1;
        this.abortFenced({ home, meta }, 'timeout', () => {});
      }
    }
  }

  /* ---- producer ids ---- */

  private init(request: Request, body: InitProducerIdRequest & { transactionalId: string }): void {
    const fail = (error: number) => answerInit(this.broker, request, error, -1, -1);
    const { transactionalId, transactionTimeoutMs, producerId, producerEpoch } = body;
    if (transactionalId === '' || producerId < 0 !== producerEpoch < 0) return fail(ERR.INVALID_REQUEST);
    if (transactionTimeoutMs <= 0 || transactionTimeoutMs > this.broker.config.transactionMaxTimeoutMs) return fail(ERR.INVALID_TRANSACTION_TIMEOUT);
    const home = this.log.homeOf(transactionalId);
    if (typeof home === 'number') return fail(home);
    let meta = home.byId.get(transactionalId);
    if (!meta) home.byId.set(transactionalId, (meta = newTransaction(transactionalId, this.newProducerId(transactionalId), transactionTimeoutMs, this.nowMs)));
    if (meta.pending !== null) return fail(ERR.CONCURRENT_TRANSACTIONS);
    const { values } = meta;
    const known = producerId < 0 || values.producerEpoch < 0 || producerId === values.producerId || (producerId === values.previousProducerId && isEpochExhausted(producerEpoch));
    if (!known) return fail(ERR.PRODUCER_FENCED);
    switch (values.state) {
      case 'PrepareAbort':
      case 'PrepareCommit':
        return fail(ERR.CONCURRENT_TRANSACTIONS);
      case 'Ongoing':
        // The epoch that fences is given to nobody: the client asks again and gets the next one.
        return this.abortFenced({ home, meta }, 'fencing', (error) => fail(error || ERR.CONCURRENT_TRANSACTIONS));
      case 'Empty':
      case 'CompleteCommit':
      case 'CompleteAbort': {
        const rotate = meta.epochExhausted && (producerEpoch < 0 || producerEpoch === values.producerEpoch);
        if (meta.epochExhausted && !rotate) return fail(ERR.UNKNOWN_SERVER_ERROR);
        const transit = rotate
          ? meta.prepareRotation(this.newProducerId(transactionalId), transactionTimeoutMs, producerEpoch >= 0, this.nowMs)
          : meta.prepareInit(transactionTimeoutMs, producerEpoch, this.nowMs);
        if (typeof transit === 'number') return fail(transit);
        return this.log.append(home, meta, transit, (error) => (error ? fail(error) : answerInit(this.broker, request, 0, transit.values.producerId, transit.values.producerEpoch)));
      }
      case 'PrepareEpochFence':
      case 'Dead':
        return fail(ERR.UNKNOWN_SERVER_ERROR);
    }
  }

  private newProducerId(transactionalId: string): number {
    return nextProducerId(this.broker, `transactions/${transactionalId}`);
  }

  /** Locks the present producer out and aborts its transaction. */
  private abortFenced({ home, meta }: Found, reason: 'fencing' | 'timeout', done: (error: number) => void): void {
    const producerEpoch = meta.prepareFence();
    this.end({ home, meta }, { producerId: meta.values.producerId, producerEpoch, commit: false, supportsEpochBump: true, fromClient: false, reason, nowMs: this.nowMs }, done);
  }

  /* ---- partitions ---- */

  private addPartitions(request: Request, body: AddPartitionsToTxnRequest): void {
    const { broker } = this;
    if (request.message.apiVersion >= 4) {
      this.addForBrokers(body.transactions, (response) => broker.reply(request, response, firstError(response.resultsByTransaction.flatMap((r) => r.topicResults))));
      return;
    }
    const one: TxnToAdd = {
      transactionalId: body.v3AndBelowTransactionalId,
      producerId: body.v3AndBelowProducerId,
      producerEpoch: body.v3AndBelowProducerEpoch,
      verifyOnly: false,
      topics: body.v3AndBelowTopics,
    };
    this.addOne(one, false, (results) => {
      const told = fencedFor(request, 2, results);
      const response: AddPartitionsToTxnResponse = { throttleTimeMs: 0, errorCode: 0, resultsByTransaction: [], resultsByTopicV3AndBelow: told };
      broker.reply(request, response, firstError(told));
    });
  }

  /** For the leaders of partitions: several transactions at once, to be verified or added to. */
  addForBrokers(transactions: readonly TxnToAdd[], done: (response: AddPartitionsToTxnResponse) => void): void {
    const results: { transactionalId: string; topicResults: TxnTopicResult[] }[] = transactions.map((t) => ({ transactionalId: t.transactionalId, topicResults: [] }));
    let left = transactions.length;
    if (left === 0) return done({ throttleTimeMs: 0, errorCode: 0, resultsByTransaction: [], resultsByTopicV3AndBelow: [] });
    transactions.forEach((t, i) => {
      this.addOne(t, true, (topicResults) => {
        results[i]!.topicResults = topicResults;
        if (--left === 0) done({ throttleTimeMs: 0, errorCode: 0, resultsByTransaction: results, resultsByTopicV3AndBelow: [] });
      });
    });
  }

  private addOne(t: TxnToAdd, supportsEpochBump: boolean, done: (results: TxnTopicResult[]) => void): void {
    const unknown = new Set<string>();
    for (const tp of flat(t.topics)) if (!this.broker.image.partition(tp.topic, tp.partition)) unknown.add(partitionKey(tp));
    if (unknown.size > 0) return done(resultsOf(t.topics, (key) => (unknown.has(key) ? ERR.UNKNOWN_TOPIC_OR_PARTITION : ERR.OPERATION_NOT_ATTEMPTED)));
    if (t.verifyOnly) {
      const verdict = this.verify(t);
      return done(resultsOf(t.topics, (key) => (typeof verdict === 'number' ? verdict : verdict.has(key) ? 0 : ERR.TRANSACTION_ABORTABLE)));
    }
    this.add(t.transactionalId, t.producerId, t.producerEpoch, flat(t.topics), supportsEpochBump, (error) => done(resultsOf(t.topics, () => error)));
  }

  /** @returns the partitions of the transaction, or an error. A change under way does not count: the append is checked once more. */
  private verify(t: TxnToAdd): ReadonlyMap<string, TopicPartition> | number {
    const found = this.find(t.transactionalId);
    if (typeof found === 'number') return found;
    const { values } = found.meta;
    if (values.producerId !== t.producerId) return ERR.INVALID_PRODUCER_ID_MAPPING;
    if (values.producerEpoch !== t.producerEpoch) return ERR.PRODUCER_FENCED;
    if (values.state === 'PrepareCommit' || values.state === 'PrepareAbort') return ERR.CONCURRENT_TRANSACTIONS;
    return values.partitions;
  }

  private add(transactionalId: string, producerId: number, producerEpoch: number, partitions: readonly TopicPartition[], supportsEpochBump: boolean, done: (error: number) => void): void {
    const found = this.find(transactionalId);
    if (typeof found === 'number') return done(found);
    const { home, meta } = found;
    const { values } = meta;
    if (values.producerId !== producerId) return done(ERR.INVALID_PRODUCER_ID_MAPPING);
    if (values.producerEpoch !== producerEpoch) return done(ERR.PRODUCER_FENCED);
    if (meta.pending !== null || values.state === 'PrepareCommit' || values.state === 'PrepareAbort') return done(ERR.CONCURRENT_TRANSACTIONS);
    if (values.state === 'Ongoing' && partitions.every((tp) => values.partitions.has(partitionKey(tp)))) return done(0);
    this.log.append(home, meta, meta.prepareAddPartitions(partitions, supportsEpochBump, this.nowMs), done);
  }

  private addOffsets(request: Request, body: AddOffsetsToTxnRequest): void {
    const partition: TopicPartition = { topic: OFFSETS_TOPIC, partition: offsetsPartitionOf(body.groupId) };
    this.add(body.transactionalId, body.producerId, body.producerEpoch, [partition], false, (error) => {
      const errorCode = request.message.apiVersion < 2 && error === ERR.PRODUCER_FENCED ? ERR.INVALID_PRODUCER_EPOCH : error;
      this.broker.reply(request, { throttleTimeMs: 0, errorCode }, errorCode);
    });
  }

  /* ---- the end ---- */

  private endTxn(request: Request, body: EndTxnRequest): void {
    const { apiVersion } = request.message;
    const answer: Ended = (error, producerId, producerEpoch) => {
      const errorCode = apiVersion < 2 && error === ERR.PRODUCER_FENCED ? ERR.INVALID_PRODUCER_EPOCH : error;
      this.broker.reply(request, { throttleTimeMs: 0, errorCode, producerId, producerEpoch }, errorCode);
    };
    const found = this.find(body.transactionalId);
    if (typeof found === 'number') return answer(found, -1, -1);
    const { producerId, producerEpoch, committed: commit } = body;
    this.end(found, { producerId, producerEpoch, commit, supportsEpochBump: apiVersion >= 5, fromClient: true, reason: 'client', nowMs: this.nowMs }, answer);
  }

  private end({ home, meta }: Found, request: EndRequest, done: Ended): void {
    const decision = decideEnd(meta, request, () => this.newProducerId(meta.transactionalId));
    if ('error' in decision) return done(decision.error, decision.producerId, decision.producerEpoch);
    this.log.append(home, meta, decision.transit, (error) => {
      if (error === 0) return this.ended({ home, meta }, request, done);
      if (decision.isEpochFence && this.log.holds(home)) meta.failedEpochFence = true;
      done(error, -1, -1);
    });
  }

  /** The end is in the log, the point of no return: the client hears of it, the partitions get their markers. */
  private ended({ home, meta }: Found, request: EndRequest, done: Ended): void {
    const complete: Transit = meta.prepareComplete(this.nowMs);
    const k = this.broker.kernel;
    const { cause } = k;
    if (request.supportsEpochBump) done(0, complete.values.producerId, complete.values.producerEpoch);
    else done(0, -1, -1);
    k.cause = cause;
    this.markers.send(home, meta, complete);
  }
}

function flat(topics: readonly TxnTopic[]): TopicPartition[] {
  return topics.flatMap((t) => t.partitions.map((partition) => ({ topic: t.name, partition })));
}

function resultsOf(topics: readonly TxnTopic[], errorOf: (key: string) => number): TxnTopicResult[] {
  return topics.map((t) => ({
    name: t.name,
    resultsByPartition: t.partitions.map((partitionIndex) => ({ partitionIndex, partitionErrorCode: errorOf(partitionKey({ topic: t.name, partition: partitionIndex })) })),
  }));
}

function firstError(results: readonly TxnTopicResult[]): number {
  return results.flatMap((t) => t.resultsByPartition.map((p) => p.partitionErrorCode)).find((code) => code !== 0) ?? 0;
}
