// What events of stream jobs say in Korean.
import { grouped } from './contract.ts';
import { josa } from './josa.ts';
import { END_STATE, stageOf } from '../streams/cep/graph.ts';
import { clock, subtask, taskName, type StreamSentences } from './streams.ts';

const duration = (us: number) => (us < 1000 ? `${us}µs` : us < 10_000_000 ? `${Math.round(us / 100) / 10}ms` : `${Math.round(us / 100_000) / 10}초`);
const at = (timeMs: number) => clock(timeMs) ?? (timeMs > 0 ? '스트림 끝' : '시각 없음');
const of = (key: string) => (key === '' ? '' : `${key}의 `);
const windowText = (e: { startMs: number; endMs: number }) => (clock(e.endMs) === null ? '글로벌 윈도우' : `${at(e.startMs)}~${at(e.endMs)} 윈도우`);
const kind = (e: { kind: string; checkpoint: number }) => `${e.kind === 'savepoint' ? '세이브포인트' : '체크포인트'} ${e.checkpoint}번`;
const because = (reason: string) => (reason === '' ? '' : ` 이유: ${reason}.`);

const STATES: Readonly<Record<string, string>> = {
  CREATED: '태스크 슬롯을 기다립니다',
  RUNNING: '실행 중입니다',
  FAILING: '실패하여 태스크를 취소하고 있습니다',
  RESTARTING: '다시 시작하기를 기다립니다',
  FINISHED: '끝났습니다',
  FAILED: '완전히 실패했습니다',
  SUSPENDED: '세이브포인트를 남기고 멈췄습니다',
};
const TASKS: Readonly<Record<string, string>> = { DEPLOYING: '배치되고 있습니다', RUNNING: '실행 중입니다', FINISHED: '끝났습니다', CANCELED: '취소되었습니다', FAILED: '실패했습니다' };
const ENDS: Readonly<Record<string, string>> = {
  condition: '이벤트가 조건에 맞지 않았습니다',
  contiguity: '다른 이벤트가 사이에 끼었습니다',
  until: '반복이 끝났고, 다음 단계는 이 이벤트를 받지 않았습니다',
  stop: '오면 안 되는 이벤트가 왔습니다',
  skip: '먼저 찾은 매치가 건너뛰게 했습니다',
  time: '제한 시간이 지났습니다',
};
/** How a partial match came to where it waits. The numbers of the automaton's states count from its end: they do not tell which take of a loop it is. */
const MOVED: Readonly<Record<string, string>> = { start: '시작되어 ', take: '이벤트를 받아 ', ignore: '이벤트를 지나치고 ' };
const BY: Readonly<Record<string, string>> = {
  forward: '서브태스크끼리 일대일로',
  hash: '키에 따라 나누어',
  rebalance: '차례로 돌아가며',
  broadcast: '서브태스크마다 모두',
  global: '첫 서브태스크에서만 모두',
};
const FAILURES: Readonly<Record<string, string>> = {
  expired: '제한 시간 안에 끝나지 않았습니다',
  declined: '참여하지 못한 태스크가 있습니다',
  jobFailed: '그사이 잡이 실패했습니다',
  subsumed: '더 나중 것이 먼저 완료되었습니다',
};

export const streamsKo: StreamSentences = {
  'job.stateChanged': (e) => `잡 ${josa(e.job, '이/가')} ${STATES[e.to] ?? e.to}.${because(e.reason)}${e.delayMs >= 0 ? ` 다음 시도까지 ${duration(e.delayMs * 1000)} 남았습니다.` : ''}`,
  'job.restored': (e) => `잡 ${e.job}의 ${e.attempt}번째 시도가 체크포인트 ${e.checkpoint}번의 상태로 시작합니다.`,
  'job.operatorPlanned': (e) => `잡 ${e.job}의 ${e.attempt}번째 시도에서 연산자 ${josa(e.operator, '은/는')} 태스크 ${e.task}의 서브태스크 ${e.parallelism}개로 돕니다.`,
  'job.channelsPlanned': (e) => `잡 ${e.job}의 ${e.attempt}번째 시도에서 태스크 ${josa(e.task, '은/는')} 태스크 ${e.fromTask}의 출력을 ${BY[e.partitioning] ?? e.partitioning} 읽습니다.`,
  'task.stateChanged': (e) => `${e.attempt}번째 시도의 ${josa(taskName(e), '이/가')} ${TASKS[e.to] ?? e.to}.${because(e.reason)}`,
  'task.loaded': (e) => `${josa(taskName(e), '은/는')} 지난 1초 가운데 ${e.busyPermille / 10}%를 일하고 ${e.backPressuredPermille / 10}%를 출력이 비기를 기다렸습니다.`,
  'operator.received': (e) => `${josa(subtask(e), '이/가')} 이벤트 시간이 ${at(e.timestampMs)}인 ${of(e.key)}레코드를 받았습니다.`,
  'operator.emitted': (e) => `${josa(subtask(e), '이/가')} ${of(e.key)}결과 ${josa(e.value, '을/를')} 냈습니다.`,
  'watermark.advanced': (e) => `${subtask(e)}의 워터마크가 ${at(e.watermarkMs)} 시점으로 나아갔습니다.`,
  'watermark.idle': (e) => (e.idle ? `${josa(subtask(e), '이/가')} 유휴 상태가 되어 이벤트 시간을 붙잡지 않습니다.` : `${josa(subtask(e), '이/가')} 다시 활동합니다.`),
  'source.splitDiscovered': (e) => `${josa(subtask(e), '이/가')} 새로 생긴 파티션 ${josa(`${e.topic}-${e.partition}`, '을/를')} 발견해 처음부터 읽습니다.`,
  'source.splitPaused': (e) =>
    e.paused
      ? `${josa(subtask(e), '이/가')} ${e.topic}-${e.partition} 읽기를 멈췄습니다. ${at(e.watermarkMs)}까지 가서 다른 파티션보다 너무 앞섰습니다.`
      : `${josa(subtask(e), '이/가')} ${josa(`${e.topic}-${e.partition}`, '을/를')} 다시 읽습니다.`,
  'window.fired': (e) => `${josa(subtask(e), '이/가')} ${of(e.key)}${windowText(e)}의 결과를 냈습니다.`,
  'window.closed': (e) => `${josa(subtask(e), '이/가')} ${of(e.key)}${windowText(e)}의 상태를 지웠습니다.`,
  'operator.late': (e) =>
    `이벤트 시간이 ${at(e.timestampMs)}인 ${of(e.key)}레코드가 ${subtask(e)}에 너무 늦게 왔습니다. 워터마크는 ${at(e.watermarkMs)}입니다. ${e.kept ? '사이드 출력으로 보냈습니다.' : '버렸습니다.'}`,
  'checkpoint.triggered': (e) => `코디네이터가 잡 ${e.job}의 ${josa(kind(e), '을/를')} 시작했습니다.`,
  'barrier.received': (e) =>
    `체크포인트 ${e.checkpoint}번의 배리어가 ${taskName(e)}의 채널 ${e.channels}개 가운데 ${e.channel + 1}번으로 왔습니다.${e.blocked ? ' 이 채널은 다른 배리어를 기다립니다.' : ''}`,
  'checkpoint.snapshotTaken': (e) =>
    `${josa(taskName(e), '이/가')} 체크포인트 ${e.checkpoint}번에 넣을 스냅샷을 떴습니다.${e.alignmentUs > 0 ? ` 배리어 정렬에 ${duration(e.alignmentUs)} 걸렸습니다.` : ''}${e.inFlight > 0 ? ` 전송 중이던 레코드 ${grouped(e.inFlight)}건도 담았습니다.` : ''}`,
  'checkpoint.acknowledged': (e) => `코디네이터가 체크포인트 ${e.checkpoint}번에서 ${taskName(e)}의 몫을 받았습니다.`,
  'checkpoint.completed': (e) => `잡 ${e.job}의 ${josa(kind(e), '이/가')} ${duration(e.durationUs)} 만에 완료되었습니다.`,
  'checkpoint.failed': (e) => `잡 ${e.job}의 ${josa(kind(e), '이/가')} 실패했습니다. ${FAILURES[e.reason] ?? e.reason}.`,
  'sink.transactionChanged': (e) => {
    const id = e.transactionalId;
    if (e.to === 'begun') return `${josa(subtask(e), '이/가')} 트랜잭션 ${josa(id, '을/를')} 시작했습니다.`;
    if (e.to === 'preCommitted') return `${josa(subtask(e), '이/가')} 트랜잭션 ${id}에 쓸 것을 모두 썼습니다. 체크포인트 ${e.checkpoint}번이 완료되면 커밋합니다.`;
    if (e.to === 'committed') return `${josa(subtask(e), '이/가')} 트랜잭션 ${josa(id, '을/를')} 커밋했습니다. 이제 그 레코드를 읽을 수 있습니다.`;
    if (e.to === 'aborted') return `${josa(subtask(e), '이/가')} 트랜잭션 ${josa(id, '을/를')} 중단했습니다.`;
    return `${josa(subtask(e), '이/가')} 체크포인트 ${e.checkpoint}번에 든 트랜잭션 ${josa(id, '을/를')} 커밋하지 못했습니다(${e.reason}). 그 레코드는 사라졌습니다.`;
  },
  'cep.stateEntered': (e) =>
    `${subtask(e)}에서 ${of(e.key)}부분 매치 ${e.match}번이 ${e.state === END_STATE ? '다 맞았습니다' : `${MOVED[e.action] ?? ''}${stageOf(e.state)} 단계에서 ${e.action === 'ignore' ? '계속 ' : ''}기다립니다`}.`,
  'cep.matchPruned': (e) =>
    `${subtask(e)}에서 ${of(e.key)}부분 매치 ${e.match}번이 ${e.state === END_STATE ? '다 맞았지만 버려집니다' : `${stageOf(e.state)} 단계에서 끝났습니다`}. ${ENDS[e.reason] ?? e.reason}.`,
  'cep.matched': (e) => `${subtask(e)}에서 ${of(e.key)}패턴이 매치되었습니다.`,
  'cep.limitReached': (e) => `${subtask(e)}에 ${of(e.key)}부분 매치가 한도인 ${grouped(e.partialMatches)}개까지 쌓여 태스크가 실패합니다.`,
};
