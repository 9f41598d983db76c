// DescribeConfigs: the settings of topics, brokers and groups, and the log levels of a broker, each value with where it comes from (Kafka ConfigHelper).
import { typeNumber, TOPIC_KEYS, type ConfigKey } from '../metadata/configs.ts';
import { brokerSetting, readOnly, sensitive, toldValue, typeOf } from '../metadata/brokerKeys.ts';
import { brokerSources, settingsOf } from '../metadata/brokerSettings.ts';
import { groupSettings } from '../metadata/groupConfigs.ts';
import { SOURCE, type Sourced } from '../metadata/effective.ts';
import { TOPIC_NAME } from '../metadata/image.ts';
import { ERR } from '../protocol/apiKeys.ts';
import { firstErrorIn, RESOURCE, type DescribeConfigsRequest, type DescribeConfigsResult, type DescribedConfig } from '../protocol/adminMessages.ts';
import { scalaMapOrder } from '../javaHash.ts';
import type { Broker, Request } from './broker.ts';

/** What is told, or why not. */
type Told = { readonly configs: DescribedConfig[] } | { readonly errorCode: number; readonly errorMessage: string };

export function describeConfigs(broker: Broker, request: Request): void {
  const body = request.message.body as DescribeConfigsRequest;
  const results = body.resources.map((r): DescribeConfigsResult => {
    const told = { resourceType: r.resourceType, resourceName: r.resourceName };
    const described = describeResource(broker, r.resourceType, r.resourceName);
    if ('errorCode' in described) return { ...told, ...described, configs: [] };
    const { configurationKeys: keys } = r;
    // An empty list of names asks for all, as none does; of a subscription all is told in any case.
    const wanted = described.configs.filter((c) => r.resourceType === RESOURCE.clientMetrics || keys === null || keys.length === 0 || keys.includes(c.name));
    const byName = new Map(wanted.map((c) => [c.name, body.includeSynonyms ? c : { ...c, synonyms: [] }]));
    return { ...told, errorCode: 0, errorMessage: '', configs: scalaMapOrder([...byName.keys()]).map((name) => byName.get(name)!) };
  });
  const response = { throttleTimeMs: 0, results };
  broker.reply(request, response, firstErrorIn(response), 64 + 40 * results.reduce((sum, r) => sum + r.configs.length, 0));
}

function describeResource(broker: Broker, type: number, name: string): Told {
  switch (type) {
    case RESOURCE.topic:
      if (!TOPIC_NAME.test(name)) return { errorCode: ERR.INVALID_TOPIC_EXCEPTION, errorMessage: `The topic name ${JSON.stringify(name)} is not valid.` };
      if (!broker.image.topics.has(name)) return { errorCode: ERR.UNKNOWN_TOPIC_OR_PARTITION, errorMessage: '' };
      return { configs: TOPIC_KEYS.map((key) => ofTopic(broker, key, name)) };
    case RESOURCE.group:
      return name === '' ? refused('The name of the group is empty.') : { configs: ofGroup(broker, name) };
    case RESOURCE.broker:
      if (name === '') return { configs: settingsOf(broker.image, null).map((setting) => ofBroker(broker, null, setting)) };
      return notThis(broker, name) ?? { configs: settingsOf(broker.image, broker.id).map((setting) => ofBroker(broker, broker.id, setting)) };
    case RESOURCE.clientMetrics:
      return name === '' ? refused('The name of the subscription is empty.') : { configs: [...(broker.image.clientMetrics.get(name) ?? [])].map(([key, value]) => ofSubscription(key, value)) };
    case RESOURCE.brokerLogger:
      return notThis(broker, name) ?? { configs: broker.loggers.names.map((logger) => ofLogger(broker, logger)) };
    default:
      return refused(`Settings of resource type ${type} are not simulated.`);
  }
}

function refused(errorMessage: string): Told {
  return { errorCode: ERR.INVALID_REQUEST, errorMessage };
}

/** A broker tells of itself only. */
function notThis(broker: Broker, name: string): Told | null {
  if (!/^[+-]?\d{1,9}$/.test(name)) return refused(`A broker is named by its number, not by ${JSON.stringify(name)}.`);
  return Number(name) === broker.id ? null : refused(`This is broker ${broker.id}, not ${name}.`);
}

function ofTopic(broker: Broker, key: ConfigKey, topic: string): DescribedConfig {
  const own = broker.image.topics.get(topic)!.configs.get(key.name);
  const behind = key.broker === '' ? [] : brokerSources(broker.image, broker.brokerFile, broker.id, key.broker);
  const value = toldValue(key.type, own ?? behind[0]?.value ?? key.fallback);
  const synonyms: Sourced[] = own === undefined ? behind : [{ name: key.name, value, source: SOURCE.topic }, ...behind];
  return { name: key.name, value, readOnly: false, configSource: synonyms[0]?.source ?? SOURCE.fallback, isSensitive: false, synonyms, configType: typeNumber(key), documentation: null };
}

/** @param id null = as it was changed for all brokers. */
function ofBroker(broker: Broker, id: number | null, name: string): DescribedConfig {
  const key = brokerSetting(name);
  const found = brokerSources(broker.image, broker.brokerFile, id, name);
  const secret = sensitive(key);
  const [first] = found;
  return {
    name,
    // What was changed for all is told as it was given: no broker has read it.
    value: first && !secret ? (id === null ? first.value : toldValue(key.type, first.value)) : null,
    readOnly: readOnly(key),
    configSource: first?.source ?? SOURCE.fallback,
    isSensitive: secret,
    synonyms: secret ? found.map((s) => ({ ...s, value: null })) : found,
    configType: typeOf(key),
    documentation: null,
  };
}

function ofGroup(broker: Broker, group: string): DescribedConfig[] {
  return groupSettings(broker.image, broker.config, group).map(({ key, value, own }) => ({
    name: key.name,
    value,
    readOnly: false,
    configSource: own ? SOURCE.group : SOURCE.fallback,
    isSensitive: false,
    synonyms: [{ name: key.name, value, source: own ? SOURCE.group : SOURCE.fallback }],
    configType: typeNumber(key),
    documentation: null,
  }));
}

function ofSubscription(name: string, value: string): DescribedConfig {
  return { name, value, readOnly: false, configSource: SOURCE.clientMetrics, isSensitive: false, synonyms: [], configType: 0, documentation: '' };
}

function ofLogger(broker: Broker, name: string): DescribedConfig {
  return { name, value: broker.loggers.levelOf(name), readOnly: false, configSource: SOURCE.logger, isSensitive: false, synonyms: [], configType: 0, documentation: '' };
}
