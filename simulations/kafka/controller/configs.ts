// Changing settings of topics, brokers, groups and subscriptions while the cluster runs (Kafka ConfigurationControlManager). The broker that was
// asked has seen to the rest: broker/configChanges.ts.
import { brokerSetting, changedList } from '../metadata/brokerKeys.ts';
import { wrongSubscription } from '../metadata/clientMetrics.ts';
import { contradiction, topicKey, typed, wrongWith, type ConfigKey, MIN_ISR } from '../metadata/configs.ts';
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

const OPERATIONS: ReadonlySet<number> = new Set(Object.values(OPERATION));

/** One setting to be changed; null takes it back. */
type Change = readonly [key: string, value: string | null];

/** What settings are of, by Kafka's number of the resource type. */
const KINDS: ReadonlyMap<number, ConfigResource> = new Map([
  [RESOURCE.topic, 'topic'],
  [RESOURCE.broker, 'broker'],
  [RESOURCE.group, 'group'],
  [RESOURCE.clientMetrics, 'clientMetrics'],
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
    // Kafka's controller gives up on all that it was asked.
    if (request.resources.some((r) => r.configs.some((c) => !OPERATIONS.has(c.configOperation))))
      return { throttleTimeMs: 0, responses: request.resources.map((r) => ({ errorCode: ERR.UNKNOWN_SERVER_ERROR, errorMessage: null, resourceType: r.resourceType, resourceName: r.resourceName })) };
    return this.each(request.resources, request.validateOnly, (r, of) => this.wanted(r, of));
  }

  /** The old way: what is not named is taken back. */
  replace(request: AlterConfigsRequest): AlterConfigsResponse {
    return this.each(request.resources, request.validateOnly, (r, of) => {
      const now = this.current(of, r.resourceName);
      const taken = [...now.keys()].filter((key) => !r.configs.some((c) => c.name === key));
      return [...r.configs.map((c): Change => [c.name, c.value]), ...taken.map((key): Change => [key, null])];
    });
  }

  private each<R extends Resource>(resources: readonly R[], validateOnly: boolean, wanted: (resource: R, of: ConfigResource) => Change[] | Refusal): AlterConfigsResponse {
    const { cause } = this.state.kernel;
    const responses = resources.map((r) => {
      this.state.kernel.cause = cause;
      const told = { resourceType: r.resourceType, resourceName: r.resourceName };
      const of = KINDS.get(r.resourceType) ?? null;
      const missing = of === null ? refuse(ERR.INVALID_REQUEST, `Settings of resource type ${r.resourceType} are not simulated.`) : this.missing(of, r.resourceName);
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
    if (of === 'clientMetrics') return name === '' ? refuse(ERR.INVALID_REQUEST, 'The name of the subscription is empty.') : null;
    return name === '' || image.brokers.has(Number(name)) ? null : refuse(ERR.BROKER_ID_NOT_REGISTERED, `Broker ${name} is not registered.`);
  }

  private current(of: ConfigResource, name: string): ReadonlyMap<string, string> {
    return this.state.image.configsOf(of, name) ?? new Map<string, string>();
  }

  private wanted(r: IncrementalAlterConfigsRequest['resources'][number], of: ConfigResource): Change[] | Refusal {
    const now = this.current(of, r.resourceName);
    const changes: Change[] = [];
    for (const { name, value, configOperation } of r.configs) {
      if (configOperation === OPERATION.delete) changes.push([name, null]);
      else if (configOperation === OPERATION.set) changes.push([name, value]);
      else {
        const { type, fallback } = of === 'broker' ? brokerSetting(name) : (keyOf(of, name) ?? { type: 'unknown', fallback: null });
        if (type !== 'list') return refuse(ERR.INVALID_CONFIG, `${name} is not a list.`);
        changes.push([name, changedList(now.get(name) ?? fallback ?? '', value!, configOperation)]);
      }
    }
    return changes;
  }

  private wrong(of: ConfigResource, name: string, changes: readonly Change[]): Refusal | null {
    const after = new Map(this.current(of, name));
    for (const [setting, value] of changes) {
      if (value === null) after.delete(setting);
      else after.set(setting, value);
    }
    if (of === 'broker') return this.wrongForEligible(name, changes);
    if (of === 'clientMetrics') return wrongSubscription(after);
    const wrong = of === 'group' ? wrongGroup(after, this.state.config) : this.wrongTopic(after, changes);
    return wrong === null ? null : refuse(ERR.INVALID_CONFIG, `${wrong}.`);
  }

  /** The broker that was asked has looked at its settings. Who is eligible to lead is counted with one number for the whole cluster. */
  private wrongForEligible(name: string, changes: readonly Change[]): Refusal | null {
    const change = this.state.elr ? changes.find(([setting]) => setting === MIN_ISR) : undefined;
    if (!change || (name === '' && change[1] !== null)) return null;
    const what = name === '' ? `${MIN_ISR} of the cluster cannot be taken back` : `${MIN_ISR} cannot be set for one broker`;
    return refuse(ERR.INVALID_CONFIG, `${what} while eligible leader replicas are on.`);
  }

  private wrongTopic(after: ReadonlyMap<string, string>, changes: readonly Change[]): string | null {
    for (const [setting, value] of changes) {
      const key = topicKey(setting);
      if (!key) return `${setting} is not a topic setting that is simulated`;
      const wrong = value === null ? null : wrongWith(key, value);
      if (wrong) return `${setting} ${wrong}, not ${JSON.stringify(value)}`;
    }
    const { image, file } = this.state;
    return contradiction(typed((key) => after.get(key.name) ?? valueOf(key, image, file, { topic: null, broker: null })));
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

function keyOf(of: Exclude<ConfigResource, 'broker'>, name: string): ConfigKey | undefined {
  return of === 'topic' ? topicKey(name) : of === 'group' ? groupKey(name) : undefined;
}

function refuse(errorCode: number, errorMessage: string): Refusal {
  return { errorCode, errorMessage };
}
