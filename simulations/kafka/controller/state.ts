// What every part of the controller works on: the metadata log on its disk, the image folded from it, and the settings in force.
import type { ClusterConfig, Scenario } from '../../contract/scenario.ts';
import type { Kernel, Process } from '../../kernel/kernel.ts';
import type { TopicConfig } from '../metadata/configs.ts';
import { fileConfig, keepsEligibleLeaders, topicConfig, type FileConfig } from '../metadata/effective.ts';
import { ANONYMOUS } from '../metadata/clientLimits.ts';
import { MetadataImage, type MetadataRecord } from '../metadata/image.ts';
import { CONTROLLER_MUTATION_RATE } from '../metadata/quotas.ts';
import type { Forwarded } from './messages.ts';
import { MutationQuota, UNBOUND, type Mutations } from './mutationQuota.ts';

export interface ControllerDisk {
  readonly log: MetadataRecord[];
}

export class ControllerState {
  readonly kernel: Kernel;
  readonly process: Process;
  readonly scenario: Scenario;
  readonly config: ClusterConfig;
  readonly file: FileConfig;
  /** Whether eligible leader replicas are kept. */
  readonly elr: boolean;
  readonly image = new MetadataImage();
  /** controller_mutation_rate of clients. */
  private readonly mutations = new MutationQuota();
  private readonly configs = new Map<string, TopicConfig>();

  constructor(kernel: Kernel, process: Process, scenario: Scenario) {
    this.kernel = kernel;
    this.process = process;
    this.scenario = scenario;
    this.config = scenario.cluster.config;
    this.file = fileConfig(scenario);
    this.elr = keepsEligibleLeaders(scenario);
  }

  get log(): MetadataRecord[] {
    return (this.process.disk as ControllerDisk).log;
  }

  write(record: MetadataRecord): void {
    this.log.push(record);
    this.image.apply(record);
    if (record.type === 'config' || record.type === 'topic') this.configs.clear();
    if (record.type === 'quota' && record.key === CONTROLLER_MUTATION_RATE) this.mutations.set(record.entity, record.value);
  }

  /** Reads what is on the disk. */
  load(): void {
    for (const record of this.log) this.image.apply(record);
    for (const { entity, values } of this.image.quotas.all()) {
      const limit = values.get(CONTROLLER_MUTATION_RATE);
      if (limit !== undefined) this.mutations.set(entity, limit);
    }
  }

  /** How many partitions a request may create and delete. @param strictSince version from which on it is refused what is beyond. */
  mutationsOf({ client }: Forwarded, version: number, strictSince: number): Mutations {
    if (client === undefined) return UNBOUND;
    return this.mutations.of({ user: ANONYMOUS, clientId: client }, version >= strictSince, this.kernel.epochMs + Math.floor(this.kernel.nowUs / 1000));
  }

  configOf(topic: string): TopicConfig {
    let config = this.configs.get(topic);
    if (!config) this.configs.set(topic, (config = topicConfig(this.image, this.file, { topic, broker: null })));
    return config;
  }

  readonly isActive = (broker: number): boolean => this.image.isActive(broker);
}
