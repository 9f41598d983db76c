// Bodies of the requests about who somebody is, what the cluster can do, and where its logs lie. As in messages.ts, Kafka's own fields.

/** SCRAM mechanisms by their numbers (Kafka ScramMechanism). */
export const SCRAM = { sha256: 1, sha512: 2 } as const;

export interface DescribeUserScramCredentialsRequest {
  /** null or empty = all. */
  readonly users: readonly { readonly name: string }[] | null;
}
export interface DescribeUserScramCredentialsResponse {
  readonly throttleTimeMs: number;
  readonly errorCode: number;
  readonly errorMessage: string | null;
  readonly results: readonly {
    readonly user: string;
    readonly errorCode: number;
    readonly errorMessage: string | null;
    readonly credentialInfos: readonly { readonly mechanism: number; readonly iterations: number }[];
  }[];
}

export interface AlterUserScramCredentialsRequest {
  readonly deletions: readonly { readonly name: string; readonly mechanism: number }[];
  readonly upsertions: readonly { readonly name: string; readonly mechanism: number; readonly iterations: number; readonly salt: Uint8Array; readonly saltedPassword: Uint8Array }[];
}
export interface AlterUserScramCredentialsResponse {
  readonly throttleTimeMs: number;
  readonly results: readonly { readonly user: string; readonly errorCode: number; readonly errorMessage: string | null }[];
}

/** Ways of changing a feature (Kafka FeatureUpdate.UpgradeType). */
export const UPGRADE = { upgrade: 1, safeDowngrade: 2, unsafeDowngrade: 3 } as const;

export interface UpdateFeaturesRequest {
  readonly timeoutMs: number;
  /** `allowDowngrade` is of version 0, `upgradeType` of the later ones. */
  readonly featureUpdates: readonly { readonly feature: string; readonly maxVersionLevel: number; readonly allowDowngrade: boolean; readonly upgradeType: number }[];
  readonly validateOnly: boolean;
}
export interface UpdateFeaturesResponse {
  readonly throttleTimeMs: number;
  readonly errorCode: number;
  readonly errorMessage: string | null;
  /** Up to version 1. */
  readonly results: readonly { readonly feature: string; readonly errorCode: number; readonly errorMessage: string | null }[];
}

export interface AddRaftVoterRequest {
  readonly clusterId: string | null;
  readonly timeoutMs: number;
  readonly voterId: number;
  readonly voterDirectoryId: string;
  readonly listeners: readonly { readonly name: string; readonly host: string; readonly port: number }[];
}
export interface RemoveRaftVoterRequest {
  readonly clusterId: string | null;
  readonly voterId: number;
  readonly voterDirectoryId: string;
}
export interface RaftVoterResponse {
  readonly throttleTimeMs: number;
  readonly errorCode: number;
  readonly errorMessage: string | null;
}

export interface CreateDelegationTokenRequest {
  /** null or empty = for who asks. */
  readonly ownerPrincipalType: string | null;
  readonly ownerPrincipalName: string | null;
}

export interface AlterReplicaLogDirsRequest {
  readonly dirs: readonly { readonly path: string; readonly topics: readonly { readonly name: string; readonly partitions: readonly number[] }[] }[];
}
export interface AlterReplicaLogDirsResponse {
  readonly throttleTimeMs: number;
  readonly results: readonly { readonly topicName: string; readonly partitions: readonly { readonly partitionIndex: number; readonly errorCode: number }[] }[];
}

/** Bodies by API name; messages.ts takes them into its own. */
export interface ClusterRequests {
  DescribeUserScramCredentials: DescribeUserScramCredentialsRequest;
  AlterUserScramCredentials: AlterUserScramCredentialsRequest;
  UpdateFeatures: UpdateFeaturesRequest;
  AddRaftVoter: AddRaftVoterRequest;
  RemoveRaftVoter: RemoveRaftVoterRequest;
  AlterReplicaLogDirs: AlterReplicaLogDirsRequest;
}
export interface ClusterResponses {
  DescribeUserScramCredentials: DescribeUserScramCredentialsResponse;
  AlterUserScramCredentials: AlterUserScramCredentialsResponse;
  UpdateFeatures: UpdateFeaturesResponse;
  AddRaftVoter: RaftVoterResponse;
  RemoveRaftVoter: RaftVoterResponse;
  AlterReplicaLogDirs: AlterReplicaLogDirsResponse;
}
