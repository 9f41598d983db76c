// Between the forms in which versions of OffsetFetch and FindCoordinator ask for one group or key and for several: the engine knows only several.
import type { Body } from './codec.ts';
import type { FindCoordinatorRequest, FindCoordinatorResponse, OffsetFetchRequest, OffsetFetchResponse } from './messages.ts';

/** First versions that ask for several at once. */
const MANY_GROUPS = 8;
const MANY_KEYS = 4;
/** First version of OffsetFetch with an error of the whole answer. */
const GROUP_ERROR = 2;

export function offsetFetchToEngine(body: Body, version: number): Body {
  if (version >= MANY_GROUPS) return body;
  return { groups: [{ groupId: body['groupId'], memberId: null, memberEpoch: -1, topics: body['topics'] }], requireStable: body['requireStable'] };
}

export function offsetFetchRequestToWire(body: Body, version: number): Body {
  const request = body as unknown as OffsetFetchRequest;
  const one = request.groups[0]!;
  return version >= MANY_GROUPS ? body : { groupId: one.groupId, topics: one.topics, requireStable: request.requireStable };
}

export function offsetFetchResponseToWire(body: Body, version: number): Body {
  if (version >= MANY_GROUPS) return body;
  const { throttleTimeMs, groups } = body as unknown as OffsetFetchResponse;
  const { topics, errorCode } = groups[0]!;
  return { throttleTimeMs, topics, errorCode: version >= GROUP_ERROR ? errorCode : 0 };
}

export function findCoordinatorToEngine(body: Body, version: number): Body {
  return version >= MANY_KEYS ? body : { keyType: body['keyType'], coordinatorKeys: [body['key']] };
}

export function findCoordinatorRequestToWire(body: Body, version: number): Body {
  const request = body as unknown as FindCoordinatorRequest;
  return version >= MANY_KEYS ? body : { keyType: request.keyType, key: request.coordinatorKeys[0]! };
}

export function findCoordinatorResponseToWire(body: Body, version: number): Body {
  if (version >= MANY_KEYS) return body;
  const { throttleTimeMs, coordinators } = body as unknown as FindCoordinatorResponse;
  const { errorCode, errorMessage, nodeId, host, port } = coordinators[0]!;
  return { throttleTimeMs, errorCode, errorMessage, nodeId, host, port };
}
