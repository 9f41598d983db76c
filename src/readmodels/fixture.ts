// A trace made by hand for tests: three brokers, one topic, a producer and a group; broker-2 is killed at 3 s with two records that
// only it has acknowledged, the others take over at 5 s, and it comes back at 7 s and cuts its log.
import type { EventName, EventValues, Sym } from '../../simulations/contract/events.ts';
import { TraceWriter } from '../../simulations/kernel/trace.ts';
import { TraceStore } from '../../simulations/kernel/traceStore.ts';
import { draw32, drawKey } from '../../simulations/kernel/draws.ts';

export interface Fixture {
  readonly store: TraceStore;
  readonly horizonUs: number;
}

const TOPIC = 'watch-events';

/** @param size about how many batches are sent. @param partitions of the one topic. */
export function makeTrace({ seed = 1, size = 120, partitions = 3, horizonUs = 10_000_000 } = {}): Fixture {
  const store = new TraceStore();
  const writer = new TraceWriter((chunk) => store.append(chunk));
  const luck = drawKey(seed, 'fixture');
  let drawn = 0;
  const draw = (bound: number) => draw32(luck, drawn++) % bound;
  const sym = (text: string): Sym => writer.sym(text);
  const topic = sym(TOPIC);
  const none = sym('');
  const emit = <K extends EventName>(name: K, process: string, cause: number, ...values: EventValues<K>) => writer.emit(name, sym(process), cause, ...values);
  const at = (us: number) => {
    writer.nowUs = Math.max(writer.nowUs, Math.round(us));
  };

  emit('run.started', '', -1, sym('fixture'), sym('kafka-4.0'), seed, horizonUs);
  for (const [name, role] of [
    ['controller', 'controller'],
    ['broker-1', 'broker'],
    ['broker-2', 'broker'],
    ['broker-3', 'broker'],
    ['watch-app', 'guest'],
    ['recs-a', 'consumer'],
    ['recs-b', 'consumer'],
  ] as const)
    emit('process.started', name, -1, sym(role), 1);
  const leaderOf: number[] = [];
  const leo: number[][] = [];
  const hw: number[] = [];
  const epoch: number[] = [];
  /** Where the log of the leader that took over ended. */
  const epochStart: number[] = Array.from({ length: partitions }, () => Infinity);
  for (let p = 0; p < partitions; p++) {
    leaderOf[p] = (p % 3) + 1;
    leo[p] = [0, 0, 0, 0];
    hw[p] = 0;
    epoch[p] = 0;
    emit('kafka.leaderElected', 'controller', 0, topic, p, leaderOf[p]!, -1, 0, sym('1,2,3'), sym('1,2,3'), 0);
    for (const b of [1, 2, 3]) emit('kafka.roleTaken', `broker-${b}`, 0, topic, p, sym(b === leaderOf[p] ? 'leader' : 'follower'), leaderOf[p]!, 0, 0, sym('1,2,3'));
  }
  for (const b of [1, 2, 3]) emit('net.connected', 'watch-app', -1, sym(`watch-app#${b}>broker-${b}`), sym('watch-app'), sym(`broker-${b}`));
  emit('group.stateChanged', 'broker-1', -1, sym('recs'), sym('Empty'), sym('PreparingRebalance'), 0, 0);
  const names = Array.from({ length: partitions }, (_, p) => `${TOPIC}-${p}`);
  const half = Math.ceil(partitions / 2);
  for (const [i, client] of ['recs-a', 'recs-b'].entries()) {
    emit('group.memberJoined', 'broker-1', -1, sym('recs'), sym(`${client}#1`), sym(client));
    emit('group.assigned', 'broker-1', -1, sym('recs'), sym(`${client}#1`), sym(client), 1, sym(names.slice(i * half, (i + 1) * half).join(',')));
  }
  emit('group.stateChanged', 'broker-1', -1, sym('recs'), sym('PreparingRebalance'), sym('Stable'), 1, 2);

  let alive = new Set([1, 2, 3]);
  /** What the leader of each partition holds. */
  const batches = names.map((): { base: number; n: number; first: number }[] => []);
  let messages = 0;
  let correlation = 0;
  const committed: number[] = Array.from({ length: partitions }, () => 0);
  const position: number[] = Array.from({ length: partitions }, () => 0);
  const gap = horizonUs / (size + 1);
  let killed = -1;
  let fenced = false;
  let back = false;

  function append(b: number, p: number, base: number, n: number, first: number, cause: number): number {
    const seq = emit('kafka.append', `broker-${b}`, cause, topic, p, b === leaderOf[p], base, n, first, epoch[p]!, n * 80, -1, -1, -1, 7);
    leo[p]![b] = base + n;
    return seq;
  }
  function advance(p: number, cause: number): void {
    const inSync = [1, 2, 3].filter((b) => alive.has(b) || !fenced);
    const next = Math.min(...inSync.map((b) => leo[p]![b]!));
    if (next <= hw[p]!) return;
    hw[p] = next;
    for (const b of inSync) if (alive.has(b)) emit('kafka.highWatermark', `broker-${b}`, cause, topic, p, next, b === leaderOf[p], leo[p]![b]!, 0);
  }

  for (let i = 0; i < size; i++) {
    const start = (i + 1) * gap;
    if (killed < 0 && start >= 0.3 * horizonUs) {
      at(0.3 * horizonUs);
      killed = emit('fault.started', '', -1, 0, sym('kill'), sym('kill broker-2 at 3s for 4s'), 1);
      emit('process.killed', 'broker-2', killed, 1, sym('fault'));
      alive = new Set([1, 3]);
    }
    if (!fenced && start >= 0.5 * horizonUs) {
      at(0.5 * horizonUs);
      const fence = emit('kafka.fenced', 'controller', killed, 2, sym('sessionTimeout'));
      fenced = true;
      for (let p = 0; p < partitions; p++) {
        if (leaderOf[p] !== 2) {
          emit('kafka.isrChanged', 'controller', fence, topic, p, sym('1,3'), sym('1,2,3'), leaderOf[p]!, epoch[p]!, 1);
          continue;
        }
        leaderOf[p] = 3;
        epoch[p]!++;
        epochStart[p] = leo[p]![3]!;
        batches[p] = batches[p]!.filter((batch) => batch.base < leo[p]![3]!);
        const elected = emit('kafka.leaderElected', 'controller', fence, topic, p, 3, 2, epoch[p]!, sym('1,3'), sym('1,2,3'), 0);
        emit('kafka.roleTaken', 'broker-3', elected, topic, p, sym('leader'), 3, epoch[p]!, leo[p]![3]!, sym('1,3'));
        emit('invariant.violated', 'broker-3', elected, sym('acknowledged-kept'), 0, sym('acks-all'), topic, p, leo[p]![3]!, sym('user-1'), none, -1);
      }
    }
    if (!back && start >= 0.7 * horizonUs) {
      at(0.7 * horizonUs);
      back = true;
      const over = emit('fault.ended', '', killed, 0, sym('kill'), sym('kill broker-2 at 3s for 4s'), 1);
      emit('process.restarted', 'broker-2', over, 2);
      emit('kafka.unfenced', 'controller', over, 2, 2);
      for (let p = 0; p < partitions; p++) {
        const cut = Math.min(leo[p]![2]!, epochStart[p]!);
        emit('kafka.truncate', 'broker-2', over, topic, p, cut, leo[p]![2]! - cut);
        leo[p]![2] = cut;
      }
    }
    at(start);
    const p = draw(partitions);
    const n = 1 + draw(4);
    const first = writer.records.length;
    for (let r = 0; r < n; r++) writer.record({ producer: sym('watch-app'), key: draw(9) === 0 ? null : `user-${1 + draw(9)}`, nth: i, value: '{}', timestampMs: 0, bytes: 80 });
    const leader = leaderOf[p]!;
    const sent = emit('producer.sent', 'watch-app', -1, topic, p, n, first, 1, 7);
    const message = messages++;
    const wire = emit(
      'net.sent',
      'watch-app',
      sent,
      sym('watch-app'),
      sym(`broker-${leader}`),
      sym(`watch-app#${leader}>broker-${leader}`),
      sym('Produce'),
      0,
      ++correlation,
      writer.nowUs + 2000,
      n * 80,
      n,
      first,
      -1,
      message,
    );
    if (!alive.has(leader)) {
      at(start + 2000);
      emit('net.dropped', 'watch-app', wire, sym('watch-app'), sym(`broker-${leader}`), sym(`watch-app#${leader}>broker-${leader}`), sym('Produce'), 0, correlation, sym('dead'), -1, -1, message);
      emit('producer.retried', 'watch-app', wire, topic, p, n, first, 2, sym('disconnected'));
      if (draw(3) === 0) emit('producer.failed', 'watch-app', wire, topic, p, n, first, sym('disconnected'));
      continue;
    }
    at(start + 2000);
    const delivered = emit(
      'net.delivered',
      `broker-${leader}`,
      wire,
      sym('watch-app'),
      sym(`broker-${leader}`),
      sym(`watch-app#${leader}>broker-${leader}`),
      sym('Produce'),
      0,
      correlation,
      n,
      first,
      message,
    );
    const base = leo[p]![leader]!;
    const stored = append(leader, p, base, n, first, delivered);
    batches[p]!.push({ base, n, first });
    emit('producer.acknowledged', 'watch-app', stored, topic, p, base, n, first, 1);
    at(start + 4000);
    for (const b of [1, 2, 3]) {
      // Followers lag behind the leader a little; a follower that is down or just about to lose its leader copies nothing.
      if (b === leader || !alive.has(b) || (leader === 2 && start > 0.22 * horizonUs && killed < 0) || draw(8) === 0) continue;
      for (const batch of batches[p]!) if (batch.base === leo[p]![b]) append(b, p, batch.base, batch.n, batch.first, stored);
    }
    advance(p, stored);
    if (hw[p]! > position[p]!) {
      const client = p < half ? 'recs-a' : 'recs-b';
      emit('consumer.delivered', client, stored, sym('recs'), topic, p, position[p]!, hw[p]!, hw[p]! - position[p]!, first);
      position[p] = hw[p]!;
      if (draw(3) === 0) {
        committed[p] = position[p]!;
        emit('offset.committed', 'broker-1', stored, sym('recs'), topic, p, committed[p]!, sym(`${client}#1`));
      }
    }
  }
  at(horizonUs);
  emit('run.ended', '', -1, sym('horizon'), none);
  writer.flush();
  return { store, horizonUs };
}
