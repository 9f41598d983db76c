// What events, faults, invariants and conditions say in English.
import type { FaultKind } from '../faults/grammar.ts';
import { faultTarget, grouped, lookup, type EngineText } from './contract.ts';
import { streamsEn } from './streams.en.ts';

const n = (count: number, one: string, many = `${one}s`) => `${grouped(count)} ${count === 1 ? one : many}`;
const records = (count: number) => n(count, 'record');
const tp = (e: { topic: string; partition: number }) => `${e.topic}-${e.partition}`;
const span = (base: number, count: number) => (count <= 1 ? `offset ${base}` : `offsets ${base} to ${base + count - 1}`);
const ms = (us: number) => (us < 1000 ? `${us}\u00a0µs` : us < 10_000_000 ? `${Math.round(us / 100) / 10}\u00a0ms` : `${Math.round(us / 100_000) / 10}\u00a0s`);
const brokers = (ids: string) =>
  ids === ''
    ? 'nobody'
    : ids
        .split(',')
        .map((id) => `broker-${id}`)
        .join(', ');
const acks = (value: number) => (value === -1 ? 'all' : String(value));
const failure = (error: string) => (lookup(NETWORK, error) ? NETWORK[error]! : `a ${error} error`);
const NETWORK: Readonly<Record<string, string>> = {
  timeout: 'no answer in time',
  closed: 'a closed connection',
  reset: 'a reset connection',
  refused: 'a refused connection',
  disconnected: 'a lost connection',
};
/** A process inside a sentence, and at its beginning: all but the controller go by their name alone. */
const who = (process: string) => (process === 'controller' ? 'the controller' : process);
const Who = (process: string) => (process === 'controller' ? 'The controller' : process);
const shared = (e: { firstOffset: number; lastOffset: number }) => span(e.firstOffset, e.lastOffset - e.firstOffset + 1);
const list = (partitions: string) => partitions.replaceAll(',', ', ');
/** Whether a change of state is one of the classic protocol: its groups go through PreparingRebalance or CompletingRebalance each time. */
const classic = (e: { from: string; to: string }) => `${e.from} ${e.to}`.includes('Rebalance');
const message = (e: { api: string; response: boolean }) => (e.response ? `the answer to ${e.api}` : e.api);

export const en: EngineText = {
  language: 'en',
  events: {
    ...streamsEn,
    'run.started': (e) => `The run of ${e.scenario} began with seed ${e.seed}.`,
    'run.ended': (e) => en.ended[e.reason as keyof EngineText['ended']] ?? `The run ended: ${e.reason}.`,
    'process.started': (e) => `${Who(e.process)} started.`,
    'process.killed': (e) => (e.reason === 'uncaught' ? `${Who(e.process)} ended on an error it did not catch.` : `${Who(e.process)} was killed: its memory is gone, its disk stays.`),
    'process.exited': (e) => `${Who(e.process)} exited with code ${e.code}.`,
    'process.paused': (e) => `${Who(e.process)} froze; its clock and everyone else's run on.`,
    'process.resumed': (e) => `${Who(e.process)} went on, with ${n(e.waited, 'delivery or timer', 'deliveries and timers')} that had waited.`,
    'process.restarted': (e) => `${Who(e.process)} started again with its disk and an empty memory.`,
    'fault.started': (e) => (e.tookEffect ? `Fault: ${faultName(e.kind, e.line)}.` : `Fault: ${faultName(e.kind, e.line)}. There was nothing to strike.`),
    'fault.ended': (e) => `Fault over: ${faultName(e.kind, e.line)}.`,
    'net.connected': (e) => `${Who(e.from)} connected to ${who(e.to)}.`,
    'net.closed': (e) =>
      e.reason === 'refused'
        ? `${Who(e.to)} refused a connection from ${who(e.from)}.`
        : e.reason === 'reset'
          ? `The connection from ${who(e.from)} to ${who(e.to)} was reset.`
          : `The connection from ${who(e.from)} to ${who(e.to)} was closed.`,
    'net.sent': (e) =>
      e.dueUs < 0
        ? `${Who(e.from)} sent ${message(e)} to ${who(e.to)}; it does not get through.`
        : `${Who(e.from)} sent ${message(e)} to ${who(e.to)}${e.records > 0 ? `, ${records(e.records)}` : ''}.`,
    'net.delivered': (e) => `${Who(e.to)} received ${message(e)} from ${who(e.from)}.`,
    'net.dropped': (e) => (e.againUs >= 0 ? `${Who(e.from)} lost ${message(e)} on the way to ${who(e.to)}; TCP sends it again.` : `${Who(e.from)} lost ${message(e)} to ${who(e.to)} for good.`),
    'request.received': (e) => `${Who(e.process)} took ${e.api} from ${who(e.client)}.`,
    'request.answered': (e) =>
      e.error === 'NONE' ? `${Who(e.process)} answered ${e.api} of ${who(e.client)} after ${ms(e.latencyUs)}.` : `${Who(e.process)} answered ${e.api} of ${who(e.client)} with a ${e.error} error.`,
    'kafka.topicCreated': (e) =>
      `The controller created the topic ${e.topic}: ${n(e.partitions, 'partition')}, replication factor ${e.replicationFactor}${e.auto ? ', because a client named it' : ''}.`,
    'kafka.append': (e) =>
      e.leader
        ? `${Who(e.process)} appended ${records(e.records)} to ${tp(e)} at ${span(e.baseOffset, e.records)}.`
        : `${Who(e.process)} copied ${records(e.records)} of ${tp(e)} at ${span(e.baseOffset, e.records)}.`,
    'kafka.duplicate': (e) => `${Who(e.process)} recognized ${records(e.records)} of ${tp(e)} sent again and kept one copy, at offset ${e.baseOffset}.`,
    'kafka.truncate': (e) =>
      e.removed === 0
        ? `${Who(e.process)} compared its log of ${tp(e)} with the leader's: nothing to cut at ${e.toOffset}.`
        : `${Who(e.process)} cut its log of ${tp(e)} back to ${e.toOffset}: ${records(e.removed)} gone.`,
    'kafka.highWatermark': (e) => (e.leader ? `The high watermark of ${tp(e)} moved to ${e.offset}.` : `${Who(e.process)} learned the high watermark of ${tp(e)}: ${e.offset}.`),
    'kafka.isrChanged': (e) => `The in-sync replicas of ${tp(e)} are now ${brokers(e.isr)}; before: ${brokers(e.was)}.`,
    'kafka.leaderElected': (e) =>
      e.leader < 0
        ? `${tp(e)} has no leader: no in-sync replica is alive.`
        : e.unclean
          ? `broker-${e.leader} became leader of ${tp(e)} at epoch ${e.leaderEpoch} without being in sync.`
          : `broker-${e.leader} became leader of ${tp(e)} at epoch ${e.leaderEpoch}.`,
    'kafka.roleTaken': (e) =>
      e.role === 'leader'
        ? `${Who(e.process)} began to lead ${tp(e)} at epoch ${e.leaderEpoch}, log end ${e.logEndOffset}.`
        : `${Who(e.process)} began to follow broker-${e.leader} for ${tp(e)} at epoch ${e.leaderEpoch}.`,
    'kafka.fenced': (e) => `The controller fenced broker-${e.broker}: ${FENCED[e.reason] ?? e.reason}.`,
    'kafka.unfenced': (e) => `The controller let broker-${e.broker} serve.`,
    'producer.sent': (e) => `${Who(e.process)} sent ${records(e.records)} to ${tp(e)} with acks=${acks(e.acks)}.`,
    'producer.retried': (e) => `${Who(e.process)} sent ${records(e.records)} to ${tp(e)} again, attempt ${e.attempt}, after ${failure(e.error)}.`,
    'producer.acknowledged': (e) =>
      e.baseOffset < 0
        ? `${Who(e.process)} counts ${records(e.records)} for ${tp(e)} as sent; acks=0 waits for no answer.`
        : `${Who(e.process)} heard that ${records(e.records)} of ${tp(e)} ${e.records === 1 ? 'is' : 'are'} stored at ${span(e.baseOffset, e.records)}.`,
    'producer.failed': (e) => `${Who(e.process)} gave up ${records(e.records)} for ${tp(e)} after ${failure(e.error)}.`,
    'consumer.delivered': (e) => `${Who(e.process)} was handed ${records(e.records)} of ${tp(e)}; its position is ${e.nextOffset}.`,
    'group.stateChanged': (e) => `Group ${e.group} went from ${e.from} to ${e.to}, ${classic(e) ? 'generation' : 'group epoch'} ${e.generation}, ${n(e.members, 'member')}.`,
    'group.memberJoined': (e) => `${Who(e.client)} joined group ${e.group}.`,
    'group.memberLeft': (e) => (e.reason === 'left' ? `${Who(e.client)} left group ${e.group}.` : `${Who(e.client)} was removed from group ${e.group}: ${LEFT[e.reason] ?? e.reason}.`),
    'group.assigned': (e) =>
      e.partitions === ''
        ? `${Who(e.client)} was given no partition in generation ${e.generation} of ${e.group}.`
        : `${Who(e.client)} was given ${e.partitions.replaceAll(',', ', ')} in generation ${e.generation} of ${e.group}.`,
    'offset.committed': (e) => `Group ${e.group} committed offset ${e.offset} of ${tp(e)}.`,
    'guest.console': (e) => `${Who(e.process)} wrote ${e.level}: ${e.text || e.args}`,
    'guest.uncaught': (e) => `${Who(e.process)} did not catch ${e.name}${e.code ? ` (${e.code})` : ''}${e.file && e.line > 0 ? ` at ${e.file}:${e.line}` : ''}: ${e.message}`,
    'invariant.violated': (e) => {
      const what = lookup(en.invariants, e.invariant)?.broken(e) ?? `The invariant ${e.invariant} does not hold.`;
      return e.promised ? `Violated. ${what}` : `Violated. ${what} Not promised here: ${lookup(en.unmet, e.unmet) ?? e.unmet}.`;
    },
    'limit.reached': (e) => `The run reached its limit: ${LIMITS[e.limit] ?? e.limit}, ${grouped(e.amount)}.`,
    'consumer.assigned': (e) =>
      e.partitions === '' ? `${Who(e.process)} took over no new partition in ${e.group}.` : `${Who(e.process)} began to read ${e.partitions.replaceAll(',', ', ')} for ${e.group}.`,
    'consumer.revoked': (e) =>
      e.lost
        ? `${Who(e.process)} lost ${e.partitions.replaceAll(',', ', ')}: it is no longer in ${e.group}, and could commit nothing more.`
        : `${Who(e.process)} gave up ${e.partitions.replaceAll(',', ', ')} for ${e.group}${e.owned === '' ? '' : ` and goes on reading ${e.owned.replaceAll(',', ', ')}`}.`,
    'consumer.failed': (e) => `${Who(e.process)} stopped reading for ${e.group}: its poll threw ${e.error}.`,
    'group.memberReplaced': (e) => `${Who(e.client)} came back to group ${e.group} as ${e.instance} and took the place of its former self.`,
    'transaction.stateChanged': (e) => {
      const what = `Transaction ${e.transactionalId} went from ${e.from} to ${e.to}, producer epoch ${e.producerEpoch}`;
      return e.reason === 'timeout' ? `${what}: it was open for too long.` : e.reason === 'fencing' ? `${what}: a new producer took its place.` : `${what}.`;
    },
    'transaction.markerWritten': (e) => `${Who(e.process)} wrote ${e.marker === 'COMMIT' ? 'a commit' : 'an abort'} marker to ${tp(e)} at offset ${e.offset}.`,
    'kafka.transactionOpened': (e) => `A transaction of producer ${e.producerId} opened in ${tp(e)} at offset ${e.firstOffset}.`,
    'kafka.lastStableOffset': (e) =>
      e.offset < e.highWatermark
        ? `An open transaction holds the last stable offset of ${tp(e)} at ${e.offset}; the high watermark is ${e.highWatermark}.`
        : `No transaction holds ${tp(e)} back: its last stable offset is the high watermark, ${e.offset}.`,
    'consumer.metTransaction': (e) => `${Who(e.process)} reads ${tp(e)}, which has transactions, with isolation.level=${e.isolation}.`,
    'consumer.skipped': (e) => `${Who(e.process)} passed over ${records(e.records)} of an aborted transaction in ${tp(e)} at ${span(e.baseOffset, e.records)}.`,
    'producer.transactionEnded': (e) => `${Who(e.process)} heard that its transaction ${e.number} is ${e.committed ? 'committed' : 'aborted'}, with ${records(e.records)}.`,
    'producer.fatal': (e) => `${Who(e.process)} cannot go on with transactional ID ${e.transactionalId}: ${e.error}.`,
    'kafka.segmentRolled': (e) => `${Who(e.process)} began a new segment of ${tp(e)} at offset ${e.baseOffset}${ROLLED[e.reason] ? `: ${ROLLED[e.reason]}` : ''}.`,
    'kafka.logStartOffset': (e) => `On ${who(e.process)} ${tp(e)} now begins at offset ${e.offset}${STARTED[e.reason] ? ` ${STARTED[e.reason]}` : ''}.`,
    'kafka.compacted': (e) => `${Who(e.process)} compacted ${tp(e)} below offset ${e.toOffset}: ${records(e.removed)} removed, ${grouped(e.kept)} left.`,
    'kafka.tailLost': (e) => `${Who(e.process)} lost ${records(e.removed)} of ${tp(e)} with the power; its log now ends at ${e.toOffset}.`,
    'kafka.topicDeleted': (e) => `The controller deleted the topic ${e.topic} with all its records.`,
    'kafka.partitionsCreated': (e) =>
      e.partitions - e.first === 1
        ? `The controller added partition ${e.first} to ${e.topic}; it now has ${e.partitions}.`
        : `The controller added partitions ${e.first} to ${e.partitions - 1} to ${e.topic}; it now has ${e.partitions}.`,
    'kafka.configChanged': (e) => {
      const where =
        e.resource === 'topic'
          ? e.name
          : e.resource === 'broker'
            ? `broker-${e.name}`
            : e.resource === 'group'
              ? `group ${e.name}`
              : e.resource === 'clientMetrics'
                ? `the subscription ${e.name} to metrics`
                : 'all brokers';
      return e.removed ? `The controller put ${e.key} of ${where} back to its default.` : `The controller set ${e.key} of ${where} to ${e.value || 'an empty text'}.`;
    },
    'kafka.quotaChanged': (e) => (e.removed ? `The controller took ${e.key} of ${e.entity} back.` : `The controller set ${e.key} of ${e.entity} to ${e.value}.`),
    'kafka.throttled': (e) => {
      const why = e.rate < 0 ? `its ${e.quota} is used up` : `${grouped(e.rate)} bytes a second are beyond its ${e.quota} of ${grouped(e.limit)}`;
      return `${Who(e.process)} will read nothing from ${who(e.client)} for ${grouped(e.throttleMs)} ms: ${why}.`;
    },
    'kafka.elrChanged': (e) => {
      const last = e.lastKnownElr === '' ? '' : ` Last known: ${brokers(e.lastKnownElr)}.`;
      return e.elr === '' ? `No replica of ${tp(e)} is eligible to lead outside the ISR.${last}` : `Outside the ISR of ${tp(e)}, ${brokers(e.elr)} may lead without loss.${last}`;
    },
    'kafka.reassigned': (e) =>
      e.adding === '' && e.removing === ''
        ? `The replicas of ${tp(e)} are now ${brokers(e.replicas)}.`
        : `${tp(e)} is being reassigned: ${[e.adding && `adding ${brokers(e.adding)}`, e.removing && `removing ${brokers(e.removing)}`].filter(Boolean).join(', ')}.`,
    'kafka.replicaDropped': (e) => `${Who(e.process)} deleted its log of ${tp(e)}, which ended at ${e.logEndOffset}.`,
    'kafka.shuttingDown': (e) => `The controller began to move the leaderships of broker-${e.broker}, which is shutting down.`,
    'kafka.brokerJoined': (e) => `broker-${e.broker} joined the cluster.`,
    'kafka.brokerLeft': (e) => `The controller removed broker-${e.broker} from the cluster.`,
    'group.epochBumped': (e) => `Group ${e.group} is at group epoch ${e.epoch}: ${BUMPED[e.reason] ?? e.reason}.`,
    'group.targetComputed': (e) => `${Who(e.process)} computed the assignment of epoch ${e.epoch} for group ${e.group} with the ${e.assignor} assignor.`,
    'group.memberReconciled': (e) => {
      if (e.epoch < 0) return `${Who(e.client)} is away from group ${e.group}; ${e.assigned === '' ? 'its place' : list(e.assigned)} waits for it.`;
      if (e.state === 'UNREVOKED_PARTITIONS')
        return `${Who(e.client)} is to give up ${list(e.pendingRevocation)} before it leaves epoch ${e.epoch} of ${e.group}${e.assigned === '' ? '' : `; it keeps ${list(e.assigned)}`}.`;
      const has = `${Who(e.client)} is at epoch ${e.epoch} of ${e.group} with ${e.assigned === '' ? 'no partition' : list(e.assigned)}`;
      return e.state === 'STABLE' ? `${has}.` : `${has}, and waits for partitions that others still have.`;
    },
    'share.acquired': (e) => `${Who(e.client)} took ${shared(e)} of ${tp(e)} for share group ${e.group}${e.deliveryCount > 1 ? `, delivery ${e.deliveryCount}` : ''}.`,
    'share.acknowledged': (e) => `${Who(e.client)} is done with ${shared(e)} of ${tp(e)} for share group ${e.group}.`,
    'share.released': (e) =>
      e.reason === 'lockTimeout'
        ? `The lock of ${e.client || 'a member'} on ${shared(e)} of ${tp(e)} is over; group ${e.group} delivers again.`
        : `${Who(e.client || 'a member')} gave back ${shared(e)} of ${tp(e)}${e.reason === 'sessionClosed' ? ' as it ended' : ''}; group ${e.group} delivers again.`,
    'share.archived': (e) => `Group ${e.group} gives up ${shared(e)} of ${tp(e)}: ${ARCHIVED[e.reason] ?? e.reason}.`,
    'share.startMoved': (e) => `Group ${e.group} is done with ${tp(e)} up to offset ${e.startOffset}; ${records(e.inFlight)} after that in flight.`,
    'group.converted': (e) =>
      e.members === 0
        ? `Group ${e.group} had no members: it begins anew as a ${e.to} group, with its offsets.`
        : e.to === 'consumer'
          ? `Group ${e.group} became a consumer group: ${n(e.members, 'member')} of the classic protocol ${e.members === 1 ? 'stays' : 'stay'}, generation ${e.generation} is now the group epoch.`
          : `Group ${e.group} is a classic group again: ${n(e.members, 'member')}, group epoch ${e.generation} is now the generation.`,
    'group.loaded': (e) => `${Who(e.process)} became the coordinator of group ${e.group}: ${e.state}, group epoch ${e.epoch}, ${n(e.members, 'member')}.`,
  },
  faults: {
    kill: { name: 'Kill', does: 'Ends the process at once: memory is lost, the disk stays, its connections are reset.', on: (t) => `Kill ${t}` },
    restart: { name: 'Restart', does: 'Starts a process that has ended, with its disk and without its memory.', on: (t) => `Restart ${t}` },
    pause: { name: 'Pause', does: 'Freezes the process while its clock and everyone else go on, as a long garbage collection does.', on: (t) => `Pause ${t}` },
    cut: { name: 'Cut a link', does: 'Nothing gets through between the two until the cut is over; TCP keeps trying.', on: (t) => `Cut ${t}` },
    delay: { name: 'Delay', does: 'Every message on the link takes longer by the given time.', on: (t) => `Delay ${t}` },
    loss: { name: 'Lose messages', does: 'The given share of transmissions is lost; TCP sends them again after its time-out.', on: (t) => `Lose messages ${t}` },
    shutdown: { name: 'Shut down', does: 'Ends a process in order: a broker first moves its leaderships to others, a consumer commits and leaves its group.', on: (t) => `Shut down ${t}` },
    powerloss: {
      name: 'Power loss',
      does: 'The host goes dark: memory is lost, its connections fall silent, and its disk keeps only what the operating system had written.',
      on: (t) => `Power loss at ${t}`,
    },
  },
  invariants: {
    'acknowledged-kept': {
      title: 'no acked loss',
      sentence: 'A record acknowledged with acks=all by at least two in-sync replicas is in the log of every later leader.',
      broken: (e) => `${e.offset >= 0 ? `The acknowledged record at offset ${e.offset} of ${tp(e)}` : `An acknowledged record of ${tp(e)}`} is not in the new leader's log.`,
    },
    'delivered-stands': {
      title: 'read records stay',
      sentence: 'A record that a consumer was handed is never replaced by another at its offset.',
      broken: (e) => `Offset ${e.offset} of ${tp(e)} now holds another record than the one a consumer was handed.`,
    },
    'high-watermark-forward': {
      title: 'high watermark only rises',
      sentence: 'On each replica the high watermark goes back only when the log is truncated.',
      broken: (e) => `The high watermark of ${tp(e)} on ${e.subject || 'a replica'} went back to ${e.offset}.`,
    },
    'log-bounds': {
      title: 'offsets in order',
      sentence: 'On each replica: log start ≤ last stable offset ≤ high watermark ≤ log end.',
      broken: (e) => `On ${e.subject || 'a replica'} the log start, last stable offset, high watermark and log end of ${tp(e)} are out of order.`,
    },
    'key-order': {
      title: 'order per key',
      sentence: 'What one producer sends with one key stands in its partition in the order it was sent, first occurrences counted.',
      broken: (e) => `${e.key ? `Records with key ${e.key}` : 'Records without a key'} stand in ${tp(e)} in another order than they were sent.`,
    },
    'no-duplicates': {
      title: 'no batch twice',
      sentence: 'No producer id, epoch and sequence stands twice in one log.',
      broken: (e) => `A batch stands twice in ${tp(e)}, the second time at offset ${e.offset}.`,
    },
    'one-owner': {
      title: 'one owner per partition',
      sentence: 'In one generation of a group each partition has one owner, and where the broker assigns, also while members move from epoch to epoch.',
      broken: (e) => `Two members of ${e.subject || 'a group'} own ${tp(e)} at once.`,
    },
    'replicas-agree': {
      title: 'replicas agree',
      sentence: 'The logs of in-sync replicas are equal up to the high watermark.',
      broken: (e) => `The log of ${tp(e)} on ${e.subject || 'a replica'} differs from the leader's at offset ${e.offset}, below the high watermark.`,
    },
    'read-committed': {
      title: 'only committed reads',
      sentence: 'A consumer with isolation.level=read_committed is never handed a record of a transaction that is open or was aborted.',
      broken: (e) => `${e.subject || 'A consumer'} reads with read_committed and was handed offset ${e.offset} of ${tp(e)}, whose transaction was not committed.`,
    },
    'markers-hidden': {
      title: 'markers stay hidden',
      sentence: 'The marker that ends a transaction takes an offset, but no application is ever handed it.',
      broken: (e) => `${e.subject || 'A consumer'} was handed the marker at offset ${e.offset} of ${tp(e)}.`,
    },
    'offsets-kept': {
      title: 'offsets never change',
      sentence: 'What retention and compaction leave keeps its offset: a record is read where it was written.',
      broken: (e) => `A record${e.key ? ` with key ${e.key}` : ''} was read at offset ${e.offset} of ${tp(e)}, where it was never written.`,
    },
    'output-complete': {
      title: 'no result is missing',
      sentence: 'When a stream job has finished, everything that it would have given without faults can be read from its topics.',
      broken: (e) => `A result${e.key ? ` for ${e.key}` : ''} is missing in ${e.topic} that the run without faults has.`,
    },
    'output-once': {
      title: 'no result comes twice',
      sentence: 'When a stream job has finished, its topics hold no committed result that the run without faults does not have, and none more often.',
      broken: (e) => `${e.topic} holds a result${e.key ? ` for ${e.key}` : ''} that the run without faults does not have, or has less often.`,
    },
  },
  unmet: {
    checkpoints: 'the job takes no checkpoints',
    'sink-at-least-once': 'the sink does not wait for acknowledgements at checkpoints',
    'sink-exactly-once': 'the sink does not write in transactions',
    'mode-exactly-once': 'the checkpointing mode is at-least-once',
    'not-drained': 'the job was drained by hand, and how much it had read by then depends on the fault',
    'same-input': 'a fault changed what was sent to the job',
    'no-late-records': 'records came too late for their windows, and which ones do may change after a restart',
    'transaction-timeout': 'Kafka aborted a transaction before it could be committed: transaction.timeout.ms was too short',
    'acks-all': 'acks is not all',
    'min-insync-2': 'min.insync.replicas is under 2',
    'clean-election': 'unclean leader election is on',
    idempotence: 'idempotence is off and more than one request is in flight',
    power: 'a host lost power before its log was on disk',
  },
  faultErrors: {
    empty: (e) => `This is not a fault. Write it like this: ${e.hint}.`,
    unknownKind: (e) => `There is no fault called ${e.part}. Nearest: ${e.hint}.`,
    target: (e) => (e.part ? `${e.part} cannot be a target. Write it like ${e.hint}.` : `The target is missing. Write it like ${e.hint}.`),
    needsProcess: (e) => `This fault strikes one process, and ${e.part} is a link. Write it like ${e.hint}.`,
    needsLink: (e) => `This fault strikes a link, and ${e.part} is a process. Write it like ${e.hint}.`,
    needsBroker: (e) => `Brokers and consumers shut down in order, and ${e.part} is neither. Write it like ${e.hint}.`,
    unknownProcess: (e) => `There is no process called ${e.part}. Nearest: ${e.hint}.`,
    time: (e) => (e.part ? `${e.part} is not a time. Write a whole number with us, ms, s or m, like ${e.hint}.` : `A time is missing. Write a whole number with us, ms, s or m, like ${e.hint}.`),
    noAt: (e) => `The fault does not say when it starts. Add ${e.hint}.`,
    option: (e) => `${e.part} is not an option of this fault. Write ${e.hint}.`,
    lateOption: (e) => `${e.part} stands behind the time, and its place is before it. Write it like ${e.hint}.`,
    needsBy: (e) => `A delay needs the time it adds. Add ${e.hint}.`,
    share: (e) => `Losing messages needs their share as a fraction of at most 1. Add ${e.hint}.`,
    trailing: (e) => `${e.part} is left over at the end. After the time only a duration may follow, like ${e.hint}.`,
    range: (e) => `${e.part} is out of range. Allowed: ${e.hint}.`,
  },
  roles: { broker: 'broker', controller: 'controller', producer: 'producer', consumer: 'consumer', guest: 'your code', jobmanager: 'job manager', taskmanager: 'task manager' },
  ended: {
    horizon: 'The run reached its horizon.',
    violation: 'The run stopped at a violated invariant.',
    limit: 'The run stopped at one of its limits.',
    guestStopped: 'Your code did not answer, so the run was stopped; what it did is not reproducible and has no hash.',
  },
};

const BUMPED: Readonly<Record<string, string>> = {
  joined: 'a member joined',
  left: 'a member is gone',
  subscription: 'a member reads other topics',
  metadata: 'topics that it reads have changed',
  regex: 'its regular expressions match other topics',
};
const ARCHIVED: Readonly<Record<string, string>> = {
  rejected: 'a member rejected it',
  deliveryLimit: 'it was delivered as often as the limit allows',
  gap: 'there is no record for the application',
  logStart: 'the log begins later by now',
};
const LEFT: Readonly<Record<string, string>> = {
  sessionExpired: 'no heartbeat within its session',
  rebalanceTimeout: 'it did not rejoin in time',
  syncTimeout: 'it did not fetch its assignment in time',
  groupFull: 'the group is full',
};
const ROLLED: Readonly<Record<string, string>> = {
  size: 'the old one was full',
  time: 'the old one was old enough',
  index: 'the index of the old one was full',
  retention: 'everything in the old one had expired',
};
const STARTED: Readonly<Record<string, string>> = {
  retentionTime: 'because older records passed their retention time',
  retentionSize: 'because the log was larger than retention.bytes',
  deleteRecords: 'because a client deleted what stood before it',
  leader: 'as on its leader',
  outOfRange: 'because its leader no longer has what stood before it',
};
const FENCED: Readonly<Record<string, string>> = { sessionTimeout: 'no heartbeat within its session', newRegistration: 'it registered anew', shutdown: 'it is shutting down in order' };
const LIMITS: Readonly<Record<string, string>> = { events: 'events', payloadBytes: 'bytes of payload', processes: 'processes', virtualMs: 'milliseconds of virtual time' };

function faultName(kind: string, line: string): string {
  const known = lookup(en.faults, kind as FaultKind);
  return known ? known.on(faultTarget(line)).replace(/^./, (c) => c.toLowerCase()) : line;
}
