// Checker for settings of groups: which of them a controller takes.
import type { ClusterConfig } from '../../simulations/contract/scenario.ts';
import { GROUP_KEYS, wrongGroup } from '../../simulations/kafka/metadata/groupConfigs.ts';
import { scenarioById } from '../../simulations/scenarios/catalogue.ts';
import { all, type Checker } from './outcome.ts';

/** Fields of the scenario by the names of the broker settings that they stand for. */
const FIELDS: Readonly<Record<string, keyof ClusterConfig>> = {
  'group.consumer.session.timeout.ms': 'groupConsumerSessionTimeoutMs',
  'group.consumer.heartbeat.interval.ms': 'groupConsumerHeartbeatIntervalMs',
  'group.share.session.timeout.ms': 'groupShareSessionTimeoutMs',
  'group.share.heartbeat.interval.ms': 'groupShareHeartbeatIntervalMs',
  'group.share.record.lock.duration.ms': 'groupShareRecordLockDurationMs',
};

/** The least and the most of a setting are not given: they follow from its value. */
const configs: Checker = (c) => {
  const given = c['broker'] as Readonly<Record<string, string>>;
  const own = GROUP_KEYS.flatMap(({ broker }) => (given[broker] === undefined ? [] : [[FIELDS[broker]!, Number(given[broker])]]));
  const config: ClusterConfig = { ...scenarioById('empty-cluster')!.cluster.config, ...Object.fromEntries(own) };
  const wrong = wrongGroup(new Map(Object.entries(c['settings'] as Record<string, string>)), config);
  return all([c['code'], wrong === null ? 0 : 40]);
};

export const KAFKA_GROUP_CONFIGS: Readonly<Record<string, Checker>> = { 'group-configs': configs };
