// Events of stream jobs: their tasks, time, windows, patterns and checkpoints. Part of the event catalogue (`events.ts`).
import type { EventSpec } from './events.ts';
import { f, unhashed } from './field.ts';

const job = f('job', 'sym', 'job name');
/** An operator's subtask. */
const operator = [job, f('operator', 'sym', 'operator name'), f('subtask', 'int', 'number of the subtask, from 0')] as const;
/** What runs as one: operators chained to each other. */
const task = [job, f('task', 'sym', 'names of the chained operators'), f('subtask', 'int', 'number of the subtask, from 0')] as const;
const timestamp = f('timestampMs', 'int', 'event time, ms; -(2^53-1) = none');
const key = f('key', 'sym', "key as text; '' = not keyed");
const window = [f('startMs', 'int', 'first millisecond'), f('endMs', 'int', 'first millisecond after it; 2^53-1 = global')] as const;
const checkpoint = f('checkpoint', 'int', 'number, from 1');
/** A partial match of a pattern. */
const match = f('match', 'int', 'number of the partial match, counted per key; from 1 again for a key that nothing was left of');
const parent = f('parent', 'int', 'partial match that it comes from, which is itself where it was seen before; -1 = none: it begins here');
const record = unhashed('record', 'int', 'id in the record table; -1 = not a record of Kafka');

export const STREAM_EVENTS = {
  'job.stateChanged': {
    kind: 'outcome',
    interesting: true,
    subjects: ['process'],
    doc: 'A job went from one state to another.',
    fields: [
      job,
      f('attempt', 'int', 'counts from 1'),
      f('from', 'sym', 'CREATED | RUNNING | FAILING | RESTARTING | FINISHED | FAILED | SUSPENDED'),
      f('to', 'sym', 'as from'),
      f('reason', 'sym', "what made it; '' = nothing to say"),
      f('delayMs', 'int', 'before the next attempt; -1 = there is none'),
    ],
  },
  'job.restored': {
    kind: 'outcome',
    interesting: true,
    subjects: ['process'],
    doc: 'A job begins an attempt with the state of a checkpoint or savepoint.',
    fields: [job, f('attempt', 'int', 'counts from 1'), checkpoint, f('parallelism', 'int', 'of its widest task')],
  },
  'job.operatorPlanned': {
    kind: 'bookkeeping',
    interesting: false,
    subjects: ['process'],
    doc: 'An attempt of a job is about to be deployed, and this operator is part of it.',
    fields: [
      job,
      f('attempt', 'int', 'counts from 1'),
      f('number', 'int', 'of its task, from 0; each comes behind those it reads from'),
      f('task', 'sym', 'names of the chained operators'),
      f('parallelism', 'int', 'subtasks of the task'),
      f('operator', 'sym', 'operator name'),
      f('role', 'sym', 'source | operator | sink'),
      f('stateful', 'bool', 'whether operator.received tells of its records'),
      f('topics', 'sym', "that a source reads, comma separated, or the one that a sink writes; '' = none"),
    ],
  },
  'job.channelsPlanned': {
    kind: 'bookkeeping',
    interesting: false,
    subjects: ['process'],
    doc: 'An attempt of a job is about to be deployed, and one of its tasks reads from another.',
    fields: [
      job,
      f('attempt', 'int', 'counts from 1'),
      f('number', 'int', 'of the task that reads, from 0'),
      f('task', 'sym', 'names of its operators'),
      f('from', 'int', 'number of the task that it reads from'),
      f('fromTask', 'sym', 'names of its operators'),
      f('partitioning', 'sym', 'forward | rebalance | hash | broadcast | global'),
    ],
  },
  'task.stateChanged': {
    kind: 'bookkeeping',
    interesting: false,
    subjects: ['process'],
    doc: 'A subtask of a job went from one state to another.',
    fields: [...task, f('attempt', 'int', 'counts from 1'), f('to', 'sym', 'DEPLOYING | RUNNING | FINISHED | CANCELED | FAILED'), f('reason', 'sym', "why it failed; '' = it did not")],
  },
  'task.loaded': {
    kind: 'bookkeeping',
    interesting: false,
    subjects: ['process'],
    doc: 'How a subtask spent the last second, where that is something else than before.',
    fields: [
      ...task,
      f('busyPermille', 'int', 'of the second, working'),
      f('backPressuredPermille', 'int', 'of the second, waiting for room in its output'),
      f('level', 'sym', 'OK | LOW | HIGH, by back pressure: up to 10 %, up to 50 %, more'),
    ],
  },
  'operator.received': {
    kind: 'bookkeeping',
    interesting: false,
    subjects: ['process', 'key'],
    doc: 'A record reached an operator that keeps state.',
    fields: [...operator, f('input', 'int', '0, or 1 for the second input'), key, timestamp, record],
  },
  'operator.emitted': {
    kind: 'bookkeeping',
    interesting: false,
    subjects: ['process', 'key'],
    doc: 'A record left for the sink.',
    fields: [...operator, key, timestamp, f('value', 'sym', 'as text, the first 400 characters')],
  },
  'watermark.advanced': {
    kind: 'bookkeeping',
    interesting: false,
    subjects: ['process'],
    doc: "An operator's event time moved on.",
    fields: [...operator, f('watermarkMs', 'int', 'event time, ms; 2^53-1 = the end of the stream')],
  },
  'watermark.idle': {
    kind: 'bookkeeping',
    interesting: true,
    subjects: ['process'],
    doc: 'A source subtask stopped to hold event time back, or holds it again.',
    fields: [...operator, f('idle', 'bool', 'whether it is idle now')],
  },
  'source.splitDiscovered': {
    kind: 'bookkeeping',
    interesting: true,
    subjects: ['process', 'topic', 'partition'],
    doc: 'A source found a partition that was added after the job had started, and reads it from its beginning.',
    fields: [...operator, f('topic', 'sym', 'topic name'), f('partition', 'int', 'partition number')],
  },
  'source.splitPaused': {
    kind: 'bookkeeping',
    interesting: true,
    subjects: ['process', 'topic', 'partition'],
    doc: 'Watermark alignment: a partition is not read while it is too far ahead, or is read again.',
    fields: [
      ...operator,
      f('topic', 'sym', 'topic name'),
      f('partition', 'int', 'partition number'),
      f('paused', 'bool', 'whether it is paused now'),
      f('watermarkMs', 'int', 'event time of the partition, ms'),
    ],
  },
  'window.fired': {
    kind: 'outcome',
    interesting: true,
    subjects: ['process', 'key'],
    doc: 'A window gave its result.',
    fields: [...operator, key, ...window, f('elements', 'int', 'elements it holds; 1 for an accumulator'), f('watermarkMs', 'int', 'event time of the operator, ms')],
  },
  'window.closed': {
    kind: 'bookkeeping',
    interesting: false,
    subjects: ['process', 'key'],
    doc: 'A window was cleaned up: what comes for it now is late.',
    fields: [...operator, key, ...window],
  },
  'operator.late': {
    kind: 'outcome',
    interesting: true,
    subjects: ['process', 'key'],
    doc: 'A record came too late for its windows, or for the pattern.',
    fields: [...operator, key, timestamp, f('kept', 'bool', 'whether it went to a side output; else it was dropped'), f('watermarkMs', 'int', 'event time of the operator, ms'), record],
  },
  'checkpoint.triggered': {
    kind: 'bookkeeping',
    interesting: true,
    subjects: ['process'],
    doc: 'The checkpoint coordinator asked the sources for a checkpoint.',
    fields: [job, checkpoint, f('kind', 'sym', 'checkpoint | savepoint'), f('attempt', 'int', 'of the job')],
  },
  'barrier.received': {
    kind: 'bookkeeping',
    interesting: false,
    subjects: ['process'],
    doc: 'The barrier of a checkpoint came to a subtask by one of its channels.',
    fields: [
      ...task,
      checkpoint,
      f('channel', 'int', 'number of the input channel'),
      f('channels', 'int', 'input channels in all'),
      f('blocked', 'bool', 'whether the channel waits now for the other barriers'),
    ],
  },
  'checkpoint.snapshotTaken': {
    kind: 'bookkeeping',
    interesting: false,
    subjects: ['process'],
    doc: 'A subtask took its part of a checkpoint and sent the barrier on.',
    fields: [
      ...task,
      checkpoint,
      f('bytes', 'int', 'estimate of its state'),
      f('alignmentUs', 'int', 'from the first barrier to the last, microseconds'),
      f('inFlight', 'int', 'records under way that are part of it (unaligned checkpoints)'),
    ],
  },
  'checkpoint.acknowledged': {
    kind: 'bookkeeping',
    interesting: false,
    subjects: ['process'],
    doc: "The coordinator learned that a subtask's part of a checkpoint is stored.",
    fields: [...task, checkpoint],
  },
  'checkpoint.completed': {
    kind: 'outcome',
    interesting: true,
    subjects: ['process'],
    doc: 'All parts of a checkpoint are stored: a job can start from it.',
    fields: [job, checkpoint, f('kind', 'sym', 'checkpoint | savepoint'), f('durationUs', 'int', 'microseconds since it was triggered'), f('bytes', 'int', 'estimate of all state')],
  },
  'checkpoint.failed': {
    kind: 'outcome',
    interesting: true,
    subjects: ['process'],
    doc: 'A checkpoint will not complete.',
    fields: [job, checkpoint, f('kind', 'sym', 'checkpoint | savepoint'), f('reason', 'sym', 'expired | declined | jobFailed | subsumed')],
  },
  'sink.transactionChanged': {
    kind: 'outcome',
    interesting: true,
    subjects: ['process'],
    doc: "A sink's Kafka transaction began, was made ready for the checkpoint, or ended.",
    fields: [
      ...operator,
      f('transactionalId', 'sym', 'transactional.id'),
      checkpoint,
      f('to', 'sym', 'begun | preCommitted | committed | aborted | lost'),
      f('reason', 'sym', "error name where it was lost; '' = none"),
    ],
  },
  'cep.stateEntered': {
    kind: 'bookkeeping',
    interesting: false,
    subjects: ['process', 'key'],
    doc: 'A partial match of a pattern waits in a state of the automaton; in its end state, one that is complete and that an after-match skip strategy may still throw away.',
    fields: [...operator, key, match, parent, f('state', 'sym', 'state of the automaton'), f('action', 'sym', 'start | take | ignore | time'), timestamp, record],
  },
  'cep.matchPruned': {
    kind: 'bookkeeping',
    interesting: true,
    subjects: ['process', 'key'],
    doc: 'A partial match of a pattern ended without becoming a match.',
    fields: [...operator, key, match, f('state', 'sym', 'where it was'), f('reason', 'sym', 'condition | contiguity | until | stop | skip | time'), timestamp, record],
  },
  'cep.matched': {
    kind: 'outcome',
    interesting: true,
    subjects: ['process', 'key'],
    doc: 'A pattern matched.',
    fields: [...operator, key, match, parent, f('stages', 'sym', 'stage=number of events, comma separated'), timestamp, record],
  },
  'cep.limitReached': {
    kind: 'outcome',
    interesting: true,
    subjects: ['process', 'key'],
    doc: 'A key has as many partial matches as it may have: the task fails.',
    fields: [...operator, key, f('partialMatches', 'int', 'the limit')],
  },
} as const satisfies Record<string, EventSpec>;
