// Checker for the controller's decision on one partition.
import { changePartition, type Election } from '../../simulations/kafka/controller/election.ts';
import { all, type Checker } from './outcome.ts';

const leaderElection: Checker = (c) => {
  const acceptable = c['acceptableLeaders'] as number[];
  const state = {
    replicas: c['replicas'] as number[],
    isr: c['isr'] as number[],
    elr: c['elr'] as number[],
    lastKnownElr: c['lastKnownElr'] as number[],
    adding: [],
    removing: [],
    leader: c['leader'] as number,
    leaderEpoch: c['leaderEpoch'] as number,
    partitionEpoch: c['partitionEpoch'] as number,
    recovering: false,
  };
  const targetIsr = c['targetIsr'] as number[] | undefined;
  const uncleanShutdown = c['uncleanShutdown'] as number[] | undefined;
  const result = changePartition({
    state,
    acceptable: (broker) => acceptable.includes(broker),
    election: c['election'] as Election,
    elrEnabled: c['elrEnabled'] as boolean,
    minIsr: c['minIsr'] as number,
    ...(targetIsr && { targetIsr }),
    ...(uncleanShutdown && { uncleanShutdown }),
  });
  if (!result) return all([c['expected'], { changed: false }]);
  const { isr, elr, lastKnownElr, leader, leaderEpoch, partitionEpoch, recovering } = result.state;
  return all([c['expected'], { changed: true, leader, isr, elr, lastKnownElr, leaderEpoch, partitionEpoch, leaderRecoveryState: recovering ? 'RECOVERING' : 'RECOVERED' }]);
};

export const KAFKA_CONTROLLER: Readonly<Record<string, Checker>> = { 'leader-election': leaderElection, 'leader-election-recorded': leaderElection };
