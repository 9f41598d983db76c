// What producers and consumers of the native clients share: channels to brokers and metadata (Kafka Java client NetworkClient, Metadata).
import { drawInt } from '../../kernel/draws.ts';
import type { Kernel, Process } from '../../kernel/kernel.ts';
import type { Conn, Message } from '../../kernel/network.ts';
import type { ProcessSpec } from '../../contract/scenario.ts';
import { Channel, type NoAnswer } from '../channel.ts';
import { brokerName } from '../metadata/image.ts';
import { KEY } from '../protocol/apiKeys.ts';
import type { MetadataRequest, MetadataResponse } from '../protocol/messages.ts';
import { ZERO_UUID } from '../protocol/layout.ts';

export const CLIENT_TIMER = { channel: 1, metadata: 2, work: 3, linger: 4, drain: 5, deadline: 6, expire: 10, transaction: 11 } as const;

/** Version of Metadata that takes and tells ids of topics. */
const BY_ID = 13;

export interface KnownPartition {
  /** Broker id; -1 = none. */
  readonly leader: number;
  readonly leaderEpoch: number;
}

/** Errors after which the client reads metadata again and the request may be repeated (Java RetriableException and InvalidMetadataException). */
export const RETRIABLE = new Set([2, 3, 5, 6, 7, 13, 14, 15, 16, 19, 20, 56, 74, 75, 78]);

/** What a connection is for; each purpose has its own, as in the Java client's group connection. */
export type Purpose = 'bootstrap' | 'produce' | 'fetch' | 'group';

export class Client {
  // What every send looks at comes first, so that it lies together.
  private lastTopic: string | null = null;
  private lastPartitions: readonly KnownPartition[] | undefined = undefined;
  readonly kernel: Kernel;
  readonly process: Process;
  readonly spec: ProcessSpec;
  private readonly brokers: number;
  private readonly channels: Channel[] = [];
  /** By purpose, then by broker id. */
  private readonly byPurpose: Partial<Record<Purpose, Channel[]>> = {};
  readonly topics = new Map<string, KnownPartition[]>();
  private readonly names = new Map<string, string>();
  private readonly wanted: string[];
  /** Topics wanted by id: such requests name no topic otherwise. */
  private readonly wantedIds: string[] = [];
  private readonly withIds: boolean;
  /** Who waits for metadata of more topics. */
  private fresh: (() => void)[] = [];
  private refreshing = false;
  private isClosed = false;
  private again = false;
  private attempts = 0;
  private readonly onMetadata: () => void;
  /** Where the kinds of its timers begin. */
  readonly timerBase: number;

  /**
   * @param options.withIds whether topics are asked for by id, too, and their ids known.
   * @param options.timerBase where the kinds of its timers begin, in a process that has several clients.
   */
  constructor(options: { kernel: Kernel; process: Process; spec: ProcessSpec; brokers: number; topics: readonly string[]; onMetadata: () => void; withIds?: boolean; timerBase?: number }) {
    this.timerBase = options.timerBase ?? 0;
    this.kernel = options.kernel;
    this.process = options.process;
    this.spec = options.spec;
    this.brokers = options.brokers;
    this.wanted = [...options.topics];
    this.withIds = options.withIds ?? false;
    this.onMetadata = options.onMetadata;
  }

  channel(broker: number, purpose: Purpose): Channel {
    const ofPurpose = (this.byPurpose[purpose] ??= []);
    let channel = ofPurpose[broker];
    if (!channel) {
      channel = new Channel({
        kernel: this.kernel,
        process: this.process,
        target: this.kernel.processNamed(brokerName(broker))!,
        timeoutUs: this.spec.requestTimeoutMs * 1000,
        timerKind: this.timerBase + CLIENT_TIMER.channel,
        number: this.channels.length,
      });
      this.channels.push(channel);
      ofPurpose[broker] = channel;
    }
    return channel;
  }

  /** A broker to ask when any will do: another one after each failure. */
  anyBroker(): number {
    const start = drawInt(this.kernel.draws(this.process, 'bootstrap'), 0, this.brokers);
    return 1 + ((start + this.attempts) % this.brokers);
  }

  failedBroker(): void {
    this.attempts++;
  }

  /** Reads metadata of more topics, too, from now on; calls back once it knows of them. */
  want(topics: readonly string[], then: () => void): void {
    const more = topics.filter((t) => !this.wanted.includes(t));
    if (more.length === 0) {
      then();
      return;
    }
    this.wanted.push(...more);
    this.fresh.push(then);
    this.refresh();
  }

  /** Reads metadata of topics known by their ids only, from now on. */
  wantIds(ids: readonly string[]): void {
    const more = ids.filter((id) => !this.wantedIds.includes(id));
    // A topic that is asked for by its name is found by it.
    if (this.wanted.length === 0) this.wantedIds.push(...more);
    this.refresh();
  }

  /** Name of a topic by its id, once metadata of it was read. */
  nameOf(id: string): string | undefined {
    return this.names.get(id);
  }

  /** Id of a topic, once metadata of it was read with ids. */
  idOf(topic: string): string | undefined {
    for (const [id, name] of this.names) if (name === topic) return id;
    return undefined;
  }

  /** The last topic is remembered: what comes in a row is mostly of one. */
  partition(topic: string, index: number): KnownPartition | undefined {
    if (topic !== this.lastTopic) {
      this.lastTopic = topic;
      this.lastPartitions = this.topics.get(topic);
    }
    return this.lastPartitions?.[index];
  }

  /** Reads metadata of the wanted topics; at most one request at a time, and one more when it was asked for meanwhile. */
  refresh(): void {
    if (this.isClosed) return;
    if (this.refreshing) {
      this.again = true;
      return;
    }
    this.refreshing = true;
    this.again = false;
    const byName = this.wanted.map((name) => ({ topicId: ZERO_UUID, name }));
    const body: MetadataRequest = { topics: [...byName, ...this.wantedIds.map((topicId) => ({ topicId, name: null }))], allowAutoTopicCreation: true };
    this.channel(this.anyBroker(), 'bootstrap').send({ api: KEY.Metadata, apiVersion: this.withIds ? BY_ID : 9, body, bytes: 48, firstRecord: -1, records: 0 }, (response) => {
      this.refreshing = false;
      if (!response) {
        this.attempts++;
        this.later();
        return;
      }
      let complete = true;
      for (const t of (response.body as MetadataResponse).topics) {
        if (t.errorCode !== 0) {
          complete = false;
          continue;
        }
        if (this.withIds) this.names.set(t.topicId, t.name!);
        this.lastTopic = null;
        this.topics.set(
          t.name!,
          t.partitions.map((p) => ({ leader: p.leaderId, leaderEpoch: p.leaderEpoch })),
        );
        if (t.partitions.some((p) => p.leaderId < 0)) complete = false;
      }
      this.onMetadata();
      if (this.again) this.later();
      else {
        for (const then of this.fresh.splice(0)) then();
        if (!complete) this.later();
      }
    });
  }

  private later(): void {
    this.kernel.setTimer(this.process, this.spec.retryBackoffMs * 1000, this.timerBase + CLIENT_TIMER.metadata);
  }

  /** Closes every connection; nothing is asked any more. */
  close(): void {
    this.isClosed = true;
    for (const channel of this.channels) channel.close();
  }

  /** @returns whether the timer was the client's own. */
  timer(kind: number, a: number, b: number): boolean {
    if (kind === this.timerBase + CLIENT_TIMER.channel) this.channels[a]!.timer(b);
    else if (kind === this.timerBase + CLIENT_TIMER.metadata) this.refresh();
    else return false;
    return true;
  }

  connected(conn: Conn): void {
    (conn.clientData as Channel).connected();
  }

  closed(conn: Conn): void {
    (conn.clientData as Channel).closed(conn);
  }

  message(conn: Conn, m: Message): void {
    (conn.clientData as Channel).message(m);
  }
}

/** Exponential backoff with the Java client's 20 % jitter, drawn. @returns microseconds. */
export function backoffUs(client: Client, purpose: string, attempt: number, n: number): number {
  const { retryBackoffMs, retryBackoffMaxMs } = client.spec;
  const baseUs = Math.min(retryBackoffMs * 2 ** Math.min(attempt, 20), retryBackoffMaxMs) * 1000;
  const jitterUs = drawInt(client.kernel.draws(client.process, purpose), n, Math.floor(baseUs * 0.4) + 1);
  return Math.floor(baseUs * 0.8) + jitterUs;
}

export type { NoAnswer };
