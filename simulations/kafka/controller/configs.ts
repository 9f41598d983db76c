// Changing settings of topics, brokers and groups while the cluster runs (Kafka ConfigurationControlManager, ConfigAdminManager).
import { brokerKey, contradiction, topicKey, typed, wrongWith, type ConfigKey, MIN_ISR } from '../metadata/configs.ts';
import { groupKey, wrongGroup } from '../metadata/groupConfigs.ts';
import { valueOf } from '../metadata/effective.ts';
import type { ConfigResource } from '../metadata/image.ts';
import { ERR } from '../protocol/apiKeys.ts';
import { OPERATION, RESOURCE, type AlterConfigsRequest, type AlterConfigsResponse, type IncrementalAlterConfigsRequest } from '../protocol/adminMessages.ts';
import type { Partitions } from './partitions.ts';
import type { ControllerState } from './state.ts';

interface Refusal {
  readonly errorCode: number;
  readonly errorMessage: string;
}

/** One setting to be changed; null takes it back. */
type Change = readonly [key: string, value: string | null];

/** What settings are of, by Kafka's number of the resource type. */
const KINDS: ReadonlyMap<number, ConfigResource> = new Map([
  [RESOURCE.topic, 'topic'],
  [RESOURCE.broker, 'broker'],
  [RESOURCE.group, 'group'],
]);

interface Resource {
  readonly resourceType: number;
  readonly resourceName: string;
}

export class Configs {
  private readonly state: ControllerState;
  private readonly partitions: Partitions;

  constructor(state: ControllerState, partitions: Partitions) {
    this.state = state;
    this.partitions = partitions;
  }

  /** Setting by setting: what is not named stays. */
  incremental(request: IncrementalAlterConfigsRequest): AlterConfigsResponse {
    return this.each(request.resources, request.validateOnly, (r, of) => this.wanted(r, of));
  }

  /** The old way: what is not named is taken back. */
  replace(request: AlterConfigsRequest): AlterConfigsResponse {
    return this.each(request.resources, request.validateOnly, (r, of) => {
      const twice = r.configs.find((c, i) => r.configs.findIndex((other) => other.name === c.name) !== i);
      if (twice) return refuse(ERR.INVALID_REQUEST, `${twice.name} stands in the request more than once.`);
      const empty = r.configs.find((c) => c.value === null);
      if (empty) return refuse(ERR.INVALID_REQUEST, `The setting ${empty.name} has no value.`);
      const now = this.current(of, r.resourceName);
      const taken = [...now.keys()].filter((key) => !r.configs.some((c) => c.name === key));
      return [...r.configs.map((c): Change => [c.name, c.value]), ...taken.map((key): Change => [key, null])];
    });
  }

  private each<R extends Resource>(resources: readonly R[], validateOnly: boolean, wanted: (resource: R, of: ConfigResource) => Change[] | Refusal): AlterConfigsResponse {
    const nameOf = (r: Resource) => `${r.resourceType}/${r.resourceName}`;
    const names = resources.map(nameOf);
    const { cause } = this.state.kernel;
    const responses = resources.map((r) => {
      this.state.kernel.cause = cause;
      const told = { resourceType: r.resourceType, resourceName: r.resourceName };
      const twice = names.indexOf(nameOf(r)) !== names.lastIndexOf(nameOf(r));
      const of = KINDS.get(r.resourceType) ?? null;
      const missing = twice
        ? refuse(ERR.INVALID_REQUEST, 'The resource stands in the request more than once.')
        : of === null
          ? refuse(ERR.INVALID_REQUEST, `Settings of resource type ${r.resourceType} are not simulated.`)
          : this.missing(of, r.resourceName);
      if (missing || of === null) return { ...told, ...missing! };
      const changes = wanted(r, of);
      const refused = Array.isArray(changes) ? this.wrong(of, r.resourceName, changes) : (changes as Refusal);
      if (refused) return { ...told, ...refused };
      if (!validateOnly) this.commit(of, r.resourceName, changes as Change[]);
      return { ...told, errorCode: 0, errorMessage: null };
    });
    return { throttleTimeMs: 0, responses };
  }

  private missing(of: ConfigResource, name: string): Refusal | null {
    const { image } = this.state;
    if (of === 'topic' && name === '') return refuse(ERR.INVALID_REQUEST, 'The name of the topic is empty: there are no settings for all topics.');
    if (of === 'topic') return image.topics.has(name) ? null : refuse(ERR.UNKNOWN_TOPIC_OR_PARTITION, `There is no topic ${name}.`);
    if (of === 'group') return name === '' ? refuse(ERR.INVALID_REQUEST, 'The name of the group is empty: there are no settings for all groups.') : null;
    if (name === '') return null;
    if (!/^\d{1,9}$/.test(name)) return refuse(ERR.INVALID_REQUEST, `${JSON.stringify(name)} is not a broker id.`);
    return image.brokers.has(Number(name)) ? null : refuse(ERR.BROKER_ID_NOT_REGISTERED, `Broker ${name} is not registered.`);
  }

  private current(of: ConfigResource, name: string): ReadonlyMap<string, string> {
    return this.state.image.configsOf(of, name) ?? new Map<string, string>();
  }

  private wanted(r: IncrementalAlterConfigsRequest['resources'][number], of: ConfigResource): Change[] | Refusal {
    const now = this.current(of, r.resourceName);
    const changes: Change[] = [];
    for (const c of r.configs) {
      if (r.configs.filter((other) => other.name === c.name).length > 1) return refuse(ERR.INVALID_REQUEST, `${c.name} stands in the request more than once.`);
      if (c.configOperation === OPERATION.delete) {
        changes.push([c.name, null]);
        continue;
      }
      if (c.value === null) return refuse(ERR.INVALID_REQUEST, `The setting ${c.name} has no value.`);
      if (c.configOperation === OPERATION.set) changes.push([c.name, c.value]);
      else if (c.configOperation === OPERATION.append || c.configOperation === OPERATION.subtract) {
        const key = keyOf(of, c.name);
        if (key?.type !== 'list') return refuse(ERR.INVALID_CONFIG, `${c.name} is not a list.`);
        const list = (now.get(c.name) ?? key.fallback).split(',').filter((part) => part !== '');
        const given = c.value.split(',');
        const after = c.configOperation === OPERATION.append ? [...list, ...given.filter((part) => !list.includes(part))] : list.filter((part) => !given.includes(part));
        changes.push([c.name, after.join(',')]);
      } else return refuse(ERR.INVALID_REQUEST, `Operation ${c.configOperation} is none that Kafka knows.`);
    }
    return changes;
  }

  private wrong(of: ConfigResource, name: string, changes: readonly Change[]): Refusal | null {
    const after = new Map(this.current(of, name));
    for (const [setting, value] of changes) {
      if (value === null) after.delete(setting);
      else after.set(setting, value);
    }
    if (of === 'group') {
      const wrong = wrongGroup(after, this.state.config);
      return wrong === null ? null : refuse(ERR.INVALID_CONFIG, `${wrong}.`);
    }
    for (const [setting, value] of changes) {
      const key = keyOf(of, setting);
      if (!key) return refuse(ERR.INVALID_CONFIG, of === 'topic' ? `${setting} is not a topic setting that is simulated.` : `${setting} cannot be changed while a broker runs.`);
      const wrong = value === null ? null : wrongWith(key, value);
      if (wrong) return refuse(ERR.INVALID_CONFIG, `${setting} ${wrong}, not ${JSON.stringify(value)}.`);
      // Who is eligible to lead is counted with one number for the whole cluster.
      if (this.state.elr && of === 'broker' && setting === MIN_ISR && (name !== '' || value === null))
        return refuse(
          ERR.INVALID_CONFIG,
          name === '' ? `${MIN_ISR} of the cluster cannot be taken back while eligible leader replicas are on.` : `${MIN_ISR} cannot be set for one broker while eligible leader replicas are on.`,
        );
    }
    const { image, file } = this.state;
    const against = contradiction(typed((key) => after.get(of === 'topic' ? key.name : key.broker) ?? valueOf(key, image, file, { topic: null, broker: null })));
    return against === null ? null : refuse(ERR.INVALID_CONFIG, `${against}.`);
  }

  private commit(of: ConfigResource, name: string, changes: readonly Change[]): void {
    const { state } = this;
    const { kernel: k, process } = state;
    for (const [key, value] of changes) {
      if ((this.current(of, name).get(key) ?? null) === value) continue;
      state.write({ type: 'config', of, resource: name, key, value });
      const resource = of === 'broker' && name === '' ? 'cluster' : of;
      k.cause = k.trace.emit('kafka.configChanged', process.sym, k.cause, k.trace.sym(resource), k.trace.sym(name), k.trace.sym(key), k.trace.sym(value ?? ''), value === null);
      if (state.elr && key === MIN_ISR) this.partitions.clearElr(of === 'topic' ? name : null);
    }
  }
}

/** Topics and brokers call the same setting by different names. */
function keyOf(of: ConfigResource, name: string): ConfigKey | undefined {
  switch (of) {
    case 'topic':
      return topicKey(name);
    case 'broker':
      return brokerKey(name);
    case 'group':
      return groupKey(name);
  }
}

function refuse(errorCode: number, errorMessage: string): Refusal {
  return { errorCode, errorMessage };
}
