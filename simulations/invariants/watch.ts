// Watches the invariants while a run is computed: reads events as they are emitted and emits invariant.violated at the event that breaks one.
import type { Sym } from '../contract/events.ts';
import type { Scenario } from '../contract/scenario.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { INVARIANT_IDS, INVARIANTS, unmetBy, type ConditionId, type InvariantId } from './catalogue.ts';
import type { Tally, Where } from './judge.ts';
import { watchOutputs, type CommittedOutput } from './outputs.ts';
import { watchOwners } from './owners.ts';
import { firstDifference, Replicas, type Acknowledged, type PartitionView } from './replicas.ts';
import { TopicSettings } from './settings.ts';
import { watchStorage } from './storage.ts';
import { watchTransactions } from './transactions.ts';

/** More sends than one start of a process makes. */
const STARTS = 4_294_967_296;
/** Violations of one invariant that are told in the trace; later ones only count. */
const TOLD = 20;

export interface InvariantResult {
  readonly id: InvariantId;
  readonly held: boolean;
  /** Whether Kafka promises it under these settings; for a violation: whether the first one broke a promise. */
  readonly promised: boolean;
  /** First condition that is not met; '' when promised. */
  readonly unmet: ConditionId | '';
  /** Virtual time of the first violation, microseconds; -1 = none. */
  readonly atUs: number;
  /** Sequence number of the first invariant.violated; -1 = none. */
  readonly seq: number;
  readonly violations: number;
  /** How often the property was put to the test. */
  readonly tested: number;
}

/** @param stopAt ends the run at a violation of one of these that was promised. @param expected what the sinks of stream jobs commit without faults; null = nothing to compare. */
export function watchInvariants(kernel: Kernel, scenario: Scenario, stopAt: readonly InvariantId[], expected: CommittedOutput | null = null): () => InvariantResult[] {
  const { trace } = kernel;
  const ids = scenario.invariants.length > 0 ? INVARIANT_IDS.filter((id) => scenario.invariants.includes(id)) : INVARIANT_IDS;
  const tallies = new Map<InvariantId, Tally>(ids.map((id) => [id, { violations: 0, tested: 0, atUs: -1, seq: -1, promised: true, unmet: '' }]));
  const replicas = new Replicas();
  const settings = new TopicSettings(trace, scenario);
  const onePerFlight = new Set(scenario.processes.filter((p) => p.role === 'producer' && (p.idempotence || p.maxInFlight === 1)).map((p) => trace.sym(p.name)));

  const violated = (id: InvariantId, cause: number, unmet: ConditionId | '', where: Where) => {
    const tally = tallies.get(id);
    if (!tally) return;
    tally.violations++;
    const promised = unmet === '';
    if (tally.violations <= TOLD) {
      const seq = trace.emit(
        'invariant.violated',
        where.view?.leader !== undefined && where.view.leader >= 0 ? where.view.leader : trace.sym(''),
        cause,
        trace.sym(id),
        promised,
        trace.sym(unmet),
        where.view?.topic ?? trace.sym(''),
        where.view?.partition ?? -1,
        where.offset ?? -1,
        trace.sym(where.key ?? ''),
        where.subject ?? trace.sym(''),
        where.record ?? -1,
      );
      if (tally.seq < 0 || (promised && !tally.promised)) {
        tally.seq = seq;
        tally.atUs = kernel.nowUs;
        tally.promised = promised;
        tally.unmet = unmet;
      }
    }
    if (promised && stopAt.includes(id)) kernel.stop('violation', id);
  };
  // What is not watched counts into a tally that nobody reads.
  const tally = (id: InvariantId) => tallies.get(id) ?? { violations: 0, tested: 0, atUs: -1, seq: -1, promised: true, unmet: '' as const };
  const acknowledgedKept = tally('acknowledged-kept');
  const deliveredStands = tally('delivered-stands');
  const forward = tally('high-watermark-forward');
  const bounds = tally('log-bounds');
  const keyOrder = tally('key-order');
  const noDuplicates = tally('no-duplicates');
  const oneOwner = tally('one-owner');
  const replicasAgree = tally('replicas-agree');
  const lossCondition = (view: PartitionView): ConditionId | '' => (view.unclean || settings.mayElectUnclean(view.topic) ? 'clean-election' : view.powerLost ? 'power' : '');
  const keyText = (record: number) => trace.records.at(record)?.key ?? '';

  // A program that starts again counts its sends from 1 again: to Kafka it is another producer.
  const restarts: (number[] | undefined)[] = [];
  trace.watch('process.restarted', (_values, _seq, _time, process) => void (restarts[process] ??= []).push(trace.records.length));
  /** Which start of its producer a record belongs to, from 0. */
  const startOf = (producer: Sym, record: number): number => restarts[producer]?.filter((first) => first <= record).length ?? 0;

  /* ---- order of keys and sequences in the leader's log ---- */
  const judgeBatch = (view: PartitionView, base: number, count: number, first: number, producerId: number, producerEpoch: number, sequence: number, cause: number, quiet: boolean) => {
    if (producerId >= 0 && sequence >= 0) {
      const sequences = replicas.sequencesOf(producerId);
      if (!quiet) {
        const last = sequences.last(view, producerEpoch);
        noDuplicates.tested++;
        if (sequence <= last && last - sequence < 1_000_000_000) violated('no-duplicates', cause, '', { view, offset: base, record: first });
      }
      sequences.note(view, producerEpoch, sequence + count - 1);
    }
    if (first < 0) return;
    for (let i = 0; i < count; i++) {
      const id = first + i;
      const key = trace.records.keyOf(id);
      if (key < 0 || !replicas.firstSight(view, id)) continue;
      const producer = trace.records.producerOf(id);
      const places = replicas.placesOf(producer, producerId);
      if (!quiet) keyOrder.tested++;
      const start = startOf(producer, id);
      const place = start * STARTS + trace.records.nthOf(id);
      const highest = places.of(view, key);
      if (place < highest) {
        if (!quiet && start * STARTS < highest - (highest % STARTS)) continue;
        if (!quiet) violated('key-order', cause, producerId >= 0 || onePerFlight.has(producer) ? '' : 'idempotence', { view, offset: base + i, key: keyText(id), subject: producer, record: id });
      } else places.note(view, key, place);
    }
  };

  /* ---- acknowledged records ---- */
  const lost = (view: PartitionView, cause: number, i: number, entry: Acknowledged) => {
    view.acknowledged.break(i);
    const unmet: ConditionId | '' = entry.acks !== -1 ? 'acks-all' : entry.minIsr < 2 || entry.isrSize < entry.minIsr ? 'min-insync-2' : lossCondition(view);
    violated('acknowledged-kept', cause, unmet, { view, offset: entry.base, key: keyText(entry.first), record: entry.first });
  };
  // What retention has given up and compaction has removed is not lost.
  const stands = (view: PartitionView, entry: Acknowledged) => {
    const log = replicas.log(view, view.leader);
    const found = log.recordAt(entry.base);
    return found === entry.first || (view.cleaned && (entry.base < log.logStart || (found < 0 && entry.base < view.compactedTo)));
  };

  trace.watch('producer.acknowledged', (values, seq) => {
    const topic = values[0]! as Sym;
    const partition = values[1]!;
    const base = values[2]!;
    const first = values[4]!;
    const acks = values[5]!;
    if (base < 0) return;
    const view = replicas.view(topic, partition);
    const entry = { base, first, acks, isrSize: view.isrSize, minIsr: settings.minIsrOf(topic) };
    const i = view.acknowledged.push(entry);
    acknowledgedKept.tested++;
    // An answer may still be under way when its broker loses power: then the log of the next leader decides.
    if (view.leader >= 0 && !replicas.log(view, view.leader).tailLost && !stands(view, entry)) lost(view, seq, i, entry);
  });

  trace.watch('kafka.roleTaken', (values, seq, _time, process) => {
    const topic = values[0]! as Sym;
    const partition = values[1]!;
    const role = values[2]! as Sym;
    const isr = values[6]! as Sym;
    if (trace.text(role) !== 'leader') return;
    const view = replicas.view(topic, partition);
    const former = view.leader;
    view.leader = process;
    view.isrSize = trace.text(isr).split(',').length;
    view.isr = trace.text(isr);
    const tailLost = replicas.log(view, process).takeTailLost();
    if ((former === process && !tailLost) || former < 0) return;
    for (let i = 0; i < view.acknowledged.length; i++) {
      acknowledgedKept.tested++;
      if (view.acknowledged.broken(i)) continue;
      const entry = view.acknowledged.get(i);
      if (!stands(view, entry)) lost(view, seq, i, entry);
    }
    if (view.leaderDropped) {
      view.leaderDropped = false;
      view.replicas[former] = undefined;
    }
    replicas.forget(view);
    const log = replicas.log(view, process);
    for (let i = 0; i < log.length; i++) judgeBatch(view, log.base(i), log.count(i), log.first(i), log.producerId(i), log.producerEpoch(i), log.sequence(i), seq, true);
  });

  trace.watch('kafka.append', (values, seq, _time, process) => {
    const topic = values[0]! as Sym;
    const partition = values[1]!;
    const leader = values[2] === 1;
    const base = values[3]!;
    const count = values[4]!;
    const first = values[5]!;
    const producerId = values[8]!;
    const producerEpoch = values[9]!;
    const sequence = values[10]!;
    const digest = values[11]!;
    const view = replicas.view(topic, partition);
    const log = replicas.log(view, process);
    if (leader) {
      log.push(base, count, first, digest, producerId, producerEpoch, sequence);
      if (view.leader < 0) view.leader = process;
      if (process !== view.leader) return; // A deposed leader that has not heard of it: its log no longer counts.
      judgeBatch(view, base, count, first, producerId, producerEpoch, sequence, seq, false);
      for (let o = base; o < base + count && o < view.delivered.length; o++) {
        const handed = view.delivered[o] ?? -1;
        if (handed < 0) continue;
        deliveredStands.tested++;
        if (handed !== first + o - base) violated('delivered-stands', seq, lossCondition(view), { view, offset: o, key: keyText(handed), record: handed });
      }
    } else if (view.leader >= 0) {
      const ahead = replicas.log(view, view.leader);
      const at = ahead.indexOf(base);
      log.follow(ahead, at, base, count, first, digest, producerId, producerEpoch, sequence);
      if (at >= 0 && base < ahead.highWatermark) {
        replicasAgree.tested++;
        const same = base < view.compactedTo ? first < 0 || ahead.recordAt(base) === first : ahead.base(at) === base && ahead.digest(at) === digest;
        if (!same) violated('replicas-agree', seq, lossCondition(view), { view, offset: base, subject: process, record: first });
      }
    } else log.push(base, count, first, digest, producerId, producerEpoch, sequence);
  });

  trace.watch('kafka.truncate', (values, _seq, _time, process) => {
    const topic = values[0]! as Sym;
    const partition = values[1]!;
    const toOffset = values[2]!;
    const log = replicas.log(replicas.view(topic, partition), process);
    log.truncateTo(toOffset);
    log.highWatermark = Math.min(log.highWatermark, toOffset);
  });

  trace.watch('kafka.leaderElected', (values) => {
    if (values[7] === 1) replicas.view(values[0]! as Sym, values[1]!).unclean = true;
  });
  trace.watch('kafka.replicaDropped', (values, _seq, _time, process) => replicas.drop(replicas.view(values[0]! as Sym, values[1]!), process));
  trace.watch('kafka.topicDeleted', (values) => replicas.dropTopic(values[0]! as Sym));
  trace.watch('kafka.topicCreated', (values) => replicas.dropTopic(values[0]! as Sym));

  trace.watch('kafka.isrChanged', (values, seq) => {
    const topic = values[0]! as Sym;
    const partition = values[1]!;
    const isr = values[2]! as Sym;
    const leader = values[4]!;
    const view = replicas.view(topic, partition);
    view.isr = trace.text(isr);
    view.isrSize = view.isr === '' ? 0 : view.isr.split(',').length;
    if (leader < 0 || view.leader < 0) return;
    const lead = replicas.log(view, view.leader);
    for (const id of view.isr.split(',')) {
      const name = trace.sym(`broker-${id}`);
      const log = name === view.leader ? undefined : view.replicas[name];
      if (!log) continue;
      replicasAgree.tested++;
      const end = Math.min(lead.highWatermark, log.end());
      const differs = firstDifference(view, lead, log, end);
      if (differs >= 0) violated('replicas-agree', seq, lossCondition(view), { view, offset: differs, subject: name });
    }
  });

  trace.watch('kafka.highWatermark', (values, seq, _time, process) => {
    const topic = values[0]! as Sym;
    const partition = values[1]!;
    const offset = values[2]!;
    const logEndOffset = values[4]!;
    const logStartOffset = values[5]!;
    const view = replicas.view(topic, partition);
    const log = replicas.log(view, process);
    forward.tested++;
    bounds.tested++;
    if (offset < log.highWatermark) violated('high-watermark-forward', seq, '', { view, offset, subject: process });
    if (logStartOffset > offset || offset > logEndOffset) violated('log-bounds', seq, '', { view, offset, subject: process });
    log.highWatermark = offset;
  });

  // A restarted replica begins at the high watermark it had last written to disk (every 5 s), which may be lower.
  const forget = (process: Sym) => {
    for (const view of replicas.all()) {
      const log = view.replicas[process];
      if (log) log.highWatermark = -1;
    }
  };
  trace.watch('kafka.lastStableOffset', (values, seq, _time, process) => {
    const view = replicas.view(values[0]! as Sym, values[1]!);
    const offset = values[2]!;
    bounds.tested++;
    if (offset < replicas.log(view, process).logStart || offset > values[3]!) violated('log-bounds', seq, '', { view, offset, subject: process });
  });
  trace.watch('process.killed', (_values, _seq, _time, process) => forget(process));

  trace.watch('consumer.delivered', (values) => {
    const topic = values[1]! as Sym;
    const partition = values[2]!;
    const base = values[3]!;
    const count = values[5]!;
    const first = values[6]!;
    if (first < 0) return;
    const view = replicas.view(topic, partition);
    for (let i = 0; i < count; i++) {
      const offset = base + i;
      const { delivered } = view;
      if (offset >= delivered.length) {
        while (delivered.length < offset) delivered.push(-1);
        delivered.push(first + i);
        continue;
      }
      const before = delivered[offset]!;
      if (before >= 0) {
        deliveredStands.tested++;
        if (before !== first + i) violated('delivered-stands', -1, lossCondition(view), { view, offset, key: keyText(before), record: before });
      }
      delivered[offset] = first + i;
    }
  });

  watchOwners(trace, oneOwner, (topic, partition, group, seq) => violated('one-owner', seq, '', { view: replicas.view(topic, partition), subject: group }));

  const judge = { kernel, replicas, tally, violated, lossCondition };
  watchStorage(judge);
  watchTransactions(judge);
  watchOutputs(judge, scenario, expected);

  return () =>
    ids.map((id) => {
      const t = tallies.get(id)!;
      const unmet =
        t.violations > 0
          ? t.unmet
          : (unmetBy(
              scenario,
              INVARIANTS.find((s) => s.id === id)!,
            ) ?? '');
      return { id, held: t.violations === 0, promised: unmet === '', unmet, atUs: t.atUs, seq: t.seq, violations: t.violations, tested: t.tested };
    });
}
