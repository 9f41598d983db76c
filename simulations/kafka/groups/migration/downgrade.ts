// A consumer group becomes a classic group again when the last member of the consumer protocol goes, or a static one comes back with the classic
// protocol (Kafka GroupMetadataManager.convertToClassicGroup, ClassicGroup.fromConsumerGroup).
import { timelineOrder } from '../../javaHash.ts';
import { NOTHING, type Assignment } from '../assignment.ts';
import { NO_BYTES } from '../classic/answers.ts';
import { chooseProtocol, metadataFor, subscribedTopics, type ClassicGroup } from '../classic/group.ts';
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
  const staying = timelineOrder([...data.members.keys()]).filter((id) => !going.has(id));
  const k = c.broker.kernel;
  return inEffect(c, group, done, () => {
    for (const id of going) {
      k.cause = k.trace.emit('group.memberLeft', c.broker.process.sym, k.cause, k.trace.sym(group.id), k.trace.sym(id), k.trace.sym(data.members.get(id)!.client), k.trace.sym(gone));
    }
    const classic = converted(
      c,
      group,
      staying.map((id) => ({ member: data.members.get(id)!, target: data.target.get(id) ?? NOTHING })),
    );
    const record = classicRecord(classic);
    prepareRebalance(c, classic);
    return record;
  });
}

/** A static member takes the place of one of the consumer protocol; nobody has to join again. */
export function downgradeReplacing(c: Coordinator, group: ModernGroup, replaced: Member, joining: Member, done: (error: number) => void): boolean {
  const { data } = group;
  const others = timelineOrder([...data.members.keys()]).filter((id) => id !== replaced.id);
  const k = c.broker.kernel;
  return inEffect(c, group, done, () => {
    if (joining.id !== replaced.id) {
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
    }
    const classic = converted(c, group, [
      ...others.map((id) => ({ member: data.members.get(id)!, target: data.target.get(id) ?? NOTHING })),
      { member: joining, target: data.target.get(replaced.id) ?? NOTHING },
    ]);
    return classicRecord(classic);
  });
}

function inEffect(c: Coordinator, group: ModernGroup, done: (error: number) => void, convert: () => ReturnType<typeof classicRecord>): boolean {
  const refused = c.log.writable(group.home);
  if (refused !== 0) {
    done(refused);
    return false;
  }
  const k = c.broker.kernel;
  const { cause } = k;
  c.log.write(group.home, convert(), done);
  k.cause = cause;
  return true;
}

/** The classic group, registered: the generation is the group epoch, and each has what it was to have. */
function converted(c: Coordinator, group: ModernGroup, members: readonly { member: Member; target: Assignment }[]): ClassicGroup {
  const from = group.state;
  const { kernel: k, process, image } = c.broker;
  const classic = c.newClassicGroup(group.id, group.home, group.offsets);
  c.restore(classic, {
    kind: 'classic',
    group: group.id,
    generation: group.data.groupEpoch,
    protocolType: 'consumer',
    protocolName: null,
    leader: members[0]!.member.id,
    members: members.map(({ member }) => stored(member)),
  });
  classic.protocolName = chooseProtocol(classic);
  classic.subscribed = subscribedTopics(classic);
  k.cause = k.trace.emit('group.converted', process.sym, k.cause, k.trace.sym(group.id), k.trace.sym('classic'), classic.generation, classic.members.size);
  for (const { member, target } of members) {
    const m = classic.members.get(member.id)!;
    m.assignment = assignmentBytes(target, metadataFor(m, classic.protocolName), image);
  }
  if (from !== classic.state)
    k.cause = k.trace.emit('group.stateChanged', process.sym, k.cause, k.trace.sym(group.id), k.trace.sym(from), k.trace.sym(classic.state), classic.generation, classic.members.size);
  return classic;
}

function stored({ id, instanceId, client, clientId, rebalanceTimeoutMs, classic }: Member): StoredMember {
  return { id, instanceId, client, clientId, rebalanceTimeoutMs, sessionTimeoutMs: classic!.sessionTimeoutMs, protocols: classic!.protocols, assignment: NO_BYTES };
}
