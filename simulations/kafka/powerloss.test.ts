// A loss of power: what the others hear of it, and what is on the disk afterwards.
import { describe, expect, it } from 'vitest';
import { told, universe, type Told } from '../testing.ts';

const topic = { name: 't', partitions: 1, replicationFactor: 3, minInsyncReplicas: 2 };
const load = { process: 'p', topic: 't', records: 300, startMs: 2_000, everyUs: 200_000 };
const producer = { name: 'p', role: 'producer' };
const document = { topics: [topic], processes: [producer], workloads: [load], horizonMs: 120_000 };
const L = told(universe({ topics: [topic], horizonMs: 100 }))
  .of('kafka.leaderElected')
  .find((e) => e.topic === 't')!.leader;
const lostIn = (r: Told) => r.of('kafka.tailLost').filter((e) => e.topic === 't');

describe('a loss of power', () => {
  it('takes what was appended in the last 30 s; a kill takes nothing', () => {
    const dark = told(universe(document, [`powerloss broker-${L} at 50s for 20s`]));
    // 5 records a second: 150 of the last 30 s, known to the second.
    expect(lostIn(dark).map((e) => e.process)).toEqual([`broker-${L}`]);
    expect(lostIn(dark)[0]!.removed).toBeGreaterThanOrEqual(149);
    expect(lostIn(dark)[0]!.removed).toBeLessThanOrEqual(156);
    expect(lostIn(told(universe(document, [`kill broker-${L} at 50s for 20s`])))).toEqual([]);
  });

  it('of one broker loses nothing that two others have: it follows them and is in sync again', () => {
    const r = told(universe(document, [`powerloss broker-${L} at 50s for 20s`]));
    expect(r.of('producer.acknowledged').reduce((n, e) => n + e.records, 0)).toBe(300);
    expect(
      r
        .of('kafka.isrChanged')
        .filter((e) => e.topic === 't')
        .at(-1)!
        .isr.split(','),
    ).toHaveLength(3);
    expect(r.result.invariants.filter((i) => !i.held)).toEqual([]);
    expect(r.result.invariants.find((i) => i.id === 'acknowledged-kept')!.tested).toBeGreaterThan(300);
  });

  it('of all brokers loses acknowledged records, and says that nothing promised them', () => {
    const r = told(
      universe(
        document,
        [1, 2, 3].map((b) => `powerloss broker-${b} at 50s for 20s`),
      ),
    );
    expect(lostIn(r)).toHaveLength(3);
    const broken = r.result.invariants.filter((i) => !i.held);
    expect(broken.map((i) => [i.id, i.promised, i.unmet])).toContainEqual(['acknowledged-kept', false, 'power']);
    expect(broken.every((i) => !i.promised)).toBe(true);
    // The cluster works again.
    expect(r.of('producer.acknowledged').at(-1)!.timeUs).toBeGreaterThan(71_000_000);
    const kill = told(
      universe(
        document,
        [1, 2, 3].map((b) => `kill broker-${b} at 50s for 20s`),
      ),
    );
    expect(kill.result.invariants.filter((i) => !i.held)).toEqual([]);
  });

  it('is silent: no connection is reset, and clients learn of it by their time-outs', () => {
    const others = (r: Told) => r.of('net.closed').filter((e) => e.process !== `broker-${L}` && e.timeUs >= 50_000_000 && e.timeUs < 50_100_000);
    expect(others(told(universe(document, [`kill broker-${L} at 50s for 20s`]))).length).toBeGreaterThan(0);
    const r = told(universe(document, [`powerloss broker-${L} at 50s for 20s`]));
    expect(others(r)).toEqual([]);
    expect(r.of('net.delivered').filter((e) => e.from === `broker-${L}` && e.timeUs > 50_001_000 && e.timeUs < 70_000_000)).toEqual([]);
    // The controller fences it when its session ends, as after a kill.
    const fenced = r.of('kafka.fenced').find((e) => e.timeUs > 50_000_000)!;
    expect(fenced.timeUs).toBeGreaterThan(57_000_000);
    expect(fenced.timeUs).toBeLessThan(61_000_000);
  });

  it('without an end lasts until the process is started again, and then the host answers', () => {
    const r = told(universe(document, [`powerloss broker-${L} at 50s`, `restart broker-${L} at 75s`]));
    expect(r.of('process.restarted').map((e) => [e.process, e.timeUs])).toEqual([[`broker-${L}`, 75_000_000]]);
    expect(
      r
        .of('kafka.isrChanged')
        .filter((e) => e.topic === 't')
        .at(-1)!
        .isr.split(','),
    ).toHaveLength(3);
    expect(r.result.invariants.filter((i) => !i.held)).toEqual([]);
  });

  it('leaves transactions whole: what was committed is read once, also when the coordinator loses its tail', () => {
    const processes = [
      { name: 'p', role: 'producer', transactionalId: 'tx', recordsPerTransaction: 5, abortEvery: 4 },
      { name: 'c', role: 'consumer', group: 'g', topics: ['t'], autoOffsetReset: 'earliest', isolationLevel: 'read_committed' },
    ];
    const faults = ['powerloss broker-1 at 12s for 15s', 'powerloss broker-2 at 42s for 15s', 'powerloss broker-3 at 72s for 15s'];
    const r = told(universe({ ...document, processes, workloads: [{ ...load, records: 400 }], horizonMs: 150_000 }, faults));
    const committed = r.of('producer.transactionEnded').reduce((n, e) => n + (e.committed ? e.records : 0), 0);
    const handed = r.of('consumer.delivered').flatMap((e) => Array.from({ length: e.records }, (_, i) => e.firstRecord + i));
    expect(new Set(handed).size).toBe(committed);
    expect(r.result.invariants.filter((i) => !i.held)).toEqual([]);
    expect(r.result.invariants.find((i) => i.id === 'read-committed')!.tested).toBeGreaterThan(20);
  });
});
