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
import { notThis } from './configChanges.ts';

/** What is told, or why not. */
type Told = { readonly configs: DescribedConfig[] } | { readonly errorCode: number; readonly errorMessage: string | null };

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
      return name === ''
        ? refused('The name of the subscription is empty.')
        : { configs: [...(broker.image.clientMetrics.get(name) ?? [])].map(([key, value]) => alone(key, value, SOURCE.clientMetrics)) };
    case RESOURCE.brokerLogger:
      return notThis(broker, name) ?? { configs: broker.loggers.names.map((logger) => alone(logger, broker.loggers.levelOf(logger), SOURCE.logger)) };
    default:
      return refused(`Settings of resource type ${type} are not simulated.`);
  }
}

function refused(errorMessage: string): Told {
  return { errorCode: ERR.INVALID_REQUEST, errorMessage };
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

/** A setting that stands alone: a log level, or what a subscription says. */
function alone(name: string, value: string, configSource: number): DescribedConfig {
  return { name, value, readOnly: false, configSource, isSensitive: false, synonyms: [], configType: 0, documentation: '' };
}
