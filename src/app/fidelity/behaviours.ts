// Behaviour by behaviour: whether it is as in Kafka 4.0 or Flink 1.20, where it is simpler, what is left out, which vectors judge it, and where it is described.
import { SETTINGS_BEHAVIOURS } from './settings.ts';
import { STREAM_BEHAVIOURS } from './streams.ts';

export const STATES = ['exact', 'simplified', 'absent'] as const;
export type State = (typeof STATES)[number];
export const AREAS = ['log', 'replication', 'produce', 'transactions', 'groups', 'wire', 'time', 'windows', 'patterns', 'jobs', 'surroundings'] as const;
export type Area = (typeof AREAS)[number];

interface Bilingual {
  readonly ko: string;
  readonly en: string;
}

export interface Behaviour {
  readonly area: Area;
  readonly state: State;
  readonly name: Bilingual;
  readonly note: Bilingual;
  /** Sets of conformance vectors. */
  readonly sets: readonly string[];
  readonly source: string;
}

const KAFKA_BEHAVIOURS: readonly Behaviour[] = [
  {
    area: 'log',
    state: 'exact',
    name: { en: 'Record batches', ko: '레코드 배치' },
    note: {
      en: 'Format v2 byte by byte: header, varints, checksum, attributes, control batches. What a client compressed stays as it was sent.',
      ko: 'v2 형식을 바이트까지 그대로 따릅니다. 헤더, varint, 체크섬, 속성, 컨트롤 배치를 포함합니다. 클라이언트가 압축한 내용은 보낸 그대로 보관합니다.',
    },
    sets: ['record-batch-kafka', 'record-batch-kafkajs', 'crc32c', 'varint'],
    source: 'KIP-98, DefaultRecordBatch',
  },
  {
    area: 'log',
    state: 'exact',
    name: { en: 'Leader epochs and truncation', ko: '리더 에포크와 잘라내기' },
    note: {
      en: 'A follower learns from the leader’s epochs where its log diverges, cuts it there and fetches again.',
      ko: '팔로워는 리더의 에포크를 보고 로그가 갈라진 지점을 찾아 잘라낸 뒤 다시 가져옵니다.',
    },
    sets: [],
    source: 'KIP-101, KIP-279, KIP-320',
  },
  {
    area: 'log',
    state: 'exact',
    name: { en: 'High watermark and last stable offset', ko: '하이 워터마크와 마지막 안정 오프셋' },
    note: {
      en: 'Moved by the slowest in-sync replica, held back below min.insync.replicas and by open transactions.',
      ko: '동기화된 레플리카 중 가장 느린 것을 따라 움직이고, min.insync.replicas에 못 미치거나 트랜잭션이 열려 있으면 멈춥니다.',
    },
    sets: [],
    source: 'Partition.maybeIncrementLeaderHW, UnifiedLog, KIP-966',
  },
  {
    area: 'log',
    state: 'simplified',
    name: { en: 'Segments', ko: '세그먼트' },
    note: {
      en: 'Rolled by size, time and index as in Kafka. There are no index files, and reading costs no time.',
      ko: 'Kafka처럼 크기, 시간, 인덱스에 따라 새로 시작합니다. 인덱스 파일은 없고, 읽는 데 시간이 걸리지 않습니다.',
    },
    sets: [],
    source: 'LogConfig, UnifiedLog.roll',
  },
  {
    area: 'log',
    state: 'exact',
    name: { en: 'Retention and DeleteRecords', ko: '보존 기간과 DeleteRecords' },
    note: {
      en: 'By time, by size and by request: whole segments go, the log start offset moves, and readers below it are out of range.',
      ko: '시간, 크기, 요청에 따라 세그먼트째 지웁니다. 로그 시작 오프셋이 움직이고, 그보다 앞을 읽으려 하면 범위를 벗어났다고 응답합니다.',
    },
    sets: [],
    source: 'UnifiedLog.deleteOldSegments, KIP-107',
  },
  {
    area: 'log',
    state: 'simplified',
    name: { en: 'Compaction', ko: '컴팩션' },
    note: {
      en: 'Newest value of each key, tombstones and markers kept for delete.retention.ms, offsets never renumbered. The cleaner takes no time and has room for every key, cleans whole segments, and writes what it keeps uncompressed. It leaves __consumer_offsets and __transaction_state alone: a run hardly ever fills one of their segments of 100 MiB, so that Kafka would find nothing there either, unless log.roll.ms or their own segment settings are lowered.',
      ko: '키마다 가장 최근 값을 남기고, 툼스톤과 마커는 delete.retention.ms 동안 둡니다. 오프셋은 다시 매기지 않습니다. 정리에는 시간이 걸리지 않고 키 수에도 한도가 없습니다. 세그먼트 단위로 정리하고, 남긴 레코드는 압축하지 않고 다시 씁니다. __consumer_offsets와 __transaction_state는 그대로 둡니다. 실행 한 번으로 100MiB짜리 세그먼트가 차는 일은 거의 없어 Kafka에서도 정리할 것이 없습니다. log.roll.ms나 이 토픽들의 세그먼트 설정을 낮췄을 때만 차이가 납니다.',
    },
    sets: [],
    source: 'LogCleaner, Cleaner, KIP-534',
  },
  {
    area: 'log',
    state: 'simplified',
    name: { en: 'Loss of power', ko: '전원 차단' },
    note: {
      en: 'A killed process keeps what the page cache took. A loss of power keeps what was appended 30 s ago or earlier, to the second, and what was flushed at a segment’s end; a real system may have written more.',
      ko: '강제 종료된 프로세스는 페이지 캐시에 넘긴 데이터를 잃지 않습니다. 전원이 나가면 30초보다 전에 추가한 데이터(1초 단위)와 세그먼트 끝에서 플러시한 데이터만 남습니다. 실제 시스템은 더 많이 기록했을 수도 있습니다.',
    },
    sets: [],
    source: 'LogManager, vm.dirty_expire_centisecs',
  },
  {
    area: 'replication',
    state: 'exact',
    name: { en: 'In-sync replicas', ko: '동기화된 레플리카(ISR)' },
    note: {
      en: 'Shrunk after replica.lag.time.max.ms, expanded on a fetch that has caught up, both committed by the controller; the high watermark never moves on an unconfirmed change. A cluster of three went through nine failures and repairs side by side with a running Kafka 4.0.0: leaders, epochs, in-sync replicas and offsets were the same after each.',
      ko: 'replica.lag.time.max.ms가 지나면 줄고, 따라잡은 fetch가 오면 늘어납니다. 둘 다 컨트롤러가 확정하며, 확정되지 않은 변경으로 하이 워터마크가 움직이지 않습니다. 브로커 셋인 클러스터를 실제로 도는 Kafka 4.0.0과 나란히 아홉 번 고장 내고 고쳤더니, 그때마다 리더, 에포크, ISR, 오프셋이 같았습니다.',
    },
    sets: [],
    source: 'Partition, KIP-497',
  },
  {
    area: 'replication',
    state: 'exact',
    name: { en: 'Leader election', ko: '리더 선출' },
    note: {
      en: 'The decision for one partition: clean, preferred and unclean, with and without eligible leader replicas.',
      ko: '파티션 하나에 대한 결정입니다. 정상, 선호 리더, 비정상(unclean) 선출을 ELR이 있을 때와 없을 때 모두 따릅니다.',
    },
    sets: ['leader-election', 'leader-election-recorded'],
    source: 'PartitionChangeBuilder, KIP-966',
  },
  {
    area: 'replication',
    state: 'simplified',
    name: { en: 'The controller', ko: '컨트롤러' },
    note: {
      en: 'One controller keeps the metadata log; Kafka runs a quorum of them with elections of its own. Brokers pull the log as in Kafka, its records travel as values and have no bytes. DescribeQuorum tells it as it is: one voter with node.id 3000, in a new epoch each time it starts, whose log ends where it is committed, and the brokers as observers. The log has no records but those that change the cluster, so that its offsets are smaller than Kafka’s.',
      ko: '컨트롤러 하나가 메타데이터 로그를 관리합니다. Kafka는 쿼럼을 이루어 따로 선출합니다. 브로커가 로그를 가져오는 방식은 같지만, 그 레코드는 값으로만 오가고 바이트가 없습니다. DescribeQuorum은 이 모습을 그대로 알려 줍니다. 투표자는 node.id가 3000인 컨트롤러 하나이고, 시작할 때마다 에포크가 올라가며, 로그의 끝이 곧 커밋된 곳이고, 브로커들은 옵서버입니다. 로그에는 클러스터를 바꾸는 레코드만 있어서 오프셋이 Kafka보다 작습니다.',
    },
    sets: [],
    source: 'ReplicationControlManager, KafkaRaftClient, KIP-595, KIP-631',
  },
  {
    area: 'replication',
    state: 'exact',
    name: { en: 'Controlled shutdown', ko: '정상 종료' },
    note: {
      en: 'Leaderships move first, the broker ends when the others know of it, or after its limit.',
      ko: '리더 역할을 먼저 옮기고, 다른 브로커가 이를 알게 되거나 제한 시간이 지나면 종료합니다.',
    },
    sets: [],
    source: 'BrokerLifecycleManager, KIP-631',
  },
  {
    area: 'replication',
    state: 'simplified',
    name: { en: 'Reassignment', ko: '파티션 재할당' },
    note: {
      en: 'Adding and removing replicas, completion when the new ones are in sync, cancelling, and brokers that join or leave. No throttle on replication.',
      ko: '레플리카를 더하고 빼며, 새 레플리카가 동기화되면 끝납니다. 취소할 수 있고, 브로커가 늘거나 줄어도 됩니다. 복제 속도 제한은 없습니다.',
    },
    sets: [],
    source: 'PartitionReassignmentReplicas, KIP-455',
  },
  {
    area: 'produce',
    state: 'exact',
    name: { en: 'Acknowledgements', ko: '확인 응답(acks)' },
    note: {
      en: 'acks 0, 1 and all, min.insync.replicas before and after the append, time-outs, and the error of each case.',
      ko: 'acks 0, 1, all과 추가 전후의 min.insync.replicas 검사, 타임아웃, 경우마다의 오류를 따릅니다.',
    },
    sets: ['errors'],
    source: 'ReplicaManager.appendRecords',
  },
  {
    area: 'produce',
    state: 'exact',
    name: { en: 'Idempotence', ko: '멱등성' },
    note: {
      en: 'Sequence numbers, the window of five batches, duplicates answered with their first offset, fencing by epoch.',
      ko: '시퀀스 번호, 배치 다섯 개의 창, 중복에 대한 처음 오프셋 응답, 에포크에 따른 차단을 따릅니다.',
    },
    sets: ['producer-state'],
    source: 'ProducerAppendInfo, ProducerStateManager',
  },
  {
    area: 'produce',
    state: 'exact',
    name: { en: 'Keys to partitions', ko: '키와 파티션' },
    note: {
      en: 'murmur2 of the key, as the Java client and kafkajs compute it. librdkafka takes another hash unless told.',
      ko: 'Java 클라이언트와 kafkajs처럼 키의 murmur2로 정합니다. librdkafka는 따로 설정하지 않으면 다른 해시를 씁니다.',
    },
    sets: ['murmur2-partition'],
    source: 'BuiltInPartitioner',
  },
  {
    area: 'produce',
    state: 'simplified',
    name: { en: 'Native producers of a workload', ko: '부하용 프로듀서' },
    note: {
      en: 'Batches are counted in records, not bytes. While a batch is on its way to a former leader, later ones of that partition wait; the Java client sends on. Records without a key change partition with each batch.',
      ko: '배치를 바이트가 아니라 레코드 수로 셉니다. 배치가 이전 리더에게 가 있는 동안 같은 파티션의 다음 배치는 기다리지만, Java 클라이언트는 계속 보냅니다. 키 없는 레코드는 배치마다 파티션을 바꿉니다.',
    },
    sets: [],
    source: 'KafkaProducer, RecordAccumulator',
  },
  {
    area: 'produce',
    state: 'simplified',
    name: { en: 'Producer ids', ko: '프로듀서 ID' },
    note: {
      en: 'Drawn from the seed for each client, so that one client’s ids do not depend on another. Kafka hands them out in blocks of 1,000 per broker.',
      ko: '다른 클라이언트에 영향받지 않도록 클라이언트마다 시드에서 뽑습니다. Kafka는 브로커마다 1,000개 단위로 나누어 줍니다.',
    },
    sets: [],
    source: 'ProducerIdManager',
  },
  {
    area: 'transactions',
    state: 'simplified',
    name: { en: 'Coordinator and markers', ko: '코디네이터와 마커' },
    note: {
      en: 'States, fencing, time-outs, two-phase commit by markers, both protocol generations: the one kafkajs and librdkafka speak, and KIP-890 with a new epoch for each transaction. A new coordinator is ready at once, markers are tried again every 50 ms, and a transactional.id does not expire.',
      ko: '상태, 차단, 타임아웃, 마커를 통한 2단계 커밋을 따릅니다. kafkajs와 librdkafka가 쓰는 방식과, 트랜잭션마다 에포크를 올리는 KIP-890 방식이 모두 있습니다. 새 코디네이터는 곧바로 준비되고, 마커는 50ms마다 다시 보내며, transactional.id는 만료되지 않습니다.',
    },
    sets: ['producer-state'],
    source: 'TransactionCoordinator, KIP-98, KIP-447, KIP-890',
  },
  {
    area: 'transactions',
    state: 'exact',
    name: { en: 'read_committed', ko: 'read_committed' },
    note: {
      en: 'Consumers read to the last stable offset and pass over aborted records; markers take an offset and are never delivered.',
      ko: '컨슈머는 마지막 안정 오프셋까지만 읽고 중단된 레코드를 건너뜁니다. 마커는 오프셋을 차지하지만 전달되지 않습니다.',
    },
    sets: [],
    source: 'KIP-98',
  },
  {
    area: 'groups',
    state: 'exact',
    name: { en: 'Classic groups', ko: '클래식 그룹' },
    note: {
      en: 'Join, sync, heartbeat, leave, session and rebalance time-outs, the initial delay, static members, fencing.',
      ko: '가입, 동기화, 하트비트, 탈퇴, 세션과 리밸런싱 타임아웃, 첫 대기, 정적 멤버, 차단을 따릅니다.',
    },
    sets: ['consumer-protocol'],
    source: 'ClassicGroup, KIP-345, KIP-394',
  },
  {
    area: 'groups',
    state: 'exact',
    name: { en: 'Assignors', ko: '할당기' },
    note: {
      en: 'range (also by rack), roundrobin, sticky and cooperative-sticky as the Java clients compute them, kafkajs’s round robin, and uniform, range and simple of the broker.',
      ko: 'Java 클라이언트의 range(랙 고려 포함), roundrobin, sticky, cooperative-sticky와 kafkajs의 라운드 로빈, 브로커의 uniform, range, simple을 따릅니다.',
    },
    sets: ['assignor-java-clients', 'assignor-java-clients-recorded', 'assignor-kafkajs-roundrobin', 'assignor-server', 'assignor-server-recorded'],
    source: 'KIP-429, KIP-848, KIP-881',
  },
  {
    area: 'groups',
    state: 'simplified',
    name: { en: 'Consumer groups (KIP-848)', ko: '새 컨슈머 프로토콜(KIP-848)' },
    note: {
      en: 'Group, target and member epochs, reconciliation step by step, uniform and range, regular expressions in the syntax of RE2J 1.7, fencing. A group moves between the classic and the consumer protocol while it has members, of both protocols side by side, as group.consumer.migration.policy allows. A pattern of more than 10,000 states is refused.',
      ko: '그룹, 목표, 멤버 에포크와 단계별 조정, uniform과 range, RE2J 1.7 문법의 정규 표현식 구독, 펜싱을 따릅니다. group.consumer.migration.policy가 허용하면 멤버가 있는 그룹도 클래식 프로토콜과 컨슈머 프로토콜 사이를 오가며, 그동안 두 프로토콜의 멤버가 한 그룹에 함께 있습니다. 상태가 10,000개를 넘는 패턴은 거절합니다.',
    },
    sets: ['assignor-server', 'topic-patterns'],
    source: 'GroupMetadataManager, KIP-848',
  },
  {
    area: 'groups',
    state: 'simplified',
    name: { en: 'Share groups (KIP-932)', ko: '공유 그룹(KIP-932)' },
    note: {
      en: 'Membership, locks, acknowledge, release, reject, the delivery limit, and state that the share coordinator keeps and the next leader reads back. Early access in Kafka 4.0 and off there unless switched on; the Java client 4.0 reads from them here. Its state log is never pruned. A broker keeps as many share sessions as 4.0 does: the members of ten full groups.',
      ko: '멤버십, 잠금, 확인, 반환, 거절, 전달 횟수 제한, 그리고 공유 코디네이터가 보관하고 다음 리더가 다시 읽는 상태를 따릅니다. Kafka 4.0에서는 얼리 액세스이며 따로 켜야 쓸 수 있습니다. Java 클라이언트 4.0으로 읽을 수 있습니다. 상태 로그는 줄어들지 않습니다. 브로커가 두는 공유 세션 수는 4.0처럼 가득 찬 그룹 열 개의 멤버 수까지입니다.',
    },
    sets: [],
    source: 'SharePartition, KIP-932',
  },
  {
    area: 'groups',
    state: 'simplified',
    name: { en: 'Group state on disk', ko: '디스크에 남는 그룹 상태' },
    note: {
      en: 'Kept in __consumer_offsets and read back by the next coordinator, as values and in no time; a client that reads the topic sees no bytes. Offsets do not expire within the ten minutes of a run; those of a deleted topic go with it.',
      ko: '__consumer_offsets에 값으로 남기고 다음 코디네이터가 다시 읽습니다. 읽는 데 시간은 걸리지 않습니다. 클라이언트가 그 토픽을 읽어도 바이트는 보이지 않습니다. 오프셋은 실행 시간 10분 안에 만료되지 않고, 토픽을 지우면 함께 사라집니다.',
    },
    sets: [],
    source: 'GroupMetadataManager',
  },
  {
    area: 'wire',
    state: 'exact',
    name: { en: 'Requests and responses', ko: '요청과 응답' },
    note: {
      en: 'Every field of every version that these brokers serve, flexible and old, in one table that is interpreted. Frames of kafkajs, kcat and Kafka itself are read and written back to the byte.',
      ko: '브로커가 받는 모든 버전의 모든 필드를 표 하나로 해석합니다. kafkajs, kcat, Kafka의 프레임을 읽어 바이트까지 똑같이 다시 씁니다.',
    },
    sets: ['requests-kafkajs', 'responses-kafka', 'wire-kafkajs', 'wire-kcat'],
    source: 'Kafka protocol guide, KIP-482, KIP-511',
  },
  {
    area: 'wire',
    state: 'simplified',
    name: { en: 'What a broker answers', ko: '브로커의 응답' },
    note: {
      en: 'Some 2,000 exchanges, wrong requests for the most part, were held side by side with a running Kafka 4.0.0: error codes and fields are the same. Error messages are in our own words. Clients have fetch sessions (KIP-227) if they ask for them; kafkajs and the consumers of the scenarios do not. A Produce with null where a batch should be is refused with INVALID_RECORD; Kafka trips over it, never answers and reads no more from that connection.',
      ko: '주로 잘못된 요청인 2,000여 번의 주고받기를 실제로 도는 Kafka 4.0.0과 나란히 견주었고, 오류 코드와 필드가 같습니다. 오류 메시지는 직접 쓴 문장입니다. 클라이언트가 요청하면 페치 세션(KIP-227)을 만들어 주며, kafkajs와 시나리오의 컨슈머는 요청하지 않습니다. 배치 자리가 null인 Produce는 INVALID_RECORD로 거절합니다. Kafka는 처리하다 오류가 나서 응답하지 않고, 그 연결에서 더는 요청을 읽지 않습니다.',
    },
    sets: [],
    source: 'Kafka 4.0.0',
  },
  {
    area: 'wire',
    state: 'simplified',
    name: { en: 'Between brokers and controller', ko: '브로커와 컨트롤러 사이' },
    note: {
      en: 'Registration, heartbeats and ISR changes carry the fields that matter here; on screen the others stand at their defaults.',
      ko: '등록, 하트비트, ISR 변경에는 여기서 쓰는 필드만 있습니다. 화면에서 나머지 필드는 기본값으로 보입니다.',
    },
    sets: [],
    source: 'KIP-631',
  },
  {
    area: 'wire',
    state: 'simplified',
    name: { en: 'Client quotas', ko: '클라이언트 쿼터' },
    note: {
      en: 'Quotas of users, client ids and addresses are set, checked, kept and found as in Kafka. producer_byte_rate and consumer_byte_rate bind: the same windows, the most specific quota, throttle_time_ms in an answer that goes out at once, and a connection that is not read from until it is over. So does controller_mutation_rate: a bucket of tokens, THROTTLING_QUOTA_EXCEEDED for what is beyond it, and a wait only in old versions; topics that brokers make because a client named them are not counted. Bytes are those of the messages here; everyone is the user ANONYMOUS. request_percentage and connection_creation_rate are kept and told and bind nobody: processor time is not simulated, and clients have no IP addresses. Names of hosts are not resolved.',
      ko: '사용자, 클라이언트 ID, 주소별 쿼터를 Kafka처럼 정하고 검사하고 보관하고 찾습니다. producer_byte_rate와 consumer_byte_rate는 실제로 제한합니다. 같은 창으로 재고, 가장 구체적인 쿼터를 적용하며, throttle_time_ms를 담아 곧바로 응답한 뒤 그 시간이 지날 때까지 연결에서 요청을 읽지 않습니다. controller_mutation_rate도 토큰 버킷으로 재어 넘치는 요청을 THROTTLING_QUOTA_EXCEEDED로 거절하고, 이 오류를 모르는 옛 버전은 기다리게만 합니다. 클라이언트가 이름만 대서 브로커가 자동으로 만드는 토픽은 세지 않습니다. 바이트는 여기서 오가는 메시지의 크기이고, 모두가 ANONYMOUS 사용자입니다. request_percentage와 connection_creation_rate는 보관하고 알려 줄 뿐 제한하지 않습니다. 처리 시간은 시뮬레이션하지 않고, 클라이언트에는 IP 주소가 없기 때문입니다. 호스트 이름은 주소로 바꾸지 않습니다.',
    },
    sets: ['client-quotas', 'client-quota-throttle', 'controller-mutation-quota'],
    source: 'ClientQuotaManager, ClientQuotaControlManager, ControllerMutationQuotaManager, KIP-13, KIP-219, KIP-546, KIP-599',
  },
  {
    area: 'wire',
    state: 'absent',
    name: { en: 'TLS, SASL, ACLs', ko: 'TLS, SASL, ACL' },
    note: {
      en: 'Connections are plain, and everyone may do everything. Requests for ACLs are answered as by a broker without an authorizer, those to log in or for delegation tokens as by one of plain text listeners. SCRAM credentials can be set, taken back and listed; nobody logs in with them. DescribeLogDirs knows the bytes of each partition and not the size of the disk.',
      ko: '연결은 평문이고 누구나 무엇이든 할 수 있습니다. ACL 요청에는 권한 관리자가 없는 브로커처럼, 로그인과 위임 토큰 요청에는 평문 리스너의 브로커처럼 응답합니다. SCRAM 자격 증명은 정하고 지우고 조회할 수 있지만, 그것으로 로그인하는 사람은 없습니다. DescribeLogDirs는 파티션마다 바이트 수를 알려 주지만 디스크 크기는 알리지 않습니다.',
    },
    sets: [],
    source: '—',
  },
  {
    area: 'wire',
    state: 'simplified',
    name: { en: 'Features and voters of the cluster', ko: '클러스터의 기능과 투표자' },
    note: {
      en: 'Told, and changes judged, as Kafka 4.0.0 does it. The cluster keeps the levels that it was made with: what Kafka would change is refused with FEATURE_UPDATE_FAILED. Voters cannot be added or removed, as at kraft.version 0.',
      ko: '알려 주고 변경을 검사하는 것은 Kafka 4.0.0과 같습니다. 클러스터는 만들어질 때의 기능 수준을 그대로 유지하며, Kafka라면 바꾸었을 요청은 FEATURE_UPDATE_FAILED로 거절합니다. kraft.version 0에서처럼 투표자를 더하거나 뺄 수 없습니다.',
    },
    sets: [],
    source: 'FeatureControlManager, KIP-584, KIP-853',
  },
  {
    area: 'surroundings',
    state: 'simplified',
    name: { en: 'Network', ko: '네트워크' },
    note: {
      en: 'TCP-like connections: loss and cuts show as delay, sent again after 200 ms, doubling. Whether a transmission is lost is decided as it leaves. Bandwidth has no limit.',
      ko: 'TCP처럼 손실과 단절이 지연으로 나타나고, 200ms부터 두 배씩 늘리며 다시 보냅니다. 손실 여부는 떠날 때 정해집니다. 대역폭에는 한도가 없습니다.',
    },
    sets: [],
    source: 'RFC 6298',
  },
  {
    area: 'surroundings',
    state: 'simplified',
    name: { en: 'Work inside a broker', ko: '브로커 안의 처리' },
    note: {
      en: 'Takes no virtual time: there are no request queues, no disks that are slow, no garbage collection but the pauses you inject.',
      ko: '가상 시간이 걸리지 않습니다. 요청 큐도, 느린 디스크도 없고, 가비지 컬렉션 멈춤은 직접 넣은 것뿐입니다.',
    },
    sets: [],
    source: '—',
  },
  {
    area: 'surroundings',
    state: 'absent',
    name: { en: 'Tiered storage, mirroring, Connect', ko: '계층형 저장소, 미러링, Connect' },
    note: { en: 'Not simulated. A request for them is answered with Kafka’s own error.', ko: '시뮬레이션하지 않습니다. 관련 요청에는 Kafka의 오류로 응답합니다.' },
    sets: [],
    source: '—',
  },
];

export const BEHAVIOURS: readonly Behaviour[] = [...KAFKA_BEHAVIOURS, ...SETTINGS_BEHAVIOURS, ...STREAM_BEHAVIOURS];
