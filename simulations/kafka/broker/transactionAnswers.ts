// What a transaction coordinator answers: producer ids, and what administrators ask about transactions (KIP-664).
import { ERR } from '../protocol/apiKeys.ts';
import type { InitProducerIdResponse } from '../protocol/messages.ts';
import type { DescribedTransaction, DescribeTransactionsRequest, ListTransactionsRequest, ListTransactionsResponse, TxnTopicResult } from '../protocol/transactionMessages.ts';
import type { Broker, Request } from './broker.ts';
import type { Transactions } from './transactionCoordinator.ts';
import { TRANSACTION_TABLE, type TransactionState } from './transactionMachine.ts';
import type { TransactionMetadata } from './transactionMetadata.ts';

/** Clients before version 4 do not know PRODUCER_FENCED: they hear INVALID_PRODUCER_EPOCH. */
export function answerInit(broker: Broker, request: Request, error: number, producerId: number, producerEpoch: number): void {
  const errorCode = request.message.apiVersion < 4 && error === ERR.PRODUCER_FENCED ? ERR.INVALID_PRODUCER_EPOCH : error;
  const response: InitProducerIdResponse = { throttleTimeMs: 0, errorCode, producerId, producerEpoch };
  broker.reply(request, response, errorCode);
}

/** The same for answers by partition. @param since first version that knows PRODUCER_FENCED. */
export function fencedFor(request: Request, since: number, results: readonly TxnTopicResult[]): TxnTopicResult[] {
  if (request.message.apiVersion >= since) return [...results];
  return results.map((t) => ({
    name: t.name,
    resultsByPartition: t.resultsByPartition.map((p) => ({ ...p, partitionErrorCode: p.partitionErrorCode === ERR.PRODUCER_FENCED ? ERR.INVALID_PRODUCER_EPOCH : p.partitionErrorCode })),
  }));
}

export function describeTransactions(transactions: Transactions, request: Request): void {
  const body = request.message.body as DescribeTransactionsRequest;
  const transactionStates = body.transactionalIds.map((id) => described(transactions, id));
  transactions.broker.reply(request, { throttleTimeMs: 0, transactionStates }, transactionStates.find((t) => t.errorCode !== 0)?.errorCode ?? 0);
}

function described(transactions: Transactions, transactionalId: string): DescribedTransaction {
  const none = (errorCode: number): DescribedTransaction => ({
    errorCode,
    transactionalId,
    transactionState: '',
    transactionTimeoutMs: 0,
    transactionStartTimeMs: 0,
    producerId: 0,
    producerEpoch: 0,
    topics: [],
  });
  if (transactionalId === '') return none(ERR.INVALID_REQUEST);
  const home = transactions.log.homeOf(transactionalId);
  if (typeof home === 'number') return none(home);
  const meta = home.byId.get(transactionalId);
  if (!meta) return none(ERR.TRANSACTIONAL_ID_NOT_FOUND);
  const { values } = meta;
  const topics: { topic: string; partitions: number[] }[] = [];
  for (const { topic, partition } of values.partitions.values()) {
    const of = topics.find((t) => t.topic === topic);
    if (of) of.partitions.push(partition);
    else topics.push({ topic, partitions: [partition] });
  }
  return {
    errorCode: 0,
    transactionalId,
    transactionState: values.state,
    transactionTimeoutMs: values.timeoutMs,
    transactionStartTimeMs: values.startMs < 0 ? -1 : transactions.broker.kernel.epochMs + values.startMs,
    producerId: values.producerId,
    producerEpoch: values.producerEpoch,
    topics,
  };
}

/** Every broker lists those that it coordinates. */
export function listTransactions(transactions: Transactions, request: Request): void {
  const body = request.message.body as ListTransactionsRequest;
  const states = TRANSACTION_TABLE.states as readonly string[];
  const wanted = body.stateFilters.filter((s) => states.includes(s));
  const nowMs = Math.floor(transactions.broker.kernel.nowUs / 1000);
  const fits = ({ values }: TransactionMetadata) =>
    values.state !== 'Dead' &&
    (body.producerIdFilters.length === 0 || body.producerIdFilters.includes(values.producerId)) &&
    (body.stateFilters.length === 0 || wanted.includes(values.state satisfies TransactionState)) &&
    (body.durationFilter < 0 || values.startMs < 0 || nowMs - values.startMs > body.durationFilter);
  const response: ListTransactionsResponse = {
    throttleTimeMs: 0,
    errorCode: 0,
    unknownStateFilters: body.stateFilters.filter((s) => !states.includes(s)),
    transactionStates: transactions.log
      .led()
      .flatMap((home) => [...home.byId.values()])
      .filter(fits)
      .map((meta) => ({ transactionalId: meta.transactionalId, producerId: meta.values.producerId, transactionState: meta.values.state })),
  };
  transactions.broker.reply(request, response, 0);
}
