// What administrators ask of groups: describe, list, delete, and delete offsets (Kafka GroupCoordinatorService, GroupMetadataManager).
import type { Request } from '../broker/broker.ts';
import { ERR } from '../protocol/apiKeys.ts';
import type {
  DeleteGroupsRequest,
  DeleteGroupsResponse,
  DescribedGroup,
  DescribeGroupsRequest,
  DescribeGroupsResponse,
  ListGroupsRequest,
  ListGroupsResponse,
  OffsetDeleteRequest,
  OffsetDeleteResponse,
} from '../protocol/groupMessages.ts';
import { isSubscribed, metadataFor, type ClassicMember } from './classic/group.ts';
import { groupOperations } from './operations.ts';
import { NO_BYTES } from './classic/answers.ts';
import type { AnyGroup, Coordinator } from './coordinator.ts';
import { offsetKey } from './committed.ts';
import { reads } from './modern/group.ts';

/** From this version on DescribeGroups says that a group does not exist (KIP-1043); before it is shown as Dead. */
const NOT_FOUND_IS_AN_ERROR = 6;

export function describeGroups(c: Coordinator, request: Request): void {
  const body = request.message.body as DescribeGroupsRequest;
  const groups = body.groups.map((id) => describe(c, id, request.message.apiVersion, groupOperations(body.includeAuthorizedOperations)));
  const response: DescribeGroupsResponse = { throttleTimeMs: 0, groups };
  c.broker.reply(request, response, groups.find((g) => g.errorCode !== 0)?.errorCode ?? 0);
}

function describe(c: Coordinator, groupId: string, apiVersion: number, authorizedOperations: number): DescribedGroup {
  const blank = { errorCode: 0, errorMessage: null, groupId, groupState: '', protocolType: '', protocolData: '', members: [], authorizedOperations };
  if (c.homeOf(groupId) < 0) return { ...blank, errorCode: ERR.NOT_COORDINATOR, authorizedOperations: groupOperations(false) };
  const group = c.groups.get(groupId);
  if (group?.type !== 'classic') {
    const message = group ? `Group ${groupId} is not a classic group.` : `Group ${groupId} not found.`;
    return apiVersion >= NOT_FOUND_IS_AN_ERROR
      ? { ...blank, groupState: 'Dead', errorCode: ERR.GROUP_ID_NOT_FOUND, errorMessage: message, authorizedOperations: groupOperations(false) }
      : { ...blank, groupState: 'Dead' };
  }
  const stable = group.state === 'Stable';
  const member = (m: ClassicMember) => ({
    memberId: m.id,
    groupInstanceId: m.instanceId,
    clientId: m.clientId,
    clientHost: `/${m.client}`,
    memberMetadata: stable ? metadataFor(m, group.protocolName) : NO_BYTES,
    memberAssignment: m.assignment,
  });
  return { ...blank, groupState: group.state, protocolType: group.protocolType, protocolData: stable ? (group.protocolName ?? '') : '', members: [...group.members.values()].map(member) };
}

/** The groups of this broker alone: a client asks every broker. */
export function listGroups(c: Coordinator, request: Request): void {
  const body = request.message.body as ListGroupsRequest;
  const states = body.statesFilter.map((s) => s.trim().toLowerCase());
  const types = body.typesFilter.map((t) => t.trim().toLowerCase());
  const groups = [...c.groups.values()]
    .filter((g) => (states.length === 0 || states.includes(g.state.toLowerCase())) && (types.length === 0 || types.includes(g.type)))
    .map((g) => ({ groupId: g.id, protocolType: protocolTypeOf(g), groupState: g.state, groupType: g.type }));
  c.broker.reply(request, { throttleTimeMs: 0, errorCode: 0, groups } satisfies ListGroupsResponse, 0);
}

function protocolTypeOf(group: AnyGroup): string {
  return group.type === 'classic' ? group.protocolType : group.type;
}

export function deleteGroups(c: Coordinator, request: Request): void {
  const body = request.message.body as DeleteGroupsRequest;
  const results: { groupId: string; errorCode: number }[] = [];
  let left = body.groupsNames.length;
  const done = () => {
    const response: DeleteGroupsResponse = { throttleTimeMs: 0, results: body.groupsNames.map((id) => results.find((r) => r.groupId === id)!) };
    c.broker.reply(request, response, results.find((r) => r.errorCode !== 0)?.errorCode ?? 0);
  };
  if (left === 0) return done();
  for (const groupId of body.groupsNames) {
    deleteOne(c, groupId, (errorCode) => {
      results.push({ groupId, errorCode });
      if (--left === 0) done();
    });
  }
}

function deleteOne(c: Coordinator, groupId: string, done: (error: number) => void): void {
  const home = c.homeOf(groupId);
  if (home < 0) return done(ERR.NOT_COORDINATOR);
  const group = c.groups.get(groupId);
  if (!group) return done(ERR.GROUP_ID_NOT_FOUND);
  if (group.state !== 'Empty') return done(ERR.NON_EMPTY_GROUP);
  if (c.log.write(home, { kind: 'deleted', group: groupId }, done)) c.forget(group);
}

export function deleteOffsets(c: Coordinator, request: Request): void {
  const body = request.message.body as OffsetDeleteRequest;
  const exists = (topic: string, partition: number) => c.broker.image.partition(topic, partition) !== undefined;
  const answer = (errorCode: number, errorOf: (topic: string) => number = () => 0) => {
    const topics = body.topics.map((t) => ({
      name: t.name,
      partitions: t.partitions.map((p) => ({ partitionIndex: p.partitionIndex, errorCode: exists(t.name, p.partitionIndex) ? errorOf(t.name) : ERR.UNKNOWN_TOPIC_OR_PARTITION })),
    }));
    const first = errorCode !== 0 ? errorCode : (topics.flatMap((t) => t.partitions).find((p) => p.errorCode !== 0)?.errorCode ?? 0);
    c.broker.reply(request, { errorCode, throttleTimeMs: 0, topics: errorCode === 0 ? topics : [] } satisfies OffsetDeleteResponse, first);
  };
  if (body.groupId === '') return answer(ERR.INVALID_GROUP_ID);
  const home = c.homeOf(body.groupId);
  if (home < 0) return answer(ERR.NOT_COORDINATOR);
  const group = c.groups.get(body.groupId);
  if (!group) return answer(ERR.GROUP_ID_NOT_FOUND);
  if (group.type === 'share') return answer(ERR.GROUP_ID_NOT_FOUND);
  if (group.type === 'classic' && group.state !== 'Empty' && group.protocolType !== 'consumer') return answer(ERR.NON_EMPTY_GROUP);
  const isRead = (topic: string) => (group.type === 'classic' ? isSubscribed(group, topic) : reads(group.data, topic));
  const errorOf = (topic: string) => (isRead(topic) ? ERR.GROUP_SUBSCRIBED_TO_TOPIC : 0);
  const entries = body.topics.flatMap((t) =>
    errorOf(t.name) === 0
      ? t.partitions
          .filter((p) => exists(t.name, p.partitionIndex) && group.offsets.has(offsetKey(t.name, p.partitionIndex)))
          .map((p) => ({ topic: t.name, partition: p.partitionIndex, committed: null }))
      : [],
  );
  if (entries.length === 0) return answer(0, errorOf);
  c.log.write(home, { kind: 'offsets', group: body.groupId, entries }, (error) => {
    if (error === 0) for (const e of entries) group.offsets.delete(offsetKey(e.topic, e.partition));
    answer(error, errorOf);
  });
}
