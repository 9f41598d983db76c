// The stream API for one process of learner code: jobs that it puts together go to the job manager over the simulated network.
import * as api from '../streams/api/index.ts';
import type { Kernel, Process } from '../kernel/kernel.ts';
import type { Conn, Message } from '../kernel/network.ts';
import type { LearnerHook, StreamMessage } from '../streams/runtime/messages.ts';
import { Outbound } from '../streams/runtime/wire.ts';

export interface StreamsHost {
  readonly kernel: Kernel;
  readonly process: Process;
  /** Runs learner code: whatever waits for a promise goes on. */
  enter(job: () => void): void;
  readonly learner: LearnerHook;
}

interface Submission {
  readonly name: string;
  readonly outbound: Outbound;
  readonly accepted: PromiseWithResolvers<api.JobClient>;
  readonly result: PromiseWithResolvers<{ readonly jobName: string; readonly state: 'FINISHED' | 'SUSPENDED' }>;
}

/** Jobs that a process has handed over. */
export class Submissions {
  private readonly host: StreamsHost;
  private readonly open: Submission[] = [];

  constructor(host: StreamsHost) {
    this.host = host;
  }

  /** What `require('millrace/streams')` gives. */
  module(): unknown {
    const submit: Parameters<typeof makeEnvironment>[0] = (name, environment) => this.submit(name, environment);
    return { ...api, StreamExecutionEnvironment: makeEnvironment(submit) };
  }

  private submit(name: string, environment: api.StreamExecutionEnvironment): Promise<api.JobClient> {
    const { kernel, process, learner } = this.host;
    const target = kernel.processNamed('jobmanager');
    if (!target) return Promise.reject(new api.StreamError('NO_JOB_MANAGER', 'This scenario has no stream jobs, so there is no job manager to take the job.'));
    const outbound = new Outbound(kernel, process, target);
    const submission: Submission = { name, outbound, accepted: promised(), result: promised() };
    // Whoever does not ask for the result need not hear of a failure.
    submission.result.promise.catch(() => {});
    this.open.push(submission);
    outbound.send({ kind: 'submitJob', job: name, graph: environment.getStreamGraph(), settings: environment.settings(), learner });
    return submission.accepted.promise;
  }

  /** @returns whether the connection is one of these. */
  connected(conn: Conn): boolean {
    if (!(conn.clientData instanceof Outbound)) return false;
    conn.clientData.connected();
    return true;
  }

  closed(conn: Conn): boolean {
    const submission = this.of(conn);
    if (!submission) return false;
    this.over(submission, new api.StreamError('JOB_MANAGER_LOST', 'The connection to the job manager ended.'));
    return true;
  }

  message(conn: Conn, message: Message): boolean {
    const submission = this.of(conn);
    if (!submission) return false;
    const m = message.body as StreamMessage;
    if (m.kind !== 'jobStatus') return true;
    const { name, accepted, result } = submission;
    this.host.enter(() => {
      if (m.state === 'ACCEPTED') accepted.resolve({ jobName: name, getJobExecutionResult: () => result.promise });
      else if (m.state === 'FINISHED' || m.state === 'SUSPENDED') {
        result.resolve({ jobName: name, state: m.state });
        this.close(submission);
      } else this.fail(submission, new api.StreamError(m.state === 'REJECTED' ? m.reason : 'JOB_FAILED', m.state === 'REJECTED' ? rejected(name, m.reason) : `Job ${name} failed: ${m.reason}.`));
    });
    return true;
  }

  private of(conn: Conn): Submission | undefined {
    return this.open.find((s) => s.outbound.conn === conn);
  }

  private over(submission: Submission, error: api.StreamError): void {
    this.host.enter(() => this.fail(submission, error));
  }

  private fail(submission: Submission, error: api.StreamError): void {
    submission.accepted.reject(error);
    submission.result.reject(error);
    this.close(submission);
  }

  private close(submission: Submission): void {
    this.open.splice(this.open.indexOf(submission), 1);
    submission.outbound.close();
  }
}

function rejected(name: string, reason: string): string {
  if (reason === 'UNKNOWN_JOB') return `The scenario has no job ${name} that is to come from code. Use a name of one that has.`;
  if (reason === 'ALREADY_SUBMITTED') return `Job ${name} was handed over before.`;
  return `Job ${name} cannot run: ${reason}.`;
}

function makeEnvironment(submit: (name: string, environment: api.StreamExecutionEnvironment) => Promise<api.JobClient>): typeof api.StreamExecutionEnvironment {
  return class extends api.StreamExecutionEnvironment {
    static override getExecutionEnvironment(): api.StreamExecutionEnvironment {
      return new api.StreamExecutionEnvironment(submit);
    }
  };
}

function promised<T>(): PromiseWithResolvers<T> {
  let resolve!: PromiseWithResolvers<T>['resolve'];
  let reject!: PromiseWithResolvers<T>['reject'];
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}

interface PromiseWithResolvers<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
  readonly reject: (reason: unknown) => void;
}
