// A consumer group becomes a classic group again when the last member of the consumer protocol goes, or a static one comes back with the classic
// protocol (Kafka GroupMetadataManager.convertToClassicGroup, ClassicGroup.fromConsumerGroup).
import { timelineOrder } from '../../javaHash.ts';
import { ERR } from '../../protocol/apiKeys.ts';
import { NOTHING, type Assignment } from '../assignment.ts';
import { chooseProtocol, metadataFor, type ClassicGroup } from '../classic/group.ts';
import { prepareRebalance } from '../classic/rebalance.ts';
import type { Coordinator } from '../coordinator.ts';
import type { Gone } from '../modern/draft.ts';
import type { Member, ModernGroup } from '../modern/group.ts';
import { classicRecord, type StoredMember } from '../store.ts';
import { assignmentBytes } from './embedded.ts';

/** Whether those who stay when some go all speak the classic protocol, and may have the group to themselves. */
export function leavesClassicGroup(c: Coordinator, group: ModernGroup, going: ReadonlySet<string>): boolean {
  const staying = [...group.data.members.values()].filter((m) => !going.has(m.id));
  return group.type === 'consumer' && staying.length > 0 && staying.every((m) => m.classic !== null) && allowed(c, staying.length);
}

/** The same when the last member of the consumer protocol is replaced by one of the classic. */
export function leavesClassicGroupTo(c: Coordinator, { data }: ModernGroup, replaced: Member): boolean {
  for (const m of data.members.values()) if ((m.classic === null) !== (m.id === replaced.id)) return false;
  return allowed(c, data.members.size);
}

function allowed(c: Coordinator, members: number): boolean {
  const { groupConsumerMigrationPolicy: policy, groupMaxSize } = c.broker.config;
  return (policy === 'bidirectional' || policy === 'downgrade') && members <= groupMaxSize;
}

/** Members go; those who stay find a rebalance. @param done as of `settle`. @returns whether it is in effect. */
export function downgradeWithout(c: Coordinator, group: ModernGroup, going: ReadonlySet<string>, gone: Gone, done: (error: number) => void): boolean {
  const { data } = group;
  const staying = timelineOrder([...data.members.keys()]).flatMap((id) => (going.has(id) ? [] : [{ member: data.members.get(id)!, target: data.target.get(id) ?? NOTHING }]));
  const k = c.broker.kernel;
  const tell = () => {
    for (const id of going) {
      k.cause = k.trace.emit('group.memberLeft', c.broker.process.sym, k.cause, k.trace.sym(group.id), k.trace.sym(id), k.trace.sym(data.members.get(id)!.client), k.trace.sym(gone));
    }
  };
  return convert(c, group, staying, { tell, after: (classic) => prepareRebalance(c, classic), done });
}

/** A static member takes the place of one of the consumer protocol; nobody has to join again. */
export function downgradeReplacing(c: Coordinator, group: ModernGroup, replaced: Member, joining: Member, done: (error: number) => void): boolean {
  const { data } = group;
  const others = timelineOrder([...data.members.keys()]).flatMap((id) => (id === replaced.id ? [] : [{ member: data.members.get(id)!, target: data.target.get(id) ?? NOTHING }]));
  const k = c.broker.kernel;
  const tell = () => {
    if (joining.id === replaced.id) return;
    k.cause = k.trace.emit(
      'group.memberReplaced',
      c.broker.process.sym,
      k.cause,
      k.trace.sym(group.id),
      k.trace.sym(joining.instanceId!),
      k.trace.sym(joining.id),
      k.trace.sym(replaced.id),
      k.trace.sym(joining.client),
    );
  };
  return convert(c, group, [...others, { member: joining, target: data.target.get(replaced.id) ?? NOTHING }], { tell, after: () => {}, done });
}

interface Downgraded {
  readonly member: Member;
  /** What it was to have, and now has. */
  readonly target: Assignment;
}

/** Registers the classic group: the generation is the group epoch, the leader the first member. It is not possible where a member says nothing readable in the common protocol. */
function convert(
  c: Coordinator,
  group: ModernGroup,
  members: readonly Downgraded[],
  { tell, after, done }: { tell: () => void; after: (classic: ClassicGroup) => void; done: (error: number) => void },
): boolean {
  const { kernel: k, process, image } = c.broker;
  const protocolName = chooseProtocol({ members: new Map(members.map(({ member }) => [member.id, member.classic!])) });
  const stored = members.flatMap(({ member, target }) => {
    const assignment = assignmentBytes(target, metadataFor(member.classic!, protocolName), image);
    return assignment ? [storedMember(member, assignment)] : [];
  });
  const error = stored.length < members.length ? ERR.GROUP_ID_NOT_FOUND : c.log.writable(group.home);
  if (error !== 0) {
    done(error);
    return false;
  }
  const from = group.state;
  const { cause } = k;
  tell();
  const classic = c.newClassicGroup(group.id, group.home, group.offsets);
  c.restore(classic, { kind: 'classic', group: group.id, generation: group.data.groupEpoch, protocolType: 'consumer', protocolName, leader: stored[0]!.id, members: stored });
  k.cause = k.trace.emit('group.converted', process.sym, k.cause, k.trace.sym(group.id), k.trace.sym('classic'), classic.generation, classic.members.size);
  if (from !== classic.state)
    k.cause = k.trace.emit('group.stateChanged', process.sym, k.cause, k.trace.sym(group.id), k.trace.sym(from), k.trace.sym(classic.state), classic.generation, classic.members.size);
  const record = classicRecord(classic);
  after(classic);
  c.log.write(group.home, record, done);
  k.cause = cause;
  return true;
}

function storedMember({ id, instanceId, client, clientId, rebalanceTimeoutMs, classic }: Member, assignment: Uint8Array): StoredMember {
  return { id, instanceId, client, clientId, rebalanceTimeoutMs, sessionTimeoutMs: classic!.sessionTimeoutMs, protocols: classic!.protocols, assignment };
}
