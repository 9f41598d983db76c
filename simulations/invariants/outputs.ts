// What the sinks of stream jobs have committed, beside what they commit when nothing fails: the same (exactly once), or at least that.
// The run without faults is computed first; it is a universe of its own.
import type { Sym } from '../contract/events.ts';
import type { Scenario } from '../contract/scenario.ts';
import { graphOf } from '../streams/jobs/catalogue.ts';
import type { KafkaSinkSpec } from '../streams/connectors/kafkaSinkSpec.ts';
import { StreamError } from '../streams/errors.ts';
import type { ConditionId } from './catalogue.ts';
import type { Judge } from './judge.ts';

/** Records by job, topic, key and value: how many of each can be read with read_committed. */
export type CommittedOutput = ReadonlyMap<string, number>;

interface Sink {
  readonly job: string;
  readonly spec: KafkaSinkSpec;
  /** Ended in the middle of its data: its windows fire with what it has read by then. */
  readonly drained: boolean;
  readonly checkpointed: boolean;
  readonly exactlyOnce: boolean;
}

/** Sinks of the jobs of a scenario. A job that cannot be built has none. */
function sinksOf(scenario: Scenario): Sink[] {
  return (scenario.streams?.jobs ?? []).flatMap((job) => {
    try {
      return graphOf(job).nodes.flatMap(({ role }) =>
        role.kind === 'sink'
          ? [
              {
                job: job.name,
                spec: role.sink,
                drained: job.actions.some((a) => a.kind === 'drain'),
                checkpointed: job.checkpointing.intervalMs > 0,
                exactlyOnce: job.checkpointing.mode === 'exactly-once',
              },
            ]
          : [],
      );
    } catch (error) {
      if (error instanceof StreamError) return [];
      throw error;
    }
  });
}

/** Collects what is committed to the topics of all sinks. @returns a function that tells it as it stands, and when everything is decided. */
export function watchCommitted({ kernel, replicas }: Pick<Judge, 'kernel' | 'replicas'>, scenario: Scenario): { committed(): CommittedOutput; undecided(): number } {
  const { trace } = kernel;
  const topics = new Set(sinksOf(scenario).map((s) => trace.sym(s.spec.topic)));
  /** Ended transactions by topic, partition and producer id: from where to where, and whether committed. */
  const ended = new Map<string, { readonly from: number; readonly to: number; readonly committed: boolean }[]>();
  const open = new Map<string, number>();
  const at = (topic: number, partition: number, producerId: number) => `${topic}/${partition}/${producerId}`;
  trace.watch('kafka.transactionOpened', (v) => {
    if (topics.has(v[0]! as Sym)) open.set(at(v[0]!, v[1]!, v[3]!), v[2]!);
  });
  trace.watch('transaction.markerWritten', (v) => {
    if (!topics.has(v[0]! as Sym)) return;
    const key = at(v[0]!, v[1]!, v[4]!);
    const list = ended.get(key) ?? [];
    ended.set(key, list);
    if (v[6]! >= 0) list.push({ from: v[6]!, to: v[3]!, committed: trace.text(v[2]! as Sym) === 'COMMIT' });
    open.delete(key);
  });
  return {
    undecided: () => open.size,
    committed: () => {
      const counts = new Map<string, number>();
      for (const view of replicas.all()) {
        if (!topics.has(view.topic) || view.leader < 0) continue;
        const log = replicas.log(view, view.leader);
        for (let i = 0; i < log.length; i++) {
          if (log.first(i) < 0) continue;
          const of = ended.get(at(view.topic, view.partition, log.producerId(i)))?.find((t) => t.from <= log.base(i) && log.base(i) < t.to);
          if (of && !of.committed) continue;
          if (!of && open.has(at(view.topic, view.partition, log.producerId(i)))) continue;
          for (let n = 0; n < log.count(i); n++) {
            const row = trace.records.at(log.first(i) + n)!;
            const line = `${trace.text(view.topic)}\u0000${row.key ?? ''}\u0000${String(row.value)}`;
            counts.set(line, (counts.get(line) ?? 0) + 1);
          }
        }
      }
      return counts;
    },
  };
}

/** Judges the committed output when all jobs have finished and nothing is undecided. @param expected of the run without faults; null = there are no faults, and nothing to compare. */
export function watchOutputs(judge: Judge, scenario: Scenario, expected: CommittedOutput | null): void {
  const sinks = sinksOf(scenario);
  if (!expected || sinks.length === 0) return;
  const { kernel, replicas, tally, violated } = judge;
  const { trace } = kernel;
  const complete = tally('output-complete');
  const once = tally('output-once');
  const output = watchCommitted(judge, scenario);
  const finished = new Set<Sym>();
  let excuse: ConditionId | '' = '';
  let judged = false;
  const producers = new Set(scenario.processes.filter((p) => p.role !== 'consumer').map((p) => trace.sym(p.name)));
  trace.watch('process.killed', (_v, _s, _t, process) => {
    if (producers.has(process)) excuse ||= 'same-input';
  });
  trace.watch('producer.failed', (_v, _s, _t, process) => {
    if (producers.has(process)) excuse ||= 'same-input';
  });
  trace.watch('operator.late', () => void (excuse ||= 'no-late-records'));
  trace.watch('sink.transactionChanged', (v) => {
    if (trace.text(v[5]! as Sym) === 'lost') excuse ||= 'transaction-timeout';
  });
  const maybeJudge = (cause: number) => {
    if (judged || finished.size < scenario.streams!.jobs.length || output.undecided() > 0) return;
    judged = true;
    const committed = output.committed();
    const conditionOf = (line: string, kind: 'complete' | 'once'): ConditionId | '' => {
      const topic = line.split('\u0000')[0]!;
      const sink = sinks.find((s) => s.spec.topic === topic)!;
      if (sink.drained) return 'not-drained';
      if (!sink.checkpointed) return 'checkpoints';
      if (sink.spec.guarantee === 'NONE' || (kind === 'once' && sink.spec.guarantee !== 'EXACTLY_ONCE')) return kind === 'once' ? 'sink-exactly-once' : 'sink-at-least-once';
      if (kind === 'once' && !sink.exactlyOnce) return 'mode-exactly-once';
      return excuse;
    };
    const whereOf = (line: string) => {
      const [topic, key] = line.split('\u0000');
      return { view: replicas.view(trace.sym(topic!), 0), key: key! };
    };
    for (const [line, count] of expected) {
      complete.tested++;
      if ((committed.get(line) ?? 0) < count) violated('output-complete', cause, conditionOf(line, 'complete'), whereOf(line));
    }
    for (const [line, count] of committed) {
      once.tested++;
      if (count > (expected.get(line) ?? 0)) violated('output-once', cause, conditionOf(line, 'once'), whereOf(line));
    }
  };
  trace.watch('job.stateChanged', (v, seq) => {
    if (trace.text(v[3]! as Sym) !== 'FINISHED') return;
    finished.add(v[0]! as Sym);
    maybeJudge(seq);
  });
  trace.watch('transaction.markerWritten', (_v, seq) => maybeJudge(seq));
}
