// The course as it is planned: parts, lessons, capstones and tracks. Which lessons are written is known by `src/learn/catalogue.ts`.

export interface Titled {
  readonly id: string;
  readonly en: string;
  readonly ko: string;
}

export interface Part {
  readonly en: string;
  readonly ko: string;
  readonly lessons: readonly Titled[];
}

function part(n: number, titles: { en: string; ko: string }, lessons: readonly (readonly [en: string, ko: string])[]): Part {
  return { ...titles, lessons: lessons.map(([en, ko], i) => ({ id: `${n}.${i + 1}`, en, ko })) };
}

export const PARTS: readonly Part[] = [
  part(1, { en: 'Fundamentals', ko: '기초' }, [
    ['From nightly batch to ten seconds', '배치에서 실시간으로'],
    ['What an event is', '이벤트란 무엇인가'],
    ['Coupling and blast radius', '결합도와 장애 격리'],
    ['The log: topics, partitions, keys, order', '로그: 토픽, 파티션, 키, 순서'],
    ['Replication and durability', '복제와 내구성'],
    ['Producers: batching, acks, retries', '프로듀서: 배치, acks, 재시도'],
    ['Consumers, groups, offsets', '컨슈머, 그룹, 오프셋'],
    ['Rebalancing', '리밸런싱'],
    ['Delivery semantics', '전달 보장'],
    ['Transactions and fencing', '트랜잭션과 펜싱'],
    ['When handling fails', '처리에 실패할 때'],
    ['Tables and streams', '테이블과 스트림'],
  ]),
  part(2, { en: 'Real-time streams', ko: '실시간 스트림 처리' }, [
    ['Event time and watermarks', '이벤트 시간과 워터마크'],
    ['Windows', '윈도우'],
    ['Trending now', '트렌딩 분석'],
    ['Joins and enrichment', '조인과 보강'],
    ['Checkpoints and recovery', '체크포인트와 복구'],
    ['Exactly-once to the outside', '외부까지 정확히 한 번'],
    ['CEP I: binge watching', 'CEP I: 몰아 보기'],
    ['CEP II: patterns of behavior', 'CEP II: 행동 패턴'],
    ['Live A/B tests', '실시간 A/B 테스트'],
    ['Anomalies', '이상 탐지'],
    ['Backpressure, skew, rescaling', '백프레셔, 쏠림, 확장'],
  ]),
  part(3, { en: 'Event sourcing', ko: '이벤트 소싱' }, [
    ['State is a fold of events', '상태는 이벤트의 누적'],
    ['An event store in PostgreSQL', 'PostgreSQL 이벤트 스토어'],
    ['Aggregates: decide and evolve', '애그리거트: 결정과 반영'],
    ['Optimistic concurrency', '낙관적 동시성'],
    ['Projections and CQRS', '프로젝션과 CQRS'],
    ['The gap in the global order', '전역 순서의 빈틈'],
    ['Events change', '이벤트는 바뀐다'],
    ['Snapshots, replay, rebuild', '스냅샷, 재생, 재구축'],
    ['The dual write and the outbox', '이중 쓰기와 아웃박스'],
    ['Sagas I: steps and compensation', '사가 I: 단계와 보상'],
    ['Sagas II: time-outs and lost replies', '사가 II: 시간 초과와 사라진 응답'],
    ['When not to', '쓰지 말아야 할 때'],
  ]),
  part(4, { en: 'What makes it work', ko: '베스트 프랙티스' }, [
    ['Designing events', '이벤트 설계'],
    ['Schemas that evolve', '스키마 진화'],
    ['Tolerating faults', '내결함성'],
    ['Seeing it', '관측 가능성'],
    ['Anti-patterns clinic', '안티패턴 진료실'],
    ['Performance', '성능'],
    ['Operating it I: upgrade and repair', '운영 I: 업그레이드와 복구'],
    ['Operating it II: retention and recovery', '운영 II: 보존과 재해 복구'],
    ['Testing it', '테스트'],
    ['The readiness checklist', '실무 체크리스트'],
  ]),
];

export interface Capstone extends Titled {
  readonly of: { readonly en: string; readonly ko: string };
  /** Parts it is made of, from 1. */
  readonly parts: readonly number[];
}

export const CAPSTONES: readonly Capstone[] = [
  { id: 'S0', en: 'Watch and notify', ko: '시청과 알림', of: { en: 'Kafka, one read model, one alert', ko: 'Kafka, 읽기 모델, 경보' }, parts: [1] },
  { id: 'S1', en: 'Real-time recommendation', ko: '실시간 추천', of: { en: 'Kafka, stream job, cache', ko: 'Kafka, 스트림 잡, 캐시' }, parts: [1, 2] },
  { id: 'S2', en: 'Order orchestration', ko: '주문 오케스트레이션', of: { en: 'Kafka, event store, saga, gateway', ko: 'Kafka, 이벤트 스토어, 사가, 게이트웨이' }, parts: [3] },
  { id: 'S3', en: 'Monitoring and alerting', ko: '모니터링과 알림', of: { en: 'Kafka, time series, alert rules', ko: 'Kafka, 시계열, 경보 규칙' }, parts: [2, 4] },
  { id: 'S4', en: 'Data pipeline', ko: '데이터 파이프라인', of: { en: 'Kafka, micro-batches, table', ko: 'Kafka, 마이크로배치, 테이블' }, parts: [1, 4] },
];

export interface Track extends Titled {
  readonly about: { readonly en: string; readonly ko: string };
  readonly holds: (id: string) => boolean;
}

const BEGINNER = new Set(['4.1', '4.3', '4.5', 'S0']);
const INTERMEDIATE = new Set(['4.2', 'S1', 'S2']);

export const TRACKS: readonly Track[] = [
  {
    id: 'beginner',
    en: 'Beginner',
    ko: '초급',
    about: { en: 'What events are for, how a log keeps them, and how to design with them.', ko: '이벤트가 왜 필요한지, 로그가 어떻게 지키는지, 어떻게 설계하는지 배웁니다.' },
    holds: (id) => id.startsWith('1.') || BEGINNER.has(id),
  },
  {
    id: 'intermediate',
    en: 'Intermediate',
    ko: '중급',
    about: { en: 'Streams with event time, and systems whose state is their history.', ko: '이벤트 시간을 다루는 스트림과, 역사가 곧 상태인 시스템을 배웁니다.' },
    holds: (id) => id.startsWith('2.') || id.startsWith('3.') || INTERMEDIATE.has(id),
  },
  {
    id: 'advanced',
    en: 'Advanced',
    ko: '고급',
    about: { en: 'Everything, with the operations lessons and every capstone.', ko: '운영 레슨과 모든 종합 실습까지, 전 과정을 배웁니다.' },
    holds: () => true,
  },
];

export const LESSON_COUNT = PARTS.reduce((sum, p) => sum + p.lessons.length, 0);
