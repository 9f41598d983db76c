// The share coordinator of one broker: keeps how far each share partition has come, in its partitions of __share_group_state
// (Kafka ShareCoordinatorShard). Kafka writes a snapshot every 500 updates; here the log holds the updates alone.
import { digestText } from '../../../kernel/hash.ts';
import { appendBatch, whenCommitted } from '../../broker/appends.ts';
import type { Broker, Request } from '../../broker/broker.ts';
import { SHARE_STATE_TOPIC } from '../../metadata/image.ts';
import { ERR, KEY } from '../../protocol/apiKeys.ts';
import type { RecordBatch } from '../../protocol/batch.ts';
import type { ReadShareGroupStateRequest, ReadShareGroupStateResponse, WriteShareGroupStateRequest, WriteShareGroupStateResponse } from '../../protocol/shareMessages.ts';
import { keyText, statePartitionOf, type ShareKey } from './home.ts';
import type { StateBatch } from './inFlight.ts';

/** share.coordinator.write.timeout.ms (Kafka 4.0 default). */
const WRITE_TIMEOUT_US = 5_000_000;

export interface ShareState {
  readonly stateEpoch: number;
  readonly leaderEpoch: number;
  /** -1 = the group has never read from it. */
  readonly startOffset: number;
  readonly stateBatches: readonly StateBatch[];
}

interface ShareRecord {
  readonly key: string;
  readonly state: ShareState;
}

const UNKNOWN: ShareState = { stateEpoch: 0, leaderEpoch: -1, startOffset: -1, stateBatches: [] };

export class ShareStates {
  private readonly broker: Broker;
  /** What was read of each partition, with the leader epoch at which it was. */
  private readonly loaded = new Map<number, { readonly epoch: number; readonly byKey: Map<string, ShareState> }>();

  constructor(broker: Broker) {
    this.broker = broker;
  }

  handle(request: Request): void {
    const { api, body } = request.message;
    const { topics } = body as ReadShareGroupStateRequest;
    if (topics.every((t) => t.partitions.length === 0)) this.broker.reply(request, { results: topics.map(({ topicId }) => ({ topicId, partitions: [] })) }, 0);
    else if (api === KEY.ReadShareGroupState) this.handleRead(request, body as ReadShareGroupStateRequest);
    else if (api === KEY.WriteShareGroupState) this.handleWrite(request, body as WriteShareGroupStateRequest);
    else this.refuse(request, body as ReadShareGroupStateRequest);
  }

  /** Kafka 4.0 advertises the initialising, deleting and summing up of states, and cannot do it yet. */
  private refuse(request: Request, { topics }: ReadShareGroupStateRequest): void {
    const told = { errorCode: ERR.UNSUPPORTED_VERSION, errorMessage: null, stateEpoch: 0, startOffset: 0 };
    const results = topics.map(({ topicId, partitions }) => ({ topicId, partitions: partitions.map(({ partition }) => ({ partition, ...told })) }));
    this.broker.reply(request, { results }, ERR.UNSUPPORTED_VERSION);
  }

  private handleRead(request: Request, body: ReadShareGroupStateRequest): void {
    const asked = body.topics.flatMap((t) => t.partitions.map((p) => ({ topicId: t.topicId, ...p })));
    const results: ReadShareGroupStateResponse['results'][number][] = [];
    let left = asked.length;
    for (const { topicId, partition, leaderEpoch } of asked) {
      this.read({ group: body.groupId, topicId, partition }, leaderEpoch, (errorCode, state) => {
        const { stateEpoch, startOffset, stateBatches } = state ?? UNKNOWN;
        results.push({ topicId, partitions: [{ partition, errorCode, errorMessage: null, stateEpoch, startOffset, stateBatches }] });
        if (--left === 0) this.broker.reply(request, { results } satisfies ReadShareGroupStateResponse, errorCode);
      });
    }
  }

  private handleWrite(request: Request, body: WriteShareGroupStateRequest): void {
    const asked = body.topics.flatMap((t) => t.partitions.map((p) => ({ topicId: t.topicId, ...p })));
    const results: WriteShareGroupStateResponse['results'][number][] = [];
    let left = asked.length;
    for (const { topicId, partition, ...state } of asked) {
      this.write({ group: body.groupId, topicId, partition }, state, (errorCode) => {
        results.push({ topicId, partitions: [{ partition, errorCode, errorMessage: null }] });
        if (--left === 0) this.broker.reply(request, { results } satisfies WriteShareGroupStateResponse, errorCode);
      });
    }
  }

  /** Whoever reads leads the partition from now on: writes of an earlier leader are refused. */
  read(key: ShareKey, leaderEpoch: number, done: (error: number, state: ShareState | null) => void): void {
    const text = keyText(key);
    const states = this.statesOf(text);
    if (!states) return done(ERR.NOT_COORDINATOR, null);
    const known = states.get(text) ?? UNKNOWN;
    if (leaderEpoch < known.leaderEpoch) return done(ERR.FENCED_LEADER_EPOCH, null);
    if (leaderEpoch === known.leaderEpoch) return done(0, known);
    this.append(states, text, { ...known, leaderEpoch, stateBatches: [] }, (error) => done(error, error === 0 ? (states.get(text) ?? null) : null));
  }

  write(key: ShareKey, state: ShareState, done: (error: number) => void): void {
    const text = keyText(key);
    const states = this.statesOf(text);
    if (!states) return done(ERR.NOT_COORDINATOR);
    const known = states.get(text) ?? UNKNOWN;
    if (state.leaderEpoch < known.leaderEpoch) return done(ERR.FENCED_LEADER_EPOCH);
    if (state.stateEpoch < known.stateEpoch) return done(ERR.FENCED_STATE_EPOCH);
    this.append(states, text, state, done);
  }

  private append(states: Map<string, ShareState>, key: string, state: ShareState, done: (error: number) => void): void {
    const { broker } = this;
    const p = broker.partition(SHARE_STATE_TOPIC, statePartitionOf(key))!;
    if (p.state.isr.length < p.effectiveMinIsr()) return done(ERR.COORDINATOR_NOT_AVAILABLE);
    states.set(key, merged(states.get(key) ?? UNKNOWN, state));
    const placed = appendBatch(broker, p, batchOf({ key, state }, Math.floor(broker.kernel.nowUs / 1000)));
    whenCommitted(broker, p, placed, WRITE_TIMEOUT_US, (error) =>
      done(error === 0 ? 0 : error === ERR.NOT_LEADER_OR_FOLLOWER || error === ERR.UNKNOWN_TOPIC_OR_PARTITION ? ERR.NOT_COORDINATOR : ERR.COORDINATOR_NOT_AVAILABLE),
    );
  }

  /** States of the partition that keeps a key, read from its log when this broker has come to lead it; null = it does not. */
  private statesOf(key: string): Map<string, ShareState> | null {
    const home = statePartitionOf(key);
    const p = this.broker.partition(SHARE_STATE_TOPIC, home);
    if (p?.role !== 'leader') {
      this.loaded.delete(home);
      return null;
    }
    let known = this.loaded.get(home);
    if (known?.epoch !== p.state.leaderEpoch) {
      const byKey = new Map<string, ShareState>();
      for (const batch of p.log.batches) {
        const record = batch.internal as ShareRecord;
        byKey.set(record.key, merged(byKey.get(record.key) ?? UNKNOWN, record.state));
      }
      this.loaded.set(home, (known = { epoch: p.state.leaderEpoch, byKey }));
    }
    return known.byKey;
  }
}

/** The newer state of every record counts, and what lies before the start is forgotten (Kafka PersisterStateBatchCombiner). */
export function merged(old: ShareState, update: ShareState): ShareState {
  const { stateEpoch, leaderEpoch } = update;
  const startOffset = update.startOffset >= 0 ? update.startOffset : old.startOffset;
  let batches = [...old.stateBatches];
  for (const b of update.stateBatches) {
    const apart = batches.flatMap((o) => {
      if (o.lastOffset < b.firstOffset || o.firstOffset > b.lastOffset) return [o];
      const rest: StateBatch[] = [];
      if (o.firstOffset < b.firstOffset) rest.push({ ...o, lastOffset: b.firstOffset - 1 });
      if (o.lastOffset > b.lastOffset) rest.push({ ...o, firstOffset: b.lastOffset + 1 });
      return rest;
    });
    batches = [...apart, b];
  }
  const kept = batches
    .filter((b) => b.lastOffset >= startOffset)
    .map((b) => (b.firstOffset < startOffset ? { ...b, firstOffset: startOffset } : b))
    .sort((a, b) => a.firstOffset - b.firstOffset);
  const stateBatches: StateBatch[] = [];
  for (const b of kept) {
    const last = stateBatches[stateBatches.length - 1];
    if (last && last.lastOffset + 1 === b.firstOffset && last.deliveryState === b.deliveryState && last.deliveryCount === b.deliveryCount)
      stateBatches[stateBatches.length - 1] = { ...last, lastOffset: b.lastOffset };
    else stateBatches.push(b);
  }
  return { stateEpoch, leaderEpoch, startOffset, stateBatches };
}

function batchOf(record: ShareRecord, timestampMs: number): RecordBatch {
  const { key, state } = record;
  const text = `${key}=${state.stateEpoch}/${state.leaderEpoch}/${state.startOffset}/${state.stateBatches.map((b) => `${b.firstOffset}-${b.lastOffset}:${b.deliveryState}x${b.deliveryCount}`).join()}`;
  const batch: RecordBatch = {
    baseOffset: 0,
    leaderEpoch: -1,
    lastOffsetDelta: 0,
    attributes: 0,
    baseTimestampMs: timestampMs,
    maxTimestampMs: timestampMs,
    producerId: -1,
    producerEpoch: -1,
    baseSequence: -1,
    count: 1,
    bytes: 101 + text.length,
    firstRecord: -1,
    digest: digestText(text, 1) >>> 0,
    encoded: null,
    internal: record,
    kept: null,
  };
  return batch;
}
