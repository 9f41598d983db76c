// Requests of an administrator, for tests: each at its time, to broker 1 unless said otherwise.
import type { Ask, Answer } from './probe.test-helper.ts';
import { METADATA_TOPIC } from './metadata/image.ts';
import { KEY } from './protocol/apiKeys.ts';
import { OPERATION, RESOURCE } from './protocol/adminMessages.ts';
import { ZERO_UUID } from './protocol/layout.ts';
import { MATCH } from './protocol/quotaMessages.ts';

type Fields = Readonly<Record<string, unknown>>;

export const TOPIC = { name: 't', partitions: 1, replicationFactor: 3, minInsyncReplicas: 2 };

const ask = (atMs: number, api: number, version: number, body: Ask['body'], broker = 1): Ask => ({ atMs, broker, api, version, body, on: `${api}` });

export interface NewTopic {
  readonly numPartitions?: number;
  readonly replicationFactor?: number;
  readonly assignments?: readonly (readonly number[])[];
  readonly configs?: Readonly<Record<string, string | null>>;
}

export function createTopics(atMs: number, topics: Readonly<Record<string, NewTopic>>, over: Fields = {}): Ask {
  const made = Object.entries(topics).map(([name, t]) => ({
    name,
    numPartitions: t.numPartitions ?? -1,
    replicationFactor: t.replicationFactor ?? -1,
    assignments: (t.assignments ?? []).map((brokerIds, partitionIndex) => ({ partitionIndex, brokerIds })),
    configs: Object.entries(t.configs ?? {}).map(([key, value]) => ({ name: key, value })),
  }));
  return ask(atMs, KEY.CreateTopics, 7, { topics: made, timeoutMs: 1_000, validateOnly: false, ...over });
}

export function deleteTopics(atMs: number, ...names: readonly string[]): Ask {
  return ask(atMs, KEY.DeleteTopics, 6, { topics: names.map((name) => ({ name, topicId: ZERO_UUID })), topicNames: [], timeoutMs: 1_000 });
}

export function createPartitions(atMs: number, name: string, count: number, assignments: readonly (readonly number[])[] | null = null, over: Fields = {}): Ask {
  return ask(atMs, KEY.CreatePartitions, 3, {
    topics: [{ name, count, assignments: assignments?.map((brokerIds) => ({ brokerIds })) ?? null }],
    timeoutMs: 1_000,
    validateOnly: false,
    ...over,
  });
}

/** Sets topic settings; null takes one back. @param name '' or a number: those of all brokers or of one. */
export function setConfigs(atMs: number, name: string, settings: Readonly<Record<string, string | null>>, over: Fields = {}): Ask {
  const configs = Object.entries(settings).map(([key, value]) => ({ name: key, value, configOperation: value === null ? OPERATION.delete : OPERATION.set }));
  return alterConfigs(atMs, name, configs, over);
}

export function alterConfigs(atMs: number, name: string, configs: readonly { readonly name: string; readonly value: string | null; readonly configOperation: number }[], over: Fields = {}): Ask {
  const resourceType = /^\d*$/.test(name) ? RESOURCE.broker : RESOURCE.topic;
  // A broker takes no settings of another one.
  const broker = /^[1-3]$/.test(name) ? Number(name) : 1;
  return ask(atMs, KEY.IncrementalAlterConfigs, 1, { resources: [{ resourceType, resourceName: name, configs }], validateOnly: false, ...over }, broker);
}

/** Sets settings of a group; null takes one back. */
export function setGroupConfigs(atMs: number, group: string, settings: Readonly<Record<string, string | null>>): Ask {
  const configs = Object.entries(settings).map(([name, value]) => ({ name, value, configOperation: value === null ? OPERATION.delete : OPERATION.set }));
  return ask(atMs, KEY.IncrementalAlterConfigs, 1, { resources: [{ resourceType: RESOURCE.group, resourceName: group, configs }], validateOnly: false });
}

export function describeGroupConfigs(atMs: number, group: string, broker = 1): Ask {
  return ask(atMs, KEY.DescribeConfigs, 4, { resources: [{ resourceType: RESOURCE.group, resourceName: group, configurationKeys: null }], includeSynonyms: true, includeDocumentation: false }, broker);
}

/** All settings of a topic at once, in the old form. */
export function replaceConfigs(atMs: number, name: string, settings: Readonly<Record<string, string | null>>): Ask {
  const configs = Object.entries(settings).map(([key, value]) => ({ name: key, value }));
  return ask(atMs, KEY.AlterConfigs, 2, { resources: [{ resourceType: RESOURCE.topic, resourceName: name, configs }], validateOnly: false });
}

export function describeConfigs(atMs: number, name: string, keys: readonly string[] | null = null, broker = 1): Ask {
  const resourceType = /^\d*$/.test(name) ? RESOURCE.broker : RESOURCE.topic;
  return ask(atMs, KEY.DescribeConfigs, 4, { resources: [{ resourceType, resourceName: name, configurationKeys: keys }], includeSynonyms: true, includeDocumentation: false }, broker);
}

export function electLeaders(atMs: number, electionType: number, topicPartitions: Readonly<Record<string, readonly number[]>> | null): Ask {
  const asked = topicPartitions && Object.entries(topicPartitions).map(([topic, partitions]) => ({ topic, partitions }));
  return ask(atMs, KEY.ElectLeaders, 2, { electionType, topicPartitions: asked, timeoutMs: 1_000 });
}

/** @param replicas null cancels. */
export function reassign(atMs: number, name: string, partitionIndex: number, replicas: readonly number[] | null): Ask {
  return ask(atMs, KEY.AlterPartitionReassignments, 0, { timeoutMs: 1_000, topics: [{ name, partitions: [{ partitionIndex, replicas }] }] });
}

export function listReassignments(atMs: number): Ask {
  return ask(atMs, KEY.ListPartitionReassignments, 0, { timeoutMs: 1_000, topics: null });
}

export function unregister(atMs: number, brokerId: number): Ask {
  return ask(atMs, KEY.UnregisterBroker, 0, { brokerId });
}

export function describeCluster(atMs: number, over: Fields = {}, broker = 1): Ask {
  return ask(atMs, KEY.DescribeCluster, 2, { includeClusterAuthorizedOperations: false, endpointType: 1, includeFencedBrokers: false, ...over }, broker);
}

export function describeTopics(atMs: number, names: readonly string[], over: Fields = {}): Ask {
  return ask(atMs, KEY.DescribeTopicPartitions, 0, { topics: names.map((name) => ({ name })), responsePartitionLimit: 2_000, cursor: null, ...over });
}

/** Every error code in an answer, in order of reading, the outermost first. */
export function errorsOf(answer: Answer | undefined): number[] {
  const found: number[] = [];
  const walk = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    if ('errorCode' in value) found.push(value.errorCode as number);
    for (const part of Object.values(value)) walk(part);
  };
  walk(answer?.body);
  return found;
}

/** An answer's body, loosely typed. @throws when there is none. */
export function bodyOf<T>(answer: Answer | undefined): T {
  if (!answer?.body) throw new Error(`no answer: ${answer?.why ?? 'still waiting'}`);
  return answer.body as T;
}

const anything = { patternTypeFilter: 1, principalFilter: null, hostFilter: null, operation: 1, permissionType: 1 };

export function describeAcls(atMs: number): Ask {
  return ask(atMs, KEY.DescribeAcls, 3, { resourceTypeFilter: 2, resourceNameFilter: 't', ...anything });
}

export function createAcls(atMs: number): Ask {
  return ask(atMs, KEY.CreateAcls, 3, { creations: [{ resourceType: 2, resourceName: 't', resourcePatternType: 3, principal: 'User:a', host: '*', operation: 3, permissionType: 3 }] });
}

export function deleteAcls(atMs: number): Ask {
  return ask(atMs, KEY.DeleteAcls, 3, { filters: [{ resourceTypeFilter: 2, resourceNameFilter: null, ...anything }] });
}

/** @param topics null = all. */
export function describeLogDirs(atMs: number, topics: Readonly<Record<string, readonly number[]>> | null, broker = 1): Ask {
  return ask(atMs, KEY.DescribeLogDirs, 4, { topics: topics && Object.entries(topics).map(([topic, partitions]) => ({ topic, partitions })) }, broker);
}

/** Whose a quota is: a name by type, null = the default. */
export type QuotaOf = Readonly<Record<string, string | null>>;

const entityParts = (of: QuotaOf) => Object.entries(of).map(([entityType, entityName]) => ({ entityType, entityName }));

/** Sets quotas of one entity; null takes one back. */
export function alterQuotas(atMs: number, of: QuotaOf, quotas: Readonly<Record<string, number | null>>, over: Fields = {}): Ask {
  const ops = Object.entries(quotas).map(([key, value]) => ({ key, value: value ?? 0, remove: value === null }));
  return ask(atMs, KEY.AlterClientQuotas, 1, { entries: [{ entity: entityParts(of), ops }], validateOnly: false, ...over });
}

/** Asks for the quotas of entities that have a part of each type named; null = the default, undefined = any. */
export function describeQuotas(atMs: number, of: Readonly<Record<string, string | null | undefined>>, strict = false, broker = 1): Ask {
  const components = Object.entries(of).map(([entityType, match]) => ({
    entityType,
    matchType: match === undefined ? MATCH.any : match === null ? MATCH.byDefault : MATCH.exact,
    match: match ?? null,
  }));
  return ask(atMs, KEY.DescribeClientQuotas, 1, { components, strict }, broker);
}

export function describeQuorum(atMs: number, topicName = METADATA_TOPIC, partitionIndex = 0, broker = 1): Ask {
  return ask(atMs, KEY.DescribeQuorum, 2, { topics: [{ topicName, partitions: [{ partitionIndex }] }] }, broker);
}

/** Any other request, to broker 1 unless said otherwise. */
export function other(atMs: number, api: keyof typeof KEY, version: number, body: Fields, broker = 1): Ask {
  return ask(atMs, KEY[api], version, body, broker);
}

const BYTES = new Uint8Array([1, 2, 3]);

/** A credential of mechanism 1 or 2. @param over what is different of it. */
export const scramUpsertion = (name: string, over: Fields = {}): Fields => ({ name, mechanism: 1, iterations: 4_096, salt: BYTES, saltedPassword: BYTES, ...over });

export function alterScram(atMs: number, deletions: readonly Fields[], upsertions: readonly Fields[], broker = 1): Ask {
  return other(atMs, 'AlterUserScramCredentials', 0, { deletions, upsertions }, broker);
}

/** @param users null = all. */
export function describeScram(atMs: number, users: readonly string[] | null, broker = 1): Ask {
  return other(atMs, 'DescribeUserScramCredentials', 0, { users: users && users.map((name) => ({ name })) }, broker);
}

/** @param updates level and type of upgrade by feature. */
export function updateFeatures(atMs: number, updates: Readonly<Record<string, readonly [level: number, upgradeType?: number]>>, version = 2): Ask {
  const featureUpdates = Object.entries(updates).map(([feature, [maxVersionLevel, upgradeType = 1]]) => ({ feature, maxVersionLevel, upgradeType, allowDowngrade: version === 0 }));
  return other(atMs, 'UpdateFeatures', version, { timeoutMs: 1_000, featureUpdates, validateOnly: false });
}
