// All read models of one trace, grown together as it comes in.
import { EVENT_NAMES, EVENT_SPECS } from '../../simulations/contract/events.ts';
import { TYPE_OF } from '../../simulations/kernel/trace.ts';
import type { TraceStore } from '../../simulations/kernel/traceStore.ts';
import { createActivity, type Activity } from './activity.ts';
import { createCheckpoints, type Checkpoints } from './checkpoints.ts';
import { clientsModel, type ClientsState } from './clients.ts';
import { clusterModel, type ClusterState } from './cluster.ts';
import { flightsModel, type FlightsState } from './flights.ts';
import { columns } from './columns.ts';
import { createCompactions, type Compactions } from './compactions.ts';
import { createIndexList, type IndexList } from './index-list.ts';
import { createLogs, type Logs } from './logs.ts';
import { streamsModel, type StreamsState } from './streams.ts';
import { matchesOf, type Matches } from './matches.ts';
import { createTimeline, type Timeline } from './timeline.ts';
import { createTransactions, type Transactions } from './transactions.ts';

export interface Views {
  readonly cluster: Timeline<ClusterState>;
  readonly clients: Timeline<ClientsState>;
  readonly flights: Timeline<FlightsState>;
  readonly logs: Logs;
  readonly transactions: Transactions;
  readonly compactions: Compactions;
  readonly streams: Timeline<StreamsState>;
  readonly checkpoints: Checkpoints;
  readonly matches: Matches;
  readonly activity: Activity;
  /** Stops for "next interesting". */
  readonly interesting: IndexList;
  /** `fault.started` and `fault.ended`. */
  readonly faults: IndexList;
  readonly violations: IndexList;
  /** `net.sent`, for pulses of edges. */
  readonly sends: IndexList;
  extend(): void;
}

const INTERESTING = Uint8Array.from(EVENT_NAMES, (name) => (EVENT_SPECS[name].interesting ? 1 : 0));

const ELECTED = columns('kafka.leaderElected');

/** The first leader of each partition of a new topic: the topic's creation is the stop. */
function isFirstLeader(store: TraceStore, seq: number): boolean {
  return store.typeNumberAt(seq) === TYPE_OF['kafka.leaderElected'] && store.value(seq, ELECTED.was) < 0 && store.value(seq, ELECTED.leaderEpoch) === 0;
}

export function createViews(store: TraceStore, horizonUs: number): Views {
  const cluster = createTimeline(store, clusterModel);
  const clients = createTimeline(store, clientsModel);
  const flights = createTimeline(store, flightsModel);
  const logs = createLogs(store);
  const transactions = createTransactions(store);
  const compactions = createCompactions(store, logs, transactions);
  const streams = createTimeline(store, streamsModel);
  const checkpoints = createCheckpoints(store);
  const matches = matchesOf(store);
  const activity = createActivity(store, horizonUs);
  const interesting = createIndexList(store, (s, seq) => INTERESTING[s.typeNumberAt(seq)] === 1 && !isFirstLeader(s, seq));
  const faults = createIndexList(store, (s, seq) => s.typeNumberAt(seq) === TYPE_OF['fault.started'] || s.typeNumberAt(seq) === TYPE_OF['fault.ended']);
  const violations = createIndexList(store, (s, seq) => s.typeNumberAt(seq) === TYPE_OF['invariant.violated']);
  const sends = createIndexList(store, (s, seq) => s.typeNumberAt(seq) === TYPE_OF['net.sent']);
  const all = [cluster, clients, flights, logs, transactions, compactions, streams, checkpoints, matches, activity, interesting, faults, violations, sends];
  return {
    cluster,
    clients,
    flights,
    logs,
    transactions,
    compactions,
    streams,
    checkpoints,
    matches,
    activity,
    interesting,
    faults,
    violations,
    sends,
    extend() {
      for (const view of all) view.extend();
    },
  };
}
