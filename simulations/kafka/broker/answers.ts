// Requests that a broker answers at once from what it has, each by a function of its own.
import { KEY } from '../protocol/apiKeys.ts';
import type { Broker, Request } from './broker.ts';
import { describeCluster, describeTopicPartitions } from './describe.ts';
import { describeConfigs } from './describeConfigs.ts';
import { listClientMetrics } from './clientMetrics.ts';
import { describeProducers } from './describeProducers.ts';
import { offsetForLeaderEpoch } from './epochEnds.ts';
import { listOffsets } from './listOffsets.ts';
import { alterLogDirs, describeLogDirs } from './logDirs.ts';
import { answerMetadata } from './metadata.ts';
import { describeQuotas } from './quotas.ts';
import { describeScram, refuseAcls, refuseSasl, refuseTokens } from './security.ts';
import { findCoordinator, versions } from './small.ts';
import { answerWriteMarkers } from './writeMarkers.ts';

export const ANSWERS: ReadonlyMap<number, (broker: Broker, request: Request) => void> = new Map([
  [KEY.ApiVersions, versions],
  [KEY.Metadata, answerMetadata],
  [KEY.FindCoordinator, findCoordinator],
  [KEY.ListOffsets, listOffsets],
  [KEY.OffsetForLeaderEpoch, offsetForLeaderEpoch],
  [KEY.WriteTxnMarkers, answerWriteMarkers],
  [KEY.DescribeConfigs, describeConfigs],
  [KEY.DescribeCluster, describeCluster],
  [KEY.DescribeTopicPartitions, describeTopicPartitions],
  [KEY.DescribeProducers, describeProducers],
  [KEY.DescribeLogDirs, describeLogDirs],
  [KEY.AlterReplicaLogDirs, alterLogDirs],
  [KEY.DescribeClientQuotas, describeQuotas],
  [KEY.ListClientMetricsResources, listClientMetrics],
  [KEY.DescribeAcls, refuseAcls],
  [KEY.CreateAcls, refuseAcls],
  [KEY.DeleteAcls, refuseAcls],
  [KEY.SaslHandshake, refuseSasl],
  [KEY.SaslAuthenticate, refuseSasl],
  [KEY.CreateDelegationToken, refuseTokens],
  [KEY.RenewDelegationToken, refuseTokens],
  [KEY.ExpireDelegationToken, refuseTokens],
  [KEY.DescribeDelegationToken, refuseTokens],
  [KEY.DescribeUserScramCredentials, describeScram],
]);
