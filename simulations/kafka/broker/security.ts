// Who somebody is and what they may do, as a broker of plain text listeners without an authorizer answers: everyone is ANONYMOUS and may do
// everything, and there is nothing to log in to, to list or to change (Kafka AclApis, DelegationTokenManager, SaslServerAuthenticator).
import { ANONYMOUS } from '../metadata/clientLimits.ts';
import { ERR, KEY } from '../protocol/apiKeys.ts';
import type { CreateAclsRequest, DeleteAclsRequest } from '../protocol/adminMessages.ts';
import type { CreateDelegationTokenRequest, DescribeUserScramCredentialsRequest } from '../protocol/clusterMessages.ts';
import type { Broker, Request } from './broker.ts';

const NO_AUTHORIZER = { errorCode: ERR.SECURITY_DISABLED, errorMessage: 'This cluster has no authorizer.' };
const NO_BYTES = new Uint8Array(0);

/** A request of DescribeAcls, CreateAcls or DeleteAcls. */
export function refuseAcls(broker: Broker, request: Request): void {
  broker.reply(request, { throttleTimeMs: 0, ...aclRefusal(request.message.api, request.message.body) }, ERR.SECURITY_DISABLED);
}

function aclRefusal(api: number, body: unknown): object {
  if (api === KEY.DescribeAcls) return { ...NO_AUTHORIZER, resources: [] };
  if (api === KEY.CreateAcls) return { results: (body as CreateAclsRequest).creations.map(() => NO_AUTHORIZER) };
  return { filterResults: (body as DeleteAclsRequest).filters.map(() => ({ ...NO_AUTHORIZER, matchingAcls: [] })) };
}

/** A request of SaslHandshake or SaslAuthenticate: there is nothing to shake hands about. */
export function refuseSasl(broker: Broker, request: Request): void {
  const errorCode = ERR.ILLEGAL_SASL_STATE;
  const handshake = { errorCode, mechanisms: [] };
  const authenticate = { errorCode, errorMessage: 'This listener is plain text: nobody logs in here.', authBytes: NO_BYTES, sessionLifetimeMs: 0 };
  broker.reply(request, request.message.api === KEY.SaslHandshake ? handshake : authenticate, errorCode);
}

/** A request about delegation tokens, which are only for who has logged in. */
export function refuseTokens(broker: Broker, request: Request): void {
  const refusal = tokenRefusal(request.message.api, request.message.body);
  broker.reply(request, { throttleTimeMs: 0, ...refusal }, refusal.errorCode);
}

function tokenRefusal(api: number, body: unknown): { readonly errorCode: number; readonly [field: string]: unknown } {
  const errorCode = ERR.DELEGATION_TOKEN_REQUEST_NOT_ALLOWED;
  if (api === KEY.DescribeDelegationToken) return { errorCode, tokens: [] };
  if (api !== KEY.CreateDelegationToken) return { errorCode, expiryTimestampMs: -1 };
  const { ownerPrincipalType, ownerPrincipalName } = body as CreateDelegationTokenRequest;
  const owned = ownerPrincipalName !== null && ownerPrincipalName !== '';
  return {
    // Kafka trips over an owner without a type.
    errorCode: owned && ownerPrincipalType === null ? ERR.UNKNOWN_SERVER_ERROR : errorCode,
    principalType: owned ? (ownerPrincipalType ?? '') : 'User',
    principalName: owned ? ownerPrincipalName : ANONYMOUS,
    tokenRequesterPrincipalType: 'User',
    tokenRequesterPrincipalName: ANONYMOUS,
    issueTimestampMs: -1,
    expiryTimestampMs: -1,
    maxTimestampMs: -1,
    tokenId: '',
    hmac: NO_BYTES,
  };
}

/** SCRAM credentials are kept for whoever asks, although nobody logs in with them. */
export function describeScram(broker: Broker, request: Request): void {
  broker.reply(request, broker.image.scram.describe(request.message.body as DescribeUserScramCredentialsRequest), 0);
}
