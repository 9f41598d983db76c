// What events, faults, invariants and conditions say in Korean. A name that varies takes its particle from `josa`, or a Korean noun that takes it.
import type { FaultKind } from '../faults/grammar.ts';
import { faultTarget, grouped, lookup, type EngineText } from './contract.ts';
import { josa } from './josa.ts';
import { streamsKo } from './streams.ko.ts';

const count = (value: number) => grouped(value);
const records = (value: number) => `레코드 ${count(value)}건`;
const tp = (e: { topic: string; partition: number }) => `${e.topic}-${e.partition}`;
const span = (base: number, size: number) => (size <= 1 ? `오프셋 ${base}` : `오프셋 ${base}~${base + size - 1}`);
const ms = (us: number) => (us < 1000 ? `${us}µs` : us < 10_000_000 ? `${Math.round(us / 100) / 10}ms` : `${Math.round(us / 100_000) / 10}초`);
const brokers = (ids: string) =>
  ids === ''
    ? '없음'
    : ids
        .split(',')
        .map((id) => `broker-${id}`)
        .join(', ');
const acks = (value: number) => (value === -1 ? 'all' : String(value));
const failure = (error: string) => NETWORK[error] ?? `${error} 오류가 나서`;
const NETWORK: Readonly<Record<string, string>> = { timeout: '제때 응답이 없어', closed: '연결이 닫혀', reset: '연결이 끊겨', refused: '연결을 거절당해', disconnected: '연결을 잃어' };
const who = (process: string) => (process === 'controller' ? '컨트롤러' : process);
const shared = (e: { firstOffset: number; lastOffset: number }) => span(e.firstOffset, e.lastOffset - e.firstOffset + 1);
const list = (partitions: string) => partitions.replaceAll(',', ', ');
/** Whether a change of state is one of the classic protocol: its groups go through PreparingRebalance or CompletingRebalance each time. */
const classic = (e: { from: string; to: string }) => `${e.from} ${e.to}`.includes('Rebalance');
const message = (e: { api: string; response: boolean }) => (e.response ? `${e.api} 응답` : `${e.api} 요청`);

export const ko: EngineText = {
  language: 'ko',
  events: {
    ...streamsKo,
    'run.started': (e) => `${e.scenario} 시나리오를 시드 ${josa(e.seed, '으로/로')} 실행하기 시작했습니다.`,
    'run.ended': (e) => ko.ended[e.reason as keyof EngineText['ended']] ?? `실행이 끝났습니다(${e.reason}).`,
    'process.started': (e) => `${josa(who(e.process), '이/가')} 시작했습니다.`,
    'process.killed': (e) =>
      e.reason === 'uncaught' ? `${josa(who(e.process), '이/가')} 잡지 않은 오류로 끝났습니다.` : `${josa(who(e.process), '이/가')} 강제 종료되었습니다. 메모리는 사라지고 디스크는 남습니다.`,
    'process.exited': (e) => `${josa(who(e.process), '이/가')} 종료 코드 ${josa(e.code, '으로/로')} 스스로 끝났습니다.`,
    'process.paused': (e) => `${josa(who(e.process), '이/가')} 얼어붙었습니다. 시간은 계속 흐릅니다.`,
    'process.resumed': (e) => `${josa(who(e.process), '이/가')} 다시 움직입니다. 기다리던 전달과 타이머는 ${count(e.waited)}개입니다.`,
    'process.restarted': (e) => `${josa(who(e.process), '이/가')} 디스크는 그대로, 메모리는 비운 채 다시 시작했습니다.`,
    'fault.started': (e) => (e.tookEffect ? `장애: ${faultName(e.kind, e.line)}.` : `장애: ${faultName(e.kind, e.line)}. 작용할 대상이 없었습니다.`),
    'fault.ended': (e) => `장애 끝: ${faultName(e.kind, e.line)}.`,
    'net.connected': (e) => `${josa(who(e.from), '이/가')} ${who(e.to)}에 연결했습니다.`,
    'net.closed': (e) =>
      e.reason === 'refused'
        ? `${josa(who(e.to), '이/가')} ${who(e.from)}의 연결을 거절했습니다.`
        : e.reason === 'reset'
          ? `${who(e.from)}에서 ${josa(who(e.to), '으로/로')} 가는 연결이 끊겼습니다.`
          : `${who(e.from)}에서 ${josa(who(e.to), '으로/로')} 가는 연결이 닫혔습니다.`,
    'net.sent': (e) => {
      if (e.dueUs < 0) return `${josa(who(e.from), '이/가')} ${who(e.to)}에 ${josa(message(e), '을/를')} 보냈지만 가지 못합니다.`;
      return e.records > 0
        ? `${josa(who(e.from), '이/가')} ${who(e.to)}에 ${records(e.records)}이 담긴 ${josa(message(e), '을/를')} 보냈습니다.`
        : `${josa(who(e.from), '이/가')} ${who(e.to)}에 ${josa(message(e), '을/를')} 보냈습니다.`;
    },
    'net.delivered': (e) => `${josa(who(e.to), '이/가')} ${who(e.from)}의 ${josa(message(e), '을/를')} 받았습니다.`,
    'net.dropped': (e) =>
      e.againUs >= 0
        ? `${josa(who(e.from), '이/가')} ${who(e.to)}에 보낸 ${josa(message(e), '이/가')} 도중에 유실되어 나중에 다시 보냅니다.`
        : `${josa(who(e.from), '이/가')} ${who(e.to)}에 보낸 ${josa(message(e), '이/가')} 완전히 유실되었습니다.`,
    'request.received': (e) => `${josa(who(e.process), '이/가')} ${who(e.client)}의 ${e.api} 요청을 받았습니다.`,
    'request.answered': (e) =>
      e.error === 'NONE'
        ? `${josa(who(e.process), '이/가')} ${who(e.client)}의 ${e.api} 요청에 ${ms(e.latencyUs)} 만에 응답했습니다.`
        : `${josa(who(e.process), '이/가')} ${who(e.client)}의 ${e.api} 요청에 ${e.error} 오류로 응답했습니다.`,
    'kafka.topicCreated': (e) =>
      e.auto
        ? `클라이언트가 이름을 부르자 컨트롤러가 ${e.topic} 토픽을 만들었습니다. 파티션 ${e.partitions}개, 복제 팩터 ${e.replicationFactor}입니다.`
        : `컨트롤러가 ${e.topic} 토픽을 만들었습니다. 파티션 ${e.partitions}개, 복제 팩터 ${e.replicationFactor}입니다.`,
    'kafka.append': (e) =>
      e.leader
        ? `${josa(who(e.process), '이/가')} ${tp(e)} ${span(e.baseOffset, e.records)}에 ${records(e.records)}을 추가했습니다.`
        : `${josa(who(e.process), '이/가')} ${tp(e)} ${span(e.baseOffset, e.records)}의 ${records(e.records)}을 복제했습니다.`,
    'kafka.duplicate': (e) => `${josa(who(e.process), '이/가')} 다시 온 ${tp(e)} ${records(e.records)}을 알아보고, 오프셋 ${e.baseOffset}에 있는 한 벌만 두었습니다.`,
    'kafka.truncate': (e) =>
      e.removed === 0
        ? `${josa(who(e.process), '이/가')} ${tp(e)} 로그를 리더와 견주었고, ${e.toOffset}에서 잘라 낼 것이 없었습니다.`
        : `${josa(who(e.process), '이/가')} ${tp(e)} 로그를 ${e.toOffset}까지 잘라 내 ${records(e.removed)}이 사라졌습니다.`,
    'kafka.highWatermark': (e) =>
      e.leader ? `${tp(e)}의 하이 워터마크가 ${josa(e.offset, '으로/로')} 옮겨 갔습니다.` : `${josa(who(e.process), '이/가')} ${tp(e)}의 하이 워터마크 ${josa(e.offset, '을/를')} 알게 되었습니다.`,
    'kafka.isrChanged': (e) => `${tp(e)}의 ISR이 ${brokers(e.was)}에서 ${josa(brokers(e.isr), '으로/로')} 바뀌었습니다.`,
    'kafka.leaderElected': (e) => {
      if (e.leader < 0) return `${tp(e)}에 리더가 없습니다. 살아 있는 ISR이 없습니다.`;
      return e.unclean
        ? `동기화되지 않은 ${josa(`broker-${e.leader}`, '이/가')} ${tp(e)}의 리더가 되었습니다(에포크 ${e.leaderEpoch}).`
        : `${josa(`broker-${e.leader}`, '이/가')} ${tp(e)}의 리더가 되었습니다(에포크 ${e.leaderEpoch}).`;
    },
    'kafka.roleTaken': (e) =>
      e.role === 'leader'
        ? `${josa(who(e.process), '이/가')} 에포크 ${e.leaderEpoch}에서 ${josa(tp(e), '을/를')} 이끌기 시작했습니다. 로그 끝은 ${e.logEndOffset}입니다.`
        : `${josa(who(e.process), '이/가')} 에포크 ${e.leaderEpoch}에서 ${tp(e)}의 리더 ${josa(`broker-${e.leader}`, '을/를')} 따르기 시작했습니다.`,
    'kafka.fenced': (e) => `${FENCED[e.reason] ?? ''} 컨트롤러가 ${josa(`broker-${e.broker}`, '을/를')} 펜싱했습니다.`.trim(),
    'kafka.unfenced': (e) => `컨트롤러가 broker-${e.broker}의 펜싱을 풀었습니다.`,
    'producer.sent': (e) => `${josa(who(e.process), '이/가')} ${tp(e)}에 ${records(e.records)}을 acks=${acks(e.acks)} 설정으로 보냈습니다.`,
    'producer.retried': (e) => `${josa(who(e.process), '이/가')} ${failure(e.error)} ${tp(e)} ${records(e.records)}을 다시 보냈습니다(${e.attempt}번째).`,
    'producer.acknowledged': (e) =>
      e.baseOffset < 0
        ? `${josa(who(e.process), '이/가')} ${tp(e)} ${records(e.records)}을 보낸 것으로 칩니다. acks=0은 응답을 기다리지 않습니다.`
        : `${josa(who(e.process), '이/가')} ${tp(e)} ${records(e.records)}이 ${span(e.baseOffset, e.records)}에 저장되었다는 확인 응답을 받았습니다.`,
    'producer.failed': (e) => `${josa(who(e.process), '이/가')} ${failure(e.error)} ${tp(e)} ${records(e.records)} 보내기를 포기했습니다.`,
    'consumer.delivered': (e) => `${josa(who(e.process), '이/가')} ${tp(e)} ${records(e.records)}을 건네받았습니다. 읽기 위치는 ${e.nextOffset}입니다.`,
    'group.stateChanged': (e) => `${e.group} 그룹이 ${e.from} 상태에서 ${e.to} 상태로 바뀌었습니다. ${classic(e) ? '세대' : '그룹 에포크'} ${e.generation}, 멤버 ${e.members}개입니다.`,
    'group.memberJoined': (e) => `${josa(who(e.client), '이/가')} ${e.group} 그룹에 들어왔습니다.`,
    'group.memberLeft': (e) =>
      e.reason === 'left' ? `${josa(who(e.client), '이/가')} ${e.group} 그룹에서 나갔습니다.` : `${LEFT[e.reason] ?? ''} ${josa(who(e.client), '이/가')} ${e.group} 그룹에서 빠졌습니다.`.trim(),
    'group.assigned': (e) =>
      e.partitions === ''
        ? `${josa(who(e.client), '은/는')} ${e.group} 그룹 세대 ${e.generation}에서 파티션을 받지 못했습니다.`
        : `${josa(who(e.client), '이/가')} ${e.group} 그룹 세대 ${e.generation}에서 ${josa(e.partitions.replaceAll(',', ', '), '을/를')} 받았습니다.`,
    'offset.committed': (e) => `${e.group} 그룹이 ${tp(e)}의 오프셋 ${josa(e.offset, '을/를')} 커밋했습니다.`,
    'guest.console': (e) => `${josa(who(e.process), '이/가')} ${josa(e.level, '을/를')} 남겼습니다. ${e.text || e.args}`,
    'guest.uncaught': (e) => `${josa(who(e.process), '이/가')} ${e.file && e.line > 0 ? `${e.file}:${e.line}에서 ` : ''}${e.name}${e.code ? `(${e.code})` : ''} 오류를 잡지 않았습니다. ${e.message}`,
    'invariant.violated': (e) => {
      const what = lookup(ko.invariants, e.invariant)?.broken(e) ?? `${e.invariant} 불변식이 지켜지지 않습니다.`;
      return e.promised ? `위반입니다. ${what}` : `위반입니다. ${what} 여기서는 약속되지 않습니다. ${lookup(ko.unmet, e.unmet) ?? e.unmet}.`;
    },
    'limit.reached': (e) => `실행이 한도에 이르렀습니다. ${LIMITS[e.limit] ?? e.limit} ${count(e.amount)}입니다.`,
    'consumer.assigned': (e) =>
      e.partitions === ''
        ? `${josa(who(e.process), '이/가')} ${e.group} 그룹에서 새로 맡은 파티션이 없습니다.`
        : `${josa(who(e.process), '이/가')} ${e.group} 그룹에서 ${josa(e.partitions.replaceAll(',', ', '), '을/를')} 읽기 시작했습니다.`,
    'consumer.revoked': (e) =>
      e.lost
        ? `${josa(who(e.process), '이/가')} ${e.group} 그룹에서 빠져 ${josa(e.partitions.replaceAll(',', ', '), '을/를')} 잃었습니다. 읽은 데까지 커밋하지 못했습니다.`
        : e.owned === ''
          ? `${josa(who(e.process), '이/가')} ${e.group} 그룹에서 ${josa(e.partitions.replaceAll(',', ', '), '을/를')} 내놓았습니다.`
          : `${josa(who(e.process), '이/가')} ${e.group} 그룹에서 ${josa(e.partitions.replaceAll(',', ', '), '을/를')} 내놓고, ${josa(e.owned.replaceAll(',', ', '), '은/는')} 계속 읽습니다.`,
    'consumer.failed': (e) => `${josa(who(e.process), '이/가')} 폴링에서 ${e.error} 오류가 나 ${e.group} 그룹에서 읽기를 멈췄습니다.`,
    'group.memberReplaced': (e) => `${josa(who(e.client), '이/가')} 정적 멤버 ${josa(e.instance, '으로/로')} ${e.group} 그룹에 돌아와 이전 자신의 자리를 이어받았습니다.`,
    'transaction.stateChanged': (e) => {
      const what = `${e.transactionalId} 트랜잭션이 ${e.from} 상태에서 ${e.to} 상태로 바뀌었습니다. 프로듀서 에포크는 ${e.producerEpoch}입니다.`;
      return e.reason === 'timeout' ? `${what} 너무 오래 열려 있었기 때문입니다.` : e.reason === 'fencing' ? `${what} 새 프로듀서가 자리를 넘겨받았기 때문입니다.` : what;
    },
    'transaction.markerWritten': (e) => `${josa(who(e.process), '이/가')} ${tp(e)} 오프셋 ${e.offset}에 ${e.marker === 'COMMIT' ? '커밋' : '중단'} 마커를 적었습니다.`,
    'kafka.transactionOpened': (e) => `${tp(e)} 오프셋 ${e.firstOffset}에서 프로듀서 ${e.producerId}의 트랜잭션이 열렸습니다.`,
    'kafka.lastStableOffset': (e) =>
      e.offset < e.highWatermark
        ? `끝나지 않은 트랜잭션 때문에 ${tp(e)}의 마지막 안정 오프셋이 ${e.offset}에 머물러 있습니다. 하이 워터마크는 ${e.highWatermark}입니다.`
        : `${josa(tp(e), '을/를')} 붙잡는 트랜잭션이 없어, 마지막 안정 오프셋이 하이 워터마크와 같은 ${e.offset}입니다.`,
    'consumer.metTransaction': (e) => `${josa(who(e.process), '이/가')} 트랜잭션이 있는 ${josa(tp(e), '을/를')} isolation.level=${e.isolation} 설정으로 읽습니다.`,
    'consumer.skipped': (e) => `${josa(who(e.process), '이/가')} ${tp(e)} ${span(e.baseOffset, e.records)}에 있는 중단된 트랜잭션의 ${records(e.records)}을 건너뛰었습니다.`,
    'producer.transactionEnded': (e) => `${josa(who(e.process), '이/가')} ${records(e.records)}이 담긴 ${e.number}번째 트랜잭션이 ${e.committed ? '커밋되었다는' : '중단되었다는'} 응답을 받았습니다.`,
    'producer.fatal': (e) => `${josa(who(e.process), '이/가')} ${e.error} 오류 때문에 트랜잭션 ID ${josa(e.transactionalId, '으로/로')} 더는 보낼 수 없습니다.`,
    'kafka.segmentRolled': (e) => `${ROLLED[e.reason] ?? ''} ${josa(who(e.process), '이/가')} ${tp(e)}의 새 세그먼트를 오프셋 ${e.baseOffset}에서 시작했습니다.`.trim(),
    'kafka.logStartOffset': (e) => `${STARTED[e.reason] ?? ''} ${who(e.process)}에서 ${tp(e)} 로그가 이제 오프셋 ${e.offset}에서 시작합니다.`.trim(),
    'kafka.compacted': (e) => `${josa(who(e.process), '이/가')} ${tp(e)} 로그를 오프셋 ${e.toOffset} 앞까지 컴팩션했습니다. ${records(e.removed)}을 지우고 ${count(e.kept)}건을 남겼습니다.`,
    'kafka.tailLost': (e) => `전원이 끊기면서 ${josa(who(e.process), '이/가')} ${tp(e)}의 ${records(e.removed)}을 잃었습니다. 로그는 이제 ${e.toOffset}에서 끝납니다.`,
    'kafka.topicDeleted': (e) => `컨트롤러가 ${e.topic} 토픽을 레코드와 함께 삭제했습니다.`,
    'kafka.partitionsCreated': (e) => `컨트롤러가 ${e.topic} 토픽에 파티션 ${e.partitions - e.first}개를 더했습니다. 이제 ${e.partitions}개입니다.`,
    'kafka.configChanged': (e) => {
      const where =
        e.resource === 'topic'
          ? `${e.name} 토픽의`
          : e.resource === 'broker'
            ? `broker-${e.name}의`
            : e.resource === 'group'
              ? `${e.name} 그룹의`
              : e.resource === 'clientMetrics'
                ? `${e.name} 메트릭 구독의`
                : '모든 브로커의';
      if (e.removed) return `컨트롤러가 ${where} ${e.key} 설정을 기본값으로 되돌렸습니다.`;
      return `컨트롤러가 ${where} ${e.key} 설정을 ${e.value === '' ? '빈 값으로' : josa(e.value, '으로/로')} 바꿨습니다.`;
    },
    'kafka.quotaChanged': (e) => (e.removed ? `컨트롤러가 ${e.entity}의 ${e.key} 쿼터를 없앴습니다.` : `컨트롤러가 ${e.entity}의 ${e.key} 쿼터를 ${josa(e.value, '으로/로')} 정했습니다.`),
    'kafka.throttled': (e) => {
      const why = e.rate < 0 ? `${e.quota} 쿼터를 다 써서,` : `초당 ${count(e.rate)}바이트로 ${e.quota} 쿼터인 ${count(e.limit)}바이트를 넘어,`;
      return `${why} ${josa(who(e.process), '이/가')} ${count(e.throttleMs)}ms 동안 ${who(e.client)}의 요청을 읽지 않습니다.`;
    },
    'kafka.elrChanged': (e) => {
      const last = e.lastKnownElr === '' ? '' : ` 마지막으로 알려진 것은 ${brokers(e.lastKnownElr)}입니다.`;
      return e.elr === '' ? `${tp(e)}에서 ISR 밖의 어느 레플리카도 리더가 될 자격이 없습니다.${last}` : `${tp(e)}에서 ISR 밖에 있지만 유실 없이 리더가 될 수 있는 것은 ${brokers(e.elr)}입니다.${last}`;
    },
    'kafka.reassigned': (e) => {
      if (e.adding === '' && e.removing === '') return `${tp(e)}의 레플리카가 이제 ${brokers(e.replicas)}입니다.`;
      const parts = [e.adding && `추가 ${brokers(e.adding)}`, e.removing && `제거 ${brokers(e.removing)}`].filter(Boolean);
      return `${josa(tp(e), '을/를')} 재할당하고 있습니다(${parts.join(', ')}).`;
    },
    'kafka.replicaDropped': (e) => `${josa(who(e.process), '이/가')} ${e.logEndOffset}에서 끝나던 ${tp(e)} 로그를 지웠습니다.`,
    'kafka.shuttingDown': (e) => `컨트롤러가 종료하려는 broker-${e.broker}의 리더 역할을 다른 브로커로 옮기기 시작했습니다.`,
    'kafka.brokerJoined': (e) => `${josa(`broker-${e.broker}`, '이/가')} 클러스터에 들어왔습니다.`,
    'kafka.brokerLeft': (e) => `컨트롤러가 ${josa(`broker-${e.broker}`, '을/를')} 클러스터에서 뺐습니다.`,
    'group.epochBumped': (e) => `${BUMPED[e.reason] ?? ''} ${e.group} 그룹의 그룹 에포크가 ${josa(e.epoch, '이/가')} 되었습니다.`.trim(),
    'group.targetComputed': (e) => `${josa(who(e.process), '이/가')} ${e.assignor} 할당자로 ${e.group} 그룹의 에포크 ${e.epoch} 할당을 계산했습니다.`,
    'group.memberReconciled': (e) => {
      if (e.epoch < 0)
        return e.assigned === ''
          ? `${josa(who(e.client), '이/가')} ${e.group} 그룹을 잠시 비웠습니다. 자리는 남아 있습니다.`
          : `${josa(who(e.client), '이/가')} ${e.group} 그룹을 잠시 비웠습니다. ${josa(list(e.assigned), '은/는')} 그대로 남아 있습니다.`;
      if (e.state === 'UNREVOKED_PARTITIONS')
        return `${josa(who(e.client), '이/가')} ${e.group} 그룹의 에포크 ${josa(e.epoch, '을/를')} 벗어나려면 ${josa(list(e.pendingRevocation), '을/를')} 먼저 내놓아야 합니다.${e.assigned === '' ? '' : ` ${josa(list(e.assigned), '은/는')} 계속 읽습니다.`}`;
      const has = e.assigned === '' ? '맡은 파티션 없이' : `${josa(list(e.assigned), '을/를')} 맡아`;
      const at = `${josa(who(e.client), '이/가')} ${has} ${e.group} 그룹의 에포크 ${e.epoch}에 이르렀`;
      return e.state === 'STABLE' ? `${at}습니다.` : `${at}고, 다른 멤버가 아직 내놓지 않은 파티션을 기다립니다.`;
    },
    'share.acquired': (e) =>
      `${josa(who(e.client), '이/가')} ${e.group} 공유 그룹에서 ${tp(e)} ${josa(shared(e), '을/를')} 잠그고 받았습니다.${e.deliveryCount > 1 ? ` ${e.deliveryCount}번째 전달입니다.` : ''}`,
    'share.acknowledged': (e) => `${josa(who(e.client), '이/가')} ${e.group} 공유 그룹에서 ${tp(e)} ${shared(e)} 처리를 마쳤습니다.`,
    'share.released': (e) =>
      e.reason === 'lockTimeout'
        ? `${e.client === '' ? '멤버' : who(e.client)}의 잠금 시간이 지나 ${e.group} 공유 그룹이 ${tp(e)} ${josa(shared(e), '을/를')} 다시 전달합니다.`
        : `${e.client === '' ? '멤버가' : josa(who(e.client), '이/가')} ${e.reason === 'sessionClosed' ? '끝나면서 ' : ''}${tp(e)} ${josa(shared(e), '을/를')} 내놓아 ${e.group} 공유 그룹이 다시 전달합니다.`,
    'share.archived': (e) => `${ARCHIVED[e.reason] ?? ''} ${e.group} 공유 그룹이 ${tp(e)} ${josa(shared(e), '을/를')} 더는 전달하지 않습니다.`.trim(),
    'share.startMoved': (e) => `${e.group} 공유 그룹이 ${tp(e)}의 오프셋 ${e.startOffset} 앞을 모두 끝냈습니다. 그 뒤로 ${records(e.inFlight)}이 처리 중입니다.`,
    'group.converted': (e) =>
      e.members === 0
        ? `${e.group} 그룹은 비어 있어서 오프셋만 그대로 두고 ${e.to === 'consumer' ? '컨슈머' : '클래식'} 그룹으로 새로 시작합니다.`
        : e.to === 'consumer'
          ? `${e.group} 그룹이 컨슈머 그룹으로 전환되었습니다. 클래식 프로토콜 멤버 ${e.members}개가 그대로 남고, ${josa(`세대 ${e.generation}`, '이/가')} 그룹 에포크가 됩니다.`
          : `${e.group} 그룹이 다시 클래식 그룹이 되었습니다. 멤버는 ${e.members}개이고, ${josa(`그룹 에포크 ${e.generation}`, '이/가')} 세대가 됩니다.`,
    'group.loaded': (e) => `${josa(who(e.process), '이/가')} ${e.group} 그룹의 코디네이터가 되어 그룹을 읽어 들였습니다. ${e.state} 상태, 그룹 에포크 ${e.epoch}, 멤버 ${e.members}개입니다.`,
  },
  faults: {
    kill: { name: '강제 종료', does: '프로세스를 즉시 끝냅니다. 메모리는 사라지고 디스크는 남으며, 연결은 끊깁니다.', on: (t) => `${t} 강제 종료` },
    restart: { name: '재시작', does: '끝난 프로세스를 디스크는 그대로, 메모리는 비운 채 다시 시작합니다.', on: (t) => `${t} 재시작` },
    pause: { name: '일시 정지', does: '긴 가비지 컬렉션처럼, 시간은 흐르는데 프로세스만 얼어붙습니다.', on: (t) => `${t} 일시 정지` },
    cut: { name: '연결 끊기', does: '끝날 때까지 둘 사이에 아무것도 오가지 못합니다. TCP는 계속 다시 보냅니다.', on: (t) => `${t} 연결 끊기` },
    delay: { name: '지연', does: '이 연결의 모든 메시지가 정한 시간만큼 늦어집니다.', on: (t) => `${t} 지연` },
    loss: { name: '메시지 유실', does: '정한 비율만큼 전송이 유실됩니다. TCP는 시간이 지나면 다시 보냅니다.', on: (t) => `${t} 메시지 유실` },
    shutdown: { name: '정상 종료', does: '프로세스를 갑자기 끊지 않고 끝냅니다. 브로커는 리더 역할을 먼저 다른 브로커로 옮기고, 컨슈머는 커밋하고 그룹에서 나갑니다.', on: (t) => `${t} 정상 종료` },
    powerloss: {
      name: '전원 차단',
      does: '호스트 전원이 나갑니다. 메모리가 사라지고 연결은 아무 신호 없이 조용해지며, 디스크에는 운영체제가 이미 내려쓴 데이터만 남습니다.',
      on: (t) => `${t} 전원 차단`,
    },
  },
  invariants: {
    'acknowledged-kept': {
      title: '유실 없음',
      sentence: 'acks=all로 보내 ISR 두 개 이상이 저장하고 확인 응답한 레코드는 그 뒤 모든 리더의 로그에 있습니다.',
      broken: (e) => (e.offset >= 0 ? `${tp(e)} 오프셋 ${e.offset}의 확인 응답한 레코드가 새 리더의 로그에 없습니다.` : `${tp(e)}의 확인 응답한 레코드가 새 리더의 로그에 없습니다.`),
    },
    'delivered-stands': {
      title: '읽힌 레코드 그대로',
      sentence: '컨슈머가 건네받은 레코드는 그 오프셋에서 다른 레코드로 바뀌지 않습니다.',
      broken: (e) => `${tp(e)} 오프셋 ${e.offset}에 컨슈머가 건네받은 것과 다른 레코드가 있습니다.`,
    },
    'high-watermark-forward': {
      title: '하이 워터마크 전진',
      sentence: '레플리카마다 하이 워터마크는 로그를 잘라 낼 때만 뒤로 갑니다.',
      broken: (e) => `${e.subject || '한 레플리카'}에서 ${tp(e)}의 하이 워터마크가 ${josa(e.offset, '으로/로')} 되돌아갔습니다.`,
    },
    'log-bounds': {
      title: '오프셋 순서',
      sentence: '레플리카마다 로그 시작 ≤ 마지막 안정 오프셋 ≤ 하이 워터마크 ≤ 로그 끝입니다.',
      broken: (e) => `${e.subject || '한 레플리카'}에서 ${tp(e)}의 로그 시작, 마지막 안정 오프셋, 하이 워터마크, 로그 끝의 순서가 어긋났습니다.`,
    },
    'key-order': {
      title: '키별 순서',
      sentence: '한 프로듀서가 한 키로 보낸 레코드는 처음 나타난 순서로 볼 때 보낸 순서대로 파티션에 있습니다.',
      broken: (e) => (e.key ? `${e.key} 키의 레코드가 보낸 순서와 다르게 ${tp(e)}에 있습니다.` : `키 없는 레코드가 보낸 순서와 다르게 ${tp(e)}에 있습니다.`),
    },
    'no-duplicates': {
      title: '배치 중복 없음',
      sentence: '한 로그에 같은 프로듀서 ID, 에포크, 시퀀스 번호가 두 번 있지 않습니다.',
      broken: (e) => `${tp(e)}에 같은 배치가 두 번 있습니다. 두 번째는 오프셋 ${e.offset}입니다.`,
    },
    'one-owner': {
      title: '파티션 주인 하나',
      sentence: '그룹의 한 세대에서 파티션마다 주인은 하나입니다. 브로커가 할당하는 그룹에서는 멤버가 다음 에포크로 옮겨 가는 동안에도 그렇습니다.',
      broken: (e) => `${e.subject || '한 그룹'}의 두 멤버가 ${josa(tp(e), '을/를')} 동시에 가졌습니다.`,
    },
    'replicas-agree': {
      title: '레플리카 일치',
      sentence: 'ISR의 로그는 하이 워터마크까지 서로 같습니다.',
      broken: (e) => `${e.subject || '한 레플리카'}의 ${tp(e)} 로그가 하이 워터마크보다 앞인 오프셋 ${e.offset}에서 리더와 다릅니다.`,
    },
    'read-committed': {
      title: '커밋된 것만 읽기',
      sentence: 'isolation.level=read_committed로 읽는 컨슈머는 끝나지 않았거나 중단된 트랜잭션의 레코드를 받지 않습니다.',
      broken: (e) => `read_committed로 읽는 ${josa(e.subject || '한 컨슈머', '이/가')} 커밋되지 않은 트랜잭션의 레코드를 ${tp(e)} 오프셋 ${e.offset}에서 받았습니다.`,
    },
    'markers-hidden': {
      title: '마커는 숨김',
      sentence: '트랜잭션을 끝내는 마커는 오프셋을 하나 차지하지만, 애플리케이션이 건네받는 일은 없습니다.',
      broken: (e) => `${josa(e.subject || '한 컨슈머', '이/가')} ${tp(e)} 오프셋 ${e.offset}에 있는 마커를 건네받았습니다.`,
    },
    'offsets-kept': {
      title: '오프셋 불변',
      sentence: '보존 규칙과 컴팩션이 남긴 레코드는 오프셋이 그대로입니다. 적힌 자리에서 읽힙니다.',
      broken: (e) => `${e.key ? `${e.key} 키의 ` : ''}레코드가 적힌 적 없는 ${tp(e)} 오프셋 ${e.offset}에서 읽혔습니다.`,
    },
    'output-complete': {
      title: '빠진 결과 없음',
      sentence: '스트림 잡이 끝나면 장애가 없었을 때 나왔을 결과를 모두 토픽에서 읽을 수 있습니다.',
      broken: (e) => `장애 없는 실행에는 있는 ${e.key ? `${e.key}의 ` : ''}결과가 ${e.topic} 토픽에 없습니다.`,
    },
    'output-once': {
      title: '중복된 결과 없음',
      sentence: '스트림 잡이 끝나면 커밋된 결과 가운데 장애 없는 실행에 없는 것도, 더 여러 번 나온 것도 없습니다.',
      broken: (e) => `장애 없는 실행에 없거나 더 적게 나오는 ${e.key ? `${e.key}의 ` : ''}결과가 ${e.topic} 토픽에 있습니다.`,
    },
  },
  unmet: {
    checkpoints: '잡이 체크포인트를 뜨지 않습니다',
    'sink-at-least-once': '싱크가 체크포인트에서 확인 응답을 기다리지 않습니다',
    'sink-exactly-once': '싱크가 트랜잭션으로 쓰지 않습니다',
    'mode-exactly-once': '체크포인트 모드가 at-least-once입니다',
    'not-drained': '잡을 직접 비우며 끝냈고, 그때까지 읽은 양은 장애에 따라 달라집니다',
    'same-input': '장애 때문에 잡에 들어온 입력이 달라졌습니다',
    'no-late-records': '윈도우에 늦은 레코드가 있었고, 다시 시작하면 어느 레코드가 늦는지 달라질 수 있습니다',
    'transaction-timeout': 'transaction.timeout.ms 설정이 너무 짧아 커밋하기 전에 Kafka가 트랜잭션을 중단했습니다',
    'acks-all': 'acks 설정이 all이 아닙니다',
    'min-insync-2': 'min.insync.replicas 설정이 2보다 작습니다',
    'clean-election': '언클린 리더 선출이 켜져 있습니다',
    idempotence: '멱등성이 꺼져 있고 전송 중 요청이 둘 이상입니다',
    power: '로그가 디스크에 적히기 전에 호스트 전원이 나갔습니다',
  },
  faultErrors: {
    empty: (e) => `장애를 적은 줄이 아닙니다. ${e.hint}처럼 쓰세요.`,
    unknownKind: (e) => `${e.part}라는 장애는 없습니다. 비슷한 것은 ${e.hint}입니다.`,
    target: (e) => (e.part ? `${josa(e.part, '은/는')} 대상이 될 수 없습니다. ${e.hint}처럼 쓰세요.` : `대상이 빠졌습니다. ${e.hint}처럼 쓰세요.`),
    needsProcess: (e) => `이 장애의 대상은 프로세스 하나인데 ${josa(e.part, '은/는')} 연결입니다. ${e.hint}처럼 쓰세요.`,
    needsLink: (e) => `이 장애의 대상은 연결인데 ${josa(e.part, '은/는')} 프로세스입니다. ${e.hint}처럼 쓰세요.`,
    needsBroker: (e) => `정상 종료는 브로커와 컨슈머에만 할 수 있는데 ${josa(e.part, '은/는')} 둘 다 아닙니다. ${e.hint}처럼 쓰세요.`,
    unknownProcess: (e) => `이름이 ${e.part}인 프로세스는 없습니다. 비슷한 것은 ${e.hint}입니다.`,
    time: (e) =>
      e.part ? `${josa(e.part, '은/는')} 시간이 아닙니다. ${e.hint}처럼 정수에 us, ms, s, m 가운데 하나를 붙이세요.` : `시간이 빠졌습니다. ${e.hint}처럼 정수에 us, ms, s, m 가운데 하나를 붙이세요.`,
    noAt: (e) => `장애가 언제 시작하는지 적혀 있지 않습니다. ${josa(e.hint, '을/를')} 덧붙이세요.`,
    option: (e) => `${josa(e.part, '은/는')} 이 장애의 옵션이 아닙니다. ${josa(e.hint, '을/를')} 쓰세요.`,
    lateOption: (e) => `${josa(e.part, '이/가')} 시각 뒤에 있습니다. ${e.hint}처럼 시각 앞에 쓰세요.`,
    needsBy: (e) => `지연에는 더할 시간이 필요합니다. ${josa(e.hint, '을/를')} 덧붙이세요.`,
    share: (e) => `메시지 유실에는 1 이하의 분수로 적은 비율이 필요합니다. ${josa(e.hint, '을/를')} 덧붙이세요.`,
    trailing: (e) => `끝에 ${josa(e.part, '이/가')} 남습니다. 시간 뒤에는 ${e.hint}처럼 지속 시간만 올 수 있습니다.`,
    range: (e) => `${josa(e.part, '은/는')} 범위를 벗어났습니다. ${e.hint} 안에서 쓰세요.`,
  },
  roles: { broker: '브로커', controller: '컨트롤러', producer: '프로듀서', consumer: '컨슈머', guest: '내 코드', jobmanager: '잡 매니저', taskmanager: '태스크 매니저' },
  ended: {
    horizon: '정해진 끝까지 실행했습니다.',
    violation: '불변식 위반에서 실행을 멈추었습니다.',
    limit: '한도에서 실행을 멈추었습니다.',
    guestStopped: '코드가 응답하지 않아 실행을 멈추었습니다. 이 실행은 되풀이할 수 없어 해시가 없습니다.',
  },
};

const BUMPED: Readonly<Record<string, string>> = {
  joined: '멤버가 들어와',
  left: '멤버가 빠져',
  subscription: '멤버의 구독이 바뀌어',
  metadata: '읽는 토픽이 바뀌어',
  regex: '정규식에 맞는 토픽이 바뀌어',
};
const ARCHIVED: Readonly<Record<string, string>> = {
  rejected: '멤버가 거부해',
  deliveryLimit: '전달 횟수 한도에 이르러',
  gap: '애플리케이션에 줄 레코드가 없어',
  logStart: '로그가 더 뒤에서 시작해',
};
const LEFT: Readonly<Record<string, string>> = {
  sessionExpired: '세션 동안 하트비트가 없어',
  rebalanceTimeout: '제때 다시 들어오지 않아',
  syncTimeout: '제때 할당을 가져가지 않아',
  groupFull: '그룹이 가득 차',
};
const ROLLED: Readonly<Record<string, string>> = {
  size: '쓰던 세그먼트가 가득 차',
  time: '쓰던 세그먼트가 오래되어',
  index: '쓰던 세그먼트의 인덱스가 가득 차',
  retention: '쓰던 세그먼트의 레코드가 모두 보존 기간을 넘겨',
};
const STARTED: Readonly<Record<string, string>> = {
  retentionTime: '보존 기간이 지난 레코드를 지워',
  retentionSize: '로그가 retention.bytes보다 커서',
  deleteRecords: '클라이언트가 앞쪽 레코드를 지워',
  leader: '리더를 따라',
  outOfRange: '리더에 앞쪽 레코드가 더는 없어',
};
const FENCED: Readonly<Record<string, string>> = { sessionTimeout: '세션 동안 하트비트가 없어', newRegistration: '새로 등록해서', shutdown: '종료를 시작해서' };
const LIMITS: Readonly<Record<string, string>> = { events: '이벤트 수', payloadBytes: '페이로드 바이트', processes: '프로세스 수', virtualMs: '가상 시간 밀리초' };

function faultName(kind: string, line: string): string {
  return lookup(ko.faults, kind as FaultKind)?.on(faultTarget(line)) ?? line;
}
