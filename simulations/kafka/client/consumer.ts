// The native group consumer: joins with the classic protocol and the range assignor, fetches, works through records, commits in intervals
// (Kafka ConsumerCoordinator, AbstractCoordinator, Fetcher; eager rebalancing).
import type { ProcessSpec } from '../../contract/scenario.ts';
import type { Behavior, Kernel, Process } from '../../kernel/kernel.ts';
import type { Conn, Message } from '../../kernel/network.ts';
import { ERR, KEY } from '../protocol/apiKeys.ts';
import { decodeEmbedded, encodeEmbedded } from '../protocol/codec.ts';
import type {
  FetchPartitionResponse,
  FetchRequest,
  FetchResponse,
  FindCoordinatorResponse,
  HeartbeatResponse,
  JoinGroupResponse,
  ListOffsetsResponse,
  OffsetCommitRequest,
  OffsetCommitResponse,
  OffsetFetchResponse,
  SyncGroupResponse,
} from '../protocol/messages.ts';
import { assignRange } from './assignor.ts';
import { Client, CLIENT_TIMER, type Purpose } from './client.ts';
import { hasTransactions } from './isolation.ts';
import { passHidden, takeAnswer, takeRun, type Owned } from './owned.ts';

const MAX_POLL_RECORDS = 500;
const PROTOCOL = 'range';

export class Consumer implements Behavior {
  private readonly kernel: Kernel;
  private readonly process: Process;
  private readonly spec: ProcessSpec;
  private readonly client: Client;
  private coordinator = -1;
  private memberId = '';
  private generation = -1;
  private joining = false;
  /** Rises with every loss of the assignment: answers and timers of the past are then ignored. */
  private era = 0;
  private owned: Owned[] = [];
  private readonly fetching = new Set<number>();
  private working = false;
  private stable = false;
  /** 0 read_uncommitted, 1 read_committed. */
  private readonly isolation: number;
  private metTransactions = false;
  /** Offsets in a transaction that is not decided kept the committed ones from being read. */
  private offsetsUnstable = false;

  constructor(kernel: Kernel, process: Process, spec: ProcessSpec, brokers: number) {
    this.kernel = kernel;
    this.process = process;
    this.spec = spec;
    this.isolation = spec.isolationLevel === 'read_committed' ? 1 : 0;
    this.client = new Client({ kernel, process, spec, brokers, topics: spec.topics, onMetadata: () => this.metadataChanged() });
  }

  start(): void {
    this.client.refresh();
    this.kernel.setTimer(this.process, this.spec.heartbeatIntervalMs * 1000, CLIENT_TIMER.heartbeat);
    this.kernel.setTimer(this.process, this.spec.autoCommitIntervalMs * 1000, CLIENT_TIMER.commit);
  }

  timer(kind: number, a: number, b: number): void {
    if (this.client.timer(kind, a, b)) return;
    switch (kind) {
      case CLIENT_TIMER.heartbeat:
        this.kernel.setTimer(this.process, this.spec.heartbeatIntervalMs * 1000, CLIENT_TIMER.heartbeat);
        return this.heartbeat();
      case CLIENT_TIMER.commit:
        this.kernel.setTimer(this.process, this.spec.autoCommitIntervalMs * 1000, CLIENT_TIMER.commit);
        return this.commit(null);
      case CLIENT_TIMER.rejoin:
        return this.rejoin();
      case CLIENT_TIMER.poll:
        if (b !== this.era) return;
        this.working = false;
        for (const o of this.owned) o.done = o.position;
        return this.poll();
      default:
        if (a === this.era) this.fetchAll();
    }
  }

  connected(conn: Conn): void {
    this.client.connected(conn);
  }

  closed(conn: Conn): void {
    this.client.closed(conn);
  }

  message(conn: Conn, m: Message): void {
    this.client.message(conn, m);
  }

  private metadataChanged(): void {
    if (!this.stable && !this.joining && this.spec.topics.every((t) => this.client.topics.has(t))) this.rejoin();
    else if (this.stable) this.fetchAll();
  }

  private ask(broker: number, purpose: Purpose, api: number, apiVersion: number, body: unknown, answer: (response: Message | null) => void): void {
    const { era } = this;
    this.client.channel(broker, purpose).send({ api, apiVersion, body, bytes: 96, firstRecord: -1, records: 0 }, (response) => {
      if (era === this.era) answer(response);
    });
  }

  private later(kind: number): void {
    this.kernel.setTimer(this.process, this.spec.retryBackoffMs * 1000, kind, this.era, this.era);
  }

  /* ---- membership ---- */

  private rejoin(): void {
    if (this.joining) return;
    this.joining = true;
    this.stable = false;
    if (this.coordinator < 0) this.findCoordinator();
    else this.join();
  }

  private failedJoin(): void {
    this.joining = false;
    this.later(CLIENT_TIMER.rejoin);
  }

  private findCoordinator(): void {
    this.ask(this.client.anyBroker(), 'bootstrap', KEY.FindCoordinator, 2, { key: this.spec.group!, keyType: 0 }, (response) => {
      const body = response?.body as FindCoordinatorResponse | undefined;
      if (!body || body.errorCode !== 0) {
        if (!response) this.client.failedBroker();
        this.failedJoin();
        return;
      }
      this.coordinator = body.nodeId;
      this.join();
    });
  }

  private join(): void {
    const metadata = encodeEmbedded('ConsumerProtocolSubscription', 1, { topics: this.spec.topics, userData: null, ownedPartitions: [] });
    const body = {
      groupId: this.spec.group!,
      sessionTimeoutMs: this.spec.sessionTimeoutMs,
      rebalanceTimeoutMs: this.spec.rebalanceTimeoutMs,
      memberId: this.memberId,
      groupInstanceId: null,
      protocolType: 'consumer',
      protocols: [{ name: PROTOCOL, metadata }],
      reason: null,
    };
    this.ask(this.coordinator, 'group', KEY.JoinGroup, 7, body, (response) => {
      const answer = response?.body as JoinGroupResponse | undefined;
      if (!answer) return this.lostCoordinator();
      switch (answer.errorCode) {
        case 0:
          this.memberId = answer.memberId;
          this.generation = answer.generationId;
          return this.sync(answer);
        case ERR.MEMBER_ID_REQUIRED:
          this.memberId = answer.memberId;
          return this.join();
        case ERR.UNKNOWN_MEMBER_ID:
        case ERR.ILLEGAL_GENERATION:
          this.memberId = '';
          return this.failedJoin();
        case ERR.NOT_COORDINATOR:
        case ERR.COORDINATOR_NOT_AVAILABLE:
          return this.lostCoordinator();
        default:
          return this.failedJoin();
      }
    });
  }

  private lostCoordinator(): void {
    this.coordinator = -1;
    this.failedJoin();
  }

  private sync(joined: JoinGroupResponse): void {
    const assignments: { memberId: string; assignment: Uint8Array }[] = [];
    if (joined.leader === this.memberId) {
      const subscriptions = joined.members.map((m) => {
        const read = decodeEmbedded('ConsumerProtocolSubscription', m.metadata);
        return { member: m.memberId, topics: read.ok ? (read.body['topics'] as string[]) : [] };
      });
      for (const [memberId, assignedPartitions] of assignRange(subscriptions, (t) => this.client.topics.get(t)?.length ?? 0)) {
        assignments.push({ memberId, assignment: encodeEmbedded('ConsumerProtocolAssignment', 1, { assignedPartitions, userData: null }) });
      }
    }
    const body = { groupId: this.spec.group!, generationId: this.generation, memberId: this.memberId, groupInstanceId: null, protocolType: 'consumer', protocolName: PROTOCOL, assignments };
    this.ask(this.coordinator, 'group', KEY.SyncGroup, 5, body, (response) => {
      const answer = response?.body as SyncGroupResponse | undefined;
      if (!answer) return this.lostCoordinator();
      if (answer.errorCode === 0) return this.assigned(answer.assignment);
      if (answer.errorCode === ERR.UNKNOWN_MEMBER_ID || answer.errorCode === ERR.ILLEGAL_GENERATION) this.memberId = '';
      if (answer.errorCode === ERR.NOT_COORDINATOR || answer.errorCode === ERR.COORDINATOR_NOT_AVAILABLE) return this.lostCoordinator();
      this.failedJoin();
    });
  }

  private assigned(bytes: Uint8Array): void {
    this.joining = false;
    this.stable = true;
    const read = bytes.length > 0 ? decodeEmbedded('ConsumerProtocolAssignment', bytes) : null;
    const parts = read?.ok ? (read.body['assignedPartitions'] as { topic: string; partitions: number[] }[]) : [];
    this.owned = parts.flatMap((t) => t.partitions.map((index) => ({ topic: t.topic, index, position: -1, done: -1, committed: -1, buffer: [], hidden: new Map(), asking: false })));
    if (this.owned.length > 0) this.readCommitted();
  }

  private heartbeat(): void {
    if (!this.stable) return;
    this.kernel.cause = -1;
    if (this.coordinator < 0) {
      // Asked again at each heartbeat; fetching goes on meanwhile.
      this.findAgain();
      return;
    }
    this.ask(this.coordinator, 'group', KEY.Heartbeat, 4, { groupId: this.spec.group!, generationId: this.generation, memberId: this.memberId, groupInstanceId: null }, (response) => {
      const code = (response?.body as HeartbeatResponse | undefined)?.errorCode ?? ERR.NOT_COORDINATOR;
      if (code === 0) return;
      if (code === ERR.REBALANCE_IN_PROGRESS) this.revoke(true);
      else if (code === ERR.UNKNOWN_MEMBER_ID || code === ERR.ILLEGAL_GENERATION) {
        this.memberId = '';
        this.revoke(false);
      } else {
        // Only the coordinator is lost, not the assignment.
        this.coordinator = -1;
        this.findAgain();
      }
    });
  }

  private findAgain(): void {
    this.ask(this.client.anyBroker(), 'bootstrap', KEY.FindCoordinator, 2, { key: this.spec.group!, keyType: 0 }, (response) => {
      const body = response?.body as FindCoordinatorResponse | undefined;
      if (body?.errorCode === 0) this.coordinator = body.nodeId;
      else if (!response) this.client.failedBroker();
    });
  }

  /** Gives everything up before joining again (eager). @param commitFirst false when the member is no longer known. */
  private revoke(commitFirst: boolean): void {
    const again = () => {
      this.era++;
      this.owned = [];
      this.fetching.clear();
      this.working = false;
      this.rejoin();
    };
    this.stable = false;
    if (commitFirst) this.commit(again);
    else again();
  }

  /* ---- offsets ---- */

  private readCommitted(): void {
    const topics = byTopic(this.owned, (o) => o.index).map(({ topic, items }) => ({ name: topic, partitionIndexes: items }));
    this.ask(this.coordinator, 'group', KEY.OffsetFetch, 7, { groupId: this.spec.group!, topics, requireStable: true }, (response) => {
      const body = response?.body as OffsetFetchResponse | undefined;
      if (!body || body.errorCode !== 0) {
        this.revoke(false);
        return;
      }
      this.offsetsUnstable = body.topics.some((t) => t.partitions.some((p) => p.errorCode === ERR.UNSTABLE_OFFSET_COMMIT));
      if (this.offsetsUnstable) {
        this.later(0);
        return;
      }
      for (const t of body.topics) {
        for (const p of t.partitions) {
          const o = this.owned.find((x) => x.topic === t.name && x.index === p.partitionIndex);
          if (o && p.committedOffset >= 0) o.position = o.done = o.committed = p.committedOffset;
        }
      }
      this.fetchAll();
    });
  }

  /** Asks the leader where a partition without a position begins or ends. */
  private reset(o: Owned): void {
    const known = this.client.partition(o.topic, o.index);
    if (!known || known.leader < 0 || o.asking) return;
    o.asking = true;
    const timestamp = this.spec.autoOffsetReset === 'earliest' ? -2 : -1;
    this.ask(
      known.leader,
      'fetch',
      KEY.ListOffsets,
      6,
      { replicaId: -1, isolationLevel: this.isolation, topics: [{ name: o.topic, partitions: [{ partitionIndex: o.index, currentLeaderEpoch: known.leaderEpoch, timestamp }] }] },
      (response) => {
        o.asking = false;
        const answer = (response?.body as ListOffsetsResponse | undefined)?.topics[0]?.partitions[0];
        if (answer?.errorCode === 0) {
          o.position = o.done = answer.offset;
          this.fetchAll();
          return;
        }
        this.client.refresh();
        this.later(0);
      },
    );
  }

  private commit(then: (() => void) | null): void {
    const changed = this.owned.filter((o) => o.done >= 0 && o.done !== o.committed);
    if (changed.length === 0 || this.coordinator < 0 || this.memberId === '') {
      then?.();
      return;
    }
    if (!then) this.kernel.cause = -1;
    const topics = byTopic(changed, (o) => ({ partitionIndex: o.index, committedOffset: o.done, committedLeaderEpoch: -1, committedMetadata: '' })).map(({ topic, items }) => ({
      name: topic,
      partitions: items,
    }));
    const body: OffsetCommitRequest = { groupId: this.spec.group!, generationIdOrMemberEpoch: this.generation, memberId: this.memberId, groupInstanceId: null, retentionTimeMs: -1, topics };
    const asked = changed.map((o) => o.done);
    this.ask(this.coordinator, 'group', KEY.OffsetCommit, 8, body, (response) => {
      const ok = (response?.body as OffsetCommitResponse | undefined)?.topics.every((t) => t.partitions.every((p) => p.errorCode === 0)) ?? false;
      if (ok) changed.forEach((o, i) => (o.committed = asked[i]!));
      then?.();
    });
  }

  /* ---- records ---- */

  private fetchAll(): void {
    if (!this.stable) return;
    if (this.offsetsUnstable) {
      this.offsetsUnstable = false;
      this.readCommitted();
      return;
    }
    const ready: { leader: number; parts: Owned[] }[] = [];
    let refresh = false;
    for (const o of this.owned) {
      if (o.position < 0) {
        this.reset(o);
        continue;
      }
      if (o.buffer.length > 0) continue;
      const leader = this.client.partition(o.topic, o.index)?.leader ?? -1;
      if (leader < 0) refresh = true;
      else if (!this.fetching.has(leader)) {
        const of = ready.find((r) => r.leader === leader);
        if (of) of.parts.push(o);
        else ready.push({ leader, parts: [o] });
      }
    }
    for (const { leader, parts } of ready) this.fetch(leader, parts);
    if (refresh) this.client.refresh();
  }

  private fetch(leader: number, parts: readonly Owned[]): void {
    this.fetching.add(leader);
    const topics = byTopic(parts, (o) => ({
      partition: o.index,
      currentLeaderEpoch: this.client.partition(o.topic, o.index)!.leaderEpoch,
      fetchOffset: o.position,
      lastFetchedEpoch: -1,
      logStartOffset: -1,
      partitionMaxBytes: 1_048_576,
    })).map(({ topic, items }) => ({ topic, partitions: items }));
    const body: FetchRequest = {
      replicaId: -1,
      maxWaitMs: this.spec.fetchMaxWaitMs,
      minBytes: 1,
      maxBytes: 52_428_800,
      isolationLevel: this.isolation,
      sessionId: 0,
      sessionEpoch: -1,
      topics,
      forgottenTopicsData: [],
      rackId: '',
    };
    this.ask(leader, 'fetch', KEY.Fetch, 12, body, (response) => {
      this.fetching.delete(leader);
      if (!response) {
        this.client.failedBroker();
        this.client.refresh();
        this.later(0);
        return;
      }
      let stale = false;
      for (const t of (response.body as FetchResponse).responses) {
        for (const p of t.partitions) {
          const o = this.owned.find((x) => x.topic === t.topic && x.index === p.partitionIndex);
          if (!o) continue;
          if (p.errorCode === ERR.OFFSET_OUT_OF_RANGE) o.position = -1;
          else if (p.errorCode !== 0) stale = true;
          else this.take(o, p);
        }
      }
      if (stale) {
        this.client.refresh();
        this.later(0);
      }
      this.poll();
      if (!stale) this.fetchAll();
    });
  }

  private take(o: Owned, answer: FetchPartitionResponse): void {
    takeAnswer(o, answer, this.isolation === 1);
    if (this.metTransactions || !hasTransactions(answer)) return;
    this.metTransactions = true;
    const k = this.kernel;
    k.trace.emit('consumer.metTransaction', this.process.sym, k.cause, k.trace.sym(this.spec.group!), k.trace.sym(o.topic), o.index, k.trace.sym(this.spec.isolationLevel));
  }

  /** Moves the position past the first batch in the buffer if it is not for the application. @returns whether it did. */
  private pass(o: Owned): boolean {
    const passed = passHidden(o);
    if (!passed) return false;
    const k = this.kernel;
    const { from, batch } = passed;
    if (passed.why === 'aborted')
      k.trace.emit(
        'consumer.skipped',
        this.process.sym,
        k.cause,
        k.trace.sym(this.spec.group!),
        k.trace.sym(o.topic),
        o.index,
        from,
        o.position,
        o.position - from,
        batch.firstRecord < 0 ? -1 : batch.firstRecord + from - batch.baseOffset,
      );
    return true;
  }

  /** Hands out up to 500 records and works on them; the next ones follow when the work is done. */
  private poll(): void {
    if (this.working || !this.stable) return;
    const k = this.kernel;
    let taken = 0;
    let passed = false;
    for (const o of this.owned) {
      while (taken < MAX_POLL_RECORDS) {
        if (o.hidden.size > 0 && this.pass(o)) {
          passed = true;
          continue;
        }
        const run = takeRun(o, MAX_POLL_RECORDS - taken);
        if (!run) break;
        if (run.count === 0) {
          passed = true;
          continue;
        }
        taken += run.count;
        k.trace.emit('consumer.delivered', this.process.sym, k.cause, k.trace.sym(this.spec.group!), k.trace.sym(o.topic), o.index, run.offset, o.position, run.count, run.firstRecord);
      }
    }
    if (taken === 0) {
      if (!passed) return;
      for (const o of this.owned) o.done = o.position;
      this.fetchAll();
      return;
    }
    if (this.spec.workUsPerRecord > 0) {
      this.working = true;
      k.setTimer(this.process, taken * this.spec.workUsPerRecord, CLIENT_TIMER.poll, 0, this.era);
    } else {
      for (const o of this.owned) o.done = o.position;
      if (this.owned.some((o) => o.buffer.length > 0)) this.poll();
    }
    this.fetchAll();
  }
}

function byTopic<T extends { readonly topic: string }, R>(items: readonly T[], map: (item: T) => R): { topic: string; items: R[] }[] {
  const out: { topic: string; items: R[] }[] = [];
  for (const item of items) {
    const of = out.find((t) => t.topic === item.topic);
    if (of) of.items.push(map(item));
    else out.push({ topic: item.topic, items: [map(item)] });
  }
  return out;
}
