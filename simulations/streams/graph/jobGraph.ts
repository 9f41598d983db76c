// A job as its author put it together: operators and the streams between them; and what is made of it, tasks of chained operators
// (Flink StreamGraph, JobGraph, StreamingJobGraphGenerator).
import type { Key } from '../keyGroups.ts';
import type { StreamOperator } from '../operator.ts';
import type { KafkaSinkSpec } from '../connectors/kafkaSinkSpec.ts';
import type { KafkaSourceSpec } from '../connectors/kafkaSourceSpec.ts';
import type { WatermarkStrategy } from '../watermarks/generators.ts';
import { StreamError } from '../errors.ts';

/** How records of a stream reach the subtasks of the next operator. */
export type Partitioning = 'forward' | 'rebalance' | 'broadcast' | 'hash' | 'global';

export interface OperatorNode {
  readonly id: number;
  /** State is found by it; made from the place in the graph where the author gives none. */
  uid: string;
  name: string;
  /** null = the job's. */
  parallelism: number | null;
  /** Time it works on a record, µs; null = the job's. */
  workUs: number | null;
  chainable: boolean;
  /** Whether the trace tells of each record that reaches it. */
  readonly stateful: boolean;
  readonly role: NodeRole;
}

export type NodeRole =
  | { readonly kind: 'source'; readonly source: KafkaSourceSpec; readonly strategy: WatermarkStrategy<unknown> }
  | { readonly kind: 'operator'; readonly make: () => StreamOperator }
  | { readonly kind: 'sink'; readonly sink: KafkaSinkSpec };

export interface StreamEdge {
  readonly from: number;
  readonly to: number;
  /** 0, or 1 for the second input. */
  readonly input: number;
  /** The side output it carries; null = the main one. */
  readonly tag: string | null;
  readonly partitioning: Partitioning;
  readonly keyOf: ((value: unknown) => Key) | null;
}

export interface StreamGraph {
  readonly nodes: readonly OperatorNode[];
  readonly edges: readonly StreamEdge[];
}

/** Operators that run as one task, and the edges between them. */
export interface JobVertex {
  readonly number: number;
  readonly name: string;
  readonly parallelism: number;
  /** In the order in which they were defined; the first is the head. */
  readonly nodes: readonly OperatorNode[];
  readonly inner: readonly StreamEdge[];
  readonly inputs: readonly JobEdge[];
  readonly outputs: readonly JobEdge[];
}

/** An edge between tasks. */
export interface JobEdge {
  readonly stream: StreamEdge;
  readonly source: number;
  readonly target: number;
  /** Its place among the outputs of its source. */
  readonly output: number;
}

export interface JobGraph {
  /** In an order in which every task comes behind those it reads from. */
  readonly vertices: readonly JobVertex[];
}

/** @throws StreamError for a graph that cannot run. */
export function jobGraphOf(graph: StreamGraph, parallelism: number): JobGraph {
  const of = (node: OperatorNode) => node.parallelism ?? parallelism;
  if (!graph.nodes.some((n) => n.role.kind === 'source')) throw new StreamError('NO_SOURCE', 'The job has no source. Begin it with env.fromSource(...).');
  if (!graph.nodes.some((n) => n.role.kind === 'sink')) throw new StreamError('NO_SINK', 'The job has no sink, so nobody would see its results. End a stream with .sinkTo(...).');
  const uids = new Set<string>();
  for (const n of graph.nodes) {
    if (uids.has(n.uid)) throw new StreamError('UID_TAKEN', `Two operators have the uid ${n.uid}. State is found by the uid: give each its own.`);
    uids.add(n.uid);
  }
  const inputsOf = (id: number) => graph.edges.filter((e) => e.to === id);
  const chained = (e: StreamEdge) => {
    const from = graph.nodes[e.from]!;
    const to = graph.nodes[e.to]!;
    return e.partitioning === 'forward' && inputsOf(e.to).length === 1 && of(from) === of(to) && to.chainable && to.role.kind !== 'source';
  };
  const headOf = new Map<number, number>();
  for (const node of graph.nodes) {
    const [only] = inputsOf(node.id);
    headOf.set(node.id, only && chained(only) ? headOf.get(only.from)! : node.id);
  }
  const heads = graph.nodes.filter((n) => headOf.get(n.id) === n.id);
  const numberOf = new Map(heads.map((h, i) => [h.id, i]));
  const vertexOf = (id: number) => numberOf.get(headOf.get(id)!)!;
  const outputs = heads.map(() => [] as JobEdge[]);
  const inputs = heads.map(() => [] as JobEdge[]);
  for (const e of graph.edges) {
    if (chained(e)) continue;
    const source = vertexOf(e.from);
    const target = vertexOf(e.to);
    // A forward edge between different parallelisms is a rebalance, as in Flink.
    const stream = e.partitioning === 'forward' && of(graph.nodes[e.from]!) !== of(graph.nodes[e.to]!) ? { ...e, partitioning: 'rebalance' as const } : e;
    const edge = { stream, source, target, output: outputs[source]!.length };
    outputs[source]!.push(edge);
    inputs[target]!.push(edge);
  }
  return {
    vertices: heads.map((head, number) => {
      const nodes = graph.nodes.filter((n) => headOf.get(n.id) === head.id);
      return {
        number,
        name: nodes.map((n) => n.name).join(' → '),
        parallelism: of(head),
        nodes,
        inner: graph.edges.filter((e) => chained(e) && headOf.get(e.to) === head.id),
        inputs: inputs[number]!,
        outputs: outputs[number]!,
      };
    }),
  };
}
