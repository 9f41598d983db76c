// A script for tests of groups: what members ask the coordinator and when, each line under a label by which its answer is found.
import { offsetsPartitionOf } from '../broker/small.ts';
import { probe, type Answer, type Ask } from '../probe.test-helper.ts';
import { KEY } from '../protocol/apiKeys.ts';
import { ZERO_UUID } from '../protocol/layout.ts';
import { toUtf8 } from '../protocol/utf8.ts';

export const TOPICS = [{ name: 't', partitions: 6, replicationFactor: 3, minInsyncReplicas: 2 }];

/** The broker that coordinates a group, in a cluster with seed 1. */
export function coordinatorOf(group: string): number {
  return probe({ topics: TOPICS, horizonMs: 10 }, [])
    .of('kafka.leaderElected')
    .find((e) => e.topic === '__consumer_offsets' && e.partition === offsetsPartitionOf(group))!.leader;
}

/** Id of a topic in a cluster with seed 1. */
export function topicIdOf(topic: string, topics: readonly Fields[] = TOPICS): string {
  const { answers } = probe({ topics, horizonMs: 3_000 }, [
    { atMs: 1, broker: 1, api: KEY.Metadata, version: 12, body: { topics: [{ topicId: ZERO_UUID, name: topic }], allowAutoTopicCreation: false, includeTopicAuthorizedOperations: false } },
  ]);
  return (answers[0]!.body as unknown as { topics: { topicId: string }[] }).topics[0]!.topicId;
}

export type Fields = Readonly<Record<string, unknown>>;
type Found = (label: string) => Fields;

export class Script {
  readonly group: string;
  readonly coordinator: number;
  /** Id of t. */
  readonly topicId: string;
  private readonly asks: Ask[] = [];
  private readonly labels: string[] = [];

  constructor(group = 'g', topicId = '') {
    this.group = group;
    this.topicId = topicId;
    this.coordinator = coordinatorOf(group);
  }

  /** Asks the coordinator on a connection of its own, named by the label unless said otherwise. */
  ask(label: string, atMs: number, api: number, version: number, body: Fields | ((of: Found) => Fields), on: string = label, broker = this.coordinator): this {
    this.labels.push(label);
    const labelled = (answers: readonly Answer[]) => (typeof body === 'function' ? body((l) => this.found(answers, l)) : body);
    this.asks.push({ atMs, broker, api, version, body: labelled, on });
    return this;
  }

  private found(answers: readonly (Answer | undefined)[], label: string): Fields {
    const answer = answers[this.labels.indexOf(label)];
    if (!answer) throw new Error(`${label} has no answer yet`);
    return answer.body as unknown as Fields;
  }

  /** Body of a JoinGroup. */
  join(memberId: string, over: Fields = {}): Fields {
    return {
      groupId: this.group,
      sessionTimeoutMs: 10_000,
      rebalanceTimeoutMs: 20_000,
      memberId,
      groupInstanceId: null,
      protocolType: 'consumer',
      protocols: [{ name: 'range', metadata: new Uint8Array([0, 0]) }],
      reason: null,
      ...over,
    };
  }

  /** A dynamic member joins in its two steps, 50 ms apart; the second is found under its name. */
  enter(name: string, atMs: number, over: Fields = {}, version = 9): this {
    return this.ask(`${name} id`, atMs, KEY.JoinGroup, version, this.join('', over), name).ask(
      name,
      atMs + 50,
      KEY.JoinGroup,
      version,
      (of) => this.join(of(`${name} id`)['memberId'] as string, over),
      name,
    );
  }

  /** A static member joins, under its name as group.instance.id. */
  enterStatic(label: string, instance: string, atMs: number, over: Fields = {}, version = 9): this {
    return this.ask(label, atMs, KEY.JoinGroup, version, this.join('', { groupInstanceId: instance, ...over }));
  }

  /** A member that has joined under `member` joins again. */
  rejoin(label: string, member: string, atMs: number, over: Fields = {}): this {
    return this.ask(label, atMs, KEY.JoinGroup, 9, (of) => this.join(of(member)['memberId'] as string, over));
  }

  /** SyncGroup of a member that joined under `member`; a leader assigns each member its own label. */
  sync(label: string, member: string, atMs: number, assigns: readonly string[] = [], over: Fields = {}): this {
    return this.ask(label, atMs, KEY.SyncGroup, 5, (of) => ({
      groupId: this.group,
      generationId: of(member)['generationId'],
      memberId: of(member)['memberId'],
      groupInstanceId: null,
      protocolType: 'consumer',
      protocolName: of(member)['protocolName'] ?? 'range',
      assignments: assigns.map((name) => ({ memberId: of(name)['memberId'], assignment: toUtf8(name) })),
      ...over,
    }));
  }

  heartbeat(label: string, member: string, atMs: number, over: Fields = {}): this {
    return this.ask(label, atMs, KEY.Heartbeat, 4, (of) => ({ groupId: this.group, generationId: of(member)['generationId'], memberId: of(member)['memberId'], groupInstanceId: null, ...over }));
  }

  leave(label: string, member: string, atMs: number): this {
    return this.ask(label, atMs, KEY.LeaveGroup, 5, (of) => ({ groupId: this.group, memberId: '', members: [{ memberId: of(member)['memberId'], groupInstanceId: null, reason: null }] }));
  }

  /** The first ConsumerGroupHeartbeat of a member, under its id. */
  subscribe(member: string, atMs: number, over: Fields = {}, label = member): this {
    return this.ask(label, atMs, KEY.ConsumerGroupHeartbeat, 1, {
      groupId: this.group,
      memberId: member,
      memberEpoch: 0,
      instanceId: null,
      rackId: null,
      rebalanceTimeoutMs: 20_000,
      subscribedTopicNames: ['t'],
      subscribedTopicRegex: null,
      serverAssignor: null,
      topicPartitions: [],
      ...over,
    });
  }

  /** A ConsumerGroupHeartbeat of a member that has joined. @param owned partitions of t; null = as before. */
  beat(label: string, member: string, epoch: number, atMs: number, owned: readonly number[] | null = null, over: Fields = {}): this {
    const topicPartitions = owned?.length === 0 ? [] : owned && [{ topicId: this.topicId, partitions: owned }];
    return this.subscribe(member, atMs, { memberEpoch: epoch, rebalanceTimeoutMs: -1, subscribedTopicNames: null, topicPartitions, ...over }, label);
  }

  /** A member's commit of offset 7 of t-0. */
  commit(label: string, member: string | null, atMs: number, over: Fields = {}, version = 9): this {
    return this.ask(label, atMs, KEY.OffsetCommit, version, (of) => ({
      groupId: this.group,
      generationIdOrMemberEpoch: member === null ? -1 : of(member)['generationId'],
      memberId: member === null ? '' : of(member)['memberId'],
      groupInstanceId: null,
      retentionTimeMs: -1,
      topics: [{ name: 't', partitions: [{ partitionIndex: 0, committedOffset: 7, committedLeaderEpoch: -1, committedMetadata: null }] }],
      ...over,
    }));
  }

  run(document: Fields = {}, faults: readonly string[] = []) {
    const ran = probe({ topics: TOPICS, horizonMs: 60_000, ...document }, this.asks, faults);
    const at = (label: string) => ran.answers[this.labels.indexOf(label)];
    return {
      ...ran,
      /** Body of an answer. @throws when there is none. */
      got: (label: string): Fields => this.found(ran.answers, label),
      error: (label: string): number => {
        const body = this.found(ran.answers, label);
        const topics = body['topics'] as { partitions: { errorCode: number }[] }[] | undefined;
        return (body['errorCode'] as number | undefined) ?? topics?.[0]?.partitions[0]?.errorCode ?? 0;
      },
      /** When it was answered, milliseconds; undefined = never. */
      when: (label: string): number | undefined => at(label)?.atMs,
      states: () => ran.of('group.stateChanged').filter((e) => e.group === this.group),
    };
  }
}

/** Numbers of the partitions that a ConsumerGroupHeartbeat answers with, in order; null = as before. */
export function partitionsOf(body: Fields): number[] | null {
  const assignment = body['assignment'] as { topicPartitions: { partitions: number[] }[] } | null;
  return assignment && assignment.topicPartitions.flatMap((t) => t.partitions);
}

/** Text of an assignment as `Script.sync` writes it. */
export function assignmentOf(body: Fields): string {
  return String.fromCharCode(...(body['assignment'] as Uint8Array));
}
