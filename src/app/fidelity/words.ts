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
    lead: 'Names, defaults, error codes and algorithms are those of Kafka 4.0 and Flink 1.20. Where a behavior could be recorded from the real thing, the recording judges the simulation in every test. Where the simulation is simpler, or leaves something out, it says so here, so that nobody has to unlearn it.',
    vectors: 'Recorded cases passed',
    of: (total, sets) => `of ${total}, in ${sets} sets`,
    behaviours: 'behaviors',
    filter: 'Show',
    all: 'All',
    equivalent: (n) => `${n} by another answer as good`,
    states: { exact: 'As it is', simplified: 'Simplified', absent: 'Not modeled' },
    areas: {
      log: 'The log',
      replication: 'Replication and elections',
      produce: 'Producing',
      transactions: 'Transactions',
      groups: 'Groups',
      wire: 'The wire',
      time: 'Stream jobs: event time',
      windows: 'Stream jobs: windows',
      patterns: 'Stream jobs: patterns',
      jobs: 'Stream jobs: running them',
      surroundings: 'Machines and networks',
    },
    unverified: {
      title: 'Not verified',
      text: 'Taken from the documentation or the source of Kafka and Flink and not seen on a running cluster:',
      items: [
        'The worked timelines of the lab’s scenarios follow from the documented rules; their times were not recorded from Kafka.',
        'The group and transaction coordinators were read in Kafka’s source of October 2024. What they answer to single requests, and once through the death of a coordinator, was compared with a running Kafka 4.0.0; the rest of what they do was not.',
        'Which member of a classic group comes first, where Kafka iterates over a Java HashMap: here it is the order of joining.',
        'Details of transactions that were read in sources later than 4.0.0: a stale epoch is answered before a missing transaction (47 before 48), and the waits between two AddPartitionsToTxn of a broker (20 and 100 ms).',
        'Share groups: whether the gaps of a kept state count as available in 4.0.0 (KAFKA-18494), and whether its state goes with the group.',
        'Whether a member of the consumer protocol that commits by itself reconciles only in its next poll in 4.0.0 (KAFKA-18641).',
        'Answers to administrators: the error of a wrong DescribeTopicPartitions cursor, and whether CreatePartitions places from the beginning.',
        'Where a broker counts a request against a quota and mutes its connection: read in Kafka’s source and in its 4.0.0 classes. How long a client must wait, and which quotas and settings are taken, was recorded.',
        'Stream jobs: what Flink does at equal times and across keys, where it promises no order; when exactly a task that is canceled stops; how long a restore takes.',
        'A segment that is rolled because its index is full, and how a segment is cleaned that reaches beyond the cleanable end.',
      ],
    },
  },
  ko: {
    title: '얼마나 실제와 같은가',
    lead: '이름, 기본값, 오류 코드, 알고리즘은 Kafka 4.0과 Flink 1.20을 따릅니다. 실제 시스템에서 기록할 수 있는 동작은 그 기록이 테스트마다 시뮬레이션을 판정합니다. 실제보다 단순하거나 빠진 점은 나중에 다시 배울 일이 없도록 여기에 밝혀 둡니다.',
    vectors: '통과한 기록 사례',
    of: (total, sets) => `전체 ${total}건, ${sets}개 묶음`,
    behaviours: '가지 동작',
    filter: '보기',
    all: '전체',
    equivalent: (n) => `${n}건은 똑같이 좋은 다른 답`,
    states: { exact: '실제와 같음', simplified: '단순화', absent: '없음' },
    areas: {
      log: '로그',
      replication: '복제와 리더 선출',
      produce: '쓰기',
      transactions: '트랜잭션',
      groups: '그룹',
      wire: '프로토콜',
      time: '스트림 잡: 이벤트 시간',
      windows: '스트림 잡: 윈도우',
      patterns: '스트림 잡: 패턴',
      jobs: '스트림 잡: 실행',
      surroundings: '기계와 네트워크',
    },
    unverified: {
      title: '확인하지 못한 것',
      text: 'Kafka와 Flink의 문서나 소스에서 옮겼을 뿐 실제로 도는 클러스터에서 보지는 못한 내용입니다.',
      items: [
        '실험실 시나리오의 시간표는 문서에 적힌 규칙에서 끌어낸 것으로, Kafka에서 잰 시각이 아닙니다.',
        '그룹 코디네이터와 트랜잭션 코디네이터는 2024년 10월의 Kafka 소스를 읽고 만들었습니다. 요청 하나하나에 대한 응답과 코디네이터가 한 번 죽었을 때의 동작은 실제로 도는 Kafka 4.0.0과 맞대 보았고, 나머지는 맞대 보지 못했습니다.',
        '클래식 그룹에서 Kafka가 Java HashMap 순서로 도는 곳에서 어느 멤버가 먼저인지는 알 수 없어, 여기서는 가입한 순서를 따릅니다.',
        '4.0.0보다 나중 소스에서 읽은 트랜잭션의 세부 동작입니다. 오래된 에포크를 없는 트랜잭션보다 먼저 알리는 순서(48보다 47이 먼저)와, 브로커가 AddPartitionsToTxn을 다시 보낼 때까지 기다리는 시간(20ms, 100ms)입니다.',
        '공유 그룹에서 보관된 상태의 빈틈을 4.0.0도 읽을 수 있는 것으로 치는지(KAFKA-18494), 그룹을 지울 때 그 상태도 함께 지우는지는 확인하지 못했습니다.',
        '새 컨슈머 프로토콜에서 자동으로 커밋하는 멤버가 4.0.0에서도 다음 폴링에서만 할당을 바꾸는지(KAFKA-18641)는 확인하지 못했습니다.',
        '관리 요청의 응답 가운데 잘못된 DescribeTopicPartitions 커서의 오류, CreatePartitions가 배치를 처음부터 다시 정하는지는 확인하지 못했습니다.',
        '브로커가 요청을 쿼터에 셈하고 연결을 멈추는 지점은 Kafka 소스와 4.0.0 클래스를 읽고 옮겼습니다. 기다려야 하는 시간과 어떤 쿼터와 설정을 받아들이는지는 실제로 돌려 기록했습니다.',
        '스트림 잡에서 Flink가 순서를 약속하지 않는 같은 시각과 여러 키 사이의 순서, 취소된 태스크가 멈추는 정확한 때, 복구에 걸리는 시간은 확인하지 못했습니다.',
        '인덱스가 가득 차서 새로 시작하는 세그먼트와, 정리할 수 있는 끝을 넘어선 세그먼트를 어떻게 정리하는지는 확인하지 못했습니다.',
      ],
    },
  },
};
