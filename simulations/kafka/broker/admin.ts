// What a broker only passes on to the controller: requests that change the cluster (Kafka ForwardingManager, KIP-590).
import { ERR, KEY } from '../protocol/apiKeys.ts';
import {
  firstErrorIn,
  type AlterConfigsRequest,
  type AlterPartitionReassignmentsRequest,
  type CreatePartitionsRequest,
  type DeleteTopicsRequest,
  type ElectLeadersRequest,
} from '../protocol/adminMessages.ts';
import { ZERO_UUID } from '../protocol/layout.ts';
import type { CreateTopicsRequest } from '../protocol/messages.ts';
import type { AlterClientQuotasRequest } from '../protocol/quotaMessages.ts';
import type { Broker, Request } from './broker.ts';
import { TIMER } from './timers.ts';

/** So long a broker goes on trying to reach the controller (its request.timeout.ms). */
const FORWARD_US = 30_000_000;
const AGAIN_US = 100_000;

/** Requests that only the controller can answer. */
export const FORWARDED: ReadonlySet<number> = new Set([
  KEY.CreateTopics,
  KEY.DeleteTopics,
  KEY.CreatePartitions,
  KEY.AlterConfigs,
  KEY.IncrementalAlterConfigs,
  KEY.AlterClientQuotas,
  KEY.DescribeQuorum,
  KEY.ElectLeaders,
  KEY.AlterPartitionReassignments,
  KEY.ListPartitionReassignments,
  KEY.UnregisterBroker,
]);

/** Requests of which the controller must know whose they are. */
const FOR_CLIENTS: ReadonlySet<number> = new Set([KEY.CreateTopics, KEY.DeleteTopics, KEY.CreatePartitions]);

export class Forwarding {
  private readonly broker: Broker;
  private readonly waiting = new Map<number, Request>();
  private count = 0;

  constructor(broker: Broker) {
    this.broker = broker;
  }

  /** Sends a request on; without an answer again and again, until the time of a request is over. */
  forward(request: Request): void {
    const { broker } = this;
    const { api, apiVersion, body } = request.message;
    const forwarded = FOR_CLIENTS.has(api) ? { ...(body as object), auto: false, client: request.message.clientId } : body;
    broker.controllerChannel('forward').send({ api, apiVersion, body: forwarded, bytes: 96, firstRecord: -1, records: 0 }, (answer) => {
      if (answer) {
        const { throttleTimeMs = 0 } = answer.body as { readonly throttleTimeMs?: number };
        if (throttleTimeMs > 0) broker.quotas.byController(request, throttleTimeMs);
        broker.reply(request, answer.body, firstErrorIn(answer.body));
        return;
      }
      if (broker.kernel.nowUs - request.receivedUs >= FORWARD_US) {
        broker.reply(request, unanswered(api, body), ERR.REQUEST_TIMED_OUT);
        return;
      }
      const number = this.count++;
      this.waiting.set(number, request);
      broker.kernel.setTimer(broker.process, AGAIN_US, TIMER.forwardAgain, number);
    });
  }

  timer(number: number): void {
    const request = this.waiting.get(number)!;
    this.waiting.delete(number);
    this.broker.kernel.cause = request.cause;
    this.forward(request);
  }
}

/** The answer when the controller gives none: REQUEST_TIMED_OUT for everything that was asked. */
function unanswered(api: number, body: unknown): unknown {
  const errorCode = ERR.REQUEST_TIMED_OUT;
  const errorMessage = 'The controller did not answer.';
  const told = { throttleTimeMs: 0, errorCode, errorMessage };
  switch (api) {
    case KEY.CreateTopics:
      return {
        throttleTimeMs: 0,
        topics: (body as CreateTopicsRequest).topics.map((t) => ({ name: t.name, topicId: ZERO_UUID, errorCode, errorMessage, numPartitions: -1, replicationFactor: -1, configs: [] })),
      };
    case KEY.DeleteTopics: {
      const { topics, topicNames } = body as DeleteTopicsRequest;
      return { throttleTimeMs: 0, responses: [...topics, ...topicNames.map((name) => ({ name, topicId: ZERO_UUID }))].map((t) => ({ ...t, errorCode, errorMessage })) };
    }
    case KEY.CreatePartitions:
      return { throttleTimeMs: 0, results: (body as CreatePartitionsRequest).topics.map((t) => ({ name: t.name, errorCode, errorMessage })) };
    case KEY.AlterConfigs:
    case KEY.IncrementalAlterConfigs:
      return { throttleTimeMs: 0, responses: (body as AlterConfigsRequest).resources.map((r) => ({ errorCode, errorMessage, resourceType: r.resourceType, resourceName: r.resourceName })) };
    case KEY.AlterClientQuotas:
      return { throttleTimeMs: 0, entries: (body as AlterClientQuotasRequest).entries.map(({ entity }) => ({ errorCode, errorMessage, entity })) };
    case KEY.ElectLeaders: {
      // Version 0 has no error of its own: each partition carries it.
      const results = ((body as ElectLeadersRequest).topicPartitions ?? []).map((t) => ({
        topic: t.topic,
        partitionResult: t.partitions.map((partitionId) => ({ partitionId, errorCode, errorMessage })),
      }));
      return { throttleTimeMs: 0, errorCode, replicaElectionResults: results };
    }
    case KEY.AlterPartitionReassignments: {
      const { topics } = body as AlterPartitionReassignmentsRequest;
      return { ...told, responses: topics.map((t) => ({ name: t.name, partitions: t.partitions.map((p) => ({ partitionIndex: p.partitionIndex, errorCode, errorMessage })) })) };
    }
    case KEY.ListPartitionReassignments:
      return { ...told, topics: [] };
    case KEY.DescribeQuorum:
      return { errorCode, errorMessage, topics: [], nodes: [] };
    default:
      return told;
  }
}
