// The partitions a consumer reads: where it stands in each, what it fetches, and what it hands out (Kafka SubscriptionState, Fetcher, OffsetsRequestManager).
import type { Sym } from '../../../contract/events.ts';
import type { ProcessSpec } from '../../../contract/scenario.ts';
import type { Kernel, Process } from '../../../kernel/kernel.ts';
import { emitConsumed } from '../../../kernel/hotEvents.ts';
import { partitionKey, type TopicPartition } from '../../assignors/members.ts';
import type { Message } from '../../../kernel/network.ts';
import type { Answer } from '../../channel.ts';
import type { Deadline, Deadlines } from '../../deadlines.ts';
import { ERR, KEY } from '../../protocol/apiKeys.ts';
import type { RecordRun } from '../../protocol/batch.ts';
import { byTopic } from '../../protocol/byTopic.ts';
import type { FetchPartition, FetchPartitionResponse, FetchRequest, FetchResponse, ListOffsetsResponse } from '../../protocol/messages.ts';
import type { Client } from '../client.ts';
import { hasTransactions } from '../isolation.ts';
import { newOwned, passHidden, takeAnswer, takeRun, type Owned } from './owned.ts';

/** The fetch to one leader. */
interface UnderWay {
  busy: boolean;
  parts: readonly Owned[];
  /** Positions that it asks from. */
  asked: readonly number[];
  readonly answer: Answer;
}

export class Reader {
  private readonly client: Client;
  private readonly kernel: Kernel;
  private readonly process: Process;
  private readonly spec: ProcessSpec;
  private readonly again: Deadline;
  private readonly deadlines: Deadlines;
  private readonly onRecords: () => void;
  private readonly onRun: ((o: Owned, run: RecordRun) => void) | null;
  partitions: Owned[] = [];
  /** By leader. */
  private readonly underWay: (UnderWay | undefined)[] = [];
  /** 0 read_uncommitted, 1 read_committed. */
  private readonly isolation: number;
  private metTransactions = false;
  /** Since the last look at all partitions none of them has come to need a fetch, a position or a leader. */
  private allAsked = false;
  private readonly group: Sym;
  /** While it is put together what to fetch: leaders in order, and how many partitions of each. */
  private readonly leaders: number[] = [];
  private readonly counts: number[] = [];
  private readonly ofLeader: Owned[][] = [];

  /** @param onRecords called when there is something to hand out. @param onRun is told what is handed out; valid during the call. */
  constructor(options: { client: Client; spec: ProcessSpec; deadlines: Deadlines; onRecords: () => void; onRun?: (o: Owned, run: RecordRun) => void }) {
    this.onRun = options.onRun ?? null;
    this.client = options.client;
    this.kernel = options.client.kernel;
    this.process = options.client.process;
    this.spec = options.spec;
    this.deadlines = options.deadlines;
    this.onRecords = options.onRecords;
    this.group = this.kernel.trace.sym(this.spec.group ?? '');
    this.isolation = this.spec.isolationLevel === 'read_committed' ? 1 : 0;
    this.again = this.deadlines.make(() => this.fetchAll());
  }

  add(partitions: readonly TopicPartition[]): void {
    for (const tp of partitions) this.partitions.push(newOwned(tp, this.kernel.trace.sym(tp.topic)));
  }

  remove(partitions: readonly TopicPartition[]): void {
    const keys = new Set(partitions.map(partitionKey));
    for (const o of this.partitions) o.gone = keys.has(partitionKey(o));
    this.partitions = this.partitions.filter((o) => !o.gone);
  }

  hold(partitions: readonly TopicPartition[]): void {
    const keys = new Set(partitions.map(partitionKey));
    for (const o of this.partitions) if (keys.has(partitionKey(o))) o.held = true;
  }

  private later(): void {
    this.deadlines.setIfAbsent(this.again, this.spec.retryBackoffMs);
  }

  /** Asks the leader where a partition without a position begins or ends. */
  private reset(o: Owned): void {
    const known = this.client.partition(o.topic, o.partition);
    if (!known || known.leader < 0 || o.asking) return;
    o.asking = true;
    const timestamp = o.position === -2 || this.spec.autoOffsetReset === 'earliest' ? -2 : -1;
    const body = { replicaId: -1, isolationLevel: this.isolation, topics: [{ name: o.topic, partitions: [{ partitionIndex: o.partition, currentLeaderEpoch: known.leaderEpoch, timestamp }] }] };
    this.client.channel(known.leader, 'fetch').send({ api: KEY.ListOffsets, apiVersion: 6, body, bytes: 96, firstRecord: -1, records: 0 }, (response) => {
      o.asking = false;
      if (o.gone) return;
      const answer = (response?.body as ListOffsetsResponse | undefined)?.topics[0]?.partitions[0];
      if (answer?.errorCode === 0) {
        o.position = answer.offset;
        this.fetchAll();
        return;
      }
      this.client.refresh();
      this.later();
    });
  }

  /** Fetches from every leader that no fetch is under way to, for all partitions with a position and nothing fetched. */
  fetchAll(): void {
    const { leaders, counts, ofLeader } = this;
    let ready = 0;
    let refresh = false;
    this.allAsked = true;
    for (const o of this.partitions) {
      if (!o.initialised || o.held) continue;
      if (o.position < 0) {
        this.reset(o);
        this.allAsked = false;
        continue;
      }
      if (o.buffer.length > 0) continue;
      const leader = this.client.partition(o.topic, o.partition)?.leader ?? -1;
      if (leader < 0) refresh = true;
      else if (!this.underWay[leader]?.busy) {
        let at = 0;
        while (at < ready && leaders[at] !== leader) at++;
        if (at === ready) {
          leaders[ready++] = leader;
          counts[at] = 0;
        }
        (ofLeader[at] ??= [])[counts[at]!++] = o;
      }
    }
    for (let i = 0; i < ready; i++) this.fetch(leaders[i]!, ofLeader[i]!.slice(0, counts[i]));
    if (!refresh) return;
    this.allAsked = false;
    this.client.refresh();
  }

  private fetch(leader: number, parts: readonly Owned[]): void {
    const of = (this.underWay[leader] ??= this.newUnderWay(leader));
    of.busy = true;
    of.parts = parts;
    of.asked = parts.map(positionOf);
    const body: FetchRequest = {
      replicaId: -1,
      maxWaitMs: this.spec.fetchMaxWaitMs,
      minBytes: 1,
      maxBytes: 52_428_800,
      isolationLevel: this.isolation,
      sessionId: 0,
      sessionEpoch: -1,
      topics: byTopic(parts, this.askedOf),
      forgottenTopicsData: [],
      rackId: '',
    };
    this.client.channel(leader, 'fetch').send({ api: KEY.Fetch, apiVersion: 12, body, bytes: 96, firstRecord: -1, records: 0 }, of.answer);
  }

  private newUnderWay(leader: number): UnderWay {
    const of: UnderWay = { busy: false, parts: [], asked: [], answer: (response) => this.answered(of, leader, response) };
    return of;
  }

  private answered(of: UnderWay, leader: number, response: Message | null): void {
    of.busy = false;
    this.allAsked = false;
    if (!response) {
      this.client.failedBroker();
      this.client.refresh();
      this.later();
      return;
    }
    const body = response.body as FetchResponse;
    if (body.throttleTimeMs > 0) this.client.channel(leader, 'fetch').throttle(body.throttleTimeMs);
    const stale = this.take(body, of.parts, of.asked);
    if (stale) {
      this.client.refresh();
      this.later();
    }
    this.onRecords();
    if (!stale && !this.allAsked) this.fetchAll();
  }

  /** What a fetch asks for a partition. */
  private readonly askedOf = (o: Owned): FetchPartition => {
    const { leaderEpoch } = this.client.partition(o.topic, o.partition)!;
    if (o.asked?.fetchOffset === o.position && o.asked.currentLeaderEpoch === leaderEpoch) return o.asked;
    return (o.asked = { partition: o.partition, currentLeaderEpoch: leaderEpoch, fetchOffset: o.position, lastFetchedEpoch: -1, logStartOffset: -1, partitionMaxBytes: 1_048_576 });
  };

  /** Keeps what was fetched for partitions that are still read from there. @returns whether the metadata is stale. */
  private take(response: FetchResponse, parts: readonly Owned[], asked: readonly number[]): boolean {
    let stale = false;
    let at = 0;
    for (const t of response.responses) {
      for (const p of t.partitions) {
        // An answer has its partitions in the order of the request, mostly.
        const next = parts[at];
        if (next?.topic !== t.topic || next.partition !== p.partitionIndex) at = parts.findIndex((o) => o.topic === t.topic && o.partition === p.partitionIndex);
        const position = asked[at];
        const o = parts[at++];
        if (!o || o.gone || o.position !== position) continue;
        if (p.errorCode === ERR.OFFSET_OUT_OF_RANGE) o.position = -1;
        else if (p.errorCode !== 0) stale = true;
        else this.keep(o, p);
      }
    }
    return stale;
  }

  private keep(o: Owned, answer: FetchPartitionResponse): void {
    takeAnswer(o, answer, this.isolation === 1);
    if (this.metTransactions || !hasTransactions(answer)) return;
    this.metTransactions = true;
    const k = this.kernel;
    k.trace.emit('consumer.metTransaction', this.process.sym, k.cause, this.group, o.topicSym, o.partition, k.trace.sym(this.spec.isolationLevel));
  }

  /** Hands out up to max.poll.records. @returns how many; 0 also when only what is not for the application was passed over. */
  handOut(): number {
    const most = this.spec.maxPollRecords;
    const k = this.kernel;
    let taken = 0;
    let passed = false;
    for (const o of this.partitions) {
      if (o.held || o.buffer.length === 0) continue;
      while (taken < most) {
        if (o.hidden.size > 0 && this.pass(o)) {
          passed = true;
          continue;
        }
        const run = takeRun(o, most - taken);
        if (!run) break;
        if (run.count === 0) {
          passed = true;
          continue;
        }
        taken += run.count;
        const seq = emitConsumed(k.trace, this.process.sym, k.cause, this.group, o.topicSym, o.partition, run.offset, o.position, run.count, run.firstRecord);
        if (this.onRun) {
          const cause = k.cause;
          k.cause = seq;
          this.onRun(o, run);
          k.cause = cause;
        }
      }
    }
    if (passed || taken > 0) this.allAsked = false;
    if (passed && taken === 0) this.fetchAll();
    return taken;
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
        this.group,
        o.topicSym,
        o.partition,
        from,
        o.position,
        o.position - from,
        batch.firstRecord < 0 ? -1 : batch.firstRecord + from - batch.baseOffset,
      );
    return true;
  }

  stop(): void {
    for (const o of this.partitions) o.gone = true;
    this.partitions = [];
    this.deadlines.drop(this.again);
  }
}

function positionOf(o: Owned): number {
  return o.position;
}
