// Builds the processes of a scenario: controller, brokers, native clients. Learner code is added by whoever hosts it.
import { streamProcessNames, type Scenario } from '../contract/scenario.ts';
import type { JobMaker } from '../streams/runtime/job.ts';
import { JobManager } from '../streams/runtime/jobManager.ts';
import { streamApiName } from '../streams/runtime/messages.ts';
import { TaskManager } from '../streams/runtime/taskManager.ts';
import type { Behavior, Kernel, Process } from '../kernel/kernel.ts';
import { Broker } from './broker/broker.ts';
import { losePageCache } from './broker/powerLoss.ts';
import { Consumer } from './client/consumer.ts';
import { ShareConsumer } from './client/shareConsumer.ts';
import { Producer } from './client/producer.ts';
import { Controller } from './controller/controller.ts';
import { brokerName, CONTROLLER } from './metadata/image.ts';
import { apiNameOf } from './protocol/apiKeys.ts';
import { frameOf } from './protocol/frameOf.ts';
import { ZERO_UUID } from './protocol/layout.ts';

/** Makes the behaviour of a process that runs learner code; `null` where learner code cannot run. */
export type GuestFactory = (kernel: Kernel, process: Process, entry: string) => Behavior;

export function buildProcesses(kernel: Kernel, scenario: Scenario, guests: GuestFactory | null): void {
  kernel.network.apiName = (api) => streamApiName(api) ?? apiNameOf(api);
  kernel.network.links = scenario.links.map((l) => {
    const [a, b] = l.between as [string, string];
    const is = (end: string, p: Process) => end === '*' || end === p.name;
    return { covers: (from: Process, to: Process) => (is(a, from) && is(b, to)) || (is(b, from) && is(a, to)), delayUs: l.delayUs, jitterUs: l.jitterUs };
  });
  kernel.addProcess(CONTROLLER, 'controller', 0, (p) => new Controller(kernel, p, scenario));
  const brokers = [...Array.from({ length: scenario.cluster.brokers }, () => 0), ...scenario.cluster.joining.map((j) => j.atMs * 1000)];
  brokers.forEach((startUs, i) => {
    const broker = kernel.addProcess(brokerName(i + 1), 'broker', startUs, (p) => new Broker(kernel, p, scenario, i + 1));
    broker.powerLost = () => losePageCache(kernel, broker);
  });
  for (const spec of scenario.processes) {
    const startUs = spec.startMs * 1000;
    if (spec.role === 'producer') {
      const loads = scenario.workloads.filter((w) => w.process === spec.name);
      kernel.addProcess(spec.name, 'producer', startUs, (p) => new Producer(kernel, p, spec, loads, scenario.cluster.brokers));
    } else if (spec.role === 'consumer')
      kernel.addProcess(spec.name, 'consumer', startUs, (p) =>
        spec.groupType === 'share' ? new ShareConsumer(kernel, p, spec, scenario.cluster.brokers) : new Consumer(kernel, p, spec, scenario.cluster.brokers),
      );
    else {
      const entry = scenario.learner.find((l) => l.process === spec.name)?.entry;
      if (guests && entry !== undefined) kernel.addProcess(spec.name, 'guest', startUs, (p) => guests(kernel, p, entry));
    }
  }
}

/** The job manager and the task managers of a scenario with stream jobs. */
export function buildStreams(kernel: Kernel, scenario: Scenario, make: JobMaker): void {
  const { streams, cluster } = scenario;
  if (!streams) return;
  const [jobManager, ...taskManagers] = streamProcessNames(scenario);
  kernel.addProcess(jobManager!, 'jobmanager', 0, (p) => new JobManager(kernel, p, streams, make));
  for (const name of taskManagers) kernel.addProcess(name, 'taskmanager', 0, (p) => new TaskManager(kernel, p, streams, cluster.brokers));
}

/** Lets the trace carry every message as it would stand on the wire. */
export function keepFrames(kernel: Kernel): void {
  const ids = new Map<string, string>();
  let read = 0;
  const topicId = (name: string): string => {
    const log = Controller.logOf(kernel.processNamed(CONTROLLER)!);
    for (; read < log.length; read++) {
      const record = log[read]!;
      if (record.type === 'topic') ids.set(record.name, record.id);
    }
    return ids.get(name) ?? ZERO_UUID;
  };
  const { trace } = kernel;
  kernel.network.tap = (message) => trace.frame(() => (streamApiName(message.api) ? null : frameOf(message, trace.records, topicId)));
}
