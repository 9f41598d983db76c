// Log levels of a broker, which an administrator reads and sets as settings of type BROKER_LOGGER (Kafka LoggingController, KIP-412).
// Kafka tells a logger for every class that has written or might; here stand those of its log4j2.yaml and the classes whose work is simulated.
// No log is written, so a level changes nothing; like Kafka's it is forgotten when the process ends.

const ROOT = 'root';
const LEVELS = ['DEBUG', 'ERROR', 'FATAL', 'INFO', 'TRACE', 'WARN'];

/** What log4j2.yaml says. */
const CONFIGURED: ReadonlyMap<string, string> = new Map([
  [ROOT, 'INFO'],
  ['kafka', 'INFO'],
  ['kafka.authorizer.logger', 'INFO'],
  ['kafka.log.LogCleaner', 'INFO'],
  ['kafka.network.RequestChannel$', 'WARN'],
  ['kafka.request.logger', 'WARN'],
  ['org.apache.kafka', 'INFO'],
  ['org.apache.kafka.controller', 'INFO'],
  ['state.change.logger', 'INFO'],
]);

const CLASSES = [
  'kafka.coordinator.transaction.TransactionCoordinator',
  'kafka.coordinator.transaction.TransactionMarkerChannelManager',
  'kafka.log.LogCleaner$CleanerThread',
  'kafka.log.LogManager',
  'kafka.log.UnifiedLog',
  'kafka.network.ConnectionQuotas',
  'kafka.network.Processor',
  'kafka.network.SocketServer',
  'kafka.server.AddPartitionsToTxnManager',
  'kafka.server.BrokerLifecycleManager',
  'kafka.server.BrokerServer',
  'kafka.server.ConfigAdminManager',
  'kafka.server.KafkaApis',
  'kafka.server.KafkaConfig',
  'kafka.server.KafkaRequestHandler',
  'kafka.server.NodeToControllerRequestThread',
  'kafka.server.ReplicaManager',
  'kafka.server.metadata.BrokerMetadataPublisher',
  'kafka.server.share.SharePartitionManager',
  'org.apache.kafka.clients.NetworkClient',
  'org.apache.kafka.coordinator.common.runtime.CoordinatorRuntime',
  'org.apache.kafka.coordinator.group.GroupCoordinatorService',
  'org.apache.kafka.coordinator.share.ShareCoordinatorService',
  'org.apache.kafka.coordinator.transaction.RPCProducerIdManager',
  'org.apache.kafka.image.loader.MetadataLoader',
  'org.apache.kafka.storage.internals.epoch.LeaderEpochFileCache',
  'org.apache.kafka.storage.internals.log.LocalLog',
  'org.apache.kafka.storage.internals.log.LogLoader',
  'org.apache.kafka.storage.internals.log.ProducerStateManager',
  'org.apache.kafka.storage.internals.log.UnifiedLog',
];

const NAMES: readonly string[] = [...CONFIGURED.keys(), ...CLASSES];

export class Loggers {
  private readonly levels = new Map(CONFIGURED);

  get names(): readonly string[] {
    return NAMES;
  }

  /** Its own level, else that of the nearest logger above it. */
  levelOf(name: string): string {
    for (let n = name; n !== ''; n = n.slice(0, Math.max(0, n.lastIndexOf('.')))) {
      const level = this.levels.get(n);
      if (level !== undefined) return level;
    }
    return this.levels.get(ROOT)!;
  }

  /** Why a level may not be changed; null when it may. @param level null takes it back. */
  wrong(name: string, level: string | null): string | null {
    if (!NAMES.includes(name)) return `There is no logger ${JSON.stringify(name)}.`;
    return level === null || LEVELS.includes(level) ? null : `The level of ${name} must be one of ${LEVELS.join(', ')}, not ${JSON.stringify(level)}.`;
  }

  /** Whether a logger must have a level: there is none above it. */
  isRoot(name: string): boolean {
    return name === ROOT;
  }

  set(name: string, level: string | null): void {
    if (level === null) this.levels.delete(name);
    else this.levels.set(name, level);
  }
}
