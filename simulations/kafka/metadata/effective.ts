// Which value a setting has and where it comes from: the topic's own, a broker's or all brokers' changed at run time, the configuration file,
// Kafka's default, in this order (Kafka ConfigHelper, DynamicBrokerConfig).
import type { Scenario } from '../../contract/scenario.ts';
import { topicKey, typed, type ConfigKey, type TopicConfig } from './configs.ts';
import type { MetadataImage } from './image.ts';

/** Numbers of Kafka's config sources. */
export const SOURCE = { topic: 1, broker: 2, cluster: 3, file: 4, fallback: 5, logger: 6, clientMetrics: 7, group: 8 } as const;

export interface Sourced {
  /** As the setting is called at that source. */
  readonly name: string;
  readonly value: string;
  readonly source: number;
}

/** What every broker's configuration file says, by topic setting: only what differs from Kafka's default. */
export type FileConfig = ReadonlyMap<string, string>;

export function fileConfig(scenario: Scenario): FileConfig {
  const { config, topicConfig } = scenario.cluster;
  const file = new Map<string, string>([
    ['min.insync.replicas', String(config.minInsyncReplicas)],
    ['unclean.leader.election.enable', String(config.uncleanLeaderElectionEnable)],
    ['max.message.bytes', String(config.messageMaxBytes)],
    ...Object.entries(topicConfig),
  ]);
  for (const [name, value] of file) if (topicKey(name)!.fallback === value) file.delete(name);
  return file;
}

export interface Whose {
  /** null = as brokers have it. */
  readonly topic: string | null;
  /** Broker id; null = as the controller sees it. */
  readonly broker: number | null;
}

/** The values of a setting, the one that counts first. */
export function sourcesOf(key: ConfigKey, image: MetadataImage, file: FileConfig, whose: Whose): Sourced[] {
  const out: Sourced[] = [];
  const add = (value: string | undefined, name: string, source: number) => {
    if (value !== undefined) out.push({ name, value, source });
  };
  if (whose.topic !== null) add(image.topics.get(whose.topic)?.configs.get(key.name), key.name, SOURCE.topic);
  if (whose.broker !== null && key.broker !== '') add(image.brokerConfigs.get(String(whose.broker))?.get(key.broker), key.broker, SOURCE.broker);
  if (key.broker !== '') add(image.brokerConfigs.get('')?.get(key.broker), key.broker, SOURCE.cluster);
  add(file.get(key.name), key.broker, SOURCE.file);
  add(key.fallback, key.broker, SOURCE.fallback);
  return out;
}

export function valueOf(key: ConfigKey, image: MetadataImage, file: FileConfig, whose: Whose): string {
  const [first] = sourcesOf(key, image, file, whose);
  return first!.source === SOURCE.fallback ? key.fallback : first!.value;
}

export function topicConfig(image: MetadataImage, file: FileConfig, whose: Whose): TopicConfig {
  return typed((key) => valueOf(key, image, file, whose));
}

/** Settings that the scenario gives a topic at its creation. */
export function createdWith(topic: Scenario['topics'][number]): [name: string, value: string][] {
  const own = Object.entries(topic.config);
  return topic.minInsyncReplicas === undefined ? own : [['min.insync.replicas', String(topic.minInsyncReplicas)], ...own];
}

/** The settings of a topic as the scenario has them at the start. */
export function configAtStart(scenario: Scenario, topic: Scenario['topics'][number]): TopicConfig {
  const file = fileConfig(scenario);
  const own = new Map(createdWith(topic));
  return typed((key) => own.get(key.name) ?? file.get(key.name) ?? key.fallback);
}

/** Whether eligible leader replicas are on: for new clusters from Kafka 4.1 (KIP-966). */
export function keepsEligibleLeaders(scenario: Scenario): boolean {
  return scenario.profile === 'kafka-4.1';
}
