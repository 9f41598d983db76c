// Every setting that a broker of Kafka 4.0.0 tells: name, type, how far it can be changed while it runs, default, and what its values are held to.
// A setting is a line, as texts and not objects, because it is read once and only where a broker is asked.

/** `-` read only, `c` for one broker or all, `b` for one broker only, `l` only under the name of a listener; `null` = no default, `''` = an empty one.
 * Rules, for what can be changed: least..most, one/of/these, or `threads`: from half to double what it is. */
export const BROKER_TABLE = `
add.partitions.to.txn.retry.backoff.max.ms int - 100
add.partitions.to.txn.retry.backoff.ms int - 20
advertised.listeners string - null
alter.config.policy.class.name class - null
alter.log.dirs.replication.quota.window.num int - 11
alter.log.dirs.replication.quota.window.size.seconds int - 1
authorizer.class.name string - ''
auto.create.topics.enable boolean - true
auto.leader.rebalance.enable boolean - true
background.threads int c 10 threads
broker.heartbeat.interval.ms int - 2000
broker.id int - -1
broker.rack string - null
broker.session.timeout.ms int - 9000
client.quota.callback.class class - null
compression.gzip.level int c -1 -1..9
compression.lz4.level int c 9 1..17
compression.type string c producer uncompressed/zstd/lz4/snappy/gzip/producer
compression.zstd.level int c 3 -131072..22
connection.failed.authentication.delay.ms int - 100
connections.max.idle.ms long - 600000
connections.max.reauth.ms long - 0
controlled.shutdown.enable boolean - true
controller.listener.names string - null
controller.quorum.append.linger.ms int - 25
controller.quorum.bootstrap.servers list - ''
controller.quorum.election.backoff.max.ms int - 1000
controller.quorum.election.timeout.ms int - 1000
controller.quorum.fetch.timeout.ms int - 2000
controller.quorum.request.timeout.ms int - 2000
controller.quorum.retry.backoff.ms int - 20
controller.quorum.voters list - ''
controller.quota.window.num int - 11
controller.quota.window.size.seconds int - 1
controller.socket.timeout.ms int - 30000
create.topic.policy.class.name class - null
default.replication.factor int - 1
delegation.token.expiry.check.interval.ms long - 3600000
delegation.token.expiry.time.ms long - 86400000
delegation.token.max.lifetime.ms long - 604800000
delegation.token.secret.key password - null
delete.records.purgatory.purge.interval.requests int - 1
delete.topic.enable boolean - true
early.start.listeners string - null
fetch.max.bytes int - 57671680
fetch.purgatory.purge.interval.requests int - 1000
group.consumer.assignors list - uniform,range
group.consumer.heartbeat.interval.ms int - 5000
group.consumer.max.heartbeat.interval.ms int - 15000
group.consumer.max.session.timeout.ms int - 60000
group.consumer.max.size int - 2147483647
group.consumer.migration.policy string - bidirectional
group.consumer.min.heartbeat.interval.ms int - 5000
group.consumer.min.session.timeout.ms int - 45000
group.consumer.session.timeout.ms int - 45000
group.coordinator.append.linger.ms int - 5
group.coordinator.rebalance.protocols list - classic,consumer
group.coordinator.threads int - 4
group.initial.rebalance.delay.ms int - 3000
group.max.session.timeout.ms int - 1800000
group.max.size int - 2147483647
group.min.session.timeout.ms int - 6000
group.share.delivery.count.limit int - 5
group.share.heartbeat.interval.ms int - 5000
group.share.max.groups short - 10
group.share.max.heartbeat.interval.ms int - 15000
group.share.max.record.lock.duration.ms int - 60000
group.share.max.session.timeout.ms int - 60000
group.share.max.size int - 200
group.share.min.heartbeat.interval.ms int - 5000
group.share.min.record.lock.duration.ms int - 15000
group.share.min.session.timeout.ms int - 45000
group.share.partition.max.record.locks int - 200
group.share.record.lock.duration.ms int - 30000
group.share.session.timeout.ms int - 45000
initial.broker.registration.timeout.ms int - 60000
inter.broker.listener.name string - null
kafka.metrics.polling.interval.secs int - 10
kafka.metrics.reporters list - ''
leader.imbalance.check.interval.seconds long - 300
listener.security.protocol.map string b SASL_SSL:SASL_SSL,PLAINTEXT:PLAINTEXT,SSL:SSL,SASL_PLAINTEXT:SASL_PLAINTEXT
listeners string b PLAINTEXT://:9092
log.cleaner.backoff.ms long c 15000 0..
log.cleaner.dedupe.buffer.size long c 134217728
log.cleaner.delete.retention.ms long c 86400000 0..
log.cleaner.enable boolean - true
log.cleaner.io.buffer.load.factor double c 0.9
log.cleaner.io.buffer.size int c 524288 0..
log.cleaner.io.max.bytes.per.second double c 1.7976931348623157E308
log.cleaner.max.compaction.lag.ms long c 9223372036854775807 1..
log.cleaner.min.cleanable.ratio double c 0.5 0..1
log.cleaner.min.compaction.lag.ms long c 0 0..
log.cleaner.threads int c 1 threads
log.cleanup.policy list c delete compact/delete
log.dir string - /tmp/kafka-logs
log.dir.failure.timeout.ms long - 30000
log.dirs string - null
log.flush.interval.messages long c 9223372036854775807 1..
log.flush.interval.ms long c null
log.flush.offset.checkpoint.interval.ms int - 60000
log.flush.scheduler.interval.ms long - 9223372036854775807
log.flush.start.offset.checkpoint.interval.ms int - 60000
log.index.interval.bytes int c 4096 0..
log.index.size.max.bytes int c 10485760 4..
log.local.retention.bytes long c -2 -2..
log.local.retention.ms long c -2 -2..
log.message.timestamp.after.max.ms long c 3600000 0..
log.message.timestamp.before.max.ms long c 9223372036854775807 0..
log.message.timestamp.type string c CreateTime CreateTime/LogAppendTime
log.preallocate boolean c false
log.retention.bytes long c -1
log.retention.check.interval.ms long - 300000
log.retention.hours int - 168
log.retention.minutes int - null
log.retention.ms long c null
log.roll.hours int - 168
log.roll.jitter.hours int - 0
log.roll.jitter.ms long c null 0..
log.roll.ms long c null 1..
log.segment.bytes int c 1073741824 1048576..
log.segment.delete.delay.ms long c 60000 0..
max.connection.creation.rate int c 2147483647 1..
max.connections int c 2147483647 1..
max.connections.per.ip int c 2147483647 0..
max.connections.per.ip.overrides string c ''
max.incremental.fetch.session.cache.slots int - 1000
max.request.partition.size.limit int - 2000
message.max.bytes int c 1048588 0..
metadata.log.dir string - null
metadata.log.max.record.bytes.between.snapshots long - 20971520
metadata.log.max.snapshot.interval.ms long - 3600000
metadata.log.segment.bytes int - 1073741824
metadata.log.segment.ms long - 604800000
metadata.max.idle.interval.ms int - 500
metadata.max.retention.bytes long - 104857600
metadata.max.retention.ms long - 604800000
metric.reporters list c org.apache.kafka.common.metrics.JmxReporter
metrics.num.samples int - 2
metrics.recording.level string - INFO
metrics.sample.window.ms long - 30000
min.insync.replicas int c 1 1..
node.id int - null
num.io.threads int c 8 threads
num.network.threads int c 3 threads
num.partitions int - 1
num.recovery.threads.per.data.dir int c 2 threads
num.replica.alter.log.dirs.threads int - null
num.replica.fetchers int c 1 threads
offset.metadata.max.bytes int - 4096
offsets.commit.timeout.ms int - 5000
offsets.load.buffer.size int - 5242880
offsets.retention.check.interval.ms long - 600000
offsets.retention.minutes int - 10080
offsets.topic.compression.codec int - 0
offsets.topic.num.partitions int - 50
offsets.topic.replication.factor short - 3
offsets.topic.segment.bytes int - 104857600
principal.builder.class class b org.apache.kafka.common.security.authenticator.DefaultKafkaPrincipalBuilder
process.roles list - null
producer.id.expiration.ms int c 86400000 1..
producer.purgatory.purge.interval.requests int - 1000
queued.max.request.bytes long - -1
queued.max.requests int - 500
quota.window.num int - 11
quota.window.size.seconds int - 1
remote.fetch.max.wait.ms int c 500 1..
remote.list.offsets.request.timeout.ms long c 30000 1..
remote.log.index.file.cache.total.size.bytes long c 1073741824 1..
remote.log.manager.copier.thread.pool.size int c 10 threads
remote.log.manager.copy.max.bytes.per.second long c 9223372036854775807 1..
remote.log.manager.copy.quota.window.num int - 11
remote.log.manager.copy.quota.window.size.seconds int - 1
remote.log.manager.expiration.thread.pool.size int c 10 threads
remote.log.manager.fetch.max.bytes.per.second long c 9223372036854775807 1..
remote.log.manager.fetch.quota.window.num int - 11
remote.log.manager.fetch.quota.window.size.seconds int - 1
remote.log.manager.task.interval.ms long - 30000
remote.log.manager.thread.pool.size int - 2
remote.log.metadata.custom.metadata.max.bytes int - 128
remote.log.metadata.manager.class.name string - org.apache.kafka.server.log.remote.metadata.storage.TopicBasedRemoteLogMetadataManager
remote.log.metadata.manager.class.path string - null
remote.log.metadata.manager.impl.prefix string - rlmm.config.
remote.log.metadata.manager.listener.name string - null
remote.log.reader.max.pending.tasks int - 100
remote.log.reader.threads int c 10 threads
remote.log.storage.manager.class.name string - null
remote.log.storage.manager.class.path string - null
remote.log.storage.manager.impl.prefix string - rsm.config.
remote.log.storage.system.enable boolean - false
replica.fetch.backoff.ms int - 1000
replica.fetch.max.bytes int - 1048576
replica.fetch.min.bytes int - 1
replica.fetch.response.max.bytes int - 10485760
replica.fetch.wait.max.ms int - 500
replica.high.watermark.checkpoint.interval.ms long - 5000
replica.lag.time.max.ms long - 30000
replica.selector.class string - null
replica.socket.receive.buffer.bytes int - 65536
replica.socket.timeout.ms int - 30000
replication.quota.window.num int - 11
replication.quota.window.size.seconds int - 1
request.timeout.ms int - 30000
sasl.client.callback.handler.class class - null
sasl.enabled.mechanisms list b GSSAPI
sasl.jaas.config password b null
sasl.kerberos.kinit.cmd string b /usr/bin/kinit
sasl.kerberos.min.time.before.relogin long b 60000
sasl.kerberos.principal.to.local.rules list b DEFAULT
sasl.kerberos.service.name string b null
sasl.kerberos.ticket.renew.jitter double b 0.05
sasl.kerberos.ticket.renew.window.factor double b 0.8
sasl.login.callback.handler.class class - null
sasl.login.class class - null
sasl.login.connect.timeout.ms int - null
sasl.login.read.timeout.ms int - null
sasl.login.refresh.buffer.seconds short b 300
sasl.login.refresh.min.period.seconds short b 60
sasl.login.refresh.window.factor double b 0.8
sasl.login.refresh.window.jitter double b 0.05
sasl.login.retry.backoff.max.ms long - 10000
sasl.login.retry.backoff.ms long - 100
sasl.mechanism.controller.protocol string - GSSAPI
sasl.mechanism.inter.broker.protocol string b GSSAPI
sasl.oauthbearer.clock.skew.seconds int - 30
sasl.oauthbearer.expected.audience list - null
sasl.oauthbearer.expected.issuer string - null
sasl.oauthbearer.jwks.endpoint.refresh.ms long - 3600000
sasl.oauthbearer.jwks.endpoint.retry.backoff.max.ms long - 10000
sasl.oauthbearer.jwks.endpoint.retry.backoff.ms long - 100
sasl.oauthbearer.jwks.endpoint.url string - null
sasl.oauthbearer.scope.claim.name string - scope
sasl.oauthbearer.sub.claim.name string - sub
sasl.oauthbearer.token.endpoint.url string - null
sasl.server.callback.handler.class class - null
sasl.server.max.receive.size int - 524288
security.inter.broker.protocol string - PLAINTEXT
security.providers string - null
share.coordinator.append.linger.ms int - 10
share.coordinator.load.buffer.size int - 5242880
share.coordinator.snapshot.update.records.per.snapshot int - 500
share.coordinator.state.topic.compression.codec int - 0
share.coordinator.state.topic.min.isr short - 2
share.coordinator.state.topic.num.partitions int - 50
share.coordinator.state.topic.replication.factor short - 3
share.coordinator.state.topic.segment.bytes int - 104857600
share.coordinator.threads int - 1
share.coordinator.write.timeout.ms int - 5000
share.fetch.purgatory.purge.interval.requests int - 1000
socket.connection.setup.timeout.max.ms long - 30000
socket.connection.setup.timeout.ms long - 10000
socket.listen.backlog.size int - 50
socket.receive.buffer.bytes int - 102400
socket.request.max.bytes int - 104857600
socket.send.buffer.bytes int - 102400
ssl.allow.dn.changes boolean - false
ssl.allow.san.changes boolean - false
ssl.cipher.suites list b ''
ssl.client.auth string b none required/requested/none
ssl.enabled.protocols list b TLSv1.2,TLSv1.3
ssl.endpoint.identification.algorithm string b https
ssl.engine.factory.class class b null
ssl.key.password password l null
ssl.keymanager.algorithm string b SunX509
ssl.keystore.certificate.chain password l null
ssl.keystore.key password l null
ssl.keystore.location string l null
ssl.keystore.password password l null
ssl.keystore.type string l JKS
ssl.principal.mapping.rules string - DEFAULT
ssl.protocol string b TLSv1.3
ssl.provider string b null
ssl.secure.random.implementation string b null
ssl.trustmanager.algorithm string b PKIX
ssl.truststore.certificates password l null
ssl.truststore.location string l null
ssl.truststore.password password l null
ssl.truststore.type string l JKS
telemetry.max.bytes int - 1048576
transaction.abort.timed.out.transaction.cleanup.interval.ms int - 10000
transaction.max.timeout.ms int - 900000
transaction.partition.verification.enable boolean c true
transaction.remove.expired.transaction.cleanup.interval.ms int - 3600000
transaction.state.log.load.buffer.size int - 5242880
transaction.state.log.min.isr int - 2
transaction.state.log.num.partitions int - 50
transaction.state.log.replication.factor short - 3
transaction.state.log.segment.bytes int - 104857600
transactional.id.expiration.ms int - 604800000
unclean.leader.election.enable boolean c false
unstable.api.versions.enable boolean - false
`;
