// The group coordinator of one broker: which groups it keeps, what it writes of them into the offsets topic, and who handles which request
// (Kafka GroupCoordinatorService, CoordinatorRuntime). What must survive it is in the offsets topic first.
import type { Broker, Request } from '../broker/broker.ts';
import { settled, type Expiring } from '../broker/expiry.ts';
import type { Partition } from '../broker/partition.ts';
import { offsetsPartitionOf } from '../broker/small.ts';
import { TIMER } from '../broker/timers.ts';
import { OFFSETS_TOPIC } from '../metadata/image.ts';
import { ERR, KEY } from '../protocol/apiKeys.ts';
import { nextOffsetOf } from '../protocol/batch.ts';
import type { HeartbeatRequest, JoinGroupRequest, LeaveGroupRequest, SyncGroupRequest } from '../protocol/messages.ts';
import { deleteGroups, deleteOffsets, describeGroups, listGroups } from './administration.ts';
import { answerSync, NO_BYTES, refuseJoin } from './classic/answers.ts';
import { step, subscribedTopics, type ClassicGroup, type ClassicMember } from './classic/group.ts';
import { joinClassic } from './classic/join.ts';
import { heartbeatClassic, leaveClassic, removeExpired } from './classic/membership.ts';
import { joinExpired, prepareRebalance, syncExpired, touch } from './classic/rebalance.ts';
import { syncClassic } from './classic/sync.ts';
import { Deadlines } from '../deadlines.ts';
import { uuid } from './memberIds.ts';
import type { Offsets } from './committed.ts';
import { commitOffsets, fetchOffsets } from './offsets.ts';
import { foldGroups, internalBatch, type ClassicRecord, type GroupRecord } from './store.ts';

/** offsets.commit.timeout.ms (Kafka 4.0 default), also of what is written of the groups themselves. */
const WRITE_TIMEOUT_US = 5_000_000;

export type AnyGroup = ClassicGroup;

export class Coordinator {
  readonly broker: Broker;
  readonly deadlines: Deadlines;
  readonly groups = new Map<string, AnyGroup>();
  /** Leader epoch at which each offsets partition was loaded. */
  private readonly loaded = new Map<number, number>();
  /** Member ids given out per client process: names the next one. */
  private readonly idsGiven = new Map<string, number>();

  constructor(broker: Broker) {
    this.broker = broker;
    this.deadlines = new Deadlines(broker.kernel, broker.process, TIMER.group);
  }

  handle(request: Request): void {
    const { body, api } = request.message;
    switch (api) {
      case KEY.OffsetCommit:
        return commitOffsets(this, request);
      case KEY.OffsetFetch:
        return fetchOffsets(this, request);
      case KEY.DescribeGroups:
        return describeGroups(this, request);
      case KEY.ListGroups:
        return listGroups(this, request);
      case KEY.DeleteGroups:
        return deleteGroups(this, request);
      case KEY.OffsetDelete:
        return deleteOffsets(this, request);
      default:
        return this.handleMember(api, request, body as { groupId: string });
    }
  }

  private handleMember(api: number, request: Request, body: { groupId: string }): void {
    const home = this.homeOf(body.groupId);
    const error = body.groupId === '' ? ERR.INVALID_GROUP_ID : home < 0 ? ERR.NOT_COORDINATOR : 0;
    switch (api) {
      case KEY.JoinGroup: {
        const join = body as JoinGroupRequest;
        return error === 0 ? joinClassic(this, request, join, home) : refuseJoin(this.broker, request, error, join.memberId);
      }
      case KEY.SyncGroup:
        return error === 0 ? syncClassic(this, request, body as SyncGroupRequest) : answerSync(this.broker, request, error, null, NO_BYTES);
      case KEY.Heartbeat:
        return error === 0 ? heartbeatClassic(this, request, body as HeartbeatRequest) : this.broker.reply(request, { throttleTimeMs: 0, errorCode: error }, error);
      case KEY.LeaveGroup:
        return error === 0 ? leaveClassic(this, request, body as LeaveGroupRequest) : this.broker.reply(request, { throttleTimeMs: 0, errorCode: error, members: [] }, error);
      default:
        throw new Error(`API ${api} is not the group coordinator's`);
    }
  }

  timer(number: number, arms: number): void {
    this.deadlines.timer(number, arms);
  }

  classicGroup(id: string): ClassicGroup | undefined {
    const group = this.groups.get(id);
    return group?.type === 'classic' ? group : undefined;
  }

  newClassicGroup(id: string, home: number, offsets: Offsets = new Map()): ClassicGroup {
    const group: ClassicGroup = {
      type: 'classic',
      id,
      home,
      state: 'Empty',
      previousState: 'Empty',
      generation: 0,
      protocolType: '',
      protocolName: null,
      leader: null,
      members: new Map(),
      staticMembers: new Map(),
      pending: new Map(),
      pendingSync: new Set(),
      newMemberAdded: false,
      initialDelayMs: 0,
      initialRemainingMs: 0,
      subscribed: null,
      joinDeadline: this.deadlines.make(() => joinExpired(this, group)),
      syncDeadline: this.deadlines.make(() => syncExpired(this, group)),
      offsets,
    };
    this.groups.set(id, group);
    return group;
  }

  /** @param prefix client id, or group.instance.id of a static member. */
  newMemberId(request: Request, prefix: string): string {
    const { process, kernel } = this.broker;
    const client = request.conn.client.name;
    const n = this.idsGiven.get(client) ?? 0;
    this.idsGiven.set(client, n + 1);
    return `${prefix}-${uuid(kernel.seed, `member/${process.name}/${client}/${process.incarnation}/${n}`)}`;
  }

  /** Drops a group from memory, with its deadlines. */
  forget(group: AnyGroup): void {
    step(group, 'unloaded');
    for (const m of group.members.values()) this.deadlines.drop(m.session);
    for (const d of group.pending.values()) this.deadlines.drop(d);
    this.deadlines.drop(group.joinDeadline);
    this.deadlines.drop(group.syncDeadline);
    this.groups.delete(group.id);
  }

  /* ---- coming and going of offsets partitions ---- */

  /** The offsets partition of a group if this broker leads it, loaded; else -1. */
  homeOf(groupId: string): number {
    const home = offsetsPartitionOf(groupId);
    return this.load(home) ? home : -1;
  }

  /** A role for a partition of the offsets topic was taken or lost. */
  partitionChanged(home: number): void {
    if (!this.load(home)) this.unload(home);
  }

  /** Reads the groups of a partition that this broker leads, unless it has them already; loading takes no time here. @returns whether it leads it. */
  private load(home: number): boolean {
    const p = this.broker.partition(OFFSETS_TOPIC, home);
    if (!p || p.role !== 'leader') return false;
    if (this.loaded.get(home) === p.state.leaderEpoch) return true;
    this.unload(home);
    this.loaded.set(home, p.state.leaderEpoch);
    for (const [id, stored] of foldGroups(this.broker.transactionalOffsets.load(home, p.log.batches))) {
      const group = this.newClassicGroup(id, home, stored.offsets);
      if (stored.group) this.restore(group, stored.group);
    }
    return true;
  }

  private restore(group: ClassicGroup, record: ClassicRecord): void {
    group.generation = record.generation;
    group.protocolType = record.protocolType;
    group.protocolName = record.protocolName;
    group.leader = record.leader;
    for (const m of record.members) {
      const member: ClassicMember = { ...m, join: null, sync: null, isNew: false, session: this.deadlines.make(() => removeExpired(this, group, member)) };
      group.members.set(m.id, member);
      if (m.instanceId !== null) group.staticMembers.set(m.instanceId, m.id);
      touch(this, member);
    }
    group.subscribed = subscribedTopics(group);
    if (group.members.size > 0) group.state = 'Stable';
    if (group.members.size > this.broker.config.groupMaxSize) prepareRebalance(this, group);
  }

  private unload(home: number): void {
    if (!this.loaded.delete(home)) return;
    for (const group of [...this.groups.values()]) {
      if (group.home !== home) continue;
      const members = [...group.members.values()];
      this.forget(group);
      for (const m of members) {
        if (m.join) refuseJoin(this.broker, m.join, ERR.NOT_COORDINATOR, m.id);
        if (m.sync) answerSync(this.broker, m.sync, ERR.NOT_COORDINATOR, null, NO_BYTES);
      }
    }
  }

  /* ---- the offsets topic ---- */

  /**
   * Writes a record of this coordinator and tells when it is committed, as acks=all would.
   * @param done takes 0, COORDINATOR_NOT_AVAILABLE or NOT_COORDINATOR.
   * @returns whether it was written at all.
   */
  persist(home: number, record: GroupRecord, done: (error: number) => void): boolean {
    const { broker } = this;
    const p = broker.partition(OFFSETS_TOPIC, home);
    const refused = !p || p.role !== 'leader' ? ERR.NOT_COORDINATOR : p.state.isr.length < p.effectiveMinIsr() ? ERR.COORDINATOR_NOT_AVAILABLE : 0;
    if (refused !== 0 || !p) {
      done(refused);
      return false;
    }
    const k = broker.kernel;
    const placed = p.log.appendAsLeader(internalBatch(record, Math.floor(k.nowUs / 1000)), p.state.leaderEpoch);
    const cause = k.cause;
    k.cause = broker.replication.emitAppend(p, placed, true);
    this.await(p, nextOffsetOf(placed), done);
    for (const s of p.sessions) s.wake();
    broker.replication.advance(p);
    k.cause = cause;
    return true;
  }

  /** Calls back once everything written so far for a partition's groups is committed. */
  afterWrites(home: number, done: (error: number) => void): void {
    const p = this.broker.partition(OFFSETS_TOPIC, home);
    if (!p || p.role !== 'leader') done(ERR.NOT_COORDINATOR);
    else if (p.highWatermark >= p.log.logEndOffset) done(0);
    else this.await(p, p.log.logEndOffset, done);
  }

  private await(p: Partition, requiredOffset: number, done: (error: number) => void): void {
    const settle = (error: number) => {
      if (op.done) return;
      settled(op);
      done(error);
    };
    const op: Expiring = { done: false, expire: () => settle(ERR.COORDINATOR_NOT_AVAILABLE) };
    p.produces.push({
      requiredOffset,
      settle: (error) => settle(error === 0 ? 0 : error === ERR.NOT_ENOUGH_REPLICAS_AFTER_APPEND ? ERR.COORDINATOR_NOT_AVAILABLE : ERR.NOT_COORDINATOR),
    });
    this.broker.expiry.add(op, WRITE_TIMEOUT_US);
  }
}
