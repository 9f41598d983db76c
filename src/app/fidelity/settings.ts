// What administrators set and read: settings of topics, brokers and groups, and how they compare with Kafka 4.0.
import type { Behaviour } from './behaviours.ts';

export const SETTINGS_BEHAVIOURS: readonly Behaviour[] = [
  {
    area: 'groups',
    state: 'exact',
    name: { en: 'Settings of groups', ko: '그룹 설정' },
    note: {
      en: 'consumer.session.timeout.ms, consumer.heartbeat.interval.ms and the share.* settings of 4.0, set, checked and told as in Kafka, in force from a member’s next heartbeat, a record’s next lock, and for a partition that a share group has never read. What the broker allows (group.consumer.min.session.timeout.ms and the like) stands at Kafka’s defaults, moved as far as the scenario’s own values need. share.isolation.level came with 4.1 and is not there.',
      ko: 'consumer.session.timeout.ms, consumer.heartbeat.interval.ms와 4.0의 share.* 설정을 Kafka처럼 정하고 검사하고 알려 줍니다. 멤버의 다음 하트비트, 레코드의 다음 잠금, 공유 그룹이 읽은 적 없는 파티션부터 적용됩니다. 브로커가 허용하는 범위(group.consumer.min.session.timeout.ms 등)는 Kafka의 기본값이고, 시나리오의 값에 맞춰 필요한 만큼만 넓힙니다. share.isolation.level은 4.1에서 생긴 것이라 없습니다.',
    },
    sets: ['group-configs'],
    source: 'GroupConfig, KIP-848, KIP-932',
  },
  {
    area: 'wire',
    state: 'simplified',
    name: { en: 'Settings of topics and brokers', ko: '토픽과 브로커의 설정' },
    note: {
      en: 'Every setting of a topic and the 290 of a broker are told with value, source and synonyms, in Kafka’s order: what the broker is and what the scenario sets as its file, the rest at Kafka’s defaults. What can be changed while it runs, for one broker or for all, is taken, checked, kept and told as Kafka does it; several thousand changes were held side by side with a running 4.0.0. In force are the settings that topics take from brokers, producer.id.expiration.ms and log.cleaner.backoff.ms. Threads, connections, listeners, security, rates, tiers and transaction.partition.verification.enable are kept without effect, and so are log levels, as no log is written, and subscriptions to metrics of clients, as no client is asked for any. Nothing is explained (documentation), and a plugin’s class is taken by its name.',
      ko: '토픽 설정과 브로커 설정 290개를 값, 출처, 동의어까지 Kafka와 같은 순서로 알려 줍니다. 브로커의 주소나 번호, 시나리오가 정한 값은 설정 파일에서 온 것으로, 나머지는 Kafka의 기본값으로 보입니다. 실행 중에 바꿀 수 있는 설정은 브로커 하나에 정하든 전체에 정하든 Kafka처럼 받고 검사하고 보관하고 알려 줍니다. 변경 수천 건을 실제로 도는 4.0.0과 나란히 견주었습니다. 실제로 적용되는 것은 토픽이 브로커에서 물려받는 설정과 producer.id.expiration.ms, log.cleaner.backoff.ms입니다. 스레드, 연결, 리스너, 보안, 속도 제한, 계층형 저장소 설정과 transaction.partition.verification.enable은 보관만 합니다. 로그를 쓰지 않으므로 로그 레벨도, 클라이언트에 메트릭을 요청하지 않으므로 메트릭 구독도 정하고 읽을 수 있을 뿐입니다. 설정의 설명문은 주지 않고, 플러그인 클래스는 이름만 보고 받아들입니다.',
    },
    sets: [],
    source: 'ConfigHelper, ConfigAdminManager, DynamicBrokerConfig, KIP-226, KIP-412',
  },
];
