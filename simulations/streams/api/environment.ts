// Where a job begins (Flink StreamExecutionEnvironment).
import type { KafkaSourceSpec } from '../connectors/kafkaSourceSpec.ts';
import type { NodeRole, OperatorNode, StreamEdge, StreamGraph } from '../graph/jobGraph.ts';
import type { WatermarkStrategy } from '../watermarks/generators.ts';
import { DataStream } from './dataStream.ts';

/** Puts a graph together, node by node. */
export class GraphBuilder {
  readonly nodes: OperatorNode[] = [];
  readonly edges: StreamEdge[] = [];

  add(name: string, role: NodeRole, stateful: boolean): OperatorNode {
    const node: OperatorNode = { id: this.nodes.length, uid: `${name}-${this.nodes.length}`, name, parallelism: null, workUs: null, chainable: true, stateful, role };
    this.nodes.push(node);
    return node;
  }
}

/** A Kafka source (Flink KafkaSource). */
export interface Source<T> {
  readonly spec: KafkaSourceSpec;
  readonly type?: T;
}

export class StreamExecutionEnvironment {
  private readonly builder = new GraphBuilder();
  /** Named values that the job was given. */
  readonly parameters: Readonly<Record<string, string>>;
  /** pipeline.auto-watermark-interval, ms. */
  readonly autoWatermarkIntervalMs: number;

  constructor(parameters: Readonly<Record<string, string>> = {}, autoWatermarkIntervalMs = 200) {
    this.parameters = parameters;
    this.autoWatermarkIntervalMs = autoWatermarkIntervalMs;
  }

  /** A parameter as text. @param fallback where the job was given none. */
  get(name: string, fallback: string): string {
    return Object.hasOwn(this.parameters, name) ? this.parameters[name]! : fallback;
  }

  fromSource<T>(source: Source<T>, strategy: WatermarkStrategy<T>, name: string): DataStream<T> {
    const node = this.builder.add(name, { kind: 'source', source: source.spec, strategy: strategy as WatermarkStrategy<unknown> }, false);
    return new DataStream<T>(this.builder, [{ from: node.id, tag: null }], this.autoWatermarkIntervalMs);
  }

  /** The job as it was put together. */
  getStreamGraph(): StreamGraph {
    return { nodes: this.builder.nodes, edges: this.builder.edges };
  }
}
