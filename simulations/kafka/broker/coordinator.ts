// The group coordinator of one broker: classic groups, join and sync, heartbeats, sessions, committed offsets
// (Kafka GroupMetadataManager, ClassicGroup). What must survive it writes into the offsets topic first.
import { OFFSETS_TOPIC } from '../metadata/image.ts';
import { ERR, KEY } from '../protocol/apiKeys.ts';
import { nextOffsetOf } from '../protocol/batch.ts';
import type { HeartbeatRequest, JoinGroupRequest, LeaveGroupRequest, SyncGroupRequest } from '../protocol/messages.ts';
import type { Broker, Request } from './broker.ts';
import { TIMER } from './timers.ts';
import { settled, type Expiring } from './expiry.ts';
import { chooseProtocol, sameProtocols, step, type Group, type Member } from './group.ts';
import { answerJoin, answerSync, assignmentText, drawnNumber, NO_BYTES, refuse, uuid } from './groupAnswers.ts';
import type { GroupEvent } from './groupMachine.ts';
import { foldGroups, groupRecord, internalBatch, type GroupRecord } from './groupStore.ts';
import { commitOffsets, fetchOffsets } from './offsets.ts';
import { offsetsPartitionOf } from './small.ts';

/** offsets.commit.timeout.ms (Kafka 4.0 default). */
const COMMIT_TIMEOUT_US = 5_000_000;

export class Coordinator {
  readonly broker: Broker;
  private readonly groups = new Map<string, Group>();
  private readonly byNumber: Group[] = [];
  private memberCount = 0;
  private readonly members = new Map<number, { group: Group; member: Member }>();
  /** Leader epoch at which each offsets partition was loaded. */
  private readonly loaded = new Map<number, number>();
  /** Member ids given out per client process: names the next one. */
  private readonly idsGiven = new Map<string, number>();

  constructor(broker: Broker) {
    this.broker = broker;
  }

  handle(request: Request): void {
    const body = request.message.body as { groupId: string };
    const home = this.homeOf(body.groupId);
    const error = body.groupId === '' ? ERR.INVALID_GROUP_ID : home < 0 ? ERR.NOT_COORDINATOR : 0;
    if (error !== 0) {
      refuse(this, request, error);
      return;
    }
    switch (request.message.api) {
      case KEY.JoinGroup:
        return this.join(request, body as JoinGroupRequest, home);
      case KEY.SyncGroup:
        return this.sync(request, body as SyncGroupRequest);
      case KEY.Heartbeat:
        return this.heartbeat(request, body as HeartbeatRequest);
      case KEY.LeaveGroup:
        return this.leave(request, body as LeaveGroupRequest);
      case KEY.OffsetCommit:
        return commitOffsets(this, request, home);
      default:
        return fetchOffsets(this, request);
    }
  }

  group(id: string): Group | undefined {
    return this.groups.get(id);
  }

  /** The offsets partition of a group if this broker leads it, loaded; else -1. */
  homeOf(groupId: string): number {
    const home = offsetsPartitionOf(groupId);
    const p = this.broker.partition(OFFSETS_TOPIC, home);
    if (!p || p.role !== 'leader') return -1;
    if (this.loaded.get(home) !== p.state.leaderEpoch) this.load(home, p.state.leaderEpoch);
    return home;
  }

  private load(home: number, leaderEpoch: number): void {
    this.unload(home);
    this.loaded.set(home, leaderEpoch);
    const { kernel } = this.broker;
    for (const [id, stored] of foldGroups(this.broker.transactionalOffsets.load(home, this.broker.partition(OFFSETS_TOPIC, home)!.log.batches))) {
      const group = this.newGroup(id, home);
      for (const [key, committed] of stored.offsets) group.offsets.set(key, committed);
      if (!stored.group) continue;
      group.generation = stored.group.generation;
      group.protocolType = stored.group.protocolType;
      group.protocolName = stored.group.protocolName;
      group.leader = stored.group.leader;
      for (const m of stored.group.members) {
        const member: Member = { ...m, number: this.memberCount++, lastHeardUs: kernel.nowUs, join: null, sync: null };
        group.members.set(m.id, member);
        this.members.set(member.number, { group, member });
        kernel.setTimer(this.broker.process, m.sessionTimeoutMs * 1000, TIMER.session, member.number);
      }
      if (group.members.size > 0) group.state = 'Stable';
    }
  }

  /** This broker no longer leads a partition of the offsets topic: its groups are another broker's. */
  partitionChanged(home: number): void {
    const p = this.broker.partition(OFFSETS_TOPIC, home);
    if (p?.role !== 'leader') this.unload(home);
  }

  private unload(home: number): void {
    this.loaded.delete(home);
    for (const group of this.groups.values()) {
      if (group.home !== home) continue;
      for (const m of group.members.values()) {
        if (m.join) refuse(this, m.join, ERR.NOT_COORDINATOR);
        if (m.sync) refuse(this, m.sync, ERR.NOT_COORDINATOR);
        this.members.delete(m.number);
      }
      step(group, 'unloaded');
      this.groups.delete(group.id);
    }
  }

  newGroup(id: string, home: number): Group {
    const group: Group = {
      id,
      number: this.byNumber.length,
      home,
      state: 'Empty',
      generation: 0,
      protocolType: '',
      protocolName: null,
      leader: null,
      members: new Map(),
      pending: new Set(),
      offsets: new Map(),
      phase: 0,
      initialDelay: null,
    };
    this.byNumber.push(group);
    this.groups.set(id, group);
    return group;
  }

  timer(kind: number, a: number, b: number): void {
    if (kind === TIMER.session) {
      this.sessionTimer(a);
      return;
    }
    const group = this.byNumber[a]!;
    if (group.state === 'Dead') return;
    if (kind === TIMER.pending) {
      for (const id of group.pending) if (drawnNumber(id) === b) group.pending.delete(id);
      this.maybeCompleteJoin(group);
    } else if (group.phase !== b) return;
    else if (kind === TIMER.join) this.joinTimer(group);
    else this.syncTimer(group);
  }

  private change(group: Group, event: GroupEvent): void {
    const from = step(group, event);
    if (from === null) return;
    const k = this.broker.kernel;
    k.cause = k.trace.emit('group.stateChanged', this.broker.process.sym, k.cause, k.trace.sym(group.id), k.trace.sym(from), k.trace.sym(group.state), group.generation, group.members.size);
  }

  /* ---- join ---- */

  private join(request: Request, body: JoinGroupRequest, home: number): void {
    const { config } = this.broker;
    let group = this.groups.get(body.groupId);
    if (body.sessionTimeoutMs < config.groupMinSessionTimeoutMs || body.sessionTimeoutMs > config.groupMaxSessionTimeoutMs) return refuse(this, request, ERR.INVALID_SESSION_TIMEOUT);
    if (body.groupInstanceId !== null) return refuse(this, request, ERR.UNSUPPORTED_VERSION);
    if (!group) {
      if (body.memberId !== '') return refuse(this, request, ERR.UNKNOWN_MEMBER_ID);
      group = this.newGroup(body.groupId, home);
    }
    if (body.protocols.length === 0 || !this.fits(group, body)) return refuse(this, request, ERR.INCONSISTENT_GROUP_PROTOCOL);
    if (body.memberId === '') {
      const id = this.newMemberId(request);
      if (request.message.apiVersion >= 4) {
        group.pending.add(id);
        this.broker.kernel.setTimer(this.broker.process, body.sessionTimeoutMs * 1000, TIMER.pending, group.number, drawnNumber(id));
        answerJoin(this.broker, request, ERR.MEMBER_ID_REQUIRED, group, id, false);
        return;
      }
      this.addMember(group, id, request, body);
      return;
    }
    if (group.pending.delete(body.memberId)) {
      this.addMember(group, body.memberId, request, body);
      return;
    }
    const member = group.members.get(body.memberId);
    if (!member) return refuse(this, request, ERR.UNKNOWN_MEMBER_ID);
    this.rejoin(group, member, request, body);
  }

  /** Same protocol type, and a protocol that all present members know. */
  private fits(group: Group, body: JoinGroupRequest): boolean {
    if (group.members.size === 0) return true;
    if (group.protocolType !== body.protocolType) return false;
    const others = [...group.members.values()].filter((m) => m.id !== body.memberId);
    return body.protocols.some((p) => others.every((m) => m.protocols.some((q) => q.name === p.name)));
  }

  private newMemberId(request: Request): string {
    const client = request.conn.client.name;
    const n = this.idsGiven.get(client) ?? 0;
    this.idsGiven.set(client, n + 1);
    return `${request.message.clientId}-${uuid(this.broker.kernel.seed, `member/${this.broker.process.name}/${client}/${this.broker.process.incarnation}/${n}`)}`;
  }

  private addMember(group: Group, id: string, request: Request, body: JoinGroupRequest): void {
    const k = this.broker.kernel;
    const member: Member = {
      id,
      client: request.conn.client.name,
      clientId: request.message.clientId,
      number: this.memberCount++,
      sessionTimeoutMs: body.sessionTimeoutMs,
      rebalanceTimeoutMs: body.rebalanceTimeoutMs > 0 ? body.rebalanceTimeoutMs : body.sessionTimeoutMs,
      protocols: body.protocols,
      assignment: NO_BYTES,
      lastHeardUs: k.nowUs,
      join: request,
      sync: null,
    };
    group.members.set(id, member);
    group.leader ??= id;
    group.protocolType = body.protocolType;
    this.members.set(member.number, { group, member });
    k.cause = k.trace.emit('group.memberJoined', this.broker.process.sym, k.cause, k.trace.sym(group.id), k.trace.sym(id), k.trace.sym(member.client));
    k.setTimer(this.broker.process, member.sessionTimeoutMs * 1000, TIMER.session, member.number);
    if (group.initialDelay) group.initialDelay.newcomers = true;
    this.maybeRebalance(group);
  }

  private rejoin(group: Group, member: Member, request: Request, body: JoinGroupRequest): void {
    const unchanged = sameProtocols(member.protocols, body.protocols);
    member.lastHeardUs = this.broker.kernel.nowUs;
    const keep = (group.state === 'CompletingRebalance' && unchanged) || (group.state === 'Stable' && unchanged && member.id !== group.leader);
    if (keep) {
      answerJoin(this.broker, request, 0, group, member.id, group.state === 'CompletingRebalance' && member.id === group.leader);
      return;
    }
    if (group.state === 'Dead') return refuse(this, request, ERR.UNKNOWN_MEMBER_ID);
    if (member.join) refuse(this, member.join, ERR.UNKNOWN_MEMBER_ID);
    member.join = request;
    member.protocols = body.protocols;
    this.maybeRebalance(group);
  }

  /** Starts a rebalance unless one is being prepared, then completes the join if everyone is in. */
  private maybeRebalance(group: Group): void {
    if (group.state === 'PreparingRebalance') {
      this.maybeCompleteJoin(group);
      return;
    }
    const k = this.broker.kernel;
    if (group.state === 'CompletingRebalance') {
      for (const m of group.members.values()) {
        if (!m.sync) continue;
        const sync = m.sync;
        m.sync = null;
        answerSync(this.broker, sync, ERR.REBALANCE_IN_PROGRESS, group, NO_BYTES);
      }
    }
    const wasEmpty = group.state === 'Empty';
    this.change(group, 'rebalance');
    if (wasEmpty && this.broker.config.groupInitialRebalanceDelayMs > 0) {
      const untilUs = k.nowUs + this.broker.config.groupInitialRebalanceDelayMs * 1000;
      group.initialDelay = { untilUs, startedUs: k.nowUs, newcomers: false };
      k.setTimer(this.broker.process, untilUs - k.nowUs, TIMER.join, group.number, group.phase);
      return;
    }
    k.setTimer(this.broker.process, this.rebalanceTimeoutUs(group), TIMER.join, group.number, group.phase);
    this.maybeCompleteJoin(group);
  }

  private rebalanceTimeoutUs(group: Group): number {
    let ms = 0;
    for (const m of group.members.values()) ms = Math.max(ms, m.rebalanceTimeoutMs);
    return ms * 1000;
  }

  private maybeCompleteJoin(group: Group): void {
    if (group.state !== 'PreparingRebalance' || group.initialDelay) return;
    if (group.pending.size > 0) return;
    for (const m of group.members.values()) if (!m.join) return;
    this.completeJoin(group);
  }

  private joinTimer(group: Group): void {
    const delay = group.initialDelay;
    const k = this.broker.kernel;
    if (delay) {
      const leftUs = delay.startedUs + this.rebalanceTimeoutUs(group) - k.nowUs;
      if (delay.newcomers && leftUs > 0) {
        delay.newcomers = false;
        delay.untilUs = k.nowUs + Math.min(this.broker.config.groupInitialRebalanceDelayMs * 1000, leftUs);
        k.setTimer(this.broker.process, delay.untilUs - k.nowUs, TIMER.join, group.number, group.phase);
        return;
      }
      group.initialDelay = null;
    }
    this.completeJoin(group);
  }

  private completeJoin(group: Group): void {
    const k = this.broker.kernel;
    if (group.members.size > 0 && [...group.members.values()].every((m) => !m.join)) {
      // Nobody has rejoined: the phase is armed again.
      k.setTimer(this.broker.process, this.rebalanceTimeoutUs(group), TIMER.join, group.number, group.phase);
      return;
    }
    for (const m of [...group.members.values()]) if (!m.join) this.remove(group, m, 'rebalanceTimeout');
    group.generation++;
    if (group.members.size === 0) {
      group.protocolName = null;
      group.leader = null;
      this.change(group, 'emptied');
      this.persist(group.home, groupRecord(group), () => {});
      return;
    }
    if (!group.leader || !group.members.has(group.leader)) group.leader = [...group.members.keys()][0]!;
    group.protocolName = chooseProtocol(group);
    this.change(group, 'joined');
    const cause = k.cause;
    for (const m of group.members.values()) {
      const request = m.join!;
      m.join = null;
      m.lastHeardUs = k.nowUs;
      k.cause = cause;
      answerJoin(this.broker, request, 0, group, m.id, m.id === group.leader);
    }
    k.cause = cause;
    k.setTimer(this.broker.process, this.rebalanceTimeoutUs(group), TIMER.sync, group.number, group.phase);
  }

  /* ---- sync ---- */

  private sync(request: Request, body: SyncGroupRequest): void {
    const group = this.groups.get(body.groupId);
    const member = group?.members.get(body.memberId);
    if (!group || !member) return refuse(this, request, ERR.UNKNOWN_MEMBER_ID);
    if (body.generationId !== group.generation) return refuse(this, request, ERR.ILLEGAL_GENERATION);
    member.lastHeardUs = this.broker.kernel.nowUs;
    if (group.state === 'PreparingRebalance') return refuse(this, request, ERR.REBALANCE_IN_PROGRESS);
    if (group.state === 'Stable') {
      answerSync(this.broker, request, 0, group, member.assignment);
      return;
    }
    member.sync = request;
    if (member.id !== group.leader) return;
    const given = new Map(body.assignments.map((a) => [a.memberId, a.assignment]));
    for (const m of group.members.values()) m.assignment = given.get(m.id) ?? NO_BYTES;
    const { phase, generation } = group;
    this.persist(group.home, groupRecord(group), (error) => {
      if (group.phase !== phase || group.generation !== generation) return;
      if (error !== 0) {
        for (const m of group.members.values()) {
          m.assignment = NO_BYTES;
          const sync = m.sync;
          m.sync = null;
          if (sync) answerSync(this.broker, sync, ERR.COORDINATOR_NOT_AVAILABLE, group, NO_BYTES);
        }
        this.maybeRebalance(group);
        return;
      }
      this.change(group, 'assigned');
      const k = this.broker.kernel;
      const cause = k.cause;
      for (const m of group.members.values()) {
        k.cause = cause;
        k.trace.emit('group.assigned', this.broker.process.sym, k.cause, k.trace.sym(group.id), k.trace.sym(m.id), k.trace.sym(m.client), group.generation, k.trace.sym(assignmentText(m.assignment)));
        const sync = m.sync;
        m.sync = null;
        if (sync) answerSync(this.broker, sync, 0, group, m.assignment);
      }
    });
  }

  private syncTimer(group: Group): void {
    if (group.state !== 'CompletingRebalance') return;
    for (const m of [...group.members.values()]) if (!m.sync) this.remove(group, m, 'syncTimeout');
    this.maybeRebalance(group);
  }

  /* ---- membership ---- */

  private heartbeat(request: Request, body: HeartbeatRequest): void {
    const group = this.groups.get(body.groupId);
    const member = group?.members.get(body.memberId);
    let error = 0;
    if (!group || !member || group.state === 'Empty') error = ERR.UNKNOWN_MEMBER_ID;
    else if (body.generationId !== group.generation) error = ERR.ILLEGAL_GENERATION;
    else {
      member.lastHeardUs = this.broker.kernel.nowUs;
      if (group.state === 'PreparingRebalance') error = ERR.REBALANCE_IN_PROGRESS;
    }
    this.broker.reply(request, { throttleTimeMs: 0, errorCode: error }, error);
  }

  private leave(request: Request, body: LeaveGroupRequest): void {
    const group = this.groups.get(body.groupId);
    const ids = request.message.apiVersion >= 3 ? body.members.map((m) => m.memberId) : [body.memberId];
    const members: { memberId: string; groupInstanceId: string | null; errorCode: number }[] = [];
    for (const id of ids) {
      const member = group?.members.get(id);
      if (group?.pending.delete(id)) members.push({ memberId: id, groupInstanceId: null, errorCode: 0 });
      else if (!group || !member) members.push({ memberId: id, groupInstanceId: null, errorCode: ERR.UNKNOWN_MEMBER_ID });
      else {
        this.remove(group, member, 'left');
        members.push({ memberId: id, groupInstanceId: null, errorCode: 0 });
        if (group.state !== 'PreparingRebalance') this.maybeRebalance(group);
      }
    }
    if (group) this.maybeCompleteJoin(group);
    const errorCode = request.message.apiVersion >= 3 ? 0 : (members[0]?.errorCode ?? 0);
    this.broker.reply(request, { throttleTimeMs: 0, errorCode, members }, errorCode);
  }

  private remove(group: Group, member: Member, reason: 'left' | 'sessionExpired' | 'rebalanceTimeout' | 'syncTimeout'): void {
    const k = this.broker.kernel;
    group.members.delete(member.id);
    this.members.delete(member.number);
    if (group.leader === member.id) group.leader = [...group.members.keys()][0] ?? null;
    k.cause = k.trace.emit('group.memberLeft', this.broker.process.sym, k.cause, k.trace.sym(group.id), k.trace.sym(member.id), k.trace.sym(member.client), k.trace.sym(reason));
    if (member.join) refuse(this, member.join, ERR.UNKNOWN_MEMBER_ID);
    if (member.sync) refuse(this, member.sync, ERR.UNKNOWN_MEMBER_ID);
  }

  private sessionTimer(number: number): void {
    const entry = this.members.get(number);
    if (!entry) return;
    const { group, member } = entry;
    const k = this.broker.kernel;
    // A member that waits in join or sync is alive; a join itself waits five minutes at most.
    const waiting = member.join !== null || member.sync !== null;
    const deadlineUs = member.lastHeardUs + (member.join ? Math.max(300_000, member.sessionTimeoutMs) : member.sessionTimeoutMs) * 1000;
    if (k.nowUs < deadlineUs || (waiting && !member.join)) {
      k.setTimer(this.broker.process, Math.max(deadlineUs - k.nowUs, 1000), TIMER.session, number);
      return;
    }
    k.cause = -1;
    this.remove(group, member, 'sessionExpired');
    if (group.state === 'PreparingRebalance') this.maybeCompleteJoin(group);
    else this.maybeRebalance(group);
  }

  /* ---- the offsets topic ---- */

  /** Writes a record of this coordinator and tells when it is committed, as acks=all would. */
  persist(home: number, record: GroupRecord, done: (error: number) => void): void {
    const { broker } = this;
    const p = broker.partition(OFFSETS_TOPIC, home);
    if (!p || p.role !== 'leader') return done(ERR.NOT_COORDINATOR);
    if (p.state.isr.length < p.effectiveMinIsr()) return done(ERR.COORDINATOR_NOT_AVAILABLE);
    const k = broker.kernel;
    const placed = p.log.appendAsLeader(internalBatch(record, Math.floor(k.nowUs / 1000)), p.state.leaderEpoch);
    const cause = k.cause;
    k.cause = broker.replication.emitAppend(p, placed, true);
    const settle = (error: number) => {
      if (op.done) return;
      settled(op);
      done(error);
    };
    const op: Expiring = { done: false, expire: () => settle(ERR.COORDINATOR_NOT_AVAILABLE) };
    p.produces.push({
      requiredOffset: nextOffsetOf(placed),
      settle: (error) => settle(error === 0 ? 0 : error === ERR.NOT_ENOUGH_REPLICAS_AFTER_APPEND ? ERR.COORDINATOR_NOT_AVAILABLE : ERR.NOT_COORDINATOR),
    });
    broker.expiry.add(op, COMMIT_TIMEOUT_US);
    for (const s of p.sessions) s.wake();
    broker.replication.advance(p);
    k.cause = cause;
  }
}
