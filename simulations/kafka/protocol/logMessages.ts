// Request and response bodies of what concerns logs alone, as messages.ts has those of everything else.

export interface DeleteRecordsRequest {
  readonly topics: readonly { readonly name: string; readonly partitions: readonly { readonly partitionIndex: number; readonly offset: number }[] }[];
  readonly timeoutMs: number;
}
export interface DeleteRecordsResponse {
  readonly throttleTimeMs: number;
  readonly topics: readonly { readonly name: string; readonly partitions: readonly DeletedPartition[] }[];
}
export interface DeletedPartition {
  readonly partitionIndex: number;
  /** Lowest log start offset among the replicas that are alive; -1 on an error. */
  readonly lowWatermark: number;
  readonly errorCode: number;
}

export interface OffsetForLeaderEpochRequest {
  /** -1 or -2 for a consumer, else the id of a follower. */
  readonly replicaId: number;
  readonly topics: readonly {
    readonly topic: string;
    readonly partitions: readonly { readonly partition: number; readonly currentLeaderEpoch: number; readonly leaderEpoch: number }[];
  }[];
}
export interface OffsetForLeaderEpochResponse {
  readonly throttleTimeMs: number;
  readonly topics: readonly {
    readonly topic: string;
    readonly partitions: readonly { readonly errorCode: number; readonly partition: number; readonly leaderEpoch: number; readonly endOffset: number }[];
  }[];
}

/** Bodies by API name, joined into the maps of messages.ts. */
export interface LogRequests {
  DeleteRecords: DeleteRecordsRequest;
  OffsetForLeaderEpoch: OffsetForLeaderEpochRequest;
}
export interface LogResponses {
  DeleteRecords: DeleteRecordsResponse;
  OffsetForLeaderEpoch: OffsetForLeaderEpochResponse;
}
