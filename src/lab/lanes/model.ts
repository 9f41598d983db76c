// What the log lanes show at one moment: for each partition of a topic its replicas' logs over one window of offsets.
import type { Scenario } from '../../../simulations/contract/scenario.ts';
import { lagOf } from '../../readmodels/clients.ts';
import { logOf, partitionKey, partitionsOf, type PartitionState } from '../../readmodels/cluster.ts';
import { lostOffsets, type LogWindow } from '../../readmodels/logs.ts';
import { cellsOf, lastStableOffset } from '../../readmodels/transactions.ts';
import type { SessionState } from '../session.ts';
import { leaderEnd } from '../topology/model.ts';

export interface ReplicaLane {
  readonly broker: number;
  readonly role: 'leader' | 'inSync' | 'outOfSync' | 'offline';
  /** Whether the metadata names it the leader; a leader that is down keeps this until another is elected. */
  readonly leads: boolean;
  readonly logEndOffset: number;
  readonly highWatermark: number;
  readonly window: LogWindow;
  /** What each cell of the window is, one of `CELL`. */
  readonly cells: Uint8Array;
  /** Offsets whose records were acknowledged and are not in the leader's log. */
  readonly lost: readonly number[];
  /** Records cut from its end a moment ago. */
  readonly truncated: number;
}

export interface ReaderMark {
  readonly group: string;
  /** Offset of the next record to hand over; -1 = unknown. */
  readonly position: number;
  /** -1 = nothing committed. */
  readonly committed: number;
  readonly lag: number;
}

export interface PartitionLane {
  readonly partition: number;
  readonly leader: number;
  readonly leaderEpoch: number;
  readonly logEndOffset: number;
  readonly highWatermark: number;
  /** Below the high watermark while a transaction holds it back, else equal to it. */
  readonly lastStableOffset: number;
  readonly logStartOffset: number;
  /** First offset in view. */
  readonly from: number;
  /** The leader first, replicas that are out of sync or down last. */
  readonly replicas: readonly ReplicaLane[];
  readonly readers: readonly ReaderMark[];
}

export interface LanesModel {
  readonly topic: string;
  readonly lanes: readonly PartitionLane[];
}

const TRUNCATED_US = 6_000_000;

export interface LanesInput {
  readonly scenario: Scenario;
  readonly topic: string;
  /** Cells that fit a lane. */
  readonly cells: number;
  /** Whether a lane is in view; others are left empty. */
  readonly inView: (index: number) => boolean;
}

export function lanesModel(state: SessionState, { scenario, topic, cells, inView }: LanesInput): LanesModel {
  const { views, position, timeUs, trace } = state;
  const cluster = views.cluster.at(position);
  const clients = views.clients.at(position);
  const topicSym = views.logs.topicSym(topic);
  const partitions = partitionsOf(cluster, topic);
  const isUp = (broker: number) => {
    const status = cluster.processes.get(`broker-${broker}`)?.status;
    return status === 'running' || status === 'paused';
  };
  const groups = Array.from(clients.groups.values());
  const lanes = partitions.map((p, index): PartitionLane => {
    const end = leaderEnd(p);
    const key = partitionKey(topicSym, p.partition);
    const replicasEnd = Math.max(end, ...p.logs.map((log) => log.logEndOffset));
    const start = logOf(p, p.leader)?.logStartOffset ?? 0;
    // The end of the log stands a little before the right edge, so that there is room for what comes.
    const from = Math.max(start, replicasEnd - cells + Math.min(3, Math.ceil(cells / 8)));
    const readers = groups
      .filter((g) => g.committed.has(key) || Array.from(clients.consumers.values()).some((c) => c.group === g.group && c.reads.has(key)))
      .map((g): ReaderMark => {
        const positions = Array.from(clients.consumers.values()).flatMap((c) => (c.group === g.group && c.reads.has(key) ? [c.reads.get(key)!.position] : []));
        return { group: g.group, position: positions.length ? Math.max(...positions) : -1, committed: g.committed.get(key) ?? -1, lag: lagOf(g, key, end) };
      });
    const highWatermark = shownHighWatermark(p);
    return {
      partition: p.partition,
      leader: p.leader,
      leaderEpoch: p.leaderEpoch,
      logEndOffset: end,
      highWatermark,
      lastStableOffset: lastStableOffset(views.transactions.at({ topic: topicSym, partition: p.partition }, position, highWatermark), { highWatermark, logStartOffset: start }),
      logStartOffset: start,
      from,
      readers,
      replicas: inView(index) ? replicaLanes(p, from, cells) : [],
    };
  });
  return { topic: scenario.topics.some((t) => t.name === topic) || partitions.length ? topic : '', lanes };

  function replicaLanes(p: PartitionState, from: number, count: number): ReplicaLane[] {
    const at = (broker: number) => ({ topic: topicSym, partition: p.partition, broker });
    const leaderWindow = p.leader > 0 ? views.logs.window(at(p.leader), position, from, from + count) : null;
    const decided = views.transactions.at({ topic: topicSym, partition: p.partition }, position, from, from + count);
    const brokers = p.replicas.length ? p.replicas : p.logs.map((log) => log.broker);
    return brokers
      .map((broker): ReplicaLane => {
        const log = logOf(p, broker);
        const leads = broker === p.leader;
        const window = leads && leaderWindow ? leaderWindow : views.logs.window(at(broker), position, from, from + count);
        const role = !isUp(broker) ? 'offline' : leads ? 'leader' : p.isr.includes(broker) ? 'inSync' : 'outOfSync';
        const cut = log && log.truncatedBy >= 0 && log.truncatedBy < position && timeUs - trace.timeAt(log.truncatedBy) < TRUNCATED_US ? log.truncated : 0;
        const inCells = cellsOf(views.logs, window, decided);
        views.compactions.mark(inCells, at(broker), window, position);
        return {
          broker,
          role,
          leads,
          window,
          cells: inCells,
          logEndOffset: log?.logEndOffset ?? 0,
          highWatermark: log?.highWatermark ?? 0,
          truncated: cut,
          lost: leads || !leaderWindow ? [] : lostOffsets(views.logs, window, leaderWindow, position),
        };
      })
      .sort((a, b) => rank(a) - rank(b) || a.broker - b.broker);
  }
}

function rank(lane: ReplicaLane): number {
  return lane.leads ? 0 : lane.role === 'inSync' ? 1 : lane.role === 'outOfSync' ? 2 : 3;
}

/** The leader's high watermark; the highest known while there is no leader. */
function shownHighWatermark(p: PartitionState): number {
  return logOf(p, p.leader)?.highWatermark ?? Math.max(0, ...p.logs.map((log) => log.highWatermark));
}
