// The scenarios of the lab by what they show, in the order in which a newcomer meets them. A test holds that every scenario stands in
// exactly one group; a new kind of scenario is one more entry here.
import type { Scenario } from '../../simulations/contract/scenario.ts';
import type { Language } from '../app/preferences.ts';

export interface ScenarioGroup {
  readonly id: string;
  readonly title: Readonly<Record<Language, string>>;
  /** The question that its scenarios answer. */
  readonly about: Readonly<Record<Language, string>>;
  /** Ids, the easiest first. */
  readonly scenarios: readonly string[];
}

export const SCENARIO_GROUPS: readonly ScenarioGroup[] = [
  {
    id: 'start',
    title: { en: 'Start here', ko: '여기서 시작' },
    about: { en: 'A cluster at work, the same cluster when a broker dies, and one with nothing to do.', ko: '일하는 클러스터, 브로커가 죽은 클러스터, 할 일이 없는 클러스터를 차례로 봅니다.' },
    scenarios: ['steady-flow', 'leader-dies', 'empty-cluster'],
  },
  {
    id: 'durability',
    title: { en: 'Durability', ko: '내구성' },
    about: { en: 'Which acknowledged records survive a crash, and when the cluster refuses to write.', ko: '확인 응답을 받은 레코드 가운데 무엇이 남는지, 클러스터가 언제 쓰기를 거절하는지 봅니다.' },
    scenarios: ['acks-1-leader-loss', 'two-of-three-die'],
  },
  {
    id: 'replication',
    title: { en: 'Replication and elections', ko: '복제와 리더 선출' },
    about: { en: 'How long it takes until a dead or a slow replica is missed, and what waits meanwhile.', ko: '죽거나 느려진 레플리카를 알아채기까지 얼마나 걸리는지, 그동안 무엇이 멈추는지 봅니다.' },
    scenarios: ['follower-dies', 'leader-leaves', 'follower-stalls'],
  },
  {
    id: 'groups',
    title: { en: 'Consumer groups', ko: '컨슈머 그룹' },
    about: { en: 'Who reads which partition, and what a rebalance costs.', ko: '누가 어느 파티션을 읽는지, 리밸런싱에 무엇이 드는지 봅니다.' },
    scenarios: ['group-forms', 'consumer-pause', 'member-vanishes', 'poison-record', 'consumer-protocol-join'],
  },
  {
    id: 'transactions',
    title: { en: 'Transactions', ko: '트랜잭션' },
    about: {
      en: 'What readers see while a transaction is open, and how one ends that its producer has left.',
      ko: '트랜잭션이 열려 있는 동안 컨슈머가 무엇을 읽는지, 프로듀서가 떠난 트랜잭션이 어떻게 끝나는지 봅니다.',
    },
    scenarios: ['hanging-transaction', 'zombie-producer'],
  },
  {
    id: 'streams',
    title: { en: 'Stream jobs', ko: '스트림 잡' },
    about: {
      en: 'Event time, windows and patterns over the events of a video service, and what a crash does to the results.',
      ko: '동영상 서비스의 이벤트를 이벤트 시간, 윈도우, 패턴으로 처리합니다. 도중에 무언가 죽으면 결과가 어떻게 되는지도 봅니다.',
    },
    scenarios: ['trending-content', 'engagement-per-session', 'enrichment-join', 'binge-watching', 'churn-risk', 'premium-conversion', 'virality', 'taste-change', 'live-ab-test', 'traffic-anomaly'],
  },
];

export interface ListedGroup {
  readonly group: ScenarioGroup;
  readonly scenarios: readonly Scenario[];
}

/** The groups with their scenarios; a group of which none is given is left out. */
export function grouped(scenarios: readonly Scenario[]): ListedGroup[] {
  const byId = new Map(scenarios.map((s) => [s.id, s]));
  return SCENARIO_GROUPS.map((group) => ({ group, scenarios: group.scenarios.flatMap((id) => byId.get(id) ?? []) })).filter((g) => g.scenarios.length > 0);
}
