// Reads and writes the state of share partitions at their share coordinators (Kafka DefaultStatePersister, PersisterStateManager).
import { drawInt } from '../../../kernel/draws.ts';
import type { Broker } from '../../broker/broker.ts';
import { autoCreate } from '../../broker/metadata.ts';
import { brokerName, SHARE_STATE_TOPIC } from '../../metadata/image.ts';
import { ERR, KEY } from '../../protocol/apiKeys.ts';
import type { ReadShareGroupStateRequest, ReadShareGroupStateResponse, WriteShareGroupStateRequest, WriteShareGroupStateResponse } from '../../protocol/shareMessages.ts';
import { keyText, statePartitionOf, type ShareKey } from './home.ts';
import type { ShareState } from './states.ts';

/** Kafka PersisterStateManager: request.backoff 1 s, doubled up to 30 s, with 20 % jitter; five attempts. */
const BACKOFF_MS = 1_000;
const BACKOFF_MAX_MS = 30_000;
const ATTEMPTS = 5;
const REQUEST_TIMEOUT_MS = 30_000;
/** Errors after which the coordinator is asked again. */
const MAY_PASS: readonly number[] = [ERR.NOT_COORDINATOR, ERR.COORDINATOR_NOT_AVAILABLE, ERR.COORDINATOR_LOAD_IN_PROGRESS];

export type Kept = Pick<ShareState, 'stateEpoch' | 'startOffset' | 'stateBatches'>;

interface Call {
  readonly key: ShareKey;
  readonly remote: (broker: number, answered: (error: number) => void) => void;
  readonly local: (answered: (error: number) => void) => void;
  readonly done: (error: number) => void;
}

export class Persister {
  private readonly broker: Broker;
  /** Calls by key, the first of them under way: they take effect in order. */
  private readonly queues = new Map<string, Call[]>();
  private draws = 0;

  constructor(broker: Broker) {
    this.broker = broker;
  }

  read(key: ShareKey, leaderEpoch: number, done: (error: number, kept: Kept | null) => void): void {
    let kept: Kept | null = null;
    const body: ReadShareGroupStateRequest = { groupId: key.group, topics: [{ topicId: key.topicId, partitions: [{ partition: key.partition, leaderEpoch }] }] };
    this.call({
      key,
      remote: (broker, answered) =>
        this.send<ReadShareGroupStateResponse>(broker, KEY.ReadShareGroupState, body, (answer) => {
          const result = answer?.results[0]?.partitions[0];
          kept = result ?? null;
          answered(result ? result.errorCode : ERR.COORDINATOR_NOT_AVAILABLE);
        }),
      local: (answered) =>
        this.broker.shareStates.read(key, leaderEpoch, (error, state) => {
          kept = state;
          answered(error);
        }),
      done: (error) => done(error, kept),
    });
  }

  write(key: ShareKey, state: ShareState, done: (error: number) => void): void {
    const body: WriteShareGroupStateRequest = { groupId: key.group, topics: [{ topicId: key.topicId, partitions: [{ partition: key.partition, ...state }] }] };
    this.call({
      key,
      remote: (broker, answered) =>
        this.send<WriteShareGroupStateResponse>(broker, KEY.WriteShareGroupState, body, (answer) => answered(answer?.results[0]?.partitions[0]?.errorCode ?? ERR.COORDINATOR_NOT_AVAILABLE)),
      local: (answered) => this.broker.shareStates.write(key, state, answered),
      done,
    });
  }

  private call(call: Call): void {
    const text = keyText(call.key);
    const queue = this.queues.get(text);
    if (queue) queue.push(call);
    else {
      this.queues.set(text, [call]);
      this.attempt(text, call, 0);
    }
  }

  private attempt(text: string, call: Call, n: number): void {
    const { broker } = this;
    const answered = (error: number) => {
      if (!MAY_PASS.includes(error)) return this.finish(text, call, error);
      if (n + 1 >= ATTEMPTS) return this.finish(text, call, ERR.COORDINATOR_NOT_AVAILABLE);
      const baseMs = Math.min(BACKOFF_MS * 2 ** n, BACKOFF_MAX_MS);
      const { deadlines } = broker.coordinator;
      const again = deadlines.make(() => {
        deadlines.drop(again);
        this.attempt(text, call, n + 1);
      });
      deadlines.set(again, baseMs * 0.8 + drawInt(broker.kernel.draws(broker.process, 'share-state'), this.draws++, Math.floor(baseMs * 0.4) + 1));
    };
    if (!broker.image.topics.has(SHARE_STATE_TOPIC)) {
      autoCreate(broker, [SHARE_STATE_TOPIC]);
      return answered(ERR.COORDINATOR_NOT_AVAILABLE);
    }
    const leader = broker.image.partition(SHARE_STATE_TOPIC, statePartitionOf(text))?.leader ?? -1;
    if (leader < 0) answered(ERR.COORDINATOR_NOT_AVAILABLE);
    else if (leader === broker.id) call.local(answered);
    else call.remote(leader, answered);
  }

  private finish(text: string, call: Call, error: number): void {
    const queue = this.queues.get(text)!;
    queue.shift();
    const next = queue[0];
    if (!next) this.queues.delete(text);
    call.done(error);
    if (next) this.attempt(text, next, 0);
  }

  private send<T>(broker: number, api: number, body: unknown, answered: (answer: T | null) => void): void {
    const channel = this.broker.channelTo(brokerName(broker), 'share', REQUEST_TIMEOUT_MS);
    channel.send({ api, apiVersion: 0, body, bytes: 96, firstRecord: -1, records: 0 }, (response) => answered(response ? (response.body as T) : null));
  }
}
