// Stream jobs of the video service, each with a crash that its results survive, or do not.
import type { Scenario } from '../contract/scenario.ts';
import { defineScenario } from './define.ts';

interface Given {
  readonly id: string;
  readonly title: { readonly ko: string; readonly en: string };
  readonly summary: { readonly ko: string; readonly en: string };
  readonly horizonMs?: number;
  /** Topics that are read, with who writes them and what they tell. */
  readonly inputs: readonly {
    readonly topic: string;
    readonly producer: string;
    readonly records: number;
    readonly everyUs: number;
    readonly startMs?: number;
    readonly story: Readonly<Record<string, unknown>>;
  }[];
  readonly more?: readonly Readonly<Record<string, unknown>>[];
  readonly outputs: readonly string[];
  readonly reader: string;
  readonly job: Readonly<Record<string, unknown>>;
  readonly taskManagers?: number;
  readonly slots?: number;
  readonly links?: readonly unknown[];
  readonly faults: readonly string[];
  readonly expectations?: readonly unknown[];
}

function jobScenario(given: Given): Scenario {
  // Results bear event time, which runs ahead of the brokers' clock here: Kafka takes no record from more than an hour in the future, unless it stamps it itself.
  const replicated = { replicationFactor: 3, minInsyncReplicas: 2 };
  return defineScenario({
    schemaVersion: 1,
    id: given.id,
    title: given.title,
    summary: given.summary,
    horizonMs: given.horizonMs ?? 60_000,
    cluster: { brokers: 3, config: { defaultReplicationFactor: 3, minInsyncReplicas: 2 } },
    topics: [
      ...given.inputs.map(({ topic }) => ({ name: topic, partitions: 4, ...replicated })),
      ...given.outputs.map((name) => ({ name, partitions: 2, ...replicated, config: { 'message.timestamp.type': 'LogAppendTime' } })),
    ],
    processes: [
      ...given.inputs.map(({ producer }) => ({ name: producer, role: 'producer' })),
      { name: given.reader, role: 'consumer', group: given.reader, topics: given.outputs, autoOffsetReset: 'earliest', isolationLevel: 'read_committed' },
    ],
    workloads: [
      ...given.inputs.map(({ topic, producer, records, everyUs, startMs = 3_000, story }) => ({ process: producer, topic, records, startMs, everyUs, story: { endMarker: true, ...story } })),
      ...(given.more ?? []),
    ],
    ...(given.links && { links: given.links }),
    streams: {
      taskManagers: given.taskManagers ?? 3,
      slots: given.slots ?? 2,
      jobs: [{ name: given.id.slice(0, 24), job: given.id, parallelism: 2, checkpointing: { intervalMs: 5_000 }, ...given.job }],
    },
    faults: given.faults,
    ...(given.expectations && { expectations: given.expectations }),
  });
}

const HOLDS = [
  { invariant: 'output-complete', outcome: 'holds' },
  { invariant: 'output-once', outcome: 'holds' },
];

export const STREAM_JOBS: readonly Scenario[] = [
  jobScenario({
    id: 'trending-content',
    title: { ko: '지금 뜨는 콘텐츠', en: 'Trending now' },
    summary: {
      ko: '시청 기록을 15분 슬라이딩 윈도우로 1분마다 집계합니다. 20초에 태스크 매니저가 죽지만, 잡은 마지막 체크포인트에서 다시 시작하고 결과는 정확히 한 번 나옵니다.',
      en: 'Views are scored over 15 minutes, every minute. A task manager dies at 20 s; the job goes on from its last checkpoint, and every result comes exactly once.',
    },
    inputs: [{ topic: 'views', producer: 'playback-svc', records: 600, everyUs: 60_000, story: { kind: 'views', outOfOrderMs: 120_000 } }],
    outputs: ['trending'],
    reader: 'home-page',
    job: { name: 'trending' },
    faults: ['kill taskmanager-1 at 20s for 15s'],
    expectations: HOLDS,
  }),
  jobScenario({
    id: 'engagement-per-session',
    title: { ko: '세션마다 얼마나 봤나', en: 'Engagement per session' },
    summary: {
      ko: '30분 넘게 쉬면 끝나는 세션 윈도우로 시청을 묶습니다. 늦게 온 기록은 두 세션을 하나로 잇기도 하고, 너무 늦으면 사이드 출력으로 나갑니다.',
      en: 'Views are joined to sessions that end after 30 quiet minutes. A late view can bridge two sessions; one that is too late goes to a side output.',
    },
    inputs: [{ topic: 'views', producer: 'playback-svc', records: 500, everyUs: 60_000, story: { kind: 'views', speed: 600, outOfOrderMs: 240_000, lateOneIn: 40, lateMs: 5_400_000, viewers: 40 } }],
    outputs: ['sessions', 'late-views'],
    reader: 'insights',
    job: { name: 'sessions', parameters: { latenessMs: '600000' } },
    faults: ['kill taskmanager-1 at 18s for 10s'],
    expectations: [{ invariant: 'output-once', outcome: 'may break' }],
  }),
  jobScenario({
    id: 'enrichment-join',
    title: { ko: '프로필이 나중에 올 때', en: 'The profile comes after the watch' },
    summary: {
      ko: '시청 기록에 프로필을 붙입니다. 프로필이 더 늦게 오면 이벤트 시간으로 20분까지 기다립니다. 그사이 브로커가 죽어도 잘못 붙거나 빠지는 기록은 없습니다.',
      en: 'Views get the profile of who watched. Where the profile comes later, the view waits for 20 minutes of event time. A broker dies meanwhile, and nothing is lost or joined wrongly.',
    },
    inputs: [
      { topic: 'views', producer: 'playback-svc', records: 400, everyUs: 70_000, story: { kind: 'views', outOfOrderMs: 60_000 } },
      { topic: 'profiles', producer: 'profile-svc', records: 80, everyUs: 350_000, startMs: 6_000, story: { kind: 'profiles', outOfOrderMs: 60_000 } },
    ],
    outputs: ['enriched-views'],
    reader: 'recommender',
    job: { name: 'enrich' },
    faults: ['kill broker-2 at 15s for 12s'],
    expectations: HOLDS,
  }),
  jobScenario({
    id: 'binge-watching',
    title: { ko: '정주행 감지', en: 'Binge watching' },
    summary: {
      ko: '한 사람이 두 시간 안에 같은 시리즈를 세 편 연달아 보면 정주행입니다. 사이에 다른 것을 보면 부분 매치가 끝납니다.',
      en: 'Three of one series in a row within two hours are a binge. Something else in between ends the partial match.',
    },
    inputs: [{ topic: 'views', producer: 'playback-svc', records: 600, everyUs: 55_000, story: { kind: 'views', speed: 600, outOfOrderMs: 120_000, viewers: 12, titles: 6 } }],
    outputs: ['binges'],
    reader: 'notifier',
    job: { name: 'binge' },
    faults: ['kill taskmanager-1 at 22s for 12s'],
    expectations: HOLDS,
  }),
  jobScenario({
    id: 'churn-risk',
    title: { ko: '해지 위험', en: 'Churn risk' },
    summary: {
      ko: '해지 페이지를 본 뒤 반나절 동안 아무것도 보지 않으면 위험 신호입니다. 일어나지 않은 일을 찾는 패턴이라 시간이 지나야 매치가 나옵니다.',
      en: 'Someone looks at the page for canceling and then watches nothing for half a day. The pattern asks for what did not happen, so only time completes it.',
    },
    inputs: [{ topic: 'journeys', producer: 'account-svc', records: 500, everyUs: 60_000, story: { kind: 'journeys', speed: 6_000, outOfOrderMs: 240_000, viewers: 60 } }],
    outputs: ['churn-risks'],
    reader: 'crm',
    job: { name: 'churn' },
    faults: ['kill jobmanager at 16s for 6s'],
    expectations: HOLDS,
  }),
  jobScenario({
    id: 'premium-conversion',
    title: { ko: '프리미엄 전환', en: 'Premium conversion' },
    summary: {
      ko: '체험, 결제 안내 두 번 이상, 업그레이드가 하루 안에 이어지면 전환입니다. 시간이 다 된 부분 매치는 놓친 전환으로 따로 나갑니다.',
      en: 'A trial, the paywall at least twice, the upgrade, all within a day. Partial matches that run out of time leave as missed conversions.',
    },
    inputs: [{ topic: 'journeys', producer: 'account-svc', records: 600, everyUs: 55_000, story: { kind: 'journeys', speed: 6_000, outOfOrderMs: 240_000, viewers: 30 } }],
    outputs: ['conversions', 'missed-conversions'],
    reader: 'growth',
    job: { name: 'conversion' },
    faults: ['kill taskmanager-1 at 24s for 12s'],
    expectations: HOLDS,
  }),
  jobScenario({
    id: 'virality',
    title: { ko: '입소문', en: 'Virality' },
    summary: {
      ko: '추천을 받은 사람이 다시 추천하는 일이 30분 안에 두 번 이어지면 입소문입니다. 모든 조합을 살피므로 부분 매치가 많이 열립니다.',
      en: 'A recommendation that is passed on twice within half an hour, each time by who got it. Every combination is followed, so many partial matches are open.',
    },
    inputs: [{ topic: 'shares', producer: 'social-svc', records: 260, everyUs: 110_000, story: { kind: 'shares', speed: 120, outOfOrderMs: 60_000, viewers: 30, titles: 12 } }],
    outputs: ['viral-titles'],
    reader: 'front-page',
    job: { name: 'virality' },
    faults: ['kill taskmanager-1 at 19s for 10s'],
    expectations: HOLDS,
  }),
  jobScenario({
    id: 'taste-change',
    title: { ko: '취향이 바뀌는 순간', en: 'A change of taste' },
    summary: {
      ko: '한 장르를 두 편 넘게 이어 보다가 다른 장르를 두 편 연달아 보면 취향이 바뀐 것으로 봅니다.',
      en: 'Two or more of one genre and then two of another in a row count as a change of taste.',
    },
    inputs: [{ topic: 'views', producer: 'playback-svc', records: 600, everyUs: 55_000, story: { kind: 'views', speed: 600, outOfOrderMs: 120_000, viewers: 16, titles: 8 } }],
    outputs: ['taste-changes'],
    reader: 'recommender',
    job: { name: 'taste' },
    faults: ['kill taskmanager-1 at 22s for 12s'],
    expectations: HOLDS,
  }),
  jobScenario({
    id: 'live-ab-test',
    title: { ko: '실시간 A/B 테스트', en: 'A live A/B test' },
    summary: {
      ko: '두 안은 똑같습니다. 그런데도 한쪽 비율을 참값으로 놓고 노출을 모두 세는 계산은 시드 100개 가운데 30개에서 유의하다고 합니다. 사람을 한 번만 세는 두 비율 z 검정은 4개이지만, 볼 때마다 판정하면 15개로 늘어납니다.',
      en: 'The variants do not differ. The figure that takes one for the truth and counts every showing calls the end significant with 30 of 100 seeds; the two-proportion z-test that counts everybody once, with 4. Decide at every look, and it is 15.',
    },
    inputs: [{ topic: 'exposures', producer: 'web-app', records: 900, everyUs: 40_000, story: { kind: 'exposures', speed: 120, outOfOrderMs: 60_000, viewers: 300 } }],
    outputs: ['ab-results'],
    reader: 'dashboard',
    job: { name: 'ab-test' },
    faults: ['kill taskmanager-1 at 20s for 10s'],
    expectations: HOLDS,
  }),
  jobScenario({
    id: 'traffic-anomaly',
    title: { ko: '트래픽 이상', en: 'Out of the ordinary' },
    summary: {
      ko: '분당 시청 수를 평소와 견줍니다. 17초쯤 기록이 끊기면 침묵으로, 26초쯤 한꺼번에 몰리면 급증으로 알립니다.',
      en: 'Views per minute beside what is usual. Minutes without any view, from about 17 s on, are told as silence; the rush at 26 s is told as a spike.',
    },
    inputs: [{ topic: 'views', producer: 'playback-svc', records: 150, everyUs: 90_000, story: { kind: 'views', outOfOrderMs: 60_000, endMarker: false } }],
    more: [
      { process: 'playback-svc', topic: 'views', records: 80, startMs: 26_000, everyUs: 12_000, story: { kind: 'views', outOfOrderMs: 0 } },
      { process: 'playback-svc', topic: 'views', records: 150, startMs: 21_000, everyUs: 90_000, story: { kind: 'views', outOfOrderMs: 60_000, endMarker: true } },
    ],
    outputs: ['anomalies'],
    reader: 'pager',
    job: { name: 'anomaly', parameters: { outOfOrderMs: '120000' } },
    faults: ['kill taskmanager-1 at 23s for 10s'],
    expectations: HOLDS,
  }),
];
