// What the invariants know of topics' settings: min.insync.replicas as it stands, and where a replica out of sync may lead.
import type { Sym } from '../contract/events.ts';
import type { Scenario } from '../contract/scenario.ts';
import { MIN_ISR } from '../kafka/metadata/configs.ts';
import { configAtStart, createdWith, fileConfig } from '../kafka/metadata/effective.ts';
import type { TraceWriter } from '../kernel/trace.ts';

export class TopicSettings {
  private readonly file: number;
  private cluster: number | null = null;
  private readonly own = new Map<Sym, number>();
  private readonly replicas = new Map<Sym, number>();
  private readonly uncleanTopics = new Set<Sym>();
  private readonly uncleanByDefault: boolean;

  constructor(trace: TraceWriter, scenario: Scenario) {
    const file = fileConfig(scenario);
    this.file = Number(file.get(MIN_ISR) ?? 1);
    this.uncleanByDefault = file.get('unclean.leader.election.enable') === 'true';
    for (const topic of scenario.topics) {
      const config = configAtStart(scenario, topic);
      const name = trace.sym(topic.name);
      this.replicas.set(name, topic.replicationFactor);
      if (createdWith(topic).some(([key]) => key === MIN_ISR)) this.own.set(name, config.minInsyncReplicas);
      if (config.uncleanLeaderElectionEnable) this.uncleanTopics.add(name);
    }
    const known = new Set(this.replicas.keys());
    trace.watch('kafka.topicCreated', (values) => {
      const topic = values[0]! as Sym;
      this.replicas.set(topic, values[2]!);
      if (known.delete(topic)) return;
      this.own.delete(topic);
      this.uncleanTopics.delete(topic);
      if (values[3] !== (this.cluster ?? this.file)) this.own.set(topic, values[3]!);
      if (this.uncleanByDefault) this.uncleanTopics.add(topic);
    });
    trace.watch('kafka.configChanged', (values) => {
      const value = values[4] === 1 ? null : Number(trace.text(values[3]! as Sym));
      if (trace.text(values[2]! as Sym) === MIN_ISR) this.changed(trace.text(values[0]! as Sym), values[1]! as Sym, value);
    });
  }

  private changed(resource: string, name: Sym, value: number | null): void {
    if (resource === 'cluster') this.cluster = value;
    if (resource !== 'topic') return;
    if (value === null) this.own.delete(name);
    else this.own.set(name, value);
  }

  /** min.insync.replicas of a topic now, never more than its replicas. */
  minIsrOf(topic: Sym): number {
    return Math.min(this.own.get(topic) ?? this.cluster ?? this.file, this.replicas.get(topic) ?? 1);
  }

  /** Whether the topic was created with unclean.leader.election.enable. */
  mayElectUnclean(topic: Sym): boolean {
    return this.uncleanTopics.has(topic);
  }
}
