// Which faults can strike a thing, as lines of the fault grammar without their time.
import type { FaultKind } from '../../simulations/faults/grammar.ts';
import { brokerNames, streamProcessNames, type Scenario } from '../../simulations/contract/scenario.ts';
import { findPartition, type ClusterState } from '../readmodels/cluster.ts';
import type { StreamsState } from '../readmodels/streams.ts';
import { isOfStreams, type Selection } from './selection.ts';

export interface Break {
  readonly kind: FaultKind;
  /** `kill broker-2`, `pause recs-b for 2s`. */
  readonly fault: string;
  /** What it strikes, as it is named in the grammar. */
  readonly target: string;
}

const DURATION: Readonly<Record<FaultKind, string>> = { kill: '', restart: '', pause: ' for 2s', cut: ' for 5s', delay: ' for 5s', loss: ' for 5s', shutdown: '', powerloss: '' };
const OPTION: Readonly<Record<FaultKind, string>> = { kill: '', restart: '', pause: '', cut: '', delay: ' by=40ms', loss: ' share=1/5', shutdown: '', powerloss: '' };

/** Only brokers end in order by handing over, and keep anything on a disk that a loss of power could take. */
const isBroker = (name: string) => name.startsWith('broker-');

export function makeBreak(kind: FaultKind, target: string): Break {
  return { kind, target, fault: `${kind} ${target}${OPTION[kind]}${DURATION[kind]}` };
}

/** Every name that a fault can strike. */
export function processesOf(scenario: Scenario): string[] {
  return ['controller', ...brokerNames(scenario), ...streamProcessNames(scenario), ...scenario.processes.map((p) => p.name)];
}

/** Between one process and all others, both ways. */
export function cutOff(scenario: Scenario, name: string): string {
  const others = processesOf(scenario).filter((n) => n !== name);
  return `${name}<->${others.length === 1 ? others[0]! : `{${others.join(',')}}`}`;
}

/** What can be struck in place of a selected thing: a subtask lives and dies with its task manager, a job with its job manager. */
export function hostOf(selection: Selection, { jobs }: StreamsState): Selection {
  if (selection.kind === 'job' || selection.kind === 'checkpoint') return { kind: 'process', name: 'jobmanager' };
  if (selection.kind !== 'subtask') return selection;
  const s = jobs.get(selection.job)?.subtasks.get(`${selection.task}/${selection.subtask}`);
  return s ? { kind: 'process', name: s.process } : selection;
}

/** What can be done to a selected thing now. A partition stands for the broker that leads it. */
export function breaksOf(selection: Selection, scenario: Scenario, cluster: ClusterState): Break[] {
  if (isOfStreams(selection)) return [];
  switch (selection.kind) {
    case 'process':
      return ofProcess(selection.name, scenario, cluster);
    case 'link': {
      const target = `${selection.from}<->${selection.to}`;
      return (['cut', 'delay', 'loss'] as const).map((kind) => makeBreak(kind, target));
    }
    case 'partition': {
      const leader = findPartition(cluster, selection.topic, selection.partition)?.leader ?? -1;
      return leader > 0 ? ofProcess(`broker-${leader}`, scenario, cluster) : [];
    }
    case 'record':
      return ofProcess(`broker-${selection.broker}`, scenario, cluster);
    case 'group':
    case 'event':
    case 'fault':
      return [];
  }
}

/** Brokers and native consumers know how to end by themselves. */
function endsInOrder(name: string, scenario: Scenario): boolean {
  return isBroker(name) || scenario.processes.some((p) => p.name === name && p.role === 'consumer');
}

function ofProcess(name: string, scenario: Scenario, cluster: ClusterState): Break[] {
  const status = cluster.processes.get(name)?.status;
  if (status === undefined) return [];
  if (status === 'killed' || status === 'exited') return [makeBreak('restart', name)];
  const link = cutOff(scenario, name);
  const inOrder = status === 'running' && endsInOrder(name, scenario) ? [makeBreak('shutdown', name)] : [];
  return [
    makeBreak('kill', name),
    ...inOrder,
    ...(status === 'running' ? [makeBreak('pause', name)] : []),
    makeBreak('cut', link),
    makeBreak('delay', link),
    makeBreak('loss', link),
    ...(isBroker(name) ? [makeBreak('powerloss', name)] : []),
  ];
}

/** Everything one kind of fault can strike now: for the palette's tools. */
export function targetsOf(kind: FaultKind, scenario: Scenario, cluster: ClusterState): Break[] {
  const names = processesOf(scenario);
  const status = (name: string) => cluster.processes.get(name)?.status;
  switch (kind) {
    case 'kill':
      return names.filter((n) => status(n) === 'running' || status(n) === 'paused').map((n) => makeBreak(kind, n));
    case 'powerloss':
      return names.filter((n) => isBroker(n) && (status(n) === 'running' || status(n) === 'paused')).map((n) => makeBreak(kind, n));
    case 'pause':
      return names.filter((n) => status(n) === 'running').map((n) => makeBreak(kind, n));
    case 'shutdown':
      return names.filter((n) => endsInOrder(n, scenario) && status(n) === 'running').map((n) => makeBreak(kind, n));
    case 'restart':
      return names.filter((n) => status(n) === 'killed' || status(n) === 'exited').map((n) => makeBreak(kind, n));
    case 'cut':
    case 'delay':
    case 'loss': {
      const brokers = names.filter(isBroker);
      const pairs = [brokers, streamProcessNames(scenario)].flatMap((of) => of.flatMap((a, i) => of.slice(i + 1).map((b) => `${a}<->${b}`)));
      return [...names.filter((n) => n !== 'controller').map((n) => makeBreak(kind, cutOff(scenario, n))), ...pairs.map((pair) => makeBreak(kind, pair))];
    }
  }
}
