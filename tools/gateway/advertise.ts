// What brokers tell of their addresses, put as clients outside can reach them: advertised.listeners of the gateway.
import type { Message } from '../../simulations/kernel/network.ts';

export interface Address {
  readonly host: string;
  readonly port: number;
}

interface Node {
  readonly nodeId?: number;
  readonly brokerId?: number;
  readonly host: string;
  readonly port: number;
}

/** Lists of nodes in the bodies of responses: Metadata and DescribeCluster, FindCoordinator from version 4, Produce and Fetch when the leader has moved. */
const LISTS = ['brokers', 'coordinators', 'nodeEndpoints'] as const;

/** A response with each node at the address that `of` gives for its id. Ids below 0, which stand for nobody, keep what they have. */
export function advertised(message: Message, of: (nodeId: number) => Address): Message {
  const body = message.body as Record<string, unknown>;
  let changed: Record<string, unknown> | null = null;
  for (const name of LISTS) {
    const nodes = body[name];
    if (Array.isArray(nodes) && nodes.length > 0 && isNode(nodes[0])) (changed ??= { ...body })[name] = nodes.map((node: Node) => moved(node, of));
  }
  if (isNode(body)) changed = { ...(changed ?? body), ...moved(body, of) };
  return changed ? { ...message, body: changed } : message;
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'host' in value && 'port' in value && ('nodeId' in value || 'brokerId' in value);
}

function moved(node: Node, of: (nodeId: number) => Address): Node {
  const id = node.nodeId ?? node.brokerId ?? -1;
  return id < 0 ? node : { ...node, ...of(id) };
}
