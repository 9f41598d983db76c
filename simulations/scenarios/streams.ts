// Stream jobs of the video service.
import type { Scenario } from '../contract/scenario.ts';
import { defineScenario } from './define.ts';

const trending = defineScenario({
  schemaVersion: 1,
  id: 'trending-content',
  title: { ko: '지금 뜨는 콘텐츠', en: 'Trending now' },
  summary: {
    ko: '시청 기록을 15분 슬라이딩 윈도우로 1분마다 집계합니다. 태스크 매니저 하나가 죽어도 결과는 정확히 한 번 나옵니다.',
    en: 'Views are scored over 15 minutes, every minute. A task manager dies, and every result still comes exactly once.',
  },
  horizonMs: 90_000,
  cluster: { brokers: 3, config: { defaultReplicationFactor: 3, minInsyncReplicas: 2 } },
  topics: [
    { name: 'views', partitions: 4, replicationFactor: 3, minInsyncReplicas: 2 },
    { name: 'trending', partitions: 2, replicationFactor: 3, minInsyncReplicas: 2 },
  ],
  processes: [
    { name: 'playback-svc', role: 'producer' },
    { name: 'home-page', role: 'consumer', group: 'home-page', topics: ['trending'], autoOffsetReset: 'earliest', isolationLevel: 'read_committed' },
  ],
  workloads: [{ process: 'playback-svc', topic: 'views', records: 600, startMs: 3_000, everyUs: 60_000, story: { kind: 'views', outOfOrderMs: 120_000, endMarker: true } }],
  streams: { taskManagers: 3, slots: 2, jobs: [{ name: 'trending', job: 'trending-content', parallelism: 2, checkpointing: { intervalMs: 5_000 } }] },
  faults: ['kill taskmanager-1 at 20s for 15s'],
});

export const STREAM_JOBS: readonly Scenario[] = [trending];
