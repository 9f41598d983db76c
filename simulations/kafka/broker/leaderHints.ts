// Who leads a partition by now, told with the error that says it is not this broker: the client need not ask for metadata (KIP-951).
import { brokerName, PORT } from '../metadata/image.ts';
import { ERR } from '../protocol/apiKeys.ts';
import type { CurrentLeader, NodeEndpoint } from '../protocol/messages.ts';
import type { Broker } from './broker.ts';

const UNKNOWN: CurrentLeader = { leaderId: -1, leaderEpoch: -1 };

/** Collects the leaders that one answer tells of. */
export class LeaderHints {
  private readonly broker: Broker;
  private readonly told = new Map<number, NodeEndpoint>();

  constructor(broker: Broker) {
    this.broker = broker;
  }

  of(topic: string, partition: number, error: number): CurrentLeader {
    if (error !== ERR.NOT_LEADER_OR_FOLLOWER && error !== ERR.FENCED_LEADER_EPOCH) return UNKNOWN;
    const state = this.broker.image.partition(topic, partition);
    if (!state) return UNKNOWN;
    const { leader, leaderEpoch } = state;
    if (leader >= 0) this.told.set(leader, { nodeId: leader, host: brokerName(leader), port: PORT, rack: null });
    return { leaderId: leader, leaderEpoch };
  }

  get endpoints(): NodeEndpoint[] {
    return [...this.told.values()];
  }
}
