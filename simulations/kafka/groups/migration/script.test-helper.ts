// A script with members of both protocols in one group: those of the classic protocol choose their member ids, as they may in a consumer group.
import { decodeEmbedded, encodeEmbedded } from '../../protocol/codec.ts';
import { KEY } from '../../protocol/apiKeys.ts';
import { Script, topicIdOf, type Fields } from '../script.test-helper.ts';

const TOPIC_ID = topicIdOf('t');

/** Protocols of a JoinGroup. @param owned partitions of t that the member still has. */
export function speaking(names: readonly string[], owned: readonly number[] = [], topics: readonly string[] = ['t']): { protocols: Fields[] } {
  const ownedPartitions = owned.length === 0 ? [] : [{ topic: 't', partitions: owned }];
  const metadata = encodeEmbedded('ConsumerProtocolSubscription', 3, { topics, userData: null, ownedPartitions, generationId: -1, rackId: null });
  return { protocols: names.map((name) => ({ name, metadata })) };
}

export function assigning(partitions: readonly number[], userData: Uint8Array | null = null): Uint8Array {
  return encodeEmbedded('ConsumerProtocolAssignment', 3, { assignedPartitions: [{ topic: 't', partitions }], userData });
}

/** Partitions in the answer to a SyncGroup. */
export function given(body: Fields): number[] {
  const read = decodeEmbedded('ConsumerProtocolAssignment', body['assignment'] as Uint8Array);
  if (!read.ok) throw new Error(read.detail);
  return (read.body['assignedPartitions'] as { partitions: number[] }[]).flatMap((t) => t.partitions);
}

interface DescribedMember {
  readonly memberId: string;
  readonly memberEpoch: number;
  readonly memberType: number;
  readonly assignment: { topicPartitions: { partitions: number[] }[] };
  readonly targetAssignment: { topicPartitions: { partitions: number[] }[] };
}

export class Mixed extends Script {
  constructor() {
    super('g', TOPIC_ID);
  }

  /** JoinGroup under an id of the member's choice. */
  classic(label: string, atMs: number, over: Fields = {}, member = label): this {
    return this.ask(label, atMs, KEY.JoinGroup, 9, this.join(member, { ...speaking(['range']), ...over }));
  }

  /** SyncGroup, with what the leader assigns. */
  take(label: string, member: string, generation: number, atMs: number, over: Fields = {}): this {
    return this.ask(label, atMs, KEY.SyncGroup, 5, {
      groupId: 'g',
      generationId: generation,
      memberId: member,
      groupInstanceId: null,
      protocolType: 'consumer',
      protocolName: 'range',
      assignments: [],
      ...over,
    });
  }

  alive(label: string, member: string, generation: number, atMs: number, over: Fields = {}): this {
    return this.ask(label, atMs, KEY.Heartbeat, 4, { groupId: 'g', generationId: generation, memberId: member, groupInstanceId: null, ...over });
  }

  quit(label: string, atMs: number, ...members: readonly Fields[]): this {
    return this.ask(label, atMs, KEY.LeaveGroup, 5, { groupId: 'g', memberId: '', members: members.map((m) => ({ memberId: '', groupInstanceId: null, reason: null, ...m })) });
  }

  describe(label: string, atMs: number, broker?: number): this {
    return this.ask(label, atMs, KEY.ConsumerGroupDescribe, 1, { groupIds: ['g'], includeAuthorizedOperations: false }, label, broker);
  }

  describeClassic(label: string, atMs: number): this {
    return this.ask(label, atMs, KEY.DescribeGroups, 6, { groups: ['g'], includeAuthorizedOperations: false });
  }

  list(label: string, atMs: number): this {
    return this.ask(label, atMs, KEY.ListGroups, 5, { statesFilter: [], typesFilter: [] });
  }

  /** By 1 s a classic group, Stable at generation 3 with a alone, or at 4 with a and b: it was a consumer group whose only other member has left. */
  classicGroup(assigned: Readonly<Record<string, Uint8Array>>, over: Fields = {}): this {
    const ids = Object.keys(assigned);
    const generation = 2 + ids.length;
    this.subscribe('first', 100);
    ids.forEach((id, i) => this.classic(`${id} comes`, 200 + 50 * i, over, id));
    this.beat('first leaves', 'first', -1, 350);
    for (const id of ids) this.classic(`${id} of the classic group`, 450, over, id);
    const assignments = ids.map((memberId) => ({ memberId, assignment: assigned[memberId] }));
    const protocolName = (over['protocols'] as { name: string }[] | undefined)?.[0]!.name ?? 'range';
    for (const id of ids) this.take(`${id} has its part`, id, generation, 600, { assignments, protocolName });
    return this;
  }
}

/** Of each member described: its epoch, type (0 classic, 1 consumer), what it has and what it is to have. */
export function membersOf(body: Fields): Record<string, readonly [epoch: number, type: number, assigned: number[], target: number[]]> {
  const [group] = body['groups'] as { members: DescribedMember[] }[];
  const flat = (a: DescribedMember['assignment']) => a.topicPartitions.flatMap((t) => t.partitions);
  return Object.fromEntries(group!.members.map((m) => [m.memberId, [m.memberEpoch, m.memberType, flat(m.assignment), flat(m.targetAssignment)] as const]));
}

export function groupOf(body: Fields): Fields {
  return (body['groups'] as Fields[])[0]!;
}
