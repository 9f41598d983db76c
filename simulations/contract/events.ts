// The event catalogue: every kind of event a trace can hold, with its fields, what they mean and how they are used.
// TypeScript types, column layout, NDJSON, sentences and documentation derive from this table or are checked against it.

import { f, unhashed, type FieldType } from './field.ts';
import { STREAM_EVENTS } from './streamEvents.ts';

export type { FieldType } from './field.ts';

/** What a field's value points at, so that a view can find "everything about this partition". */
export type Subject = 'process' | 'link' | 'topic' | 'partition' | 'group' | 'member' | 'key' | 'service';

export interface FieldSpec {
  readonly name: string;
  readonly type: FieldType;
  /** Whether the run's hash covers the value. Text that an engine words for itself, numbers of global tables, and what only names what other fields count are not hashed. */
  readonly hashed: boolean;
  /** Unit or set of values, with the meaning of an absent value (`''` or -1). */
  readonly doc: string;
}

export interface EventSpec {
  /** `outcome`: a user of the system could observe it. `bookkeeping`: everything else. */
  readonly kind: 'outcome' | 'bookkeeping';
  /** A stop for "next interesting event". */
  readonly interesting: boolean;
  readonly subjects: readonly Subject[];
  readonly doc: string;
  readonly fields: readonly FieldSpec[];
}

const topicPartition = [f('topic', 'sym', 'topic name'), f('partition', 'int', 'partition number, from 0')] as const;
/** A run of consecutive entries of the record table: `firstRecord` to `firstRecord + records - 1`. */
const recordRange = [f('records', 'int', 'number of records'), unhashed('firstRecord', 'int', 'id of the first in the record table; -1 = none')] as const;

/** Records of a share partition, and the member of the group they went to or came from. */
const shareRange = [
  f('group', 'sym', 'group id'),
  ...topicPartition,
  f('firstOffset', 'int', ''),
  f('lastOffset', 'int', 'inclusive'),
  f('member', 'sym', "member id; '' = none"),
  f('client', 'sym', "process; '' = not known"),
] as const;

export const EVENTS = {
  'run.started': {
    kind: 'bookkeeping',
    interesting: false,
    subjects: [],
    doc: 'The first event of every trace.',
    fields: [f('scenario', 'sym', 'scenario id'), f('profile', 'sym', 'version profile, e.g. kafka-4.0'), f('seed', 'int', '0 to 2^32-1'), f('horizonUs', 'int', 'microseconds')],
  },
  'run.ended': {
    kind: 'bookkeeping',
    interesting: true,
    subjects: [],
    doc: 'The last event of every trace.',
    fields: [f('reason', 'sym', 'horizon | violation | limit | guestStopped'), f('detail', 'sym', 'which invariant or limit; empty for horizon')],
  },
  'process.started': {
    kind: 'outcome',
    interesting: false,
    subjects: ['process'],
    doc: 'A process began to run for the first time.',
    fields: [f('role', 'sym', 'broker | controller | producer | consumer | guest | jobmanager | taskmanager'), f('incarnation', 'int', 'counts from 1')],
  },
  'process.killed': {
    kind: 'outcome',
    interesting: true,
    subjects: ['process'],
    doc: 'A process ended at once: memory lost, disk kept, sockets reset.',
    fields: [f('incarnation', 'int', 'the one that ended'), f('reason', 'sym', 'fault | uncaught')],
  },
  'process.exited': {
    kind: 'outcome',
    interesting: true,
    subjects: ['process'],
    doc: 'A process ended itself (process.exit).',
    fields: [f('incarnation', 'int', 'the one that ended'), f('code', 'int', 'exit code')],
  },
  'process.paused': {
    kind: 'outcome',
    interesting: true,
    subjects: ['process'],
    doc: 'A process froze; its timers and deliveries wait while the clock runs.',
    fields: [f('incarnation', 'int', '')],
  },
  'process.resumed': {
    kind: 'outcome',
    interesting: true,
    subjects: ['process'],
    doc: 'A paused process goes on; what waited is delivered in order.',
    fields: [f('incarnation', 'int', ''), f('waited', 'int', 'deliveries and timers that had waited')],
  },
  'process.restarted': {
    kind: 'outcome',
    interesting: true,
    subjects: ['process'],
    doc: 'A process that had ended runs again, with its disk and without its memory.',
    fields: [f('incarnation', 'int', 'the new one')],
  },
  'fault.started': {
    kind: 'bookkeeping',
    interesting: true,
    subjects: ['process', 'link'],
    doc: 'A scheduled fault struck.',
    fields: [
      f('fault', 'int', 'index in the schedule'),
      f('kind', 'sym', 'kill | restart | pause | cut | delay | loss | powerloss | shutdown'),
      f('line', 'sym', 'the fault as its line of grammar'),
      f('tookEffect', 'bool', 'false when there was nothing to strike, e.g. the process was not running'),
    ],
  },
  'fault.ended': {
    kind: 'bookkeeping',
    interesting: true,
    subjects: ['process', 'link'],
    doc: 'A fault with a duration was healed.',
    fields: [
      f('fault', 'int', 'index in the schedule'),
      f('kind', 'sym', 'as in fault.started'),
      f('line', 'sym', 'the fault as its line of grammar'),
      f('touched', 'int', 'messages it dropped or slowed; for a fault that strikes a process 1 when it took effect'),
    ],
  },
  'net.connected': {
    kind: 'bookkeeping',
    interesting: false,
    subjects: ['link', 'process'],
    doc: 'A connection was established, told by the side that asked for it.',
    fields: [f('conn', 'sym', 'connection, counted per client process, e.g. app#2>broker-1'), f('from', 'sym', 'client process'), f('to', 'sym', 'server process')],
  },
  'net.closed': {
    kind: 'bookkeeping',
    interesting: false,
    subjects: ['link', 'process'],
    doc: 'A connection ended or could not be made, told by the process that learns of it.',
    fields: [f('conn', 'sym', 'connection'), f('from', 'sym', 'client process'), f('to', 'sym', 'server process'), f('reason', 'sym', 'closed | reset | refused')],
  },
  'net.sent': {
    kind: 'bookkeeping',
    interesting: false,
    subjects: ['link', 'process'],
    doc: 'A message left a process.',
    fields: [
      f('from', 'sym', 'sending process'),
      f('to', 'sym', 'receiving process'),
      f('conn', 'sym', 'connection'),
      f('api', 'sym', 'Kafka API name, e.g. Produce'),
      f('response', 'bool', 'true for a response'),
      f('correlationId', 'int', 'as on the wire'),
      f('dueUs', 'int', 'time of arrival, microseconds; -1 = it will not arrive as things stand (cut)'),
      f('bytes', 'int', 'size of the frame in bytes; for native clients an estimate'),
      ...recordRange,
      f('fault', 'int', 'index of the fault that slows it; -1 = none'),
      unhashed('message', 'int', 'ties sent, dropped and delivered together; counts messages of the run'),
    ],
  },
  'net.delivered': {
    kind: 'bookkeeping',
    interesting: false,
    subjects: ['link', 'process'],
    doc: 'A message reached its process.',
    fields: [
      f('from', 'sym', 'sending process'),
      f('to', 'sym', 'receiving process'),
      f('conn', 'sym', 'connection'),
      f('api', 'sym', 'Kafka API name'),
      f('response', 'bool', 'true for a response'),
      f('correlationId', 'int', 'as on the wire'),
      ...recordRange,
      unhashed('message', 'int', 'see net.sent'),
    ],
  },
  'net.dropped': {
    kind: 'bookkeeping',
    interesting: false,
    subjects: ['link', 'process'],
    doc: 'One transmission of a message was lost. On a TCP-like link the sender transmits again; when the connection or process is gone the message is gone too.',
    fields: [
      f('from', 'sym', 'sending process'),
      f('to', 'sym', 'receiving process'),
      f('conn', 'sym', 'connection'),
      f('api', 'sym', 'Kafka API name'),
      f('response', 'bool', ''),
      f('correlationId', 'int', ''),
      f('reason', 'sym', 'cut | loss | closed | dead'),
      f('fault', 'int', 'index of the fault; -1 = none'),
      f('againUs', 'int', 'time of the next transmission, microseconds; -1 = none'),
      unhashed('message', 'int', 'see net.sent'),
    ],
  },
  'request.received': {
    kind: 'bookkeeping',
    interesting: false,
    subjects: ['process'],
    doc: 'A broker or the controller took a request from a connection.',
    fields: [f('client', 'sym', 'process that asked'), f('conn', 'sym', 'connection'), f('api', 'sym', 'Kafka API name'), f('apiVersion', 'int', ''), f('correlationId', 'int', '')],
  },
  'request.answered': {
    kind: 'bookkeeping',
    interesting: false,
    subjects: ['process'],
    doc: 'A broker or the controller answered a request.',
    fields: [
      f('client', 'sym', 'process that asked'),
      f('conn', 'sym', 'connection'),
      f('api', 'sym', 'Kafka API name'),
      f('correlationId', 'int', ''),
      f('error', 'sym', "first error in the answer by Kafka's name, else NONE"),
      f('latencyUs', 'int', 'microseconds since request.received'),
    ],
  },
  'kafka.topicCreated': {
    kind: 'outcome',
    interesting: true,
    subjects: ['topic'],
    doc: 'The controller created a topic.',
    fields: [
      f('topic', 'sym', 'topic name'),
      f('partitions', 'int', ''),
      f('replicationFactor', 'int', ''),
      f('minInsyncReplicas', 'int', ''),
      f('auto', 'bool', 'true when a client only named it (auto.create.topics.enable)'),
    ],
  },
  'kafka.append': {
    kind: 'outcome',
    interesting: false,
    subjects: ['process', 'topic', 'partition', 'key'],
    doc: "A record batch was written to one replica's log.",
    fields: [
      ...topicPartition,
      f('leader', 'bool', 'true on the leader, false on a follower'),
      f('baseOffset', 'int', 'offset of the first record'),
      ...recordRange,
      f('leaderEpoch', 'int', 'stamped on the batch'),
      f('bytes', 'int', 'size of the batch'),
      f('producerId', 'int', '-1 = none'),
      f('producerEpoch', 'int', '-1 = none'),
      f('baseSequence', 'int', '-1 = none'),
      f('digest', 'int', 'unsigned 32-bit digest of keys, values and names of the records'),
    ],
  },
  'kafka.duplicate': {
    kind: 'outcome',
    interesting: false,
    subjects: ['process', 'topic', 'partition'],
    doc: 'A leader recognised a resent batch by producer id and sequence and did not append it again.',
    fields: [...topicPartition, f('baseOffset', 'int', 'where the batch already stands'), ...recordRange],
  },
  'kafka.truncate': {
    kind: 'outcome',
    interesting: true,
    subjects: ['process', 'topic', 'partition'],
    doc: 'A replica cut its log back to agree with its leader.',
    fields: [...topicPartition, f('toOffset', 'int', 'new log end offset'), f('removed', 'int', 'records removed')],
  },
  'kafka.highWatermark': {
    kind: 'outcome',
    interesting: false,
    subjects: ['process', 'topic', 'partition'],
    doc: 'The high watermark of one replica moved.',
    fields: [
      ...topicPartition,
      f('offset', 'int', 'new high watermark'),
      f('leader', 'bool', 'true on the leader'),
      f('logEndOffset', 'int', 'of this replica'),
      f('logStartOffset', 'int', 'of this replica'),
    ],
  },
  'kafka.isrChanged': {
    kind: 'outcome',
    interesting: true,
    subjects: ['topic', 'partition'],
    doc: 'The controller committed a new set of in-sync replicas.',
    fields: [
      ...topicPartition,
      f('isr', 'sym', 'broker ids in replica order, comma separated'),
      f('was', 'sym', 'the set before'),
      f('leader', 'int', 'broker id; -1 = none'),
      f('leaderEpoch', 'int', ''),
      f('partitionEpoch', 'int', ''),
    ],
  },
  'kafka.leaderElected': {
    kind: 'outcome',
    interesting: true,
    subjects: ['topic', 'partition'],
    doc: 'The controller made a leader, or none was eligible.',
    fields: [
      ...topicPartition,
      f('leader', 'int', 'broker id; -1 = none'),
      f('was', 'int', 'leader before; -1 = none'),
      f('leaderEpoch', 'int', ''),
      f('isr', 'sym', 'broker ids, comma separated'),
      f('replicas', 'sym', 'broker ids in replica order, comma separated'),
      f('unclean', 'bool', 'true when the leader was not in sync'),
    ],
  },
  'kafka.roleTaken': {
    kind: 'bookkeeping',
    interesting: false,
    subjects: ['process', 'topic', 'partition'],
    doc: 'A broker learned its role for a partition from the metadata log.',
    fields: [
      ...topicPartition,
      f('role', 'sym', 'leader | follower'),
      f('leader', 'int', 'broker id; -1 = none'),
      f('leaderEpoch', 'int', ''),
      f('logEndOffset', 'int', ''),
      f('isr', 'sym', 'as this broker knows it'),
    ],
  },
  'kafka.fenced': {
    kind: 'outcome',
    interesting: true,
    subjects: ['process'],
    doc: 'The controller fenced a broker: no leadership, no place in any ISR.',
    fields: [f('broker', 'int', 'broker id'), f('reason', 'sym', 'sessionTimeout | newRegistration | shutdown')],
  },
  'kafka.unfenced': {
    kind: 'outcome',
    interesting: false,
    subjects: ['process'],
    doc: 'The controller lets a registered broker serve.',
    fields: [f('broker', 'int', 'broker id'), f('brokerEpoch', 'int', '')],
  },
  'producer.sent': {
    kind: 'outcome',
    interesting: false,
    subjects: ['process', 'topic', 'partition', 'key'],
    doc: 'A producer put a batch on the wire for the first time.',
    fields: [...topicPartition, ...recordRange, f('acks', 'int', '0, 1 or -1 for all'), f('digest', 'int', 'as in kafka.append')],
  },
  'producer.retried': {
    kind: 'bookkeeping',
    interesting: false,
    subjects: ['process', 'topic', 'partition'],
    doc: 'A producer sent a batch again.',
    fields: [...topicPartition, ...recordRange, f('attempt', 'int', 'counts from 2'), f('error', 'sym', 'why the last attempt did not succeed: a Kafka error name or a network reason')],
  },
  'producer.acknowledged': {
    kind: 'outcome',
    interesting: false,
    subjects: ['process', 'topic', 'partition', 'key'],
    doc: 'A producer heard that a batch is stored.',
    fields: [...topicPartition, f('baseOffset', 'int', '-1 = unknown'), ...recordRange, f('acks', 'int', '0, 1 or -1 for all')],
  },
  'producer.failed': {
    kind: 'outcome',
    interesting: true,
    subjects: ['process', 'topic', 'partition', 'key'],
    doc: 'A producer gave a batch up and told its application. The records may still be in the log.',
    fields: [...topicPartition, ...recordRange, f('error', 'sym', 'Kafka error name or network reason')],
  },
  'consumer.delivered': {
    kind: 'outcome',
    interesting: false,
    subjects: ['process', 'group', 'topic', 'partition', 'key'],
    doc: 'A consumer was handed records.',
    fields: [f('group', 'sym', "group id; '' = none"), ...topicPartition, f('baseOffset', 'int', 'offset of the first'), f('nextOffset', 'int', 'position afterwards'), ...recordRange],
  },
  'group.stateChanged': {
    kind: 'outcome',
    interesting: true,
    subjects: ['group'],
    doc: 'A consumer group changed state in its coordinator.',
    fields: [
      f('group', 'sym', 'group id'),
      f('from', 'sym', 'Empty | PreparingRebalance | CompletingRebalance | Stable | Dead; Empty | Assigning | Reconciling | Stable where the broker assigns'),
      f('to', 'sym', 'as from'),
      f('generation', 'int', 'generation, or group epoch where the broker assigns'),
      f('members', 'int', 'number of members'),
    ],
  },
  'group.memberJoined': {
    kind: 'outcome',
    interesting: false,
    subjects: ['group', 'member', 'process'],
    doc: 'A member was added to a group.',
    fields: [f('group', 'sym', 'group id'), f('member', 'sym', 'member id'), f('client', 'sym', 'process')],
  },
  'group.memberLeft': {
    kind: 'outcome',
    interesting: true,
    subjects: ['group', 'member', 'process'],
    doc: 'A member left a group or was removed from it.',
    fields: [f('group', 'sym', 'group id'), f('member', 'sym', 'member id'), f('client', 'sym', 'process'), f('reason', 'sym', 'left | sessionExpired | rebalanceTimeout | syncTimeout | groupFull')],
  },
  'group.assigned': {
    kind: 'outcome',
    interesting: false,
    subjects: ['group', 'member', 'process'],
    doc: 'A member was given its partitions for a generation.',
    fields: [
      f('group', 'sym', 'group id'),
      f('member', 'sym', 'member id'),
      f('client', 'sym', 'process'),
      f('generation', 'int', ''),
      f('partitions', 'sym', 'topic-partition names, comma separated'),
    ],
  },
  'offset.committed': {
    kind: 'outcome',
    interesting: false,
    subjects: ['group', 'topic', 'partition'],
    doc: 'A group saved the offset of the next record to read.',
    fields: [f('group', 'sym', 'group id'), ...topicPartition, f('offset', 'int', 'next offset to read'), f('member', 'sym', "member id; '' = none")],
  },
  'guest.console': {
    kind: 'outcome',
    interesting: false,
    subjects: ['process'],
    doc: "The learner's code wrote to the console.",
    fields: [
      f('level', 'sym', 'log | info | warn | error | debug'),
      f('args', 'sym', 'plain arguments as JSON; an Error as its name and code'),
      unhashed('text', 'sym', 'as rendered'),
      unhashed('file', 'sym', "learner's file; '' = the client library"),
      unhashed('line', 'int', 'from 1; -1 = unknown'),
    ],
  },
  'guest.uncaught': {
    kind: 'outcome',
    interesting: true,
    subjects: ['process'],
    doc: "An error or rejection that the learner's code did not catch; its process ends.",
    fields: [
      f('name', 'sym', 'error class'),
      f('code', 'sym', "error code or type; '' = none"),
      unhashed('message', 'sym', 'as worded by the engine'),
      unhashed('stack', 'sym', "mapped to the learner's files"),
      unhashed('file', 'sym', "learner's file; '' = unknown"),
      unhashed('line', 'int', 'from 1; -1 = unknown'),
      unhashed('column', 'int', 'from 1; -1 = unknown'),
    ],
  },
  'invariant.violated': {
    kind: 'outcome',
    interesting: true,
    subjects: ['topic', 'partition', 'key'],
    doc: 'A watched property does not hold.',
    fields: [
      f('invariant', 'sym', 'id'),
      f('promised', 'bool', 'whether Kafka promises it under these settings'),
      f('unmet', 'sym', "id of the first condition that is not met; '' when promised"),
      f('topic', 'sym', "'' = none"),
      f('partition', 'int', '-1 = none'),
      f('offset', 'int', '-1 = none'),
      f('key', 'sym', "key of the record; '' = none"),
      f('subject', 'sym', "process, group or producer it is about; '' = none"),
      unhashed('record', 'int', 'id in the record table; -1 = none'),
    ],
  },
  'limit.reached': {
    kind: 'bookkeeping',
    interesting: true,
    subjects: [],
    doc: 'A stated limit of the run was reached; the run ends.',
    fields: [f('limit', 'sym', 'events | payloadBytes | processes | virtualMs'), f('amount', 'int', 'the limit')],
  },
  'group.memberReplaced': {
    kind: 'outcome',
    interesting: true,
    subjects: ['group', 'member', 'process'],
    doc: 'A static member came back under a new member id; whoever still uses the old one is fenced.',
    fields: [f('group', 'sym', 'group id'), f('instance', 'sym', 'group.instance.id'), f('member', 'sym', 'new member id'), f('was', 'sym', 'old member id'), f('client', 'sym', 'process')],
  },
  'transaction.stateChanged': {
    kind: 'outcome',
    interesting: true,
    subjects: ['process'],
    doc: 'A transaction changed state in its coordinator, which has written that to its log.',
    fields: [
      f('transactionalId', 'sym', 'transactional.id'),
      f('from', 'sym', 'Empty | Ongoing | PrepareCommit | PrepareAbort | CompleteCommit | CompleteAbort | Dead'),
      f('to', 'sym', 'as from'),
      f('producerId', 'int', 'after the change'),
      f('producerEpoch', 'int', 'after the change'),
      f('partitions', 'int', 'number of partitions in the transaction'),
      f('reason', 'sym', 'client | timeout | fencing | markersWritten'),
    ],
  },
  'transaction.markerWritten': {
    kind: 'outcome',
    interesting: false,
    subjects: ['process', 'topic', 'partition'],
    doc: "The marker that ends a transaction was written to its partition's log, on the leader.",
    fields: [
      ...topicPartition,
      f('marker', 'sym', 'COMMIT | ABORT'),
      f('offset', 'int', 'offset of the marker'),
      f('producerId', 'int', ''),
      f('producerEpoch', 'int', 'epoch of the marker, which fences lower ones'),
      f('coordinatorEpoch', 'int', ''),
      f('firstOffset', 'int', 'where the transaction began in this partition; -1 = it had written nothing here'),
    ],
  },
  'kafka.transactionOpened': {
    kind: 'outcome',
    interesting: false,
    subjects: ['process', 'topic', 'partition'],
    doc: 'The first batch of a transaction was written to a partition, on the leader: from here on it is undecided.',
    fields: [...topicPartition, f('firstOffset', 'int', 'offset of the first record'), f('producerId', 'int', ''), f('producerEpoch', 'int', '')],
  },
  'kafka.lastStableOffset': {
    kind: 'outcome',
    interesting: false,
    subjects: ['process', 'topic', 'partition'],
    doc: 'The last stable offset moved on a leader while a transaction holds it back, or as the last one let it go.',
    fields: [...topicPartition, f('offset', 'int', 'new last stable offset'), f('highWatermark', 'int', 'equal to offset when nothing holds it back')],
  },
  'consumer.metTransaction': {
    kind: 'bookkeeping',
    interesting: false,
    subjects: ['process', 'group', 'topic', 'partition'],
    doc: 'A consumer read from a partition with transactions for the first time, and reads so from now on.',
    fields: [f('group', 'sym', "group id; '' = none"), ...topicPartition, f('isolation', 'sym', 'read_committed | read_uncommitted')],
  },
  'consumer.skipped': {
    kind: 'outcome',
    interesting: false,
    subjects: ['process', 'group', 'topic', 'partition'],
    doc: 'A read_committed consumer passed over records of an aborted transaction.',
    fields: [f('group', 'sym', "group id; '' = none"), ...topicPartition, f('baseOffset', 'int', 'offset of the first'), f('nextOffset', 'int', 'position afterwards'), ...recordRange],
  },
  'producer.transactionEnded': {
    kind: 'outcome',
    interesting: false,
    subjects: ['process'],
    doc: 'A producer heard that its transaction is decided.',
    fields: [
      f('transactionalId', 'sym', 'transactional.id'),
      f('committed', 'bool', 'false = aborted'),
      f('records', 'int', 'records acknowledged in it'),
      f('number', 'int', 'counts the transactions of this start of the process from 1'),
    ],
  },
  'producer.fatal': {
    kind: 'outcome',
    interesting: true,
    subjects: ['process'],
    doc: 'A transactional producer cannot go on, for example because another one has taken its transactional.id.',
    fields: [f('transactionalId', 'sym', 'transactional.id'), f('error', 'sym', 'Kafka error name')],
  },
  'kafka.segmentRolled': {
    kind: 'bookkeeping',
    interesting: false,
    subjects: ['process', 'topic', 'partition'],
    doc: 'A replica closed the segment it wrote to and began a new one.',
    fields: [...topicPartition, f('baseOffset', 'int', 'first offset of the new segment'), f('reason', 'sym', 'size | time | index | retention')],
  },
  'kafka.logStartOffset': {
    kind: 'outcome',
    interesting: true,
    subjects: ['process', 'topic', 'partition'],
    doc: 'The first readable offset of a replica moved: what stood before it is gone.',
    fields: [
      ...topicPartition,
      f('offset', 'int', 'new log start offset'),
      f('reason', 'sym', 'retentionTime | retentionSize | deleteRecords | leader | outOfRange'),
      f('removed', 'int', 'records whose segment was deleted'),
    ],
  },
  'kafka.compacted': {
    kind: 'outcome',
    interesting: true,
    subjects: ['process', 'topic', 'partition'],
    doc: 'A replica compacted its log: of each key only the newest value is left below an offset.',
    fields: [
      ...topicPartition,
      f('toOffset', 'int', 'exclusive end of what was cleaned'),
      f('removed', 'int', 'records removed'),
      f('kept', 'int', 'records left below toOffset'),
      f('bytes', 'int', 'bytes freed'),
      unhashed('expired', 'sym', "offsets of tombstones and markers among the removed that went because delete.retention.ms had passed, comma separated; '' = none"),
    ],
  },
  'kafka.tailLost': {
    kind: 'outcome',
    interesting: true,
    subjects: ['process', 'topic', 'partition'],
    doc: 'A power loss took the end of a log that was in the page cache and not yet on the disk.',
    fields: [...topicPartition, f('toOffset', 'int', 'log end offset that is left'), f('removed', 'int', 'records lost')],
  },
  'consumer.assigned': {
    kind: 'outcome',
    interesting: true,
    subjects: ['process', 'group'],
    doc: 'A consumer took over partitions (onPartitionsAssigned).',
    fields: [f('group', 'sym', 'group id'), f('partitions', 'sym', 'what is new to it, topic-partition names, comma separated'), f('owned', 'sym', 'all it reads afterwards, as partitions')],
  },
  'consumer.revoked': {
    kind: 'outcome',
    interesting: true,
    subjects: ['process', 'group'],
    doc: 'A consumer gave partitions up (onPartitionsRevoked, onPartitionsLost).',
    fields: [
      f('group', 'sym', 'group id'),
      f('partitions', 'sym', 'what it gave up, topic-partition names, comma separated'),
      f('lost', 'bool', 'true when they may be another member’s already, so that nothing could be committed'),
      f('owned', 'sym', 'what it still reads, as partitions'),
    ],
  },
  'consumer.failed': {
    kind: 'outcome',
    interesting: true,
    subjects: ['process', 'group'],
    doc: 'A call of poll threw: the consumer ends.',
    fields: [f('group', 'sym', 'group id'), f('error', 'sym', 'Kafka error name')],
  },
  'kafka.topicDeleted': {
    kind: 'outcome',
    interesting: true,
    subjects: ['topic'],
    doc: 'The controller deleted a topic: its partitions, settings and records are gone.',
    fields: [f('topic', 'sym', 'topic name')],
  },
  'kafka.partitionsCreated': {
    kind: 'outcome',
    interesting: true,
    subjects: ['topic'],
    doc: 'The controller added partitions to a topic that exists.',
    fields: [f('topic', 'sym', 'topic name'), f('first', 'int', 'number of the first new partition'), f('partitions', 'int', 'how many the topic has now')],
  },
  'kafka.configChanged': {
    kind: 'outcome',
    interesting: true,
    subjects: ['topic', 'process'],
    doc: 'The controller committed another value of a setting.',
    fields: [
      f('resource', 'sym', 'topic | broker | cluster | group | clientMetrics'),
      f('name', 'sym', "topic name, broker id, group id or name of a subscription to metrics; '' = the cluster"),
      f('key', 'sym', "Kafka's name of the setting"),
      f('value', 'sym', "as text; '' when removed"),
      f('removed', 'bool', 'true when the default counts again'),
    ],
  },
  'kafka.quotaChanged': {
    kind: 'outcome',
    interesting: true,
    subjects: ['process'],
    doc: 'The controller committed another value of a client quota.',
    fields: [
      f('entity', 'sym', 'whose, e.g. user=a, client-id=<default>'),
      f('key', 'sym', "Kafka's name of the quota"),
      f('value', 'sym', "as text; '' when removed"),
      f('removed', 'bool', 'true when it was taken back'),
    ],
  },
  'kafka.throttled': {
    kind: 'outcome',
    interesting: true,
    subjects: ['process'],
    doc: 'A broker found a client beyond its quota: it answers, and reads nothing more from that connection until the time is over.',
    fields: [
      f('client', 'sym', 'process'),
      f('clientId', 'sym', 'client.id of the request'),
      f('quota', 'sym', 'producer_byte_rate | consumer_byte_rate | controller_mutation_rate'),
      f('rate', 'int', 'bytes a second, over the last ten seconds and a part; -1 = not of bytes'),
      f('limit', 'int', 'bytes a second; -1 = not of bytes'),
      f('throttleMs', 'int', 'milliseconds'),
    ],
  },
  'kafka.elrChanged': {
    kind: 'outcome',
    interesting: false,
    subjects: ['topic', 'partition'],
    doc: 'The controller committed other eligible leader replicas: out of sync, yet with every committed record (KIP-966).',
    fields: [
      ...topicPartition,
      f('elr', 'sym', "broker ids, comma separated; '' = none"),
      f('lastKnownElr', 'sym', "broker ids that were eligible before an end that was not in order, or the last known leader; '' = none"),
    ],
  },
  'kafka.reassigned': {
    kind: 'outcome',
    interesting: true,
    subjects: ['topic', 'partition'],
    doc: 'The replicas of a partition change: a reassignment began, ended or was cancelled.',
    fields: [
      ...topicPartition,
      f('replicas', 'sym', 'broker ids in replica order, comma separated'),
      f('adding', 'sym', "those that are being added; '' = none"),
      f('removing', 'sym', "those that go once the added ones are in sync; '' = none"),
      f('was', 'sym', 'the replicas before'),
    ],
  },
  'kafka.replicaDropped': {
    kind: 'bookkeeping',
    interesting: false,
    subjects: ['process', 'topic', 'partition'],
    doc: 'A broker deleted its log of a partition: the topic was deleted or the replica moved away.',
    fields: [...topicPartition, f('logEndOffset', 'int', 'of the log that is gone')],
  },
  'kafka.shuttingDown': {
    kind: 'outcome',
    interesting: true,
    subjects: ['process'],
    doc: 'The controller began to move the leaderships of a broker that is about to end in order.',
    fields: [f('broker', 'int', 'broker id')],
  },
  'kafka.brokerJoined': {
    kind: 'outcome',
    interesting: true,
    subjects: ['process'],
    doc: 'A broker that the cluster did not have registered with the controller.',
    fields: [f('broker', 'int', 'broker id'), f('brokerEpoch', 'int', '')],
  },
  'kafka.brokerLeft': {
    kind: 'outcome',
    interesting: true,
    subjects: ['process'],
    doc: 'The registration of a broker was removed from the cluster.',
    fields: [f('broker', 'int', 'broker id')],
  },
  'group.epochBumped': {
    kind: 'outcome',
    interesting: false,
    subjects: ['group'],
    doc: 'A group whose assignment the broker computes has changed: a new assignment is due (KIP-848, KIP-932).',
    fields: [f('group', 'sym', 'group id'), f('epoch', 'int', 'new group epoch'), f('reason', 'sym', 'joined | left | subscription | metadata | regex')],
  },
  'group.targetComputed': {
    kind: 'outcome',
    interesting: true,
    subjects: ['group'],
    doc: 'The coordinator computed the assignment that a group is to reach.',
    fields: [
      f('group', 'sym', 'group id'),
      f('epoch', 'int', 'assignment epoch: the group epoch it was computed for'),
      f('assignor', 'sym', 'uniform | range | simple'),
      f('target', 'sym', 'member=topic-partition names, comma separated; members separated by ;'),
    ],
  },
  'group.memberReconciled': {
    kind: 'outcome',
    interesting: true,
    subjects: ['group', 'member', 'process'],
    doc: 'The coordinator moved a member a step towards its target, or read from its log how far it was.',
    fields: [
      f('group', 'sym', 'group id'),
      f('member', 'sym', 'member id'),
      f('client', 'sym', 'process'),
      f('epoch', 'int', 'member epoch; -2 = a static member that is away for a while'),
      f('state', 'sym', 'STABLE | UNREVOKED_PARTITIONS | UNRELEASED_PARTITIONS'),
      f('assigned', 'sym', 'what it may read, topic-partition names, comma separated'),
      f('pendingRevocation', 'sym', 'what it is to give up, as assigned'),
    ],
  },
  'group.converted': {
    kind: 'outcome',
    interesting: true,
    subjects: ['group'],
    doc: 'A group changed over between the classic and the consumer protocol: with its members (group.consumer.migration.policy), or anew when it had none.',
    fields: [
      f('group', 'sym', 'group id'),
      f('to', 'sym', 'consumer | classic'),
      f('generation', 'int', 'generation and group epoch: one becomes the other; 0 = it had no members and begins anew'),
      f('members', 'int', 'number of members it takes with it'),
    ],
  },
  'group.loaded': {
    kind: 'bookkeeping',
    interesting: false,
    subjects: ['group'],
    doc: 'A broker became the coordinator of a group whose assignment the broker computes, and read it from its log.',
    fields: [
      f('group', 'sym', 'group id'),
      f('groupType', 'sym', 'consumer | share'),
      f('state', 'sym', 'Empty | Assigning | Reconciling | Stable'),
      f('epoch', 'int', 'group epoch'),
      f('members', 'int', 'number of members'),
    ],
  },
  'share.acquired': {
    kind: 'outcome',
    interesting: false,
    subjects: ['group', 'member', 'topic', 'partition'],
    doc: 'A member of a share group was given records, which it has to itself for the lock duration (KIP-932).',
    fields: [...shareRange, f('deliveryCount', 'int', 'how often they have been delivered, this time included')],
  },
  'share.acknowledged': {
    kind: 'outcome',
    interesting: false,
    subjects: ['group', 'member', 'topic', 'partition'],
    doc: 'A member of a share group accepted records, and that is written: they are done with.',
    fields: [...shareRange],
  },
  'share.released': {
    kind: 'outcome',
    interesting: true,
    subjects: ['group', 'member', 'topic', 'partition'],
    doc: 'Records of a share group are available again.',
    fields: [...shareRange, f('reason', 'sym', 'released | lockTimeout | sessionClosed'), f('deliveryCount', 'int', 'how often they have been delivered')],
  },
  'share.archived': {
    kind: 'outcome',
    interesting: true,
    subjects: ['group', 'member', 'topic', 'partition'],
    doc: 'Records of a share group will not be delivered again, although nobody accepted them.',
    fields: [...shareRange, f('reason', 'sym', 'rejected | deliveryLimit | gap | logStart'), f('deliveryCount', 'int', 'how often they have been delivered')],
  },
  'share.startMoved': {
    kind: 'bookkeeping',
    interesting: false,
    subjects: ['group', 'topic', 'partition'],
    doc: 'A share group is done with the first records in flight: its start offset (SPSO) moved.',
    fields: [f('group', 'sym', 'group id'), ...topicPartition, f('startOffset', 'int', 'first offset it is not done with'), f('inFlight', 'int', 'records from there to the last one fetched')],
  },
  ...STREAM_EVENTS,
} as const satisfies Record<string, EventSpec>;

/** The same table with wide types, for code that walks over all events. */
export const EVENT_SPECS: Readonly<Record<EventName, EventSpec>> = EVENTS;

export type EventName = keyof typeof EVENTS;
export const EVENT_NAMES = Object.keys(EVENTS) as readonly EventName[];

/** Number of a text in the run's table of interned texts. */
export type Sym = number & { readonly sym: unique symbol };

type Stored<T extends FieldType> = T extends 'sym' ? Sym : T extends 'bool' ? boolean | number : number;
type Read<T extends FieldType> = T extends 'sym' ? string : T extends 'bool' ? boolean : number;
type FieldsOf<K extends EventName> = (typeof EVENTS)[K]['fields'];

type ValuesOf<F extends readonly FieldSpec[]> = { -readonly [I in keyof F]: Stored<F[I]['type']> };

/** The values of an event in the order of its fields, as the engine hands them to the trace. */
export type EventValues<K extends EventName> = ValuesOf<FieldsOf<K>>;

/** One event as a reader sees it. */
export type TraceEvent<K extends EventName = EventName> = K extends EventName
  ? { readonly seq: number; readonly timeUs: number; readonly type: K; readonly process: string; readonly cause: number } & {
      readonly [F in FieldsOf<K>[number] as F['name']]: Read<F['type']>;
    }
  : never;
