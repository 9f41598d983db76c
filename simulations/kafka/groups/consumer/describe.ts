// ConsumerGroupDescribe: what administrators see of consumer groups (Kafka ConsumerGroup.asDescribedGroup, KIP-848).
import type { Request } from '../../broker/broker.ts';
import { ERR } from '../../protocol/apiKeys.ts';
import type { ConsumerGroupDescribeRequest, ConsumerGroupDescribeResponse, DescribedAssignment, DescribedConsumerGroup } from '../../protocol/groupMessages.ts';
import type { MetadataImage } from '../../metadata/image.ts';
import { NOTHING, type Assignment } from '../assignment.ts';
import type { Coordinator } from '../coordinator.ts';
import type { Member, ModernGroup } from '../modern/group.ts';
import { assignorOf } from '../modern/target.ts';
import { groupOperations } from '../operations.ts';
import { notFound } from './heartbeat.ts';

/** Which protocol a member speaks. */
const MEMBER_TYPE = { classic: 0, consumer: 1 };

export function describeConsumerGroups(c: Coordinator, request: Request, body: ConsumerGroupDescribeRequest): void {
  const groups = body.groupIds.map((id) => describe(c, id, body.includeAuthorizedOperations));
  const response: ConsumerGroupDescribeResponse = { throttleTimeMs: 0, groups };
  c.broker.reply(request, response, groups.find((g) => g.errorCode !== 0)?.errorCode ?? 0);
}

function describe(c: Coordinator, groupId: string, withOperations: boolean): DescribedConsumerGroup {
  const blank = { errorCode: 0, errorMessage: null, groupId, groupState: '', groupEpoch: 0, assignmentEpoch: 0, assignorName: '', members: [], authorizedOperations: groupOperations(false) };
  if (groupId === '') return { ...blank, errorCode: ERR.INVALID_GROUP_ID };
  if (c.homeOf(groupId) < 0) return { ...blank, errorCode: ERR.NOT_COORDINATOR };
  const group = c.groups.get(groupId);
  if (group?.type !== 'consumer') {
    const { errorCode, message } = notFound(groupId);
    return { ...blank, errorCode, errorMessage: message };
  }
  const { data } = group;
  const { image } = c.broker;
  return {
    ...blank,
    groupState: group.state,
    groupEpoch: data.groupEpoch,
    assignmentEpoch: data.assignmentEpoch,
    authorizedOperations: groupOperations(withOperations),
    assignorName: assignorOf(data),
    members: [...data.members.values()].map((m) => member(group, m, image)),
  };
}

function member({ data }: ModernGroup, m: Member, image: MetadataImage): DescribedConsumerGroup['members'][number] {
  return {
    memberId: m.id,
    instanceId: m.instanceId,
    rackId: m.rackId,
    memberEpoch: m.epoch,
    clientId: m.clientId,
    clientHost: `/${m.client}`,
    subscribedTopicNames: m.subscribedTopicNames,
    subscribedTopicRegex: m.subscribedTopicRegex,
    assignment: described(m.assigned, image),
    targetAssignment: described(data.target.get(m.id) ?? NOTHING, image),
    memberType: m.classic ? MEMBER_TYPE.classic : MEMBER_TYPE.consumer,
  };
}

/** Topics that are gone are left out. */
export function described(assignment: Assignment, image: MetadataImage): DescribedAssignment {
  return {
    topicPartitions: [...assignment].flatMap(([topicId, partitions]) => {
      const topic = image.topicById(topicId);
      return topic ? [{ topicId, topicName: topic.name, partitions }] : [];
    }),
  };
}
