// The group coordinator of one broker: which groups it keeps, what it writes of them into the offsets topic, and who handles which request
// (Kafka GroupCoordinatorService, CoordinatorRuntime). What must survive it is in the offsets topic first.
import type { Broker, Request } from '../broker/broker.ts';
import { offsetsPartitionOf } from '../broker/small.ts';
import { TIMER } from '../broker/timers.ts';
import { OFFSETS_TOPIC } from '../metadata/image.ts';
import type { MetadataRecord } from '../metadata/image.ts';
import { ERR, KEY } from '../protocol/apiKeys.ts';
import type { ConsumerGroupDescribeRequest, ConsumerGroupHeartbeatRequest } from '../protocol/groupMessages.ts';
import type { ShareGroupDescribeRequest, ShareGroupHeartbeatRequest } from '../protocol/shareMessages.ts';
import { drawUuid } from '../protocol/uuid.ts';
import type { HeartbeatRequest, JoinGroupRequest, LeaveGroupRequest, SyncGroupRequest } from '../protocol/messages.ts';
import { deleteGroups, deleteOffsets, describeGroups, listGroups } from './administration.ts';
import { answerSync, NO_BYTES, refuseJoin } from './classic/answers.ts';
import { step, subscribedTopics, type ClassicGroup, type ClassicMember } from './classic/group.ts';
import { joinClassic } from './classic/join.ts';
import { heartbeatClassic, leaveClassic, removeExpired } from './classic/membership.ts';
import { joinExpired, prepareRebalance, syncExpired, touch } from './classic/rebalance.ts';
import { syncClassic } from './classic/sync.ts';
import { describeConsumerGroups } from './consumer/describe.ts';
import { heartbeatConsumer, refuseConsumerHeartbeat } from './consumer/heartbeat.ts';
import { resolveRegexes } from './consumer/subscriptions.ts';
import { Deadlines, type Deadline } from '../deadlines.ts';
import { uuid } from './memberIds.ts';
import type { Offsets } from './committed.ts';
import { tellLoaded, type Gone } from './modern/draft.ts';
import { fence } from './modern/fence.ts';
import { emptyData, newGroup, type GroupData, type ModernGroup } from './modern/group.ts';
import { dropTimers, setRebalanceTimer, touchMember } from './modern/timers.ts';
import { commitOffsets, fetchOffsets, forgetTopic } from './offsets.ts';
import { OffsetsLog } from './offsetsLog.ts';
import { describeShareGroups, heartbeatShare, refuseShareHeartbeat } from './share/heartbeat.ts';
import { foldGroups, type ClassicRecord } from './store.ts';

/** From this version on a SyncGroup must say which protocol type and protocol its member speaks. */
const NAMES_PROTOCOL = 5;

export type AnyGroup = ClassicGroup | ModernGroup;

export class Coordinator {
  readonly broker: Broker;
  readonly deadlines: Deadlines;
  readonly log: OffsetsLog;
  readonly groups = new Map<string, AnyGroup>();
  /** Metadata offset after the last topic was created. */
  topicsCreatedAt = 0;
  /** Leader epoch at which each offsets partition was loaded. */
  private readonly loaded = new Map<number, number>();
  /** Member ids given out per client process: names the next one. */
  private readonly idsGiven = new Map<string, number>();

  constructor(broker: Broker) {
    this.broker = broker;
    this.log = new OffsetsLog(broker);
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
      case KEY.ConsumerGroupDescribe:
        return describeConsumerGroups(this, request, body as ConsumerGroupDescribeRequest);
      case KEY.ConsumerGroupHeartbeat:
        return this.handleConsumer(request, body as ConsumerGroupHeartbeatRequest);
      case KEY.ShareGroupDescribe:
        return describeShareGroups(this, request, body as ShareGroupDescribeRequest);
      case KEY.ShareGroupHeartbeat:
        return this.handleShare(request, body as ShareGroupHeartbeatRequest);
      default:
        return this.handleMember(api, request, body as { groupId: string });
    }
  }

  private handleConsumer(request: Request, body: ConsumerGroupHeartbeatRequest): void {
    const home = this.homeOf(body.groupId);
    if (home < 0) refuseConsumerHeartbeat(this, request, { errorCode: ERR.NOT_COORDINATOR, message: null });
    else heartbeatConsumer(this, request, body, home);
  }

  private handleShare(request: Request, body: ShareGroupHeartbeatRequest): void {
    const home = this.homeOf(body.groupId);
    if (home < 0) refuseShareHeartbeat(this, request, { errorCode: ERR.NOT_COORDINATOR, message: null });
    else heartbeatShare(this, request, body, home);
  }

  private handleMember(api: number, request: Request, body: { groupId: string }): void {
    const home = this.homeOf(body.groupId);
    const error = body.groupId === '' ? ERR.INVALID_GROUP_ID : home < 0 ? ERR.NOT_COORDINATOR : 0;
    switch (api) {
      case KEY.JoinGroup: {
        const join = body as JoinGroupRequest;
        return error === 0 ? joinClassic(this, request, join, home) : refuseJoin(this.broker, request, error, join.memberId);
      }
      case KEY.SyncGroup: {
        const sync = body as SyncGroupRequest;
        const unsaid = request.message.apiVersion >= NAMES_PROTOCOL && (sync.protocolType === null || sync.protocolName === null) ? ERR.INCONSISTENT_GROUP_PROTOCOL : error;
        return unsaid === 0 ? syncClassic(this, request, sync) : answerSync(this.broker, request, unsaid, null, NO_BYTES);
      }
      case KEY.Heartbeat:
        return error === 0 ? heartbeatClassic(this, request, body as HeartbeatRequest, home) : this.broker.reply(request, { throttleTimeMs: 0, errorCode: error }, error);
      case KEY.LeaveGroup:
        return error === 0 ? leaveClassic(this, request, body as LeaveGroupRequest, home) : this.broker.reply(request, { throttleTimeMs: 0, errorCode: error, members: [] }, error);
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
    this.adopt(group);
    return group;
  }

  /** @param prefix client id, or group.instance.id of a static member. */
  newMemberId(request: Request, prefix: string): string {
    return `${prefix}-${uuid(this.broker.kernel.seed, this.memberName(request))}`;
  }

  /** For a member of a group whose assignment the broker computes, which brought no id. */
  newUuid(request: Request): string {
    return drawUuid(this.broker.kernel.seed, this.memberName(request));
  }

  /** What an id given to a client is drawn from. */
  private memberName(request: Request): string {
    const { process } = this.broker;
    const client = request.conn.client.name;
    const n = this.idsGiven.get(client) ?? 0;
    this.idsGiven.set(client, n + 1);
    return `member/${process.name}/${client}/${process.incarnation}/${n}`;
  }

  /** A group that is not registered yet. */
  newModernGroup(type: ModernGroup['type'], id: string, home: number, offsets: Offsets = new Map(), data: GroupData = emptyData()): ModernGroup {
    const group: ModernGroup = newGroup(type, id, home, { data, offsets, resolving: this.deadlines.make(() => resolveRegexes(this, group)) });
    return group;
  }

  /** Registers a group, in the place of one of another protocol. */
  adopt(group: AnyGroup): void {
    const before = this.groups.get(group.id);
    if (before === group) return;
    if (before) this.forget(before);
    this.groups.set(group.id, group);
  }

  /** Drops a group from memory, with its deadlines. */
  forget(group: AnyGroup): void {
    this.groups.delete(group.id);
    if (group.type === 'classic') {
      step(group, 'unloaded');
      for (const m of group.members.values()) this.deadlines.drop(m.session);
      for (const d of group.pending.values()) this.deadlines.drop(d);
      this.deadlines.drop(group.joinDeadline);
      this.deadlines.drop(group.syncDeadline);
      return;
    }
    group.state = 'Dead';
    this.deadlines.drop(group.resolving);
    for (const id of [...group.timers.keys(), ...group.classicTimers.keys()]) dropTimers(this, group, id);
  }

  /** A member of a group was not heard of, or has not given up what it was to. */
  memberExpired(group: ModernGroup, id: string, gone: Exclude<Gone, 'left'>, deadline: Deadline): void {
    if (gone === 'sessionExpired') this.broker.kernel.cause = -1;
    fence(this, group, [id], gone, undefined, deadline);
  }

  /** Topics may have changed: groups compare what they read at the next heartbeat. */
  metadataChanged(records: readonly MetadataRecord[]): void {
    if (records.some((r) => r.type === 'topic')) this.topicsCreatedAt = this.broker.image.offset;
    for (const group of this.groups.values()) if (group.type !== 'classic') group.metadataExpired = true;
    for (const r of records) if (r.type === 'topicRemoved') forgetTopic(this, r.name);
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
      if (stored.modern) this.restoreModern(this.newModernGroup(stored.modern.type, id, home, stored.offsets, stored.modern.data));
      else {
        const group = this.newClassicGroup(id, home, stored.offsets);
        if (stored.classic) this.restore(group, stored.classic);
      }
    }
    return true;
  }

  /** Sessions begin anew, and so does the time of those who are to give partitions up. */
  private restoreModern(group: ModernGroup): void {
    this.adopt(group);
    for (const id of group.data.members.keys()) {
      touchMember(this, group, id);
      setRebalanceTimer(this, group, id);
    }
    tellLoaded(this, group);
  }

  /** Fills a group that has just been made with what was kept of it. */
  restore(group: ClassicGroup, record: ClassicRecord): void {
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
      const members = group.type === 'classic' ? [...group.members.values()] : [];
      this.forget(group);
      for (const m of members) {
        if (m.join) refuseJoin(this.broker, m.join, ERR.NOT_COORDINATOR, m.id);
        if (m.sync) answerSync(this.broker, m.sync, ERR.NOT_COORDINATOR, null, NO_BYTES);
      }
    }
  }
}
