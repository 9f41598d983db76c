// What a group coordinator answers, and the names it draws.
import { draw32, drawKey } from '../../../kernel/draws.ts';
import { KEY } from '../../protocol/apiKeys.ts';
import { decodeEmbedded } from '../../protocol/codec.ts';
import type { JoinGroupRequest, JoinGroupResponse, SyncGroupResponse } from '../../protocol/messages.ts';
import type { Broker, Request } from '../../broker/broker.ts';
import type { Coordinator } from '../coordinator.ts';
import { metadataFor, type Group } from './group.ts';
import { commitOffsets } from '../offsets.ts';

export const NO_BYTES = new Uint8Array(0);

export function answerJoin(broker: Broker, request: Request, errorCode: number, group: Group, memberId: string, withMembers: boolean): void {
  const ok = errorCode === 0;
  const response: JoinGroupResponse = {
    throttleTimeMs: 0,
    errorCode,
    generationId: ok ? group.generation : -1,
    protocolType: ok ? group.protocolType : null,
    protocolName: ok ? (group.protocolName ?? '') : '',
    leader: ok ? (group.leader ?? '') : '',
    skipAssignment: false,
    memberId,
    members: withMembers ? [...group.members.values()].map((m) => ({ memberId: m.id, groupInstanceId: null, metadata: metadataFor(m, group.protocolName) })) : [],
  };
  broker.reply(request, response, errorCode);
}

export function answerSync(broker: Broker, request: Request, errorCode: number, group: Group, assignment: Uint8Array): void {
  const response: SyncGroupResponse = {
    throttleTimeMs: 0,
    errorCode,
    protocolType: errorCode === 0 ? group.protocolType : null,
    protocolName: errorCode === 0 ? group.protocolName : null,
    assignment,
  };
  broker.reply(request, response, errorCode);
}

/** An answer of the request's own kind that holds nothing but the error. */
export function refuse(coordinator: Coordinator, request: Request, error: number): void {
  const { message: m } = request;
  const { broker } = coordinator;
  switch (m.api) {
    case KEY.JoinGroup: {
      const body = m.body as JoinGroupRequest;
      const response: JoinGroupResponse = {
        throttleTimeMs: 0,
        errorCode: error,
        generationId: -1,
        protocolType: null,
        protocolName: '',
        leader: '',
        skipAssignment: false,
        memberId: body.memberId,
        members: [],
      };
      return broker.reply(request, response, error);
    }
    case KEY.SyncGroup:
      return broker.reply(request, { throttleTimeMs: 0, errorCode: error, protocolType: null, protocolName: null, assignment: NO_BYTES } satisfies SyncGroupResponse, error);
    case KEY.OffsetCommit:
      return commitOffsets(coordinator, request, -1, error);
    case KEY.OffsetFetch:
      return broker.reply(request, { throttleTimeMs: 0, topics: [], errorCode: error }, error);
    default:
      return broker.reply(request, { throttleTimeMs: 0, errorCode: error, members: [] }, error);
  }
}

/** topic-partition names of an assignment in the consumer protocol, comma separated; '' for anything else. */
export function assignmentText(bytes: Uint8Array): string {
  if (bytes.length === 0) return '';
  const read = decodeEmbedded('ConsumerProtocolAssignment', bytes);
  if (!read.ok) return '';
  const parts = (read.body['assignedPartitions'] as { topic: string; partitions: number[] }[]) ?? [];
  return parts.flatMap((t) => t.partitions.map((p) => `${t.topic}-${p}`)).join(',');
}

/** A version 4 UUID drawn from the seed. */
export function uuid(seed: number, name: string): string {
  const key = drawKey(seed, name);
  const hex = [0, 1, 2, 3].map((n) => draw32(key, n).toString(16).padStart(8, '0')).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${'89ab'[draw32(key, 4) & 3]}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** A number that tells pending member ids apart in timers. */
export function drawnNumber(id: string): number {
  return Number.parseInt(id.slice(-12, -2), 16);
}
