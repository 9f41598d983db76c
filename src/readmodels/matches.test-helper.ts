// A trace made by hand for tests: a pattern of a view, a pause and a purchase over three users, with a partial match for every end
// that one can come to.
import type { EventName, EventValues, Sym } from '../../simulations/contract/events.ts';
import { TraceWriter } from '../../simulations/kernel/trace.ts';
import { TraceStore } from '../../simulations/kernel/traceStore.ts';

export const JOB = 'funnel';
export const OPERATOR = 'pattern';

export function makeMatches(): TraceStore {
  const store = new TraceStore();
  const writer = new TraceWriter((chunk) => store.append(chunk));
  const sym = (text: string): Sym => writer.sym(text);
  const emit = <K extends EventName>(name: K, process: string, cause: number, ...values: EventValues<K>) => writer.emit(name, sym(process), cause, ...values);
  const at = (ms: number) => {
    writer.nowUs = ms * 1000;
  };
  const tm = 'taskmanager-1';
  const of = [sym(JOB), sym(OPERATOR), 0] as const;
  let events = 0;
  const received = (key: string, ms: number) => {
    const record = writer.record({ producer: sym('web'), key, nth: events++, value: '{}', timestampMs: ms, bytes: 40 });
    at(ms);
    return { record, ms, seq: emit('operator.received', tm, -1, ...of, 0, sym(key), ms, record) };
  };
  type From = ReturnType<typeof received>;
  const enter = (key: string, match: number, parent: number, state: string, action: string, from: From) =>
    emit('cep.stateEntered', tm, from.seq, ...of, sym(key), match, parent, sym(state), sym(action), from.ms, from.record);
  const prune = (key: string, match: number, state: string, reason: string, from: From) => emit('cep.matchPruned', tm, from.seq, ...of, sym(key), match, sym(state), sym(reason), from.ms, from.record);

  emit('run.started', '', -1, sym('fixture'), sym('kafka-4.0'), 1, 60_000_000);
  emit('process.started', tm, -1, sym('taskmanager'), 1);
  emit('job.stateChanged', 'jobmanager', -1, sym(JOB), 1, sym('CREATED'), sym('RUNNING'), sym(''), -1);
  // ana: viewed, paused, and bought: a match. Her second view began a partial match that the match skips.
  const a1 = received('ana', 1_000);
  enter('ana', 1, -1, 'paused', 'start', a1);
  const a2 = received('ana', 2_000);
  enter('ana', 1, 1, 'paused', 'ignore', a2);
  enter('ana', 2, -1, 'paused', 'start', a2);
  const a3 = received('ana', 3_000);
  enter('ana', 1, 1, 'bought', 'take', a3);
  const a4 = received('ana', 4_000);
  const matched = emit('cep.matched', tm, a4.seq, ...of, sym('ana'), 1, 1, sym('viewed=1,paused=1,bought=1'), a4.ms, a4.record);
  emit('operator.emitted', tm, matched, sym(JOB), sym('out'), 0, sym('ana'), a4.ms, sym('{"user":"ana"}'));
  prune('ana', 2, 'paused', 'skip', a4);
  // ben: another event in between; then a branch that waits, and one whose condition fails.
  const b1 = received('ben', 5_000);
  enter('ben', 1, -1, 'paused', 'start', b1);
  const b2 = received('ben', 6_000);
  prune('ben', 1, 'paused', 'contiguity', b2);
  enter('ben', 2, -1, 'paused', 'start', b2);
  const b3 = received('ben', 7_000);
  enter('ben', 3, 2, 'bought', 'take', b3);
  prune('ben', 2, 'paused', 'condition', b3);
  // cleo: too slow.
  const c1 = received('cleo', 8_000);
  enter('cleo', 1, -1, 'paused', 'start', c1);
  emit('cep.limitReached', tm, c1.seq, ...of, sym('cleo'), 1);
  const c2 = received('cleo', 40_000);
  prune('cleo', 1, 'paused', 'time', c2);
  at(60_000);
  emit('run.ended', '', -1, sym('horizon'), sym(''));
  writer.flush();
  return store;
}
