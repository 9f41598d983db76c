// What a broker only passes on to the controller: requests that change the cluster (Kafka ForwardingManager, KIP-590).
import { ERR, KEY } from '../protocol/apiKeys.ts';
import {
  firstErrorIn,
  RESOURCE,
  type AlterConfigsRequest,
  type AlterConfigsResponse,
  type AlterPartitionReassignmentsRequest,
  type CreatePartitionsRequest,
  type DeleteTopicsRequest,
  type ElectLeadersRequest,
} from '../protocol/adminMessages.ts';
import { ZERO_UUID } from '../protocol/layout.ts';
import type { CreateTopicsRequest } from '../protocol/messages.ts';
import type { AlterUserScramCredentialsRequest } from '../protocol/clusterMessages.ts';
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
  KEY.AlterUserScramCredentials,
  KEY.UpdateFeatures,
  KEY.AddRaftVoter,
  KEY.RemoveRaftVoter,
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
    const elsewhere = api === KEY.AlterConfigs || api === KEY.IncrementalAlterConfigs ? settingsOfOthers(broker.id, body as AlterConfigsRequest) : [];
    const asked = elsewhere.length === 0 ? body : { ...(body as AlterConfigsRequest), resources: (body as AlterConfigsRequest).resources.filter((r) => !elsewhere.some((e) => e.of === r)) };
    const forwarded = FOR_CLIENTS.has(api) ? { ...(asked as object), auto: false, client: request.message.clientId } : asked;
    broker.controllerChannel('forward').send({ api, apiVersion, body: forwarded, bytes: 96, firstRecord: -1, records: 0 }, (answer) => {
      if (answer) {
        const { throttleTimeMs = 0 } = answer.body as { readonly throttleTimeMs?: number };
        if (throttleTimeMs > 0) broker.quotas.byController(request, throttleTimeMs);
        const told = elsewhere.length === 0 ? answer.body : withOthers(answer.body as AlterConfigsResponse, body as AlterConfigsRequest, elsewhere);
        broker.reply(request, told, firstErrorIn(told));
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

interface Elsewhere {
  readonly of: AlterConfigsRequest['resources'][number];
  readonly response: AlterConfigsResponse['responses'][number];
}

/** Settings of one broker are taken by that broker alone (Kafka ConfigAdminManager.preprocess). */
function settingsOfOthers(id: number, { resources }: AlterConfigsRequest): Elsewhere[] {
  return resources
    .filter((r) => r.resourceType === RESOURCE.broker && r.resourceName !== '' && r.resourceName !== String(id))
    .map((of) => ({ of, response: { errorCode: ERR.INVALID_REQUEST, errorMessage: `This is broker ${id}, not ${of.resourceName}.`, resourceType: of.resourceType, resourceName: of.resourceName } }));
}

/** What the controller said, in the order in which it was asked, with what was refused before. */
function withOthers(answer: AlterConfigsResponse, { resources }: AlterConfigsRequest, elsewhere: readonly Elsewhere[]): AlterConfigsResponse {
  const said = [...answer.responses];
  return { ...answer, responses: resources.map((r) => elsewhere.find((e) => e.of === r)?.response ?? said.shift()!) };
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
    case KEY.AlterUserScramCredentials: {
      const { deletions, upsertions } = body as AlterUserScramCredentialsRequest;
      return { throttleTimeMs: 0, results: [...new Set([...deletions, ...upsertions].map((c) => c.name))].map((user) => ({ user, errorCode, errorMessage })) };
    }
    case KEY.UpdateFeatures:
      return { ...told, results: [] };
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
