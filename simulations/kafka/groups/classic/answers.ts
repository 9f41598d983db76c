// What a coordinator answers to the members of a classic group.
import type { Broker, Request } from '../../broker/broker.ts';
import { decodeEmbedded } from '../../protocol/codec.ts';
import type { JoinGroupResponse, SyncGroupResponse } from '../../protocol/messages.ts';
import { metadataFor, type ClassicGroup } from './group.ts';

export const NO_BYTES = new Uint8Array(0);

/** @param how `withMembers` for the leader, who assigns; `skipAssignment` when there is nothing to assign (version 9). */
export function answerJoin(broker: Broker, request: Request, group: ClassicGroup, memberId: string, how: { withMembers: boolean; skipAssignment?: boolean; leader?: string | null }): void {
  const response: JoinGroupResponse = {
    throttleTimeMs: 0,
    errorCode: 0,
    generationId: group.generation,
    protocolType: group.protocolType,
    protocolName: group.protocolName,
    leader: (how.leader === undefined ? group.leader : how.leader) ?? '',
    skipAssignment: how.skipAssignment ?? false,
    memberId,
    members: how.withMembers ? [...group.members.values()].map((m) => ({ memberId: m.id, groupInstanceId: m.instanceId, metadata: metadataFor(m, group.protocolName) })) : [],
  };
  broker.reply(request, response, 0);
}

export function refuseJoin(broker: Broker, request: Request, errorCode: number, memberId: string): void {
  const response: JoinGroupResponse = {
    throttleTimeMs: 0,
    errorCode,
    generationId: -1,
    protocolType: null,
    // It may be null from version 7.
    protocolName: request.message.apiVersion >= 7 ? null : '',
    leader: '',
    skipAssignment: false,
    memberId,
    members: [],
  };
  broker.reply(request, response, errorCode);
}

export function answerSync(broker: Broker, request: Request, errorCode: number, group: ClassicGroup | null, assignment: Uint8Array): void {
  const response: SyncGroupResponse = {
    throttleTimeMs: 0,
    errorCode,
    protocolType: errorCode === 0 && group ? group.protocolType : null,
    protocolName: errorCode === 0 && group ? group.protocolName : null,
    assignment,
  };
  broker.reply(request, response, errorCode);
}

/** topic-partition names of an assignment in the consumer protocol, comma separated; '' for anything else. */
export function assignmentText(bytes: Uint8Array): string {
  if (bytes.length === 0) return '';
  const read = decodeEmbedded('ConsumerProtocolAssignment', bytes);
  if (!read.ok) return '';
  const parts = (read.body['assignedPartitions'] as { topic: string; partitions: number[] }[]) ?? [];
  return parts.flatMap((t) => t.partitions.map((p) => `${t.topic}-${p}`)).join(',');
}
