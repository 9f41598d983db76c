// Follows what a process sends to brokers: gives records their names, and tells first sends, retries, acknowledgements and failures apart
// by watching the frames, because the client library is not ours to ask.
import type { Sym } from '../contract/events.ts';
import { digestBytes, digestText, finish } from '../kernel/hash.ts';
import type { Kernel, Process } from '../kernel/kernel.ts';
import type { Message } from '../kernel/network.ts';
import type { RecordBook } from '../kafka/protocol/bridge.ts';
import { errorName } from '../kafka/protocol/errors.ts';
import type { ProduceRequest, ProduceResponse } from '../kafka/protocol/messages.ts';
import type { WireBatch, WireRecord } from '../kafka/protocol/records.ts';
import { isUtf8, readUtf8 } from '../kafka/protocol/utf8.ts';

/** Longest value whose text is kept in the record table. */
const KEPT_VALUE_BYTES = 16_384;

/** One record that was put on the wire and is not acknowledged. */
interface Outstanding {
  readonly id: number;
  readonly nth: number;
  readonly content: string;
  /** Partition of the last attempt. */
  partition: number;
  attempts: number;
  /** Why the last attempt did not succeed; '' while it is under way. */
  error: string;
  /** Virtual time at which the library gives its request up. */
  deadlineUs: number;
}

/** A batch of one partition in a Produce request. */
interface Part {
  readonly topic: string;
  readonly partition: number;
  readonly firstRecord: number;
  readonly digest: number;
  readonly records: readonly Outstanding[];
  readonly retry: boolean;
  readonly lastError: string;
  readonly sequenceKey: string;
}

interface Flight {
  readonly parts: readonly Part[];
  readonly acks: number;
}

/** What an application hands to `producer.send`. */
export interface GivenMessage {
  readonly topic: string;
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
}

export class Sends implements RecordBook {
  private readonly kernel: Kernel;
  private readonly process: Process;
  /** How often each key was sent; '' with a mark in front stands for no key. */
  private readonly counts = new Map<string, number>();
  /** Records on the wire or failed, by topic, key and value. */
  private readonly outstanding = new Map<string, Outstanding[]>();
  /** The last batch of each producer id, epoch, partition and base sequence. */
  private readonly sequences = new Map<string, { readonly contents: string; readonly firstRecord: number; readonly digest: number; readonly records: readonly Outstanding[] }>();
  private readonly flights = new Map<string, Flight>();
  private parts: Part[] = [];

  constructor(kernel: Kernel, process: Process) {
    this.kernel = kernel;
    this.process = process;
  }

  /** Called for each batch while a Produce request is read. */
  name(topic: string, partition: number, batch: WireBatch): { firstRecord: number; digest: number } {
    const records = batch.records ?? [];
    const contents = records.map((r) => contentOf(topic, r.key, r.value));
    const { producerId, producerEpoch, baseSequence } = batch.header;
    const sequenceKey = producerId === -1 ? '' : `${producerId}/${producerEpoch}/${topic}/${partition}/${baseSequence}`;
    const all = contents.join('\n');
    const same = sequenceKey === '' ? undefined : this.sequences.get(sequenceKey);
    let part: Part;
    if (same && same.contents === all) {
      const lastError = same.records.find((o) => o.error !== '')?.error ?? 'REQUEST_TIMED_OUT';
      part = { topic, partition, firstRecord: same.firstRecord, digest: same.digest, records: same.records, retry: true, lastError, sequenceKey };
    } else part = this.matched(topic, partition, records, contents, sequenceKey, batch) ?? this.named(topic, partition, records, contents, sequenceKey, batch);
    if (sequenceKey !== '') this.sequences.set(sequenceKey, { contents: all, firstRecord: part.firstRecord, digest: part.digest, records: part.records });
    this.parts.push(part);
    return { firstRecord: part.firstRecord, digest: part.digest };
  }

  /** The batch as a retry of records whose requests failed; null when any of its records is new. */
  private matched(topic: string, partition: number, records: readonly WireRecord[], contents: readonly string[], sequenceKey: string, batch: WireBatch): Part | null {
    if (records.length === 0) return null;
    const taken = new Set<Outstanding>();
    const found: Outstanding[] = [];
    for (const content of contents) {
      const failed = this.outstanding.get(content)?.find((o) => !taken.has(o) && this.hasFailed(o));
      if (!failed) return null;
      taken.add(failed);
      found.push(failed);
    }
    const lastError = found[0]!.error || 'REQUEST_TIMED_OUT';
    // Records that were given up before they reached the wire are sent for the first time now.
    const retry = found.some((o) => o.attempts > 0);
    const first = found[0]!.id;
    if (found.every((o, i) => o.id === first + i)) return { topic, partition, firstRecord: first, digest: this.digestOf(records, found), records: found, retry, lastError, sequenceKey };
    // Grouped otherwise than before: the same names in new rows, because a batch points at rows that follow on.
    const again = records.map((r, i): Outstanding => ({ ...found[i]!, id: this.row(r.key, r.value, found[i]!.nth, timeOf(r, batch)) }));
    found.forEach((o) => this.forget(o));
    again.forEach((o) => this.remember(o));
    return { topic, partition, firstRecord: again[0]!.id, digest: this.digestOf(records, again), records: again, retry, lastError, sequenceKey };
  }

  private hasFailed(o: Outstanding): boolean {
    return o.error !== '' || this.kernel.nowUs > o.deadlineUs;
  }

  private named(topic: string, partition: number, records: readonly WireRecord[], contents: readonly string[], sequenceKey: string, batch: WireBatch): Part {
    const fresh = records.map((r, i) => this.fresh(r.key, r.value, contents[i]!, partition, timeOf(r, batch)));
    return { topic, partition, firstRecord: fresh[0]?.id ?? -1, digest: this.digestOf(records, fresh), records: fresh, retry: false, lastError: '', sequenceKey };
  }

  /** A record that was not seen before gets its name: the next send of its key. */
  private fresh(key: Uint8Array | null, value: Uint8Array | null, content: string, partition: number, timestampMs: number): Outstanding {
    const keyText = key === null ? '\u0000' : textOf(key);
    const nth = (this.counts.get(keyText) ?? 0) + 1;
    this.counts.set(keyText, nth);
    const o: Outstanding = { id: this.row(key, value, nth, timestampMs), nth, content, partition, attempts: 0, error: '', deadlineUs: 0 };
    this.remember(o);
    return o;
  }

  private row(key: Uint8Array | null, value: Uint8Array | null, nth: number, timestampMs: number): number {
    return this.kernel.trace.record({
      producer: this.process.sym,
      key: key === null ? null : textOf(key),
      nth,
      value: value === null ? null : value.length > KEPT_VALUE_BYTES ? undefined : textOf(value),
      timestampMs,
      bytes: (key?.length ?? 0) + (value?.length ?? 0),
    });
  }

  private digestOf(records: readonly WireRecord[], named: readonly Outstanding[]): number {
    let digest = digestText(this.process.name, 7);
    records.forEach((r, i) => {
      digest = finish(Math.imul(digest, 31) ^ (r.key === null ? 0 : digestBytes(r.key, 0x2f0b4c47)) ^ Math.imul(r.value === null ? 1 : digestBytes(r.value, 0x1b56c4e9), 17)) + named[i]!.nth;
    });
    return digest >>> 0;
  }

  private remember(o: Outstanding): void {
    const list = this.outstanding.get(o.content);
    if (list) list.push(o);
    else this.outstanding.set(o.content, [o]);
  }

  private forget(o: Outstanding): void {
    const list = this.outstanding.get(o.content);
    const at = list?.indexOf(o) ?? -1;
    if (at < 0) return;
    list!.splice(at, 1);
    if (list!.length === 0) this.outstanding.delete(o.content);
  }

  /** A Produce request, read through `name`, is about to leave. Its events become the cause of the message. */
  leaving(flight: string, message: Message, timeoutMs: number): void {
    const { kernel: k } = this;
    const parts = this.parts;
    this.parts = [];
    const { acks } = message.body as ProduceRequest;
    const before = k.cause;
    for (const p of parts) {
      for (const o of p.records) {
        o.attempts++;
        o.partition = p.partition;
        o.error = '';
        o.deadlineUs = k.nowUs + timeoutMs * 1000;
      }
      const topic = k.trace.sym(p.topic);
      k.cause = p.retry
        ? k.trace.emit('producer.retried', this.process.sym, before, topic, p.partition, p.records.length, p.firstRecord, Math.max(2, ...p.records.map((o) => o.attempts)), k.trace.sym(p.lastError))
        : k.trace.emit('producer.sent', this.process.sym, before, topic, p.partition, p.records.length, p.firstRecord, acks, p.digest);
    }
    if (acks === 0) {
      for (const p of parts) this.acknowledge(p, -1, 0);
      return;
    }
    this.flights.set(flight, { parts, acks });
  }

  /** The answer to a Produce request came. */
  answered(flight: string, response: ProduceResponse): void {
    const sent = this.flights.get(flight);
    if (!sent) return;
    this.flights.delete(flight);
    for (const topic of response.responses) {
      for (const answer of topic.partitionResponses) {
        const part = sent.parts.find((p) => p.topic === topic.name && p.partition === answer.index);
        if (!part) continue;
        // Past its time limit the library no longer listens.
        if (part.records.some((o) => this.kernel.nowUs > o.deadlineUs)) continue;
        if (answer.errorCode === 0) this.acknowledge(part, answer.baseOffset, sent.acks);
        else for (const o of part.records) o.error = errorName(answer.errorCode);
      }
    }
  }

  /** A connection ended: what was under way on it has failed. @param prefix common to the names of its flights. */
  lost(prefix: string): void {
    for (const [flight, sent] of this.flights) {
      if (!flight.startsWith(prefix)) continue;
      this.flights.delete(flight);
      for (const part of sent.parts) for (const o of part.records) if (o.error === '') o.error = 'DISCONNECTED';
    }
  }

  private acknowledge(part: Part, baseOffset: number, acks: number): void {
    const { kernel: k } = this;
    k.trace.emit('producer.acknowledged', this.process.sym, k.cause, k.trace.sym(part.topic), part.partition, baseOffset, part.records.length, part.firstRecord, acks);
    for (const o of part.records) this.forget(o);
    this.sequences.delete(part.sequenceKey);
  }

  /** The library told the application that these could not be sent. Those that never reached the wire get their names now, with partition -1. */
  gaveUp(messages: readonly GivenMessage[], reason: string): void {
    const { kernel: k } = this;
    const taken = new Set<Outstanding>();
    const failed: { topic: Sym; o: Outstanding }[] = [];
    for (const m of messages) {
      const content = contentOf(m.topic, m.key, m.value);
      const o = this.outstanding.get(content)?.find((x) => !taken.has(x)) ?? this.fresh(m.key, m.value, content, -1, k.epochMs + Math.floor(k.nowUs / 1000));
      taken.add(o);
      failed.push({ topic: k.trace.sym(m.topic), o });
      o.error ||= reason;
    }
    failed.sort((a, b) => a.o.id - b.o.id);
    for (let i = 0; i < failed.length;) {
      let n = 1;
      while (i + n < failed.length && failed[i + n]!.o.id === failed[i]!.o.id + n && failed[i + n]!.topic === failed[i]!.topic && failed[i + n]!.o.partition === failed[i]!.o.partition) n++;
      const { topic, o } = failed[i]!;
      k.trace.emit('producer.failed', this.process.sym, k.cause, topic, o.partition, n, o.id, k.trace.sym(o.error));
      i += n;
    }
  }
}

function timeOf(r: WireRecord, batch: WireBatch): number {
  return Number(batch.header.baseTimestamp) + Number(r.timestampDelta);
}

/** Names a record by what the application gave: topic, key and value. */
function contentOf(topic: string, key: Uint8Array | null, value: Uint8Array | null): string {
  const part = (bytes: Uint8Array | null) => (bytes === null ? '-' : `${bytes.length}.${digestBytes(bytes, 0x51ab)}.${digestBytes(bytes, 0x7f3d)}`);
  return `${topic} ${part(key)} ${part(value)}`;
}

/** Text of bytes; bytes that are no UTF-8 as hexadecimal digits, so that different keys stay different. */
function textOf(bytes: Uint8Array): string {
  return isUtf8(bytes) ? readUtf8(bytes, 0, bytes.length) : `0x${Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('')}`;
}
