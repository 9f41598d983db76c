// Reads the partitions of a Kafka source's subtask: offsets in the job's state, one watermark generator for each partition
// (Flink KafkaSourceReader, SourceOperator, ProgressiveTimestampsAndWatermarks).
import type { Kernel, Process } from '../../kernel/kernel.ts';
import type { Conn, Message } from '../../kernel/network.ts';
import { clientSpec, type ProcessSpec } from '../../contract/scenario.ts';
import { Client, CLIENT_TIMER } from '../../kafka/client/client.ts';
import { Reader } from '../../kafka/client/consumer/reader.ts';
import { Deadlines, type Deadline } from '../../kafka/deadlines.ts';
import { StreamError } from '../errors.ts';
import { stringHash } from '../keyGroups.ts';
import type { StreamElement } from '../runtime/elements.ts';
import { countable, MAX_TIME, MIN_TIME } from '../time.ts';
import type { WatermarkGenerator, WatermarkStrategy } from '../watermarks/generators.ts';
import { WatermarkMultiplexer } from '../watermarks/multiplexer.ts';
import type { KafkaSourceSpec } from './kafkaSourceSpec.ts';
import { SourceCommits } from './sourceCommits.ts';

/** Where a split goes on. */
export interface SplitState {
  readonly topic: string;
  readonly partition: number;
  /** Next offset; -1 = where the source begins, -2 = where the partition begins: it was found later. */
  readonly offset: number;
  readonly ended: boolean;
}

interface Split {
  readonly topic: string;
  readonly partition: number;
  readonly id: string;
  readonly generator: WatermarkGenerator<unknown>;
  offset: number;
  ended: boolean;
  paused: boolean;
  watermarkMs: number;
}

export interface SourceHost {
  readonly kernel: Kernel;
  readonly process: Process;
  readonly brokers: number;
  readonly timerBase: number;
  readonly job: string;
  readonly operator: string;
  readonly subtask: number;
  readonly parallelism: number;
  readonly autoWatermarkIntervalMs: number;
  /** There may be something to poll. */
  wake(): void;
  fail(reason: string): void;
  /** Tells the coordinator where the source is, for alignment. */
  report(group: string, watermarkMs: number, idle: boolean): void;
}

/** Position of a partition that is read from its beginning, whatever the source's own beginning is. */
const FROM_BEGINNING = -2;

function splitId(topic: string, partition: number): string {
  return `${topic}-${partition}`;
}

/** Records that are handed on before the task looks at anything else, such as a checkpoint to take. */
const AT_ONCE = 20;

/** Which subtask reads a partition at the first start (Flink KafkaSourceEnumerator.getSplitOwner). */
export function splitOwner(topic: string, partition: number, readers: number): number {
  const start = (Math.imul(stringHash(topic), 31) & 0x7fff_ffff) % readers;
  return (start + partition) % readers;
}

export class KafkaSource {
  private readonly host: SourceHost;
  private readonly spec: KafkaSourceSpec;
  private readonly strategy: WatermarkStrategy<unknown>;
  private readonly client: Client;
  private readonly reader: Reader;
  private readonly deadlines: Deadlines;
  private readonly commits: SourceCommits;
  private readonly multiplexer: WatermarkMultiplexer;
  private readonly tick: Deadline;
  private readonly reportDue: Deadline | null;
  private readonly pending: StreamElement[] = [];
  private splits: Split[] | null = null;
  private restored: { readonly own: readonly SplitState[]; readonly every: readonly SplitState[] } | null = null;
  /** Partitions that some subtask reads, or this one has left to another. */
  private readonly known = new Set<string>();
  private readonly discoveryDue: Deadline | null;
  private discovering = false;
  private idle = false;
  private watermarkMs = MIN_TIME;
  private maxAllowedMs = MAX_TIME;
  private stopped = false;
  /** Event in whose course records were read last; -1 = none yet. */
  private lastRead = -1;

  constructor(host: SourceHost, spec: KafkaSourceSpec, strategy: WatermarkStrategy<unknown>) {
    this.host = host;
    this.spec = spec;
    this.strategy = strategy;
    const { kernel, process, timerBase } = host;
    const client: ProcessSpec = clientSpec({
      name: 'source',
      role: 'consumer',
      group: spec.groupId,
      topics: [...spec.topics],
      isolationLevel: spec.isolationLevel,
      autoOffsetReset: spec.startingOffsets,
      maxPollRecords: AT_ONCE,
    });
    this.client = new Client({ kernel, process, spec: client, brokers: host.brokers, topics: spec.topics, onMetadata: () => this.metadataRead(), timerBase });
    this.deadlines = new Deadlines(kernel, process, timerBase + CLIENT_TIMER.deadline);
    this.reader = new Reader({
      client: this.client,
      spec: client,
      deadlines: this.deadlines,
      onRecords: () => host.wake(),
      onRun: (o, run) => this.take(o.topic, o.partition, o.position, run.firstRecord, run.count, run.offset),
    });
    this.commits = new SourceCommits(this.client, this.deadlines, spec.groupId);
    this.multiplexer = new WatermarkMultiplexer({
      emitWatermark: (timeMs) => this.emitWatermark(timeMs),
      markIdle: () => this.setIdle(true),
      markActive: () => this.setIdle(false),
    });
    this.tick = this.deadlines.make(() => this.periodic());
    const { alignment } = strategy;
    this.reportDue = alignment ? this.deadlines.make(() => this.report()) : null;
    this.discoveryDue = spec.partitionDiscoveryIntervalMs > 0 ? this.deadlines.make(() => this.discover()) : null;
  }

  start(): void {
    this.client.refresh();
    this.deadlines.set(this.tick, this.host.autoWatermarkIntervalMs);
    if (this.reportDue) this.deadlines.set(this.reportDue, this.strategy.alignment!.updateIntervalMs);
    if (this.discoveryDue) this.deadlines.set(this.discoveryDue, this.spec.partitionDiscoveryIntervalMs);
  }

  timer(kind: number, a: number, b: number): void {
    if (!this.client.timer(kind, a, b)) this.deadlines.timer(a, b);
  }

  connected(conn: Conn): void {
    this.client.connected(conn);
  }

  closedConn(conn: Conn): void {
    this.client.closed(conn);
  }

  message(conn: Conn, m: Message): void {
    this.client.message(conn, m);
  }

  private metadataRead(): void {
    if (this.stopped) return;
    if (this.splits) {
      if (this.discovering) this.addFound();
    } else if (this.spec.topics.every((t) => this.client.topics.has(t))) this.assign();
    this.reader.fetchAll();
  }

  private assign(): void {
    const { restored } = this;
    this.splits = [];
    for (const { topic, partition } of restored?.every ?? []) this.known.add(splitId(topic, partition));
    // A checkpoint from before the first look at the topics holds no partitions: the source begins as if there was none.
    const anew = this.known.size === 0;
    this.read(anew ? this.unknown(-1) : restored!.own);
    if (!anew) this.addFound();
  }

  /** Partitions that nobody reads yet and that fall to this subtask. */
  private unknown(offset: number): SplitState[] {
    const { subtask, parallelism } = this.host;
    const found: SplitState[] = [];
    for (const topic of this.spec.topics)
      for (let partition = 0; partition < this.client.topics.get(topic)!.length; partition++) {
        const id = splitId(topic, partition);
        if (this.known.has(id)) continue;
        this.known.add(id);
        if (splitOwner(topic, partition, parallelism) === subtask) found.push({ topic, partition, offset, ended: false });
      }
    return found;
  }

  private read(states: readonly SplitState[]): void {
    const splits = states.map(({ topic, partition, offset, ended }): Split => ({
      topic,
      partition,
      offset,
      ended,
      id: splitId(topic, partition),
      generator: this.strategy.createGenerator(() => this.nowMs()),
      paused: false,
      watermarkMs: MIN_TIME,
    }));
    this.splits!.push(...splits);
    const reading = splits.filter((s) => !s.ended);
    for (const s of reading) this.multiplexer.register(s.id);
    this.reader.add(reading);
    for (const o of this.reader.partitions) {
      const split = reading.find((s) => s.topic === o.topic && s.partition === o.partition);
      if (!split) continue;
      o.position = split.offset;
      o.initialised = true;
    }
    this.host.wake();
  }

  private discover(): void {
    this.deadlines.set(this.discoveryDue!, this.spec.partitionDiscoveryIntervalMs);
    this.discovering = true;
    this.client.refresh();
  }

  /** Takes up partitions that were added since, from their beginning wherever the source itself began (Flink KafkaSourceEnumerator, FLIP-288). */
  private addFound(): void {
    this.discovering = false;
    const found = this.unknown(FROM_BEGINNING);
    const { kernel: k, process, job, operator, subtask } = this.host;
    for (const { topic, partition } of found) k.cause = k.trace.emit('source.splitDiscovered', process.sym, k.cause, k.trace.sym(job), k.trace.sym(operator), subtask, k.trace.sym(topic), partition);
    if (found.length > 0) this.read(found);
  }

  private nowMs(): number {
    const { kernel } = this.host;
    return kernel.epochMs + Math.floor(kernel.nowUs / 1000);
  }

  /* ---- reading ---- */

  poll(): readonly StreamElement[] | null {
    if (this.splits && !this.stopped) {
      this.reader.handOut();
      this.reader.fetchAll();
    }
    return this.pending.length > 0 ? this.pending.splice(0) : null;
  }

  /** All partitions have ended and were handed on. */
  get ended(): boolean {
    return this.splits !== null && this.spec.isEndOfStream !== null && this.splits.every((s) => s.ended) && this.pending.length === 0;
  }

  private take(topic: string, partition: number, position: number, firstRecord: number, count: number, offset: number): void {
    const split = this.splits!.find((s) => s.topic === topic && s.partition === partition)!;
    const { trace, cause } = this.host.kernel;
    const output = this.multiplexer.immediate(split.id);
    this.lastRead = cause;
    for (let i = 0; i < count; i++) {
      const row = trace.records.at(firstRecord + i)!;
      split.offset = offset + i + 1;
      if (this.spec.isEndOfStream?.(row)) {
        this.endSplit(split);
        return;
      }
      const value = this.deserialize(row, split);
      const timestampMs = this.strategy.timestampAssigner ? this.strategy.timestampAssigner(value, row.timestampMs) : row.timestampMs;
      this.pending.push({ kind: 'record', record: { value, timestampMs, key: null, record: firstRecord + i, cause } });
      split.generator.onEvent(value, timestampMs, output);
      split.watermarkMs = this.multiplexer.watermarkOf(split.id);
    }
    split.offset = position;
    this.alignSplit(split);
  }

  private deserialize(row: Parameters<KafkaSourceSpec['deserialize']>[0], split: Split): unknown {
    if (typeof row.value !== 'string') throw new StreamError('RECORD_NOT_READABLE', `The record at ${split.id} offset ${split.offset - 1} has no text to read.`);
    return this.spec.deserialize(row);
  }

  private endSplit(split: Split): void {
    split.ended = true;
    this.multiplexer.unregister(split.id);
    this.reader.remove([split]);
    this.multiplexer.onPeriodicEmit();
    this.host.wake();
  }

  /* ---- time ---- */

  private periodic(): void {
    this.deadlines.set(this.tick, this.host.autoWatermarkIntervalMs);
    // What time it is has been said by the record that was read last.
    if (this.lastRead >= 0) this.host.kernel.cause = this.lastRead;
    for (const split of this.splits ?? []) {
      if (split.ended) continue;
      split.generator.onPeriodicEmit(this.multiplexer.deferred(split.id));
      split.watermarkMs = this.multiplexer.watermarkOf(split.id);
      this.alignSplit(split);
    }
    this.multiplexer.onPeriodicEmit();
  }

  private emitWatermark(timeMs: number): void {
    if (this.idle) this.setIdle(false);
    this.watermarkMs = timeMs;
    this.pending.push({ kind: 'watermark', timeMs, cause: this.host.kernel.cause });
    this.host.wake();
  }

  private setIdle(idle: boolean): void {
    if (this.idle === idle) return;
    this.idle = idle;
    const { kernel: k, process, job, operator, subtask } = this.host;
    k.cause = k.trace.emit('watermark.idle', process.sym, k.cause, k.trace.sym(job), k.trace.sym(operator), subtask, idle);
    this.pending.push({ kind: 'status', active: !idle, cause: k.cause });
    this.host.wake();
  }

  /* ---- alignment ---- */

  private report(): void {
    const { alignment } = this.strategy;
    this.deadlines.set(this.reportDue!, alignment!.updateIntervalMs);
    // A source that has no time yet says nothing, and holds nobody back.
    const watermarkMs = this.splits?.every((s) => s.ended) ? MAX_TIME : this.watermarkMs;
    if (this.idle || watermarkMs > MIN_TIME) this.host.report(alignment!.group, watermarkMs, this.idle);
  }

  /** The coordinator's answer: partitions beyond it wait. */
  align(maxAllowedMs: number): void {
    this.maxAllowedMs = maxAllowedMs;
    for (const split of this.splits ?? []) this.alignSplit(split);
    this.host.wake();
  }

  private alignSplit(split: Split): void {
    const paused = !split.ended && split.watermarkMs > this.maxAllowedMs;
    if (paused === split.paused) return;
    split.paused = paused;
    for (const o of this.reader.partitions) if (o.topic === split.topic && o.partition === split.partition) o.held = paused;
    const { kernel: k, process, job, operator, subtask } = this.host;
    k.trace.emit('source.splitPaused', process.sym, k.cause, k.trace.sym(job), k.trace.sym(operator), subtask, k.trace.sym(split.topic), split.partition, paused, countable(split.watermarkMs));
    if (!paused) this.reader.fetchAll();
  }

  /* ---- checkpoints ---- */

  /** What was polled and not handed on yet is not part of a snapshot: the task takes one only between two polls. */
  snapshot(checkpoint: number): SplitState[] {
    const states = (this.splits ?? this.restored?.own ?? []).map(({ topic, partition, offset, ended }) => ({ topic, partition, offset, ended }));
    this.commits.taken(checkpoint, states);
    return states;
  }

  checkpointComplete(checkpoint: number): void {
    this.commits.complete(checkpoint);
  }

  restore(list: readonly unknown[], every: readonly unknown[]): void {
    this.restored = { own: list as readonly SplitState[], every: every as readonly SplitState[] };
  }

  stopReading(): void {
    if (this.stopped) return;
    this.stopped = true;
    this.reader.stop();
    this.deadlines.drop(this.tick);
    if (this.reportDue) this.deadlines.drop(this.reportDue);
    if (this.discoveryDue) this.deadlines.drop(this.discoveryDue);
  }

  close(then: () => void): void {
    this.stopReading();
    this.commits.close(() => {
      this.client.close();
      then();
    });
  }
}
