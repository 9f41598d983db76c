// The native producer: its workloads, and batches per partition that linger until they are full or their time is up (Kafka KafkaProducer,
// RecordAccumulator). The sender takes the batches from there.
import type { ProcessSpec, WorkloadSpec } from '../../contract/scenario.ts';
import { drawInt } from '../../kernel/draws.ts';
import type { Behavior, Kernel, Process } from '../../kernel/kernel.ts';
import type { Conn, Message } from '../../kernel/network.ts';
import { partitionForKey } from '../protocol/murmur2.ts';
import { toUtf8 } from '../protocol/utf8.ts';
import { END_OF_STREAM } from '../../story/catalogue.ts';
import { newBatch, RECORD_OVERHEAD, type Lane } from './batches.ts';
import { Client, CLIENT_TIMER } from './client.ts';
import { Sender } from './sender.ts';
import { ProducerTransactions, type Sending, type Transactions } from './transactions.ts';
import { makeLoad, RowNaming, stickyPartition, type Load, type Naming } from './workload.ts';

/** What a producer needs that is a part of a process instead of all of it. */
export interface Hosted {
  /** Its timers' kinds begin here. */
  readonly timerBase: number;
  readonly topics: readonly string[];
  /** Its transactions, if it has any that are not those of a workload. */
  readonly transactions: ((client: Client, sending: Sending) => Transactions) | null;
  /** Called whenever a batch was acknowledged (`failed` null) or given up. */
  readonly onSettled: (failed: string | null) => void;
}

export class Producer implements Behavior {
  // What every record looks at comes first, so that it lies together.
  private readonly kernel: Kernel;
  private readonly process: Process;
  private readonly timerBase: number;
  private readonly loads: Load[];
  private readonly client: Client;
  private readonly sender: Sender;
  private readonly transactions: Transactions | null;
  private readonly batchRecords: number;
  private readonly lingerUs: number;
  private readonly spec: ProcessSpec;
  /** What waits for the partitions of a topic. */
  private readonly unplaced: { readonly topic: string; readonly place: (partitions: number) => void }[] = [];
  /** Workloads that wait until their transaction is ended, by number. */
  private readonly blocked: number[] = [];

  /** @param hosted for a producer that is a part of a process: what else it needs. */
  constructor(kernel: Kernel, process: Process, spec: ProcessSpec, workloads: readonly WorkloadSpec[], brokers: number, hosted?: Hosted) {
    this.kernel = kernel;
    this.process = process;
    this.spec = spec;
    this.timerBase = hosted?.timerBase ?? 0;
    this.batchRecords = spec.batchRecords;
    this.lingerUs = spec.lingerMs * 1000;
    const topics = hosted?.topics ?? [...new Set(workloads.map((w) => w.topic))];
    this.client = new Client({ kernel, process, spec, brokers, topics, onMetadata: () => this.metadataRead(), timerBase: this.timerBase });
    this.sender = new Sender({ kernel, process, spec, client: this.client, timerBase: this.timerBase, onSettled: hosted?.onSettled ?? null });
    const rows = new RowNaming(kernel, process);
    this.loads = workloads.map((w, i) => makeLoad(kernel, process, w, i, rows));
    const { transactionalId } = spec;
    if (hosted?.transactions) this.transactions = hosted.transactions(this.client, this.sendingForTransactions());
    else this.transactions = transactionalId === undefined ? null : new ProducerTransactions({ kernel, process, spec, transactionalId, client: this.client, sending: this.sendingForTransactions() });
    this.sender.transactions = this.transactions;
  }

  start(): void {
    this.client.refresh();
    this.loads.forEach((load, i) => this.kernel.setTimer(this.process, Math.max(0, load.spec.startMs * 1000 - this.kernel.nowUs), this.timerBase + CLIENT_TIMER.work, i));
  }

  timer(kind: number, a: number, b: number): void {
    const own = kind - this.timerBase;
    if (own === CLIENT_TIMER.work) this.work(this.loads[a]!, a);
    else if (this.client.timer(kind, a, b)) return;
    else if (own === CLIENT_TIMER.linger) this.closeBatch(this.sender.lanes[a]!, true);
    else if (!this.sender.timer(own) && own === CLIENT_TIMER.transaction) this.transactions?.timer();
  }

  connected(conn: Conn): void {
    this.client.connected(conn);
  }

  closed(conn: Conn): void {
    this.client.closed(conn);
  }

  message(conn: Conn, m: Message): void {
    this.client.message(conn, m);
  }

  /** Hands over the next records of a workload. Until metadata is known, send() blocks, and so does the workload. */
  private work(load: Load, number: number): void {
    const { partitionCount } = load;
    if (partitionCount === 0) {
      this.kernel.setTimer(this.process, this.spec.retryBackoffMs * 1000, this.timerBase + CLIENT_TIMER.work, number);
      return;
    }
    const { transactions } = this;
    if (transactions && !transactions.open) {
      this.blocked.push(number);
      transactions.proceed();
      return;
    }
    this.kernel.cause = -1;
    for (let i = 0; i < load.perSend && load.done < load.records; i++) {
      this.append(load, partitionCount);
      load.done++;
      // The application ends the transaction before it goes on.
      if (transactions?.took()) break;
    }
    if (load.done >= load.records) {
      if (load.rows && load.spec.story!.endMarker) this.endStream(load, load.rows.naming, partitionCount);
      if (this.loads.every((l) => l.done >= l.records)) transactions?.finish();
      return;
    }
    const { everyUs } = load;
    const gapUs = everyUs > 0 ? Math.floor(everyUs / 2) + drawInt(load, load.sends, everyUs + 1) : 0;
    load.sends++;
    load.plannedUs += gapUs;
    this.kernel.setTimer(this.process, gapUs, this.timerBase + CLIENT_TIMER.work, number);
  }

  private metadataRead(): void {
    for (const load of this.loads) {
      const count = this.client.topics.get(load.topic)?.length ?? 0;
      if (count === load.partitionCount) continue;
      load.partitionCount = count;
      load.partitions.fill(-1);
    }
    for (const { topic, place } of this.unplaced.splice(0)) this.whenPlaced(topic, place);
    this.sender.drain();
  }

  /** Calls back with the number of partitions of a topic, now or when it is known. Order is kept. */
  private whenPlaced(topic: string, place: (partitions: number) => void): void {
    const known = this.client.topics.get(topic);
    if (known && this.unplaced.length === 0) place(known.length);
    else this.unplaced.push({ topic, place });
  }

  /** Sends one record of a naming of its own. @param partition null = by the key. */
  enqueue(record: { readonly topic: string; readonly key: string | null; readonly partition: number | null; readonly naming: Naming; readonly number: number; readonly bytes: number }): void {
    const { topic, key, naming, number, bytes } = record;
    this.whenPlaced(topic, (partitions) => {
      const partition = record.partition ?? (key === null ? number % partitions : partitionForKey(toUtf8(key), partitions));
      this.put(this.sender.lane(topic, partition), naming, number, bytes + RECORD_OVERHEAD);
    });
  }

  /** Stops at once: what is not acknowledged is given up without a word. */
  close(): void {
    this.sender.close();
    this.client.close();
  }

  /** Closes the open batches. */
  flush(): void {
    this.sender.lanes.forEach((lane) => this.closeBatch(lane, false));
  }

  /** Batches that are neither acknowledged nor given up, and records that wait for metadata. */
  get outstanding(): number {
    return this.unplaced.length + this.sender.outstanding;
  }

  private append(load: Load, partitions: number): void {
    if (load.rows) {
      this.appendRow(load, load.rows, partitions);
      return;
    }
    const key = load.keys > 0 ? drawInt(load.keyDraws, load.done, load.keys) : -1;
    const bytes = load.valueBytes + RECORD_OVERHEAD + (key >= 0 ? load.keyBytes[key]! : 0);
    let partition: number;
    if (key >= 0) {
      partition = load.partitions[key]!;
      if (partition < 0) load.partitions[key] = partition = partitionForKey(toUtf8(load.keyTexts[key]!), partitions);
    } else partition = stickyPartition(load, partitions, bytes, this.batchRecords * (load.valueBytes + RECORD_OVERHEAD));
    if (load.lane?.index !== partition) load.lane = this.sender.lane(load.topic, partition);
    this.put(load.lane, load.naming, key, bytes);
  }

  private appendRow(load: Load, { story, naming }: NonNullable<Load['rows']>, partitions: number): void {
    const { key, value } = story.next(load.done, Math.floor(load.plannedUs / 1000));
    const { number, bytes } = naming.add({ key, value: JSON.stringify(value), timestampMs: null });
    const partition = key === null ? stickyPartition(load, partitions, bytes, this.batchRecords * (load.valueBytes + RECORD_OVERHEAD)) : partitionForKey(toUtf8(key), partitions);
    this.put(this.sender.lane(load.topic, partition), naming, number, bytes + RECORD_OVERHEAD);
  }

  /** Says in every partition that nothing more will come. */
  private endStream(load: Load, naming: RowNaming, partitions: number): void {
    for (let partition = 0; partition < partitions; partition++) {
      const { number, bytes } = naming.add({ key: null, value: END_OF_STREAM, timestampMs: null });
      this.put(this.sender.lane(load.topic, partition), naming, number, bytes + RECORD_OVERHEAD);
    }
  }

  private put(lane: Lane, naming: Naming, number: number, bytes: number): void {
    // A batch is named as a whole: records of another kind begin another one.
    if (lane.open && lane.open.naming !== naming) this.closeBatch(lane, false);
    let batch = lane.open;
    if (!batch) {
      lane.open = batch = newBatch(lane, naming, number, this.kernel.nowUs);
      this.kernel.setTimer(this.process, this.lingerUs, this.timerBase + CLIENT_TIMER.linger, lane.number);
    } else batch.keys.push(number);
    batch.bytes += bytes;
    if (batch.keys.length >= this.batchRecords) this.closeBatch(lane, false);
  }

  private closeBatch(lane: Lane, byLinger: boolean): void {
    const batch = lane.open;
    if (!batch) return;
    // The linger timer of a batch that was filled and sent before: the present one is younger.
    if (byLinger && this.kernel.nowUs - batch.createdUs < this.lingerUs) return;
    lane.open = null;
    const { firstRecord, digest, baseTimestampMs, maxTimestampMs } = batch.naming.name(batch.keys, batch.createdUs);
    batch.firstRecord = firstRecord;
    batch.digest = digest;
    batch.baseTimestampMs = baseTimestampMs;
    batch.maxTimestampMs = maxTimestampMs;
    this.sender.take(batch);
  }

  private sendingForTransactions(): Sending {
    return {
      flush: () => this.flush(),
      outstanding: () => this.outstanding,
      dropUnsent: (error) =>
        this.sender.lanes.forEach((lane) => {
          this.closeBatch(lane, false);
          this.sender.dropUnsent(lane, error);
        }),
      restartSequences: () => this.sender.lanes.forEach((lane) => (lane.nextSequence = 0)),
      resume: () => {
        for (const number of this.blocked.splice(0)) this.kernel.setTimer(this.process, 0, this.timerBase + CLIENT_TIMER.work, number);
      },
    };
  }
}
