// What the fidelity page says around its rows.
import type { Language } from '../preferences.ts';
import type { Area, State } from './behaviours.ts';

interface FidelityWords {
  readonly title: string;
  readonly lead: string;
  readonly vectors: string;
  readonly of: (total: string, sets: number) => string;
  readonly behaviours: string;
  readonly filter: string;
  readonly all: string;
  readonly equivalent: (n: number) => string;
  readonly states: Readonly<Record<State, string>>;
  readonly areas: Readonly<Record<Area, string>>;
  readonly unverified: { readonly title: string; readonly text: string; readonly items: readonly string[] };
}

export const FIDELITY_WORDS: Readonly<Record<Language, FidelityWords>> = {
  en: {
    title: 'How true it is',
    lead: 'Names, defaults, error codes and algorithms are those of Kafka 4.0. Where a behavior could be recorded from the real thing, the recording judges the simulation in every test. Where the simulation is simpler than Kafka, or leaves something out, it says so here, so that nobody has to unlearn it.',
    vectors: 'Recorded cases passed',
    of: (total, sets) => `of ${total}, in ${sets} sets`,
    behaviours: 'behaviors',
    filter: 'Show',
    all: 'All',
    equivalent: (n) => `${n} by another answer as good`,
    states: { exact: 'As in Kafka', simplified: 'Simplified', absent: 'Not modeled' },
    areas: { log: 'The log', replication: 'Replication and elections', produce: 'Producing', transactions: 'Transactions', groups: 'Groups', wire: 'The wire', surroundings: 'Machines and networks' },
    unverified: {
      title: 'Not verified',
      text: 'Taken from the documentation or the source of Kafka and not seen on a running cluster:',
      items: [
        'The worked timelines of the lab’s scenarios follow from the documented rules; their times were not recorded from Kafka.',
        'The group and transaction coordinators were read in Kafka’s source of October 2024 and its later documentation, not run.',
        'Which member comes first where Kafka iterates over a Java HashMap: here it is the order of joining.',
      ],
    },
  },
  ko: {
    title: '얼마나 실제와 같은가',
    lead: '이름, 기본값, 오류 코드, 알고리즘은 Kafka 4.0을 따릅니다. 실제 시스템에서 기록할 수 있는 동작은 그 기록이 테스트마다 시뮬레이션을 판정합니다. Kafka보다 단순하거나 빠진 점은 나중에 다시 배울 일이 없도록 여기에 밝혀 둡니다.',
    vectors: '통과한 기록 사례',
    of: (total, sets) => `전체 ${total}건, ${sets}개 묶음`,
    behaviours: '가지 동작',
    filter: '보기',
    all: '전체',
    equivalent: (n) => `${n}건은 똑같이 좋은 다른 답`,
    states: { exact: 'Kafka와 같음', simplified: '단순화', absent: '없음' },
    areas: { log: '로그', replication: '복제와 리더 선출', produce: '쓰기', transactions: '트랜잭션', groups: '그룹', wire: '프로토콜', surroundings: '기계와 네트워크' },
    unverified: {
      title: '확인하지 못한 것',
      text: 'Kafka 문서나 소스에서 옮겼을 뿐 실제로 도는 클러스터에서 보지는 못한 내용입니다.',
      items: [
        '실험실 시나리오의 시간표는 문서에 적힌 규칙에서 끌어낸 것으로, Kafka에서 잰 시각이 아닙니다.',
        '그룹 코디네이터와 트랜잭션 코디네이터는 2024년 10월의 Kafka 소스와 그 뒤의 문서를 읽고 만들었으며, 실제로 돌려 보지는 못했습니다.',
        'Kafka가 Java HashMap 순서로 도는 곳에서 어느 멤버가 먼저인지는 알 수 없어, 여기서는 가입한 순서를 따릅니다.',
      ],
    },
  },
};
