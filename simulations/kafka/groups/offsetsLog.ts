// What coordinators of one broker write into the offsets topic, and when it is committed (Kafka CoordinatorRuntime): nothing is answered before
// what it rests on is.
import type { Broker } from '../broker/broker.ts';
import { settled, type Expiring } from '../broker/expiry.ts';
import type { Partition } from '../broker/partition.ts';
import { OFFSETS_TOPIC } from '../metadata/image.ts';
import { ERR } from '../protocol/apiKeys.ts';
import { nextOffsetOf } from '../protocol/batch.ts';
import { internalBatch, type GroupRecord } from './store.ts';

/** offsets.commit.timeout.ms (Kafka 4.0 default), also of what is written of the groups themselves. */
const WRITE_TIMEOUT_US = 5_000_000;

export class OffsetsLog {
  private readonly broker: Broker;

  constructor(broker: Broker) {
    this.broker = broker;
  }

  /** @returns 0 when a partition of the offsets topic can be written to, else NOT_COORDINATOR or, with too few replicas in sync, COORDINATOR_NOT_AVAILABLE. */
  writable(home: number): number {
    const p = this.broker.partition(OFFSETS_TOPIC, home);
    if (!p || p.role !== 'leader') return ERR.NOT_COORDINATOR;
    return p.state.isr.length < p.effectiveMinIsr() ? ERR.COORDINATOR_NOT_AVAILABLE : 0;
  }

  /**
   * Writes a record of this coordinator and tells when it is committed, as acks=all would.
   * @param done takes 0, COORDINATOR_NOT_AVAILABLE or NOT_COORDINATOR.
   * @returns whether it was written at all.
   */
  write(home: number, record: GroupRecord, done: (error: number) => void): boolean {
    const { broker } = this;
    const refused = this.writable(home);
    if (refused !== 0) {
      done(refused);
      return false;
    }
    const p = broker.partition(OFFSETS_TOPIC, home)!;
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
