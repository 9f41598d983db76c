// Request and response bodies of transactions, as messages.ts has those of everything else.

export interface TxnTopic {
  readonly name: string;
  readonly partitions: readonly number[];
}
export interface AddPartitionsToTxnRequest {
  /** From version 4, by brokers only. */
  readonly transactions: readonly TxnToAdd[];
  readonly v3AndBelowTransactionalId: string;
  readonly v3AndBelowProducerId: number;
  readonly v3AndBelowProducerEpoch: number;
  readonly v3AndBelowTopics: readonly TxnTopic[];
}
export interface TxnToAdd {
  readonly transactionalId: string;
  readonly producerId: number;
  readonly producerEpoch: number;
  /** Only asks whether the partitions are in the transaction. */
  readonly verifyOnly: boolean;
  readonly topics: readonly TxnTopic[];
}
export interface TxnTopicResult {
  readonly name: string;
  readonly resultsByPartition: readonly { readonly partitionIndex: number; readonly partitionErrorCode: number }[];
}
export interface AddPartitionsToTxnResponse {
  readonly throttleTimeMs: number;
  readonly errorCode: number;
  readonly resultsByTransaction: readonly { readonly transactionalId: string; readonly topicResults: readonly TxnTopicResult[] }[];
  readonly resultsByTopicV3AndBelow: readonly TxnTopicResult[];
}

export interface AddOffsetsToTxnRequest {
  readonly transactionalId: string;
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly groupId: string;
}

export interface EndTxnRequest {
  readonly transactionalId: string;
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly committed: boolean;
}
export interface EndTxnResponse {
  readonly throttleTimeMs: number;
  readonly errorCode: number;
  /** From version 5: what the next transaction is sent with; -1 on an error. */
  readonly producerId: number;
  readonly producerEpoch: number;
}

export interface WriteTxnMarkersRequest {
  readonly markers: readonly TxnMarker[];
}
export interface TxnMarker {
  readonly producerId: number;
  readonly producerEpoch: number;
  /** True = commit. */
  readonly transactionResult: boolean;
  readonly topics: readonly { readonly name: string; readonly partitionIndexes: readonly number[] }[];
  readonly coordinatorEpoch: number;
}
export interface WriteTxnMarkersResponse {
  readonly markers: readonly {
    readonly producerId: number;
    readonly topics: readonly { readonly name: string; readonly partitions: readonly { readonly partitionIndex: number; readonly errorCode: number }[] }[];
  }[];
}

export interface TxnOffsetCommitRequest {
  readonly transactionalId: string;
  readonly groupId: string;
  readonly producerId: number;
  readonly producerEpoch: number;
  /** From version 3; -1 = the producer does not say of which generation it is. */
  readonly generationId: number;
  readonly memberId: string;
  readonly groupInstanceId: string | null;
  readonly topics: readonly {
    readonly name: string;
    readonly partitions: readonly { readonly partitionIndex: number; readonly committedOffset: number; readonly committedLeaderEpoch: number; readonly committedMetadata: string | null }[];
  }[];
}
export interface TxnOffsetCommitResponse {
  readonly throttleTimeMs: number;
  readonly topics: readonly { readonly name: string; readonly partitions: readonly { readonly partitionIndex: number; readonly errorCode: number }[] }[];
}

export interface DescribeProducersRequest {
  readonly topics: readonly { readonly name: string; readonly partitionIndexes: readonly number[] }[];
}
export interface DescribeProducersResponse {
  readonly throttleTimeMs: number;
  readonly topics: readonly { readonly name: string; readonly partitions: readonly DescribedPartition[] }[];
}
export interface DescribedPartition {
  readonly partitionIndex: number;
  readonly errorCode: number;
  readonly errorMessage: string | null;
  readonly activeProducers: readonly {
    readonly producerId: number;
    readonly producerEpoch: number;
    readonly lastSequence: number;
    readonly lastTimestamp: number;
    readonly coordinatorEpoch: number;
    readonly currentTxnStartOffset: number;
  }[];
}

export interface DescribeTransactionsRequest {
  readonly transactionalIds: readonly string[];
}
export interface DescribeTransactionsResponse {
  readonly throttleTimeMs: number;
  readonly transactionStates: readonly DescribedTransaction[];
}
export interface DescribedTransaction {
  readonly errorCode: number;
  readonly transactionalId: string;
  readonly transactionState: string;
  readonly transactionTimeoutMs: number;
  /** Milliseconds since the epoch; -1 = none is open. */
  readonly transactionStartTimeMs: number;
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly topics: readonly { readonly topic: string; readonly partitions: readonly number[] }[];
}

export interface ListTransactionsRequest {
  readonly stateFilters: readonly string[];
  readonly producerIdFilters: readonly number[];
  /** From version 1: open for at least so many milliseconds; -1 = any. */
  readonly durationFilter: number;
}
export interface ListTransactionsResponse {
  readonly throttleTimeMs: number;
  readonly errorCode: number;
  readonly unknownStateFilters: readonly string[];
  readonly transactionStates: readonly { readonly transactionalId: string; readonly producerId: number; readonly transactionState: string }[];
}

/** Bodies by API name, joined into the maps of messages.ts. */
export interface TransactionRequests {
  AddPartitionsToTxn: AddPartitionsToTxnRequest;
  AddOffsetsToTxn: AddOffsetsToTxnRequest;
  EndTxn: EndTxnRequest;
  WriteTxnMarkers: WriteTxnMarkersRequest;
  TxnOffsetCommit: TxnOffsetCommitRequest;
  DescribeProducers: DescribeProducersRequest;
  DescribeTransactions: DescribeTransactionsRequest;
  ListTransactions: ListTransactionsRequest;
}
export interface TransactionResponses {
  AddPartitionsToTxn: AddPartitionsToTxnResponse;
  AddOffsetsToTxn: { readonly throttleTimeMs: number; readonly errorCode: number };
  EndTxn: EndTxnResponse;
  WriteTxnMarkers: WriteTxnMarkersResponse;
  TxnOffsetCommit: TxnOffsetCommitResponse;
  DescribeProducers: DescribeProducersResponse;
  DescribeTransactions: DescribeTransactionsResponse;
  ListTransactions: ListTransactionsResponse;
}
