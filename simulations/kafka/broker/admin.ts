// What a broker only passes on to the controller: requests that change the cluster (Kafka ForwardingManager, KIP-590).
import { ERR, KEY } from '../protocol/apiKeys.ts';
import {
  firstErrorIn,
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
import { answeredHere } from './configChanges.ts';
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

/** A request under way to the controller. */
interface Forwarded {
  readonly request: Request;
  readonly body: unknown;
  /** The answer to the client, from what the controller said. */
  readonly answer: (said: unknown) => unknown;
}

export class Forwarding {
  private readonly broker: Broker;
  private readonly waiting = new Map<number, Forwarded>();
  private count = 0;

  constructor(broker: Broker) {
    this.broker = broker;
  }

  forward(request: Request): void {
    const { api, body } = request.message;
    if (api === KEY.AlterConfigs || api === KEY.IncrementalAlterConfigs) this.alterConfigs(request, body as AlterConfigsRequest);
    else this.send({ request, body: FOR_CLIENTS.has(api) ? { ...(body as object), auto: false, client: request.message.clientId } : body, answer: (said) => said });
  }

  private alterConfigs(request: Request, body: AlterConfigsRequest): void {
    const here = answeredHere(this.broker, request);
    const resources = body.resources.filter((r) => !here.has(r));
    // In the order in which it was asked.
    const answer = (said: unknown): AlterConfigsResponse => {
      const elsewhere = [...(said as AlterConfigsResponse).responses];
      return { ...(said as AlterConfigsResponse), responses: body.resources.map((r) => here.get(r) ?? elsewhere.shift()!) };
    };
    if (resources.length > 0 || body.resources.length === 0) this.send({ request, body: { ...body, resources }, answer });
    else this.reply(request, answer({ throttleTimeMs: 0, responses: [] }));
  }

  private reply(request: Request, answer: unknown): void {
    this.broker.reply(request, answer, firstErrorIn(answer));
  }

  /** Sends a request on; without an answer again and again, until the time of a request is over. */
  private send(forwarded: Forwarded): void {
    const { broker } = this;
    const { request, body, answer } = forwarded;
    const { api, apiVersion } = request.message;
    broker.controllerChannel('forward').send({ api, apiVersion, body, bytes: 96, firstRecord: -1, records: 0 }, (said) => {
      if (said) {
        const { throttleTimeMs = 0 } = said.body as { readonly throttleTimeMs?: number };
        if (throttleTimeMs > 0) broker.quotas.byController(request, throttleTimeMs);
        this.reply(request, answer(said.body));
        return;
      }
      if (broker.kernel.nowUs - request.receivedUs >= FORWARD_US) {
        broker.reply(request, answer(unanswered(api, body)), ERR.REQUEST_TIMED_OUT);
        return;
      }
      const number = this.count++;
      this.waiting.set(number, forwarded);
      broker.kernel.setTimer(broker.process, AGAIN_US, TIMER.forwardAgain, number);
    });
  }

  timer(number: number): void {
    const forwarded = this.waiting.get(number)!;
    this.waiting.delete(number);
    this.broker.kernel.cause = forwarded.request.cause;
    this.send(forwarded);
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
