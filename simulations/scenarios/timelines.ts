// Ten short stories whose times follow from Kafka's defaults: when a stalled follower leaves, when a dead member is missed, how long a
// transaction hangs. Their tests hold the times.
import { defineScenario } from './define.ts';

/** One partition whose leader is broker-1, so that a fault strikes what the story says under every seed. */
const orders = { name: 'orders', partitions: 1, replicationFactor: 3, minInsyncReplicas: 2, replicaAssignment: [[1, 2, 3]] };
const watchEvents = (partitions: number) => ({ name: 'watch-events', partitions, replicationFactor: 3, minInsyncReplicas: 2 });
const checkout = { name: 'checkout', role: 'producer' };
const billing = { name: 'billing', role: 'consumer', group: 'billing', topics: ['orders'], autoOffsetReset: 'earliest' };
const member = (name: string, over: object = {}) => ({ name, role: 'consumer', group: 'recs', topics: ['watch-events'], autoOffsetReset: 'earliest', partitionAssignmentStrategy: ['range'], ...over });
const buying = (over: object = {}) => ({ process: 'checkout', topic: 'orders', records: 2_000, everyUs: 50_000, keys: 40, keyPrefix: 'order-', ...over });
const watching = (records: number) => ({ process: 'playback-svc', topic: 'watch-events', records, everyUs: 50_000, keys: 24 });

const followerStalls = defineScenario({
  schemaVersion: 1,
  id: 'follower-stalls',
  title: { ko: '살아 있지만 따라오지 못하는 팔로워', en: 'A follower that lives and does not follow' },
  summary: {
    ko: 'broker-3의 페치가 리더에 닿지 않습니다. 하트비트는 계속 가므로 ISR에 남고, 30초가 지나 리더가 뺄 때까지 acks=all 쓰기가 모두 멈춥니다.',
    en: 'The fetches of broker-3 no longer reach the leader. Its heartbeats do, so it stays in the ISR, and every acks=all write waits until the leader drops it after 30 s.',
  },
  horizonMs: 70_000,
  cluster: { brokers: 3 },
  topics: [orders],
  processes: [checkout, billing],
  workloads: [buying({ records: 1_200 })],
  faults: ['cut broker-3->broker-1 at 5s'],
});

const followerDies = defineScenario({
  schemaVersion: 1,
  id: 'follower-dies',
  title: { ko: '팔로워가 죽으면 9초 멈춘다', en: 'A follower dies, and writes stop for nine seconds' },
  summary: {
    ko: 'broker-3이 강제 종료됩니다. 컨트롤러가 세션 9초를 기다린 뒤 ISR에서 빼며, 그동안 acks=all 쓰기는 응답을 받지 못합니다.',
    en: 'Broker-3 is killed. The controller waits for its session of 9 s to end before it shrinks the ISR, and until then no acks=all write is answered.',
  },
  horizonMs: 30_000,
  cluster: { brokers: 3 },
  topics: [orders],
  processes: [checkout, billing],
  workloads: [buying({ records: 450 })],
  faults: ['kill broker-3 at 5s'],
});

const leaderLeaves = defineScenario({
  schemaVersion: 1,
  id: 'leader-leaves',
  title: { ko: '강제 종료와 정상 종료', en: 'Killed, or shut down in order' },
  summary: {
    ko: '먼저 리더 broker-1을 강제 종료하고, 뒤이어 새 리더 broker-2를 정상 종료합니다. 앞의 파티션은 세션이 끝날 때까지 리더 없이 멈추고, 뒤의 파티션은 거의 멈추지 않습니다.',
    en: 'The leader broker-1 is killed; later its successor broker-2 is shut down in order. The first costs a broker session without a leader, the second almost nothing.',
  },
  horizonMs: 60_000,
  cluster: { brokers: 3 },
  topics: [orders],
  processes: [checkout, billing],
  workloads: [buying({ records: 1_100 })],
  faults: ['kill broker-1 at 5s for 15s', 'shutdown broker-2 at 45s for 10s'],
});

const twoOfThreeDie = defineScenario({
  schemaVersion: 1,
  id: 'two-of-three-die',
  title: { ko: '셋 가운데 둘이 죽다', en: 'Two of three die' },
  summary: {
    ko: '두 팔로워가 죽어 ISR이 min.insync.replicas보다 작아집니다. acks=all 쓰기는 NOT_ENOUGH_REPLICAS 오류를 받고, acks=1 쓰기는 받아들여지지만 아무도 읽지 못합니다. 죽은 동기 레플리카는 ELR에 남습니다.',
    en: 'Both followers die and the ISR falls below min.insync.replicas. acks=all is refused with NOT_ENOUGH_REPLICAS; acks=1 is accepted, and nobody can read it. The replica that died in sync stays eligible (ELR).',
  },
  profile: 'kafka-4.1',
  horizonMs: 60_000,
  cluster: { brokers: 3, config: { minInsyncReplicas: 2 } },
  topics: [{ ...orders, minInsyncReplicas: undefined }],
  processes: [checkout, { name: 'cart', role: 'producer', acks: '1', idempotence: false }, { name: 'refunds', role: 'producer', startMs: 17_000 }, billing],
  workloads: [
    buying({ records: 500, everyUs: 100_000 }),
    { ...buying({ records: 250, everyUs: 100_000 }), process: 'cart', keyPrefix: 'cart-' },
    { ...buying({ records: 50, everyUs: 200_000, startMs: 18_000 }), process: 'refunds', keyPrefix: 'refund-' },
  ],
  faults: ['kill broker-3 at 5s', 'kill broker-2 at 6s for 29s'],
});

const groupForms = defineScenario({
  schemaVersion: 1,
  id: 'group-forms',
  title: { ko: '그룹이 모이고, 네 번째가 온다', en: 'A group forms, and a fourth joins' },
  summary: {
    ko: '컨슈머 3개가 3초 안에 시작해 6초 뒤 한 세대로 모입니다. 1분 뒤 네 번째가 오면 나머지는 하트비트 응답으로 알게 되고, 모두 멈춘 뒤 다시 나눕니다.',
    en: 'Three consumers start within three seconds and become one generation after six. A minute later a fourth comes; the others learn of it from their heartbeats, all stop, and all begin again.',
  },
  horizonMs: 75_000,
  cluster: { brokers: 3 },
  topics: [watchEvents(12)],
  processes: [{ name: 'playback-svc', role: 'producer' }, member('recs-a'), member('recs-b', { startMs: 1_000 }), member('recs-c', { startMs: 2_000 }), member('recs-d', { startMs: 61_000 })],
  workloads: [watching(1_400)],
});

const memberVanishes = defineScenario({
  schemaVersion: 1,
  id: 'member-vanishes',
  title: { ko: '사라진 멤버와 돌아온 정적 멤버', en: 'A member that vanishes, and a static one that returns' },
  summary: {
    ko: 'recs-b가 강제 종료됩니다. 그룹은 45초 뒤에야 빼고 다시 나눕니다. 정적 멤버 recs-c는 30초 만에 다시 시작하므로 리밸런싱이 일어나지 않습니다.',
    en: 'recs-b is killed, and the group misses it only after 45 s. The static member recs-c comes back after 30 s, and nothing is rebalanced.',
  },
  horizonMs: 120_000,
  cluster: { brokers: 3 },
  topics: [watchEvents(6)],
  processes: [{ name: 'playback-svc', role: 'producer' }, member('recs-a'), member('recs-b'), member('recs-c', { groupInstanceId: 'recs-c' })],
  workloads: [watching(2_200)],
  faults: ['kill recs-b at 15s', 'restart recs-c at 75s for 30s'],
});

const poisonRecord = defineScenario({
  schemaVersion: 1,
  id: 'poison-record',
  title: { ko: '처리가 5분을 넘기는 레코드', en: 'A record that takes longer than five minutes' },
  summary: {
    ko: '레코드 하나를 처리하는 데 6분이 걸립니다. max.poll.interval.ms가 지나면 컨슈머가 그룹을 떠나고, 같은 오프셋을 다른 멤버가 다시 받습니다. 먼저 받은 쪽은 처리를 마쳐도 커밋할 수 없습니다.',
    en: 'One record takes six minutes. After max.poll.interval.ms its consumer leaves the group, and the same offset goes to another member. The first finishes, and can no longer commit.',
  },
  horizonMs: 420_000,
  cluster: { brokers: 3 },
  topics: [orders],
  processes: [checkout, { ...billing, name: 'billing-a', workUsPerRecord: 360_000_000 }, { ...billing, name: 'billing-b', workUsPerRecord: 360_000_000 }],
  workloads: [buying({ records: 1, startMs: 10_000 })],
});

const consumerProtocol = defineScenario({
  schemaVersion: 1,
  id: 'consumer-protocol-join',
  title: { ko: '멈추지 않는 리밸런싱 (KIP-848)', en: 'A rebalance that stops nobody (KIP-848)' },
  summary: {
    ko: 'recs-a가 파티션 4개를 읽는 동안 recs-b가 가입합니다. 브로커가 할당을 계산하고, recs-a는 파티션 2개만 내놓으며 나머지를 계속 읽습니다.',
    en: 'recs-b joins while recs-a reads four partitions. The broker computes the assignment; recs-a gives up two and never stops reading the others.',
  },
  horizonMs: 40_000,
  cluster: { brokers: 3 },
  topics: [watchEvents(4)],
  processes: [{ name: 'playback-svc', role: 'producer' }, member('recs-a', { groupProtocol: 'consumer' }), member('recs-b', { groupProtocol: 'consumer', startMs: 12_300 })],
  workloads: [watching(700)],
});

const inTransactions = (name: string, over: object) => ({ name, role: 'producer', transactionalId: name, ...over });
const paying = (process: string, records: number, over: object = {}) => ({ process, topic: 'orders', records, startMs: 3_000, everyUs: 100_000, keys: 40, keyPrefix: 'order-', ...over });
const readers = [
  { ...billing, name: 'careful', group: 'careful', isolationLevel: 'read_committed' },
  { ...billing, name: 'hasty', group: 'hasty', isolationLevel: 'read_uncommitted' },
];

const zombieProducer = defineScenario({
  schemaVersion: 1,
  id: 'zombie-producer',
  title: { ko: '좀비 프로듀서', en: 'A zombie producer' },
  summary: {
    ko: '트랜잭션 도중에 pay-old가 멈추고, 같은 transactional.id로 pay-new가 시작합니다. 코디네이터가 옛 트랜잭션을 중단시키며, 깨어난 pay-old의 요청은 펜싱됩니다.',
    en: 'pay-old freezes inside a transaction and pay-new starts under the same transactional.id. The coordinator aborts what was open, and pay-old is fenced when it wakes.',
  },
  horizonMs: 60_000,
  cluster: { brokers: 3 },
  topics: [orders],
  processes: [inTransactions('pay-old', { transactionalId: 'pay' }), inTransactions('pay-new', { transactionalId: 'pay', startMs: 10_000 }), ...readers],
  workloads: [paying('pay-old', 100), paying('pay-new', 200, { startMs: 10_000 })],
  faults: ['pause pay-old at 5500ms for 20s'],
});

const hangingTransaction = defineScenario({
  schemaVersion: 1,
  id: 'hanging-transaction',
  title: { ko: '끝나지 않는 트랜잭션', en: 'A transaction that hangs' },
  summary: {
    ko: 'pay-hung이 트랜잭션을 연 채 멈춥니다. 다른 프로듀서는 계속 커밋하지만 read_committed 컨슈머는 마지막 안정 오프셋에서 기다리고, 트랜잭션은 60초 제한과 다음 점검이 지나서야 중단됩니다.',
    en: 'pay-hung freezes with a transaction open. Others go on committing, yet read_committed readers wait at the last stable offset until the 60 s limit and the next look at it have passed.',
  },
  horizonMs: 100_000,
  cluster: { brokers: 3 },
  topics: [orders],
  processes: [inTransactions('pay-hung', { recordsPerTransaction: 100 }), inTransactions('pay-busy', { recordsPerTransaction: 20 }), ...readers],
  workloads: [paying('pay-hung', 50), paying('pay-busy', 800, { startMs: 6_000 })],
  faults: ['pause pay-hung at 4s'],
});

export const TIMELINES = [followerStalls, followerDies, leaderLeaves, twoOfThreeDie, groupForms, memberVanishes, poisonRecord, consumerProtocol, zombieProducer, hangingTransaction];
