// What the configuration file of a simulated broker says, by Kafka's names: where and what the broker is, and every setting of the scenario that is not Kafka's default.
import type { Scenario } from '../../contract/scenario.ts';
import { topicKey } from './configs.ts';
import { BROKER_KEYS } from './brokerKeys.ts';
import { fileConfig } from './effective.ts';
import { GROUP_KEYS, rangeOf } from './groupConfigs.ts';
import { brokerName, CONTROLLER, CONTROLLER_ID, LOG_DIR, PORT } from './image.ts';

export type BrokerFile = ReadonlyMap<string, string>;

/** Replicas of the cluster's own topics: three, or as many as there are brokers. */
const OWN_TOPICS = ['offsets.topic.replication.factor', 'share.coordinator.state.topic.replication.factor', 'transaction.state.log.replication.factor'];

export function brokerFile(scenario: Scenario, id: number): BrokerFile {
  const { config, brokers } = scenario.cluster;
  const listener = `PLAINTEXT://${brokerName(id)}:${PORT}`;
  const file = new Map<string, string>([
    ['advertised.listeners', listener],
    ['broker.id', String(id)],
    ['controller.listener.names', 'CONTROLLER'],
    ['controller.quorum.voters', `${CONTROLLER_ID}@${CONTROLLER}:9093`],
    ['listener.security.protocol.map', 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT'],
    ['listeners', listener],
    ['log.dirs', LOG_DIR],
    ['node.id', String(id)],
    ['process.roles', 'broker'],
    // Kafka 4.0 has share groups only where both are said.
    ['group.coordinator.rebalance.protocols', 'classic,consumer,share'],
    ['unstable.api.versions.enable', 'true'],
  ]);
  const values = new Map<string, string>([
    ...Object.entries(config).map(([field, value]) => [nameOf(field), String(value)] as const),
    ...OWN_TOPICS.map((name) => [name, String(Math.min(3, brokers))] as const),
  ]);
  for (const key of GROUP_KEYS) {
    for (const [bound, value] of rangeOf(key, config)) values.set(bound, String(value));
  }
  for (const { name, fallback } of BROKER_KEYS) {
    const value = values.get(name);
    if (value !== undefined && value !== fallback) file.set(name, value);
  }
  for (const [name, value] of fileConfig(scenario)) file.set(topicKey(name)!.broker, value);
  file.delete('');
  return file;
}

/** Fields of the scenario are named after Kafka's settings, with one that would be too long. */
function nameOf(field: string): string {
  if (field === 'transactionAbortTimedOutCleanupIntervalMs') return 'transaction.abort.timed.out.transaction.cleanup.interval.ms';
  return field.replace(/[A-Z]/g, (letter) => `.${letter.toLowerCase()}`);
}
