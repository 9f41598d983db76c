// The operators of one task, each handing its results to the next by a call, and to other tasks through subpartitions (Flink OperatorChain).
import type { TraceWriter } from '../../kernel/trace.ts';
import type { OperatorNode, StreamEdge } from '../graph/jobGraph.ts';
import { keyGroupOf, subtaskOf, type Key } from '../keyGroups.ts';
import type { OperatorContext, OperatorObserver, PartialMatchEvent, OperatorState, Output, StreamOperator, StreamRecord } from '../operator.ts';
import { countable, MIN_TIME } from '../time.ts';
import type { Window } from '../windows/window.ts';
import type { ExecutionVertex } from './executionGraph.ts';
import type { Subpartition } from './subpartition.ts';

/** What a chain needs of the task it is in. */
export interface ChainHost {
  readonly trace: TraceWriter;
  readonly execution: ExecutionVertex;
  /** By output edge, then by subpartition. */
  readonly outputs: readonly (readonly Subpartition[])[];
  cause(): number;
  setCause(cause: number): void;
  processSym(): number;
  makeOperator(node: OperatorNode): StreamOperator;
  currentProcessingTime(): number;
  wakeAt(node: OperatorNode, timeMs: number): void;
  fail(reason: string): void;
  draw(name: string): number;
}

interface Link {
  readonly node: OperatorNode;
  /** null for a source, whose records begin here. */
  readonly operator: StreamOperator | null;
  watermarkMs: number;
}

type Send = (record: StreamRecord) => void;

export class Chain {
  readonly links: readonly Link[];
  private readonly host: ChainHost;
  private readonly byId = new Map<number, Link>();
  private readonly outputs = new Map<Link, Output>();

  constructor(host: ChainHost) {
    this.host = host;
    this.links = host.execution.vertex.nodes.map((node) => ({ node, operator: node.role.kind === 'source' ? null : host.makeOperator(node), watermarkMs: MIN_TIME }));
    for (const link of this.links) this.byId.set(link.node.id, link);
    // Last first, so that an operator that says something when it opens is heard.
    for (const link of this.links.toReversed()) link.operator?.open(this.contextOf(link));
  }

  get head(): Link {
    return this.links[0]!;
  }

  /** Where the results of an operator go: the next ones of the chain, and other tasks. */
  outputOf(link: Link): Output {
    let output = this.outputs.get(link);
    if (!output) this.outputs.set(link, (output = this.makeOutput(link)));
    return output;
  }

  private makeOutput(link: Link): Output {
    const { execution } = this.host;
    const { vertex } = execution;
    const sends = new Map<string | null, Send[]>();
    const marks: ((timeMs: number) => void)[] = [];
    const statuses: ((active: boolean) => void)[] = [];
    const add = (edge: StreamEdge, send: Send) => {
      const list = sends.get(edge.tag);
      if (list) list.push(send);
      else sends.set(edge.tag, [send]);
    };
    for (const edge of vertex.inner.filter((e) => e.from === link.node.id)) {
      const next = this.byId.get(edge.to)!;
      add(edge, (record) => this.element(next, record, 0));
      marks.push((timeMs) => this.watermark(next, timeMs));
      statuses.push((active) => this.status(next, active));
    }
    for (const { stream, output } of vertex.outputs.filter((o) => o.stream.from === link.node.id)) {
      const partitions = this.host.outputs[output]!;
      add(stream, this.router(stream, partitions));
      marks.push((timeMs) => partitions.forEach((p) => p.add({ kind: 'watermark', timeMs, cause: this.host.cause() })));
      statuses.push((active) => partitions.forEach((p) => p.add({ kind: 'status', active, cause: this.host.cause() })));
    }
    const emit = (tag: string | null, value: unknown, timestampMs: number) => {
      const record = { value, timestampMs, key: null, record: this.origin, cause: this.host.cause() };
      for (const send of sends.get(tag) ?? []) send(record);
    };
    return {
      collect: (value, timestampMs) => emit(null, value, timestampMs),
      side: (tag, value, timestampMs) => emit(tag, value, timestampMs),
      watermark: (timeMs) => this.because(() => marks.forEach((mark) => mark(timeMs))),
      status: (active) => {
        for (const tell of statuses) tell(active);
      },
    };
  }

  /** The event that made the operator at work do something: the record it was given, or the time that passed. Each firing has it as its cause. */
  private base = -1;
  /** The record of Kafka that is being worked on; -1 when it is time that passes. */
  origin = -1;

  /** Time goes on because of what made the operator work, not because of the last result that it gave meanwhile. */
  private because(goOn: () => void): void {
    const { host } = this;
    const before = host.cause();
    if (this.base >= 0) host.setCause(this.base);
    goOn();
    host.setCause(before);
  }

  private router(stream: StreamEdge, partitions: readonly Subpartition[]): Send {
    const { maxParallelism, subtask } = this.host.execution;
    const n = partitions.length;
    // Records go to the first alone; watermarks, barriers and the end to all.
    if (stream.partitioning === 'global') return (record) => partitions[0]!.add({ kind: 'record', record });
    if (stream.partitioning === 'broadcast') return (record) => partitions.forEach((p) => p.add({ kind: 'record', record }));
    if (stream.partitioning === 'hash') {
      const keyOf = stream.keyOf!;
      return (record) => {
        const key = keyOf(record.value);
        partitions[subtaskOf(keyGroupOf(key, maxParallelism), n, maxParallelism)]!.add({ kind: 'record', record: { ...record, key } });
      };
    }
    let next = subtask % n;
    return (record) => {
      partitions[next]!.add({ kind: 'record', record });
      next = (next + 1) % n;
    };
  }

  /** Hands a record to an operator of the chain. */
  element(link: Link, record: StreamRecord, input: number): void {
    const { host } = this;
    const before = host.cause();
    const baseBefore = this.base;
    const originBefore = this.origin;
    if (record.cause >= 0) host.setCause(record.cause);
    this.origin = record.record;
    if (link.node.stateful) {
      const { trace } = host;
      const cause = trace.emit(
        'operator.received',
        host.processSym() as never,
        host.cause(),
        trace.sym(host.execution.job.name),
        trace.sym(link.node.name),
        host.execution.subtask,
        input,
        trace.sym(keyText(record.key)),
        countable(record.timestampMs),
        record.record,
      );
      host.setCause(cause);
    }
    this.base = host.cause();
    link.operator!.element(link.node.stateful ? { ...record, cause: host.cause() } : record, input);
    host.setCause(before);
    this.base = baseBefore;
    this.origin = originBefore;
  }

  watermark(link: Link, timeMs: number): void {
    const { host } = this;
    const before = host.cause();
    const baseBefore = this.base;
    if (timeMs > link.watermarkMs) {
      link.watermarkMs = timeMs;
      const { trace } = host;
      if (link.node.stateful || link.node.role.kind === 'source')
        host.setCause(trace.emit('watermark.advanced', host.processSym() as never, before, trace.sym(host.execution.job.name), trace.sym(link.node.name), host.execution.subtask, countable(timeMs)));
    }
    this.base = host.cause();
    if (link.operator) link.operator.watermark(timeMs);
    else this.outputOf(link).watermark(timeMs);
    host.setCause(before);
    this.base = baseBefore;
  }

  status(link: Link, active: boolean): void {
    if (link.operator?.status) link.operator.status(active);
    else this.outputOf(link).status(active);
  }

  processingTime(link: Link, nowMs: number): void {
    const baseBefore = this.base;
    this.base = this.host.cause();
    link.operator?.processingTime(nowMs);
    this.base = baseBefore;
  }

  snapshot(checkpoint: number): Record<string, OperatorState> {
    const states: Record<string, OperatorState> = {};
    for (const { node, operator } of this.links) if (operator) states[node.uid] = operator.snapshot(checkpoint);
    return states;
  }

  restore(states: Readonly<Record<string, OperatorState>>): void {
    for (const { node, operator } of this.links) {
      const state = states[node.uid];
      if (operator && state) operator.restore(state);
    }
  }

  private contextOf(link: Link): OperatorContext {
    const { host } = this;
    const { execution } = host;
    return {
      output: this.outputOf(link),
      subtask: execution.subtask,
      parallelism: execution.vertex.parallelism,
      maxParallelism: execution.maxParallelism,
      currentProcessingTime: () => host.currentProcessingTime(),
      wakeAt: (timeMs) => host.wakeAt(link.node, timeMs),
      fail: (reason) => host.fail(reason),
      draw: (name) => host.draw(`${link.node.uid}/${name}`),
      observer: this.observerOf(link),
    };
  }

  /** @returns the event that says so */
  private partialMatch(link: Link, e: PartialMatchEvent): number {
    const { host } = this;
    const { trace, execution } = host;
    const process = host.processSym() as never;
    const operator = [trace.sym(execution.job.name), trace.sym(link.node.name), execution.subtask] as const;
    const key = trace.sym(keyText(e.key));
    if (e.kind === 'limit') {
      const reached = trace.emit('cep.limitReached', process, this.base, ...operator, key, e.limit);
      host.setCause(reached);
      return reached;
    }
    const cause = e.cause >= 0 ? e.cause : this.base;
    const at = countable(e.timestampMs);
    if (e.kind === 'entered') return trace.emit('cep.stateEntered', process, cause, ...operator, key, e.match, e.parent, trace.sym(e.state), trace.sym(e.action), at, e.record);
    if (e.kind === 'pruned') return trace.emit('cep.matchPruned', process, cause, ...operator, key, e.match, trace.sym(e.state), trace.sym(e.reason), at, e.record);
    return trace.emit('cep.matched', process, cause, ...operator, key, e.match, e.parent, trace.sym(e.stages), at, e.record);
  }

  private observerOf(link: Link): OperatorObserver {
    const { host } = this;
    const { trace, execution } = host;
    const operator = () => [trace.sym(execution.job.name), trace.sym(link.node.name), execution.subtask] as const;
    const key = (of: Key | null) => trace.sym(keyText(of));
    const span = (w: Window) => [countable(w.startMs), countable(w.endMs)] as const;
    const process = () => host.processSym() as never;
    return {
      windowFired: (of, window, elements) => host.setCause(trace.emit('window.fired', process(), this.base, ...operator(), key(of), ...span(window), elements, countable(link.watermarkMs))),
      windowClosed: (of, window) => void trace.emit('window.closed', process(), this.base, ...operator(), key(of), ...span(window)),
      late: (of, timestampMs, kept) =>
        host.setCause(trace.emit('operator.late', process(), host.cause(), ...operator(), key(of), countable(timestampMs), kept, countable(link.watermarkMs), this.origin)),
      partialMatch: (e) => this.partialMatch(link, e),
      because: (cause) => host.setCause(cause),
      idle: (isIdle) => host.setCause(trace.emit('watermark.idle', process(), host.cause(), ...operator(), isIdle)),
    };
  }
}

function keyText(key: Key | null): string {
  return key === null ? '' : String(key);
}
