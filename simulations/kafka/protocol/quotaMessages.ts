// Bodies of the requests for client quotas (KIP-546). As in messages.ts, Kafka's own fields.

/** Numbers of how a filter matches the name of an entity. */
export const MATCH = { exact: 0, byDefault: 1, any: 2 } as const;

/** One part of an entity: `entityType` is user, client-id or ip; `entityName` null = the default of that type. */
export interface QuotaEntityPart {
  readonly entityType: string;
  readonly entityName: string | null;
}

export interface DescribeClientQuotasRequest {
  readonly components: readonly {
    readonly entityType: string;
    /** One of `MATCH`. */
    readonly matchType: number;
    /** null unless the match is exact. */
    readonly match: string | null;
  }[];
  /** Whether entities with parts of other types are left out. */
  readonly strict: boolean;
}
export interface DescribeClientQuotasResponse {
  readonly throttleTimeMs: number;
  readonly errorCode: number;
  readonly errorMessage: string | null;
  /** null on an error. */
  readonly entries: readonly { readonly entity: readonly QuotaEntityPart[]; readonly values: readonly { readonly key: string; readonly value: number }[] }[] | null;
}

export interface AlterClientQuotasRequest {
  readonly entries: readonly {
    readonly entity: readonly QuotaEntityPart[];
    /** `value` does not count where `remove` is true. */
    readonly ops: readonly { readonly key: string; readonly value: number; readonly remove: boolean }[];
  }[];
  readonly validateOnly: boolean;
}
export interface AlterClientQuotasResponse {
  readonly throttleTimeMs: number;
  readonly entries: readonly { readonly errorCode: number; readonly errorMessage: string | null; readonly entity: readonly QuotaEntityPart[] }[];
}

/** Bodies by API name; messages.ts takes them into its own. */
export interface QuotaRequests {
  DescribeClientQuotas: DescribeClientQuotasRequest;
  AlterClientQuotas: AlterClientQuotasRequest;
}
export interface QuotaResponses {
  DescribeClientQuotas: DescribeClientQuotasResponse;
  AlterClientQuotas: AlterClientQuotasResponse;
}
