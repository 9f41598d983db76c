// The times of the ten stories, from Kafka's defaults: nothing here is tuned, and what is drawn has its range said.
import { describe, expect, it } from 'vitest';
import { listed, told, type Told } from '../testing.ts';

const ran = (id: string, seed = 1) => told(listed(id, seed));
const ms = (e: { timeUs: number } | undefined) => e!.timeUs / 1000;
const ofOrders = <E extends { topic: string }>(events: readonly E[]) => events.filter((e) => e.topic === 'orders');
const broken = (r: Told) => r.result.invariants.filter((i) => !i.held).map((i) => i.id);
const errors = (r: Told, api: string, client: string) =>
  r
    .of('request.answered')
    .filter((e) => e.api === api && e.client === client && e.error !== 'NONE')
    .map((e) => e.error);
/** Acknowledgements of acks=all writes in a span. */
const acknowledged = (r: Told, process: string, fromMs: number, toMs: number) => r.of('producer.acknowledged').filter((e) => e.process === process && ms(e) > fromMs && ms(e) < toMs);

describe.each([1, 2, 3])('with seed %i', (seed) => {
  it('A. a follower that stalls leaves the ISR 30 to 45 s after its last fetch; parked writes time out, and their retries are duplicates', () => {
    const r = ran('follower-stalls', seed);
    const shrunk = ofOrders(r.of('kafka.isrChanged'));
    expect(shrunk.map((e) => [e.was, e.isr])).toEqual([['1,2,3', '1,2']]);
    expect(ms(shrunk[0])).toBeGreaterThan(35_000);
    expect(ms(shrunk[0])).toBeLessThanOrEqual(50_010);
    expect(acknowledged(r, 'checkout', 5_010, 35_000)).toEqual([]);
    const late = r.of('request.answered').filter((e) => e.api === 'Produce' && e.error === 'REQUEST_TIMED_OUT');
    expect(late[0]!.latencyUs).toBe(30_000_000);
    const again = ofOrders(r.of('kafka.duplicate'));
    expect(again.length).toBeGreaterThan(0);
    expect(again[0]!.firstRecord).toBe(r.of('producer.retried')[0]!.firstRecord);
    const jump = ofOrders(r.of('kafka.highWatermark')).filter((e) => e.leader && ms(e) > 5_010)[0]!;
    expect(jump.timeUs).toBeGreaterThanOrEqual(shrunk[0]!.timeUs);
    expect(jump.timeUs - shrunk[0]!.timeUs).toBeLessThan(10_000);
    expect(r.of('producer.failed')).toEqual([]);
    expect(broken(r)).toEqual([]);
  });

  it('B. a follower that dies holds writes up for one broker session of 9 s from its last heartbeat, not for 30 s', () => {
    const r = ran('follower-dies', seed);
    const fenced = r.of('kafka.fenced');
    expect(fenced).toMatchObject([{ broker: 3, reason: 'sessionTimeout' }]);
    expect(ms(fenced[0])).toBeGreaterThan(12_000);
    expect(ms(fenced[0])).toBeLessThanOrEqual(14_010);
    expect(ofOrders(r.of('kafka.isrChanged'))).toMatchObject([{ timeUs: fenced[0]!.timeUs, was: '1,2,3', isr: '1,2' }]);
    expect(acknowledged(r, 'checkout', 5_010, ms(fenced[0]))).toEqual([]);
    expect(acknowledged(r, 'checkout', ms(fenced[0]), ms(fenced[0]) + 50).length).toBeGreaterThan(0);
    expect(errors(r, 'Produce', 'checkout')).toEqual([]);
    expect(broken(r)).toEqual([]);
  });

  it('C. a killed leader is succeeded within 9 s by the next in-sync replica; one that is shut down in order, at once', () => {
    const r = ran('leader-leaves', seed);
    const [, killed, ended] = ofOrders(r.of('kafka.leaderElected'));
    expect(killed).toMatchObject({ was: 1, leader: 2, leaderEpoch: 1, isr: '2,3', unclean: false });
    expect(ms(killed)).toBeGreaterThan(12_000);
    expect(ms(killed)).toBeLessThanOrEqual(14_010);
    expect(ended).toMatchObject({ was: 2, leader: 1, leaderEpoch: 2, unclean: false });
    expect(ms(ended) - 45_000).toBeLessThan(5);
    expect(ms(r.of('process.exited')[0])).toBeGreaterThan(ms(ended));
    const heard = (fromMs: number, toMs: number) => [
      ...new Set(
        r
          .of('producer.retried')
          .filter((e) => ms(e) > fromMs && ms(e) < toMs)
          .map((e) => e.error),
      ),
    ];
    expect(heard(5_000, 44_000)).toEqual(['DISCONNECTED']);
    expect(heard(45_000, 60_000)).toEqual(['NOT_LEADER_OR_FOLLOWER']);
    expect(acknowledged(r, 'checkout', 5_010, ms(killed))).toEqual([]);
    expect(acknowledged(r, 'checkout', 45_000, 46_000).length).toBeGreaterThan(5);
    expect(broken(r)).toEqual([]);
  });

  it('D. below min.insync.replicas acks=all is refused, acks=1 is accepted and cannot be read, and the one that died in sync stays eligible', () => {
    const r = ran('two-of-three-die', seed);
    const isr = ofOrders(r.of('kafka.isrChanged'));
    expect(isr[1]!.isr).toBe('1');
    expect(ms(isr[1])).toBeLessThanOrEqual(15_010);
    expect(ofOrders(r.of('kafka.elrChanged')).map((e) => e.elr)).toEqual([isr[0]!.isr.replace('1,', ''), '']);
    expect(new Set(errors(r, 'Produce', 'refunds'))).toEqual(new Set(['NOT_ENOUGH_REPLICAS']));
    expect(acknowledged(r, 'refunds', 0, 35_000)).toEqual([]);
    expect(acknowledged(r, 'cart', ms(isr[1]), 35_000).length).toBeGreaterThan(0);
    const frozen = ofOrders(r.of('kafka.highWatermark')).filter((e) => e.leader && ms(e) > ms(isr[1]) + 5);
    expect(ms(frozen[0])).toBeGreaterThan(35_000);
    expect(r.of('consumer.delivered').filter((e) => ms(e) > ms(isr[1]) + 600 && ms(e) < 35_000)).toEqual([]);
    expect(acknowledged(r, 'refunds', 35_000, 60_000).length).toBeGreaterThan(0);
    expect(broken(r)).toEqual([]);
  });

  it('E. three members within three seconds are one generation after six; a fourth stops all until it is in', () => {
    const r = ran('group-forms', seed);
    const states = r.of('group.stateChanged').filter((e) => e.group === 'recs');
    expect(states.map((e) => [e.to, e.generation, e.members])).toEqual([
      ['PreparingRebalance', 0, 1],
      ['CompletingRebalance', 1, 3],
      ['Stable', 1, 3],
      ['PreparingRebalance', 1, 4],
      ['CompletingRebalance', 2, 4],
      ['Stable', 2, 4],
    ]);
    expect((states[1]!.timeUs - states[0]!.timeUs) / 1000).toBe(6_000);
    expect(ms(states[3]) - 61_000).toBeLessThan(50);
    const learned = r.of('request.answered').filter((e) => e.api === 'Heartbeat' && e.error === 'REBALANCE_IN_PROGRESS');
    expect(new Set(learned.map((e) => e.client)).size).toBe(3);
    for (const e of learned) expect(ms(e) - ms(states[3])).toBeLessThanOrEqual(3_010);
    expect(r.of('consumer.revoked').map((e) => e.owned)).toEqual(['', '', '']);
    expect(ms(states[4]) - ms(states[3])).toBeLessThanOrEqual(3_020);
    expect(r.of('consumer.delivered').filter((e) => ms(e) > ms(states[4]) && ms(e) < ms(states[5]))).toEqual([]);
    expect(broken(r)).toEqual([]);
  });

  it('F. a killed member is missed 45 s after its last heartbeat; a static one that is back in time is not missed', () => {
    const r = ran('member-vanishes', seed);
    const left = r.of('group.memberLeft');
    expect(left.map((e) => [e.client, e.reason])).toEqual([['recs-b', 'sessionExpired']]);
    const beat = r
      .of('request.answered')
      .filter((e) => e.client === 'recs-b' && ['Heartbeat', 'SyncGroup', 'OffsetCommit'].includes(e.api))
      .at(-1)!;
    expect(left[0]!.timeUs - beat.timeUs).toBe(45_000_000);
    expect(r.of('group.memberReplaced')).toMatchObject([{ instance: 'recs-c', client: 'recs-c' }]);
    expect(r.of('group.stateChanged').filter((e) => ms(e) > 75_000)).toEqual([]);
    expect(broken(r)).toEqual([]);
  });

  it('G. a record that takes longer than max.poll.interval.ms goes to another member, and the first cannot commit it', () => {
    const r = ran('poison-record', seed);
    const handed = r.of('consumer.delivered');
    expect(handed.map((e) => [e.baseOffset, e.nextOffset])).toEqual([
      [0, 1],
      [0, 1],
    ]);
    const [first, second] = handed.map((e) => e.process);
    expect(first).not.toBe(second);
    const left = r.of('group.memberLeft')[0]!;
    expect(left).toMatchObject({ client: first, reason: 'left' });
    expect((left.timeUs - handed[0]!.timeUs) / 1000).toBeGreaterThanOrEqual(300_000);
    expect((left.timeUs - handed[0]!.timeUs) / 1000).toBeLessThan(300_010);
    expect((handed[1]!.timeUs - left.timeUs) / 1000).toBeLessThan(3_050);
    expect(r.of('consumer.revoked')[0]).toMatchObject({ process: first, lost: true });
    expect(r.of('offset.committed')).toEqual([]);
  });

  it('H. with the consumer protocol a join moves two partitions within two heartbeats, and the other two are read all the time', () => {
    const r = ran('consumer-protocol-join', seed);
    const steps = r.of('group.memberReconciled');
    const joined = steps.find((s) => s.client === 'recs-b')!;
    expect(joined).toMatchObject({ epoch: 2, state: 'UNRELEASED_PARTITIONS', assigned: '' });
    const asked = steps.find((s) => s.state === 'UNREVOKED_PARTITIONS')!;
    expect(asked).toMatchObject({ client: 'recs-a', epoch: 1 });
    expect(ms(asked) - ms(joined)).toBeLessThanOrEqual(5_010);
    const gaveUp = steps.find((s) => s.client === 'recs-a' && s.epoch === 2)!;
    expect(gaveUp.state).toBe('STABLE');
    const got = steps.find((s) => s.client === 'recs-b' && s.state === 'STABLE')!;
    expect(ms(got) - ms(gaveUp)).toBeLessThanOrEqual(5_010);
    const kept = asked.assigned.split(',');
    expect(kept).toHaveLength(2);
    const read = r.of('consumer.delivered').filter((e) => e.process === 'recs-a' && kept.includes(`watch-events-${e.partition}`) && ms(e) > ms(asked) && ms(e) < ms(got));
    expect(read.length).toBeGreaterThan(0);
    expect(r.of('consumer.revoked')).toHaveLength(1);
    expect(broken(r)).toEqual([]);
  });

  it('I. a zombie is fenced by its successor, and nobody careful ever sees what it had open', () => {
    const r = ran('zombie-producer', seed);
    expect(errors(r, 'InitProducerId', 'pay-new')).toEqual(['CONCURRENT_TRANSACTIONS']);
    expect(errors(r, 'Produce', 'pay-old')).toEqual(['INVALID_PRODUCER_EPOCH']);
    expect(errors(r, 'EndTxn', 'pay-old')).toEqual(['PRODUCER_FENCED']);
    expect(r.of('transaction.stateChanged').find((e) => e.reason === 'fencing')).toMatchObject({ from: 'Ongoing', to: 'PrepareAbort' });
    const done = r
      .of('producer.transactionEnded')
      .filter((e) => e.process === 'pay-old')
      .reduce((n, e) => n + e.records, 0);
    const seen = (reader: string) =>
      r
        .of('consumer.delivered')
        .filter((e) => e.process === reader)
        .flatMap((e) => Array.from({ length: e.records }, (_, i) => r.store.texts[r.store.records[e.firstRecord + i]!.producer]))
        .filter((p) => p === 'pay-old').length;
    expect(seen('careful')).toBe(done);
    expect(seen('hasty')).toBeGreaterThan(done);
    expect(broken(r)).toEqual([]);
  });

  it('J. a transaction that hangs holds read_committed readers for 60 to 70 s, and nobody else', () => {
    const r = ran('hanging-transaction', seed);
    const opened = r.of('kafka.transactionOpened')[0]!;
    const stable = r.of('kafka.lastStableOffset');
    const lastHeld = stable.filter((e) => e.offset === opened.firstOffset).at(-1)!;
    const released = stable.find((e) => e.seq > lastHeld.seq)!;
    expect(ms(released) - ms(opened)).toBeGreaterThan(60_000);
    expect(ms(released) - ms(opened)).toBeLessThan(70_100);
    const before = (reader: string) =>
      r
        .of('consumer.delivered')
        .filter((e) => e.process === reader && e.timeUs < released.timeUs)
        .at(-1)?.nextOffset ?? 0;
    expect(before('careful')).toBe(opened.firstOffset);
    expect(before('hasty')).toBeGreaterThan(500);
    expect(broken(r)).toEqual([]);
  });
});
