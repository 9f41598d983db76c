// Changes of settings as the broker that is asked sees them, before it passes them on: what is malformed, what concerns another broker, what this
// broker could not take, and log levels, which are its own affair (Kafka ConfigAdminManager, DynamicBrokerConfig.validate).
import { brokerSetting, changedList, everyBrokerHas, wrongValue, type BrokerKey } from '../metadata/brokerKeys.ts';
import { wrongForReach, wrongThreads, wrongTogether } from '../metadata/brokerRules.ts';
import { valueIn } from '../metadata/brokerSettings.ts';
import { ERR, KEY } from '../protocol/apiKeys.ts';
import { OPERATION, RESOURCE, type AlterConfigsRequest, type AlterConfigsResponse, type IncrementalAlterConfigsRequest } from '../protocol/adminMessages.ts';
import type { Broker, Request } from './broker.ts';

type Resource = AlterConfigsRequest['resources'][number];
type Config = IncrementalAlterConfigsRequest['resources'][number]['configs'][number];

export interface Refusal {
  readonly errorCode: number;
  readonly errorMessage: string | null;
}

/** Resources that this broker answers itself; the others are the controller's. */
export function answeredHere(broker: Broker, request: Request): ReadonlyMap<Resource, AlterConfigsResponse['responses'][number]> {
  const { api, body } = request.message;
  const { resources, validateOnly } = body as AlterConfigsRequest;
  const incremental = api === KEY.IncrementalAlterConfigs;
  const nameOf = (r: Resource) => `${r.resourceType}/${r.resourceName}`;
  const counts = new Map<string, number>();
  for (const r of resources) counts.set(nameOf(r), (counts.get(nameOf(r)) ?? 0) + 1);
  const out = new Map<Resource, AlterConfigsResponse['responses'][number]>();
  for (const r of resources) {
    const said = counts.get(nameOf(r))! > 1 ? malformed('The resource stands in the request more than once.') : answer(broker, r, incremental, validateOnly);
    if (said) out.set(r, { ...said, resourceType: r.resourceType, resourceName: r.resourceName });
  }
  return out;
}

/** null = for the controller to say. */
function answer(broker: Broker, r: Resource, incremental: boolean, validateOnly: boolean): Refusal | null {
  const empty = r.configs.find((c) => c.value === null && (!incremental || (c as Config).configOperation !== OPERATION.delete));
  if (empty) return malformed(`The setting ${empty.name} has no value.`);
  const twice = r.configs.find((c, i) => r.configs.findIndex((other) => other.name === c.name) !== i);
  if (twice) return malformed(`${twice.name} stands in the request more than once.`);
  if (r.resourceType === RESOURCE.brokerLogger && incremental) return notThis(broker, r.resourceName) ?? setLevels(broker, r.configs as readonly Config[], validateOnly);
  if (r.resourceType !== RESOURCE.broker) return null;
  return (r.resourceName === '' ? null : notThis(broker, r.resourceName)) ?? ofBroker(broker, r, incremental);
}

/** Settings of one broker are told and taken by that broker alone. */
export function notThis(broker: Broker, name: string): Refusal | null {
  if (!/^[+-]?\d{1,9}$/.test(name)) return malformed(`A broker is named by its number, not by ${JSON.stringify(name)}.`);
  return Number(name) === broker.id ? null : malformed(`This is broker ${broker.id}, not ${name}.`);
}

/* ---- settings ---- */

function ofBroker(broker: Broker, r: Resource, incremental: boolean): Refusal | null {
  const now = broker.image.brokerConfigs.get(r.resourceName) ?? new Map<string, string>();
  const after = new Map<string, string>(incremental ? now : []);
  for (const c of r.configs) {
    const operation = incremental ? (c as Config).configOperation : OPERATION.set;
    if (operation === OPERATION.set) after.set(c.name, c.value!);
    else if (operation === OPERATION.delete) after.delete(c.name);
    else if (operation === OPERATION.append || operation === OPERATION.subtract) {
      const key = brokerSetting(c.name);
      // Kafka looks the type up among these without asking whether the setting is one of them.
      if (!everyBrokerHas(key)) return { errorCode: ERR.UNKNOWN_SERVER_ERROR, errorMessage: null };
      if (key.type !== 'list') return { errorCode: ERR.INVALID_CONFIG, errorMessage: `${c.name} is not a list.` };
      after.set(c.name, changedList(now.get(c.name) ?? key.fallback ?? '', c.value!, operation));
    } else return malformed(`Operation ${operation} is none that Kafka knows.`);
  }
  return wrongSettings(broker, after, r.resourceName !== '');
}

/** @param own whether they are of one broker. */
function wrongSettings({ id, image, brokerFile }: Broker, after: ReadonlyMap<string, string>, own: boolean): Refusal | null {
  const keys = [...after.keys()].map(brokerSetting);
  const far = wrongForReach(keys, own);
  if (far) return malformed(far);
  const [one, all] = [image.brokerConfigs.get(String(id)), image.brokerConfigs.get('')];
  const now = (name: string) => valueIn([one, all, brokerFile], name);
  const then = (name: string) => valueIn([own ? after : one, own ? all : after, brokerFile], name);
  for (const key of keys) {
    const value = after.get(key.name)!;
    const wrong = wrongValue(key, value);
    if (wrong) return malformed(`${key.name} ${wrong}, not ${tell(key, value)}.`);
  }
  const together = wrongThreads([...keys, ...[...((own ? one : all)?.keys() ?? [])].map(brokerSetting)], then, now) ?? wrongTogether(then, now);
  return together === null ? null : malformed(`${together}.`);
}

function tell(key: BrokerKey, value: string): string {
  return key.type === 'password' ? 'what was given' : JSON.stringify(value);
}

/* ---- log levels ---- */

function setLevels({ loggers }: Broker, configs: readonly Config[], validateOnly: boolean): Refusal {
  for (const { name, value, configOperation } of configs) {
    if (configOperation === OPERATION.append || configOperation === OPERATION.subtract) return malformed('A log level is not a list.');
    if (configOperation !== OPERATION.set && configOperation !== OPERATION.delete) return { errorCode: ERR.UNKNOWN_SERVER_ERROR, errorMessage: null };
    const wrong = loggers.wrong(name, configOperation === OPERATION.set ? value : null);
    if (wrong) return { errorCode: ERR.INVALID_CONFIG, errorMessage: wrong };
    if (configOperation === OPERATION.delete && loggers.isRoot(name)) return malformed('The root logger must have a level.');
  }
  if (!validateOnly) for (const { name, value, configOperation } of configs) loggers.set(name, configOperation === OPERATION.set ? value : null);
  return { errorCode: 0, errorMessage: null };
}

function malformed(errorMessage: string): Refusal {
  return { errorCode: ERR.INVALID_REQUEST, errorMessage };
}
