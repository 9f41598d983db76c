// What events of stream jobs say in English.
import { grouped } from './contract.ts';
import { END_STATE, stageOf } from '../streams/cep/graph.ts';
import { clock, subtask, taskName, type StreamSentences } from './streams.ts';

const n = (count: number, one: string) => `${grouped(count)} ${count === 1 ? one : `${one}s`}`;
const duration = (us: number) => (us < 1000 ? `${us} µs` : us < 10_000_000 ? `${Math.round(us / 100) / 10} ms` : `${Math.round(us / 100_000) / 10} s`);
const at = (timeMs: number) => clock(timeMs) ?? (timeMs > 0 ? 'the end of the stream' : 'no time');
const of = (key: string) => (key === '' ? '' : ` of ${key}`);
const windowText = (e: { startMs: number; endMs: number }) => (clock(e.endMs) === null ? 'the global window' : `the window ${at(e.startMs)}–${at(e.endMs)}`);
const kind = (e: { kind: string; checkpoint: number }) => `${e.kind === 'savepoint' ? 'savepoint' : 'checkpoint'} ${e.checkpoint}`;
const Kind = (e: { kind: string; checkpoint: number }) => `${e.kind === 'savepoint' ? 'Savepoint' : 'Checkpoint'} ${e.checkpoint}`;
const because = (reason: string) => (reason === '' ? '' : `: ${reason}`);

const STATES: Readonly<Record<string, string>> = {
  CREATED: 'waits for task slots',
  RUNNING: 'runs',
  FAILING: 'fails, and its tasks are canceled',
  RESTARTING: 'waits to start again',
  FINISHED: 'has finished',
  FAILED: 'has failed for good',
  SUSPENDED: 'stopped with a savepoint',
};
const TASKS: Readonly<Record<string, string>> = { DEPLOYING: 'is being deployed', RUNNING: 'runs', FINISHED: 'has finished', CANCELED: 'was canceled', FAILED: 'has failed' };
const ENDS: Readonly<Record<string, string>> = {
  condition: 'the event did not satisfy the condition',
  contiguity: 'another event came in between',
  until: 'the loop was over, and what follows did not take the event',
  stop: 'the event is one that must not come',
  skip: 'a match was found that skips it',
  time: 'its time was up',
};
/** How a partial match came to where it waits. The numbers of the automaton's states count from its end: they do not tell which take of a loop it is. */
const MOVED: Readonly<Record<string, string>> = { start: 'began and ', take: 'took the event and ', ignore: 'let the event pass and still ' };
const BY: Readonly<Record<string, string>> = {
  forward: 'each subtask from its own',
  hash: 'by key',
  rebalance: 'in turn',
  broadcast: 'every subtask all of it',
  global: 'the first subtask all of it',
};
const FAILURES: Readonly<Record<string, string>> = {
  expired: 'it took too long',
  declined: 'a task could not take part',
  jobFailed: 'the job failed meanwhile',
  subsumed: 'a later one completed first',
};

export const streamsEn: StreamSentences = {
  'job.stateChanged': (e) => `Job ${e.job} ${STATES[e.to] ?? e.to}${because(e.reason)}${e.delayMs >= 0 ? ` (next attempt in ${duration(e.delayMs * 1000)})` : ''}.`,
  'job.restored': (e) => `Attempt ${e.attempt} of job ${e.job} begins with the state of checkpoint ${e.checkpoint}.`,
  'job.operatorPlanned': (e) => `Attempt ${e.attempt} of job ${e.job} has the operator ${e.operator} in ${n(e.parallelism, 'subtask')} of the task ${e.task}.`,
  'job.channelsPlanned': (e) => `In attempt ${e.attempt} of job ${e.job} the task ${e.task} reads from ${e.fromTask}, ${BY[e.partitioning] ?? e.partitioning}.`,
  'task.stateChanged': (e) => `${taskName(e)} of attempt ${e.attempt} ${TASKS[e.to] ?? e.to}${because(e.reason)}.`,
  'task.loaded': (e) => `${taskName(e)} worked ${e.busyPermille / 10} % of the last second and waited for its output ${e.backPressuredPermille / 10} %.`,
  'operator.received': (e) => `${subtask(e)} received a record${of(e.key)} with event time ${at(e.timestampMs)}.`,
  'operator.emitted': (e) => `${subtask(e)} gave ${e.value}${e.key === '' ? '' : ` for ${e.key}`}.`,
  'watermark.advanced': (e) => `The watermark of ${subtask(e)} moved to ${at(e.watermarkMs)}.`,
  'watermark.idle': (e) => (e.idle ? `${subtask(e)} is idle: it no longer holds event time back.` : `${subtask(e)} is active again.`),
  'source.splitDiscovered': (e) => `${subtask(e)} found the new partition ${e.topic}-${e.partition} and reads it from its beginning.`,
  'source.splitPaused': (e) =>
    e.paused ? `${subtask(e)} stops reading ${e.topic}-${e.partition}: at ${at(e.watermarkMs)} it is too far ahead of the others.` : `${subtask(e)} reads ${e.topic}-${e.partition} again.`,
  'window.fired': (e) => `${subtask(e)} gave the result of ${windowText(e)}${of(e.key)}.`,
  'window.closed': (e) => `${subtask(e)} cleaned up ${windowText(e)}${of(e.key)}.`,
  'operator.late': (e) =>
    `A record${of(e.key)} with event time ${at(e.timestampMs)} came too late to ${subtask(e)}, whose watermark is ${at(e.watermarkMs)}: ${e.kept ? 'it went to the side output' : 'it was dropped'}.`,
  'checkpoint.triggered': (e) => `The coordinator triggered ${kind(e)} of job ${e.job}.`,
  'barrier.received': (e) => `The barrier of checkpoint ${e.checkpoint} reached ${taskName(e)} by channel ${e.channel + 1} of ${e.channels}${e.blocked ? ', which now waits for the others' : ''}.`,
  'checkpoint.snapshotTaken': (e) =>
    `${taskName(e)} took its snapshot for checkpoint ${e.checkpoint}${e.alignmentUs > 0 ? ` after ${duration(e.alignmentUs)} of alignment` : ''}${e.inFlight > 0 ? `, with ${n(e.inFlight, 'record')} in flight` : ''}.`,
  'checkpoint.acknowledged': (e) => `The coordinator has the part of ${taskName(e)} in checkpoint ${e.checkpoint}.`,
  'checkpoint.completed': (e) => `${Kind(e)} of job ${e.job} is complete after ${duration(e.durationUs)}.`,
  'checkpoint.failed': (e) => `${Kind(e)} of job ${e.job} failed: ${FAILURES[e.reason] ?? e.reason}.`,
  'sink.transactionChanged': (e) => {
    if (e.to === 'begun') return `${subtask(e)} began transaction ${e.transactionalId}.`;
    if (e.to === 'preCommitted') return `${subtask(e)} has written all of transaction ${e.transactionalId}; checkpoint ${e.checkpoint} decides whether it is committed.`;
    if (e.to === 'committed') return `${subtask(e)} committed transaction ${e.transactionalId}: its records can be read now.`;
    if (e.to === 'aborted') return `${subtask(e)} aborted transaction ${e.transactionalId}.`;
    return `${subtask(e)} could not commit transaction ${e.transactionalId}, although checkpoint ${e.checkpoint} holds it (${e.reason}): its records are lost.`;
  },
  'cep.stateEntered': (e) => `Partial match ${e.match}${of(e.key)} in ${subtask(e)} ${e.state === END_STATE ? 'is complete' : `${MOVED[e.action] ?? ''}waits at the stage ${stageOf(e.state)}`}.`,
  'cep.matchPruned': (e) =>
    `Partial match ${e.match}${of(e.key)} in ${subtask(e)} ${e.state === END_STATE ? 'was complete and is thrown away' : `ended at the stage ${stageOf(e.state)}`}: ${ENDS[e.reason] ?? e.reason}.`,
  'cep.matched': (e) => `The pattern of ${subtask(e)} matched${e.key === '' ? '' : ` for ${e.key}`}.`,
  'cep.limitReached': (e) => `${subtask(e)} holds ${n(e.partialMatches, 'partial match').replace('matchs', 'matches')}${e.key === '' ? '' : ` for ${e.key}`}, as many as it may: the task fails.`,
};
