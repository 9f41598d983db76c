// The terms that lessons link to, each with one sentence in both languages. The Korean form is the one used everywhere.
import type { Language } from '../app/preferences.ts';

export interface GlossaryEntry {
  readonly name: Readonly<Record<Language, string>>;
  readonly text: Readonly<Record<Language, string>>;
}

export const GLOSSARY = {
  event: {
    name: { ko: '이벤트', en: 'event' },
    text: { ko: '이미 일어난 일을 과거형 이름으로 남긴 기록이며, 남긴 뒤에는 고치지 않습니다.', en: 'A record that something has happened, named in the past tense and never changed afterward.' },
  },
  log: { name: { ko: '로그', en: 'log' }, text: { ko: '레코드를 맨 끝에만 덧붙여 순서가 유지되는 기록입니다.', en: 'A sequence of records in order, to which records are added only at the end.' } },
  topic: { name: { ko: '토픽', en: 'topic' }, text: { ko: '이름이 붙은 레코드의 흐름이며, 여러 파티션으로 나뉩니다.', en: 'A named stream of records, split into partitions.' } },
  partition: {
    name: { ko: '파티션', en: 'partition' },
    text: { ko: '토픽을 이루는 로그 하나이며, 순서는 이 안에서만 지켜집니다.', en: 'One log of a topic, inside which order is kept and outside which it is not.' },
  },
  record: {
    name: { ko: '레코드', en: 'record' },
    text: { ko: '오프셋 하나에 저장되는 단위로 키, 값, 타임스탬프, 헤더를 담습니다.', en: 'One key, value, timestamp and set of headers, stored at one offset.' },
  },
  key: {
    name: { ko: '키', en: 'key' },
    text: {
      ko: '레코드가 들어갈 파티션을 정하는 값으로, 키가 같은 레코드끼리는 순서가 유지됩니다.',
      en: 'The part of a record that decides its partition and therefore which records it stays in order with.',
    },
  },
  offset: { name: { ko: '오프셋', en: 'offset' }, text: { ko: '파티션 안에서 레코드의 위치를 나타내는 번호입니다.', en: 'The position number of a record in its partition.' } },
  broker: {
    name: { ko: '브로커', en: 'broker' },
    text: { ko: '파티션을 저장하고 프로듀서와 컨슈머의 요청에 응답하는 서버입니다.', en: 'A server that stores partitions and answers producers and consumers.' },
  },
  controller: {
    name: { ko: '컨트롤러', en: 'controller' },
    text: { ko: '클러스터의 메타데이터를 관리하고 파티션 리더를 뽑는 노드입니다.', en: "The node that keeps the cluster's metadata and elects partition leaders." },
  },
  replica: { name: { ko: '레플리카', en: 'replica' }, text: { ko: '한 브로커에 놓인 파티션의 사본 하나입니다.', en: 'One copy of a partition on one broker.' } },
  leader: {
    name: { ko: '리더 / 팔로워', en: 'leader / follower' },
    text: {
      ko: '리더는 파티션의 쓰기를 모두 맡고, 팔로워는 리더의 로그를 가져와 그대로 따라 씁니다.',
      en: 'The leader takes every write of a partition, and followers copy its log by fetching from it.',
    },
  },
  isr: {
    name: { ko: 'ISR', en: 'in-sync replicas (ISR)' },
    text: { ko: '리더와, 리더를 뒤처지지 않고 따라온 팔로워를 합친 집합입니다.', en: 'The leader together with the followers that have kept up with it recently enough.' },
  },
  'leader-election': {
    name: { ko: '리더 선출', en: 'leader election' },
    text: { ko: '파티션의 새 리더를 정하는 일이며, 보통은 ISR 안에서 고릅니다.', en: 'Choosing a new leader for a partition, normally from the in-sync replicas.' },
  },
  'high-watermark': {
    name: { ko: '하이 워터마크', en: 'high watermark' },
    text: {
      ko: '이 오프셋보다 앞에 있는 레코드는 ISR 전체에 복제되었으며, 컨슈머는 여기까지만 읽을 수 있습니다.',
      en: 'The offset below which records are replicated to every in-sync replica and may be read by consumers.',
    },
  },
  producer: { name: { ko: '프로듀서', en: 'producer' }, text: { ko: '토픽에 레코드를 보내는 클라이언트입니다.', en: 'A client that sends records to topics.' } },
  batching: {
    name: { ko: '배치 전송', en: 'batching' },
    text: { ko: '레코드 여러 개를 한 요청에 묶어 보내 부담을 줄이는 방법입니다.', en: 'Sending several records in one request to save overhead.' },
  },
  acknowledgment: {
    name: { ko: '확인 응답', en: 'acknowledgment' },
    text: { ko: '프로듀서가 요구한 수준까지 쓰기를 마쳤다고 브로커가 보내는 응답입니다.', en: "The broker's answer that a write is stored as safely as the producer asked." },
  },
  'in-flight-request': { name: { ko: '전송 중 요청', en: 'in-flight request' }, text: { ko: '보냈지만 아직 응답을 받지 못한 요청입니다.', en: 'A request that has been sent and not yet answered.' } },
  retry: { name: { ko: '재시도', en: 'retry' }, text: { ko: '응답이 없거나 곧 풀릴 만한 오류가 났을 때 다시 보내는 일입니다.', en: 'Sending again after no answer or an error that may pass.' } },
  idempotence: {
    name: { ko: '멱등성', en: 'idempotence' },
    text: { ko: '같은 일을 여러 번 해도 한 번 한 것과 결과가 같은 성질입니다.', en: 'The property that doing something twice has the same effect as doing it once.' },
  },
  'idempotent-producer': {
    name: { ko: '멱등 프로듀서', en: 'idempotent producer' },
    text: {
      ko: '다시 보낸 배치를 브로커가 알아보기 때문에, 배치마다 한 번만 순서대로 저장되는 프로듀서입니다.',
      en: 'A producer whose retries the broker recognizes, so that each batch is stored once and in order.',
    },
  },
  consumer: { name: { ko: '컨슈머', en: 'consumer' }, text: { ko: '토픽에서 레코드를 읽는 클라이언트입니다.', en: 'A client that reads records from topics.' } },
  'consumer-group': {
    name: { ko: '컨슈머 그룹', en: 'consumer group' },
    text: {
      ko: '토픽의 파티션을 나눠 읽는 컨슈머 묶음이며, 한 파티션은 한 번에 한 컨슈머만 읽습니다.',
      en: 'Consumers that share the partitions of their topics, each partition being read by one of them at a time.',
    },
  },
  position: { name: { ko: '읽기 위치', en: 'position' }, text: { ko: '컨슈머가 다음에 건네줄 레코드의 오프셋입니다.', en: 'The offset of the next record a consumer will hand to its code.' } },
  'committed-offset': {
    name: { ko: '커밋된 오프셋', en: 'committed offset' },
    text: { ko: '재시작하거나 리밸런싱한 뒤 그룹이 이어서 읽기 시작할 위치로 저장해 둔 오프셋입니다.', en: 'The saved offset from which a group resumes after a restart or a rebalance.' },
  },
  'consumer-lag': {
    name: { ko: '컨슈머 랙', en: 'consumer lag' },
    text: { ko: '그룹이 커밋한 오프셋이 파티션 끝보다 얼마나 뒤처졌는지를 나타냅니다.', en: "How far a group's committed offset is behind the end of the partition." },
  },
  rebalance: {
    name: { ko: '리밸런싱', en: 'rebalance' },
    text: { ko: '멤버나 파티션이 바뀌었을 때 파티션을 다시 나누는 일입니다.', en: "Dividing a group's partitions again when members or partitions change." },
  },
  universe: {
    name: { ko: '세계', en: 'universe' },
    text: {
      ko: '시나리오, 장애 스케줄, 시드, 코드를 하나씩 정한 묶음으로, 이 넷이 같으면 언제나 똑같은 일이 일어납니다.',
      en: 'One scenario with one schedule, one seed and one version of the code, which together fix everything that happens.',
    },
  },
  seed: { name: { ko: '시드', en: 'seed' }, text: { ko: '실행 중의 모든 무작위 선택을 정하는 숫자입니다.', en: 'The number from which every random choice of a run is drawn.' } },
  schedule: {
    name: { ko: '장애 스케줄', en: 'schedule' },
    text: { ko: '어떤 장애가 가상 시간으로 언제 시작하고 끝나는지 적은 목록입니다.', en: 'The list of faults and the virtual times at which they start and end.' },
  },
  fault: {
    name: { ko: '장애', en: 'fault' },
    text: { ko: '크래시, 일시 정지, 메시지 유실, 디스크 고갈처럼 일부러 일으키는 문제입니다.', en: 'Something that is made to go wrong: a crash, a pause, a lost message, a full disk.' },
  },
  kill: { name: { ko: '강제 종료', en: 'kill' }, text: { ko: '프로세스를 즉시 끝내는 장애로, 메모리는 사라지고 디스크는 남습니다.', en: 'Ending a process at once: memory is lost, the disk stays.' } },
  pause: { name: { ko: '일시 정지', en: 'pause' }, text: { ko: '시간은 계속 흐르는데 한 프로세스만 얼어붙는 장애입니다.', en: 'Freezing one process while its clock and everyone else go on.' } },
  'network-partition': {
    name: { ko: '네트워크 단절', en: 'network partition' },
    text: { ko: '네트워크가 끊겨 일부 프로세스끼리 통신하지 못하는 장애입니다.', en: 'Cutting the network so that some processes cannot reach others.' },
  },
  'virtual-time': {
    name: { ko: '가상 시간', en: 'virtual time' },
    text: { ko: '실제 시간보다 빠르거나 느리게 흐르는 시뮬레이션 안의 시간입니다.', en: "The simulation's own clock, which runs faster or slower than real time." },
  },
  trace: {
    name: { ko: '실행 기록', en: 'trace' },
    text: { ko: '실행 중에 일어난 일을 원인과 함께 순서대로 적은 목록입니다.', en: 'The ordered list of everything that happened in a run, each entry with its cause.' },
  },
  'run-hash': {
    name: { ko: '실행 해시', en: 'run hash' },
    text: { ko: '실행 기록의 지문 같은 값으로, 값이 같으면 같은 실행입니다.', en: 'A short fingerprint of a trace: equal hashes mean equal runs.' },
  },
  invariant: {
    name: { ko: '불변식', en: 'invariant' },
    text: { ko: "'확인 응답한 레코드는 사라지지 않는다'처럼 실행 내내 지켜져야 하는 조건입니다.", en: 'A statement that must hold throughout the run, such as "no acknowledged record is lost".' },
  },
} as const satisfies Record<string, GlossaryEntry>;

export type TermId = keyof typeof GLOSSARY;
