// Fetch sessions of consumers (KIP-227, Kafka FetchManager, FetchSessionCache): a client names its partitions once, then only what changes, and is
// told only what has changed. A session belongs to the broker and not to a connection; the native consumers here ask without one.
import { drawInt, drawKey } from '../../kernel/draws.ts';
import { ERR } from '../protocol/apiKeys.ts';
import type { FetchPartition, FetchPartitionResponse, FetchRequest } from '../protocol/messages.ts';
import type { Broker } from './broker.ts';
import { NO_DIVERGENCE } from './fetchAnswer.ts';

/** max.incremental.fetch.session.cache.slots (Kafka 4.0 default). */
const SLOTS = 1_000;
/** A session that lay idle so long gives way to a new one (Kafka MIN_INCREMENTAL_FETCH_SESSION_EVICTION_MS). */
const IDLE_US = 120_000_000;
/** From this version on topics are named by id. */
const BY_ID = 13;
const INITIAL = 0;
const FINAL = -1;

type Topic = FetchRequest['topics'][number];

interface Part {
  /** Once the broker has seen a topic of the id it stays with the name, also when the topic is gone. */
  topic: string;
  readonly topicId: string | undefined;
  asked: FetchPartition;
  /** As it was told last; -1 = whatever comes is news. */
  toldHighWatermark: number;
  toldLogStart: number;
}

interface Session {
  readonly id: number;
  readonly byId: boolean;
  /** Of the next request. */
  epoch: number;
  usedUs: number;
  /** In the order in which they are read: what had records goes to the end. */
  readonly parts: Map<string, Part>;
}

/** How a request is answered: what it asks for in full, and what of the answer is told. */
export interface Fetching {
  readonly topics: readonly Topic[];
  /** Whether a partition is told. */
  tells(topic: string, topicId: string, response: FetchPartitionResponse): boolean;
  /** Called as the answer goes out: what it tells is not told again. @returns the session's id; 0 = none. Null = another request has come in between: INVALID_FETCH_SESSION_EPOCH. */
  end(): number | null;
  /** The session's id where the answer goes out without what was read. */
  readonly id: number;
}

export class ConsumerSessions {
  private readonly broker: Broker;
  /** Those used longest ago first. */
  private readonly sessions = new Map<number, Session>();
  private made = 0;

  constructor(broker: Broker) {
    this.broker = broker;
  }

  /** @returns an error where the session that is named cannot be gone on with. */
  begin(body: FetchRequest, version: number): Fetching | number {
    const { sessionId, sessionEpoch: epoch, topics } = body;
    if (epoch === INITIAL || epoch === FINAL) {
      this.sessions.delete(sessionId);
      return epoch === FINAL ? withoutSession(topics) : this.first(topics, version >= BY_ID);
    }
    const session = this.sessions.get(sessionId);
    if (!session) return ERR.FETCH_SESSION_ID_NOT_FOUND;
    if (session.epoch !== epoch) return ERR.INVALID_FETCH_SESSION_EPOCH;
    if (session.byId !== version >= BY_ID) return ERR.FETCH_SESSION_TOPIC_ID_ERROR;
    for (const t of topics) for (const asked of t.partitions) ask(session, t, asked);
    for (const t of body.forgottenTopicsData) for (const partition of t.partitions) session.parts.delete(keyOf(session.byId ? (t.topicId ?? '') : t.topic, partition));
    if (session.parts.size === 0) {
      this.sessions.delete(sessionId);
      return withoutSession(topics);
    }
    this.touch(session);
    if (session.byId) for (const part of session.parts.values()) part.topic ||= this.broker.image.topicById(part.topicId!)?.name ?? '';
    session.epoch = epoch === 2_147_483_647 ? 1 : epoch + 1;
    return goOn(session);
  }

  /** Everything is told; the session is made as the answer goes out, if there is room for it. */
  private first(topics: readonly Topic[], byId: boolean): Fetching {
    const session: Session = { id: this.newId(), byId, epoch: 1, usedUs: 0, parts: new Map() };
    for (const t of topics) for (const asked of t.partitions) ask(session, t, asked);
    return {
      topics,
      id: 0,
      tells: (topic, topicId, response) => {
        const part = session.parts.get(keyOf(byId ? topicId : topic, response.partitionIndex));
        if (part) {
          part.topic = topic;
          part.toldHighWatermark = response.highWatermark;
          part.toldLogStart = response.logStartOffset;
        }
        return true;
      },
      end: () => (this.makeRoom() ? this.add(session) : 0),
    };
  }

  private add(session: Session): number {
    this.touch(session);
    return session.id;
  }

  private touch(session: Session): void {
    this.sessions.delete(session.id);
    this.sessions.set(session.id, session);
    session.usedUs = this.broker.kernel.nowUs;
  }

  private makeRoom(): boolean {
    if (this.sessions.size < SLOTS) return true;
    const [oldest] = this.sessions.values();
    if (this.broker.kernel.nowUs - oldest!.usedUs <= IDLE_US) return false;
    this.sessions.delete(oldest!.id);
    return true;
  }

  private newId(): number {
    const { kernel, process } = this.broker;
    const key = drawKey(kernel.seed, `fetch-sessions/${process.name}/${process.incarnation}`);
    for (;;) {
      const id = 1 + drawInt(key, this.made++, 2_147_483_647);
      if (!this.sessions.has(id)) return id;
    }
  }
}

function keyOf(topic: string, partition: number): string {
  return `${topic}/${partition}`;
}

function ask(session: Session, { topic, topicId }: Topic, asked: FetchPartition): void {
  const key = keyOf(session.byId ? (topicId ?? '') : topic, asked.partition);
  const known = session.parts.get(key);
  if (known) known.asked = asked;
  else session.parts.set(key, { topic, topicId, asked, toldHighWatermark: -1, toldLogStart: -1 });
}

function withoutSession(topics: readonly Topic[]): Fetching {
  return { topics, id: 0, tells: () => true, end: () => 0 };
}

function goOn(session: Session): Fetching {
  const { epoch } = session;
  const read: { readonly key: string; readonly part: Part; readonly response: FetchPartitionResponse }[] = [];
  const topics: { topic: string; topicId: string | undefined; partitions: FetchPartition[] }[] = [];
  for (const { topic, topicId, asked } of session.parts.values()) {
    const last = topics[topics.length - 1];
    if (last && last.topic === topic && last.topicId === topicId) last.partitions.push(asked);
    else topics.push({ topic, topicId, partitions: [asked] });
  }
  return {
    topics: topics.map(({ topic, topicId, partitions }) => ({ topic, partitions, ...(topicId !== undefined && { topicId }) })),
    id: session.id,
    tells: (topic, topicId, response) => {
      const key = keyOf(session.byId ? topicId : topic, response.partitionIndex);
      const part = session.parts.get(key);
      if (!part) return false;
      read.push({ key, part, response });
      return hasNews(part, response);
    },
    end: () => {
      if (session.epoch !== epoch) return null;
      for (const { key, part, response } of read) note(session, key, part, response);
      return session.id;
    },
  };
}

/** Kafka CachedPartition.maybeUpdateResponseData. */
function hasNews(part: Part, response: FetchPartitionResponse): boolean {
  const { highWatermark, logStartOffset, errorCode } = response;
  return hasRecords(response) || part.toldHighWatermark !== highWatermark || part.toldLogStart !== logStartOffset || errorCode !== 0 || response.divergingEpoch !== NO_DIVERGENCE;
}

function note(session: Session, key: string, part: Part, response: FetchPartitionResponse): void {
  part.toldHighWatermark = response.errorCode === 0 ? response.highWatermark : -1;
  part.toldLogStart = response.logStartOffset;
  if (!hasRecords(response) || session.parts.get(key) !== part) return;
  session.parts.delete(key);
  session.parts.set(key, part);
}

function hasRecords({ records }: FetchPartitionResponse): boolean {
  return records !== null && records.length > 0;
}
