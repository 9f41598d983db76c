// Access control lists, as a broker without an authorizer answers (Kafka AclApis): everyone may do everything, and nothing can be listed or changed.
import { ERR, KEY } from '../protocol/apiKeys.ts';
import type { CreateAclsRequest, DeleteAclsRequest } from '../protocol/adminMessages.ts';
import type { Broker, Request } from './broker.ts';

const REFUSED = { errorCode: ERR.SECURITY_DISABLED, errorMessage: 'This cluster has no authorizer.' };

/** A request of DescribeAcls, CreateAcls or DeleteAcls. */
export function refuseAcls(broker: Broker, request: Request): void {
  broker.reply(request, { throttleTimeMs: 0, ...refusal(request.message.api, request.message.body) }, ERR.SECURITY_DISABLED);
}

function refusal(api: number, body: unknown): object {
  if (api === KEY.DescribeAcls) return { ...REFUSED, resources: [] };
  if (api === KEY.CreateAcls) return { results: (body as CreateAclsRequest).creations.map(() => REFUSED) };
  return { filterResults: (body as DeleteAclsRequest).filters.map(() => ({ ...REFUSED, matchingAcls: [] })) };
}
