// Every scenario of the lab, in the order they are listed.
import type { Scenario } from '../contract/scenario.ts';
import { defineScenario } from './define.ts';
import { STREAM_JOBS } from './streams.ts';
import { TIMELINES } from './timelines.ts';

const emptyCluster = defineScenario({
  schemaVersion: 1,
  id: 'empty-cluster',
  title: { ko: '빈 클러스터', en: 'An empty cluster' },
  summary: { ko: '브로커 3대뿐이고 토픽도 클라이언트도 없습니다. 하트비트와 메타데이터만 오갑니다.', en: 'Three brokers, no topics, no clients. Only heartbeats and metadata travel.' },
  horizonMs: 30_000,
  cluster: { brokers: 3, config: { defaultReplicationFactor: 3, minInsyncReplicas: 2 } },
});

const steadyFlow = defineScenario({
  schemaVersion: 1,
  id: 'steady-flow',
  title: { ko: '고요한 흐름', en: 'A steady flow' },
  summary: {
    ko: '멱등 프로듀서 하나가 파티션 6개에 쓰고, 그룹의 컨슈머 2개가 나눠 읽습니다. 장애는 없습니다.',
    en: 'One idempotent producer writes to six partitions and a group of two reads them. Nothing fails.',
  },
  horizonMs: 30_000,
  cluster: { brokers: 3 },
  topics: [{ name: 'watch-events', partitions: 6, replicationFactor: 3, minInsyncReplicas: 2 }],
  processes: [
    { name: 'playback-svc', role: 'producer' },
    { name: 'recs-a', role: 'consumer', group: 'recs', topics: ['watch-events'], autoOffsetReset: 'earliest', workUsPerRecord: 2_000 },
    { name: 'recs-b', role: 'consumer', group: 'recs', topics: ['watch-events'], autoOffsetReset: 'earliest', workUsPerRecord: 2_000 },
  ],
  workloads: [{ process: 'playback-svc', topic: 'watch-events', records: 1_000, everyUs: 25_000, keys: 24 }],
});

const leaderDies = defineScenario({
  schemaVersion: 1,
  id: 'leader-dies',
  title: { ko: '부하 중에 리더가 죽다', en: 'A leader dies under load' },
  summary: {
    ko: '프로듀서 2개가 쓰는 동안 broker-2가 강제 종료됩니다. acks=all로 쓴 레코드는 남고, acks=1로 쓴 레코드는 그렇지 않을 수 있습니다.',
    en: 'Broker-2 is killed while two producers write. What was written with acks=all stays; what was written with acks=1 may not.',
  },
  horizonMs: 40_000,
  cluster: { brokers: 3 },
  topics: [{ name: 'watch-events', partitions: 6, replicationFactor: 3, minInsyncReplicas: 2 }],
  processes: [
    { name: 'watch-app', role: 'producer', acks: '1', idempotence: false },
    { name: 'playback-svc', role: 'producer' },
    { name: 'recs-a', role: 'consumer', group: 'recs', topics: ['watch-events'], autoOffsetReset: 'earliest', workUsPerRecord: 20_000 },
    { name: 'recs-b', role: 'consumer', group: 'recs', topics: ['watch-events'], autoOffsetReset: 'earliest', workUsPerRecord: 20_000 },
  ],
  workloads: [
    { process: 'watch-app', topic: 'watch-events', records: 800, everyUs: 40_000, keys: 24 },
    { process: 'playback-svc', topic: 'watch-events', records: 800, everyUs: 40_000, keys: 24, keyPrefix: 'device-' },
  ],
  faults: ['kill broker-2 at 12400ms for 15s'],
  expectations: [{ invariant: 'acknowledged-kept', outcome: 'may break' }],
});

const acksOneLeaderLoss = defineScenario({
  schemaVersion: 1,
  id: 'acks-1-leader-loss',
  title: { ko: '확인 응답까지 받은 레코드가 사라지다', en: 'The acknowledged record that vanished' },
  summary: {
    ko: 'acks=1 프로듀서가 쓰는 파티션의 리더를 복제가 느린 순간에 강제 종료합니다. 확인 응답한 레코드가 새 리더에는 없습니다.',
    en: 'A leader that acknowledged alone (acks=1) is killed while replication is slow. The new leader does not have what was acknowledged.',
  },
  horizonMs: 40_000,
  cluster: { brokers: 3 },
  topics: [{ name: 'orders', partitions: 3, replicationFactor: 3, minInsyncReplicas: 2 }],
  processes: [
    { name: 'checkout', role: 'producer', acks: '1', idempotence: false, lingerMs: 0 },
    { name: 'billing', role: 'consumer', group: 'billing', topics: ['orders'], autoOffsetReset: 'earliest' },
  ],
  workloads: [{ process: 'checkout', topic: 'orders', records: 1_500, everyUs: 15_000, keys: 40, keyPrefix: 'order-' }],
  faults: ['delay {broker-2,broker-3}<->broker-1 by=40ms at 5s for 8s', 'kill broker-1 at 12s for 15s'],
  expectations: [{ invariant: 'acknowledged-kept', outcome: 'breaks' }],
});

const groupRebalance = defineScenario({
  schemaVersion: 1,
  id: 'consumer-pause',
  title: { ko: '멈춘 컨슈머와 리밸런싱', en: 'A paused consumer and a rebalance' },
  summary: {
    ko: '컨슈머 하나가 세션 타임아웃보다 오래 멈춥니다. 그룹은 파티션을 다시 나누고, 돌아온 컨슈머는 다시 가입합니다.',
    en: 'One consumer freezes for longer than its session. The group shares its partitions anew, and the consumer joins again when it wakes.',
  },
  horizonMs: 60_000,
  cluster: { brokers: 3 },
  topics: [{ name: 'watch-events', partitions: 6, replicationFactor: 3, minInsyncReplicas: 2 }],
  processes: [
    { name: 'playback-svc', role: 'producer' },
    { name: 'recs-a', role: 'consumer', group: 'recs', topics: ['watch-events'], autoOffsetReset: 'earliest', sessionTimeoutMs: 10_000 },
    { name: 'recs-b', role: 'consumer', group: 'recs', topics: ['watch-events'], autoOffsetReset: 'earliest', sessionTimeoutMs: 10_000 },
  ],
  workloads: [{ process: 'playback-svc', topic: 'watch-events', records: 1_500, everyUs: 35_000, keys: 24 }],
  faults: ['pause recs-b at 15s for 20s'],
});

export const SCENARIOS: readonly Scenario[] = [leaderDies, acksOneLeaderLoss, groupRebalance, steadyFlow, ...TIMELINES, ...STREAM_JOBS, emptyCluster];

export function scenarioById(id: string): Scenario | undefined {
  return SCENARIOS.find((s) => s.id === id);
}
