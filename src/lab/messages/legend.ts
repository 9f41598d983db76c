// What the marks of the stage mean.
import type { Language } from '../../app/preferences.ts';
import type { LegendId } from '../legend/scenes.ts';
import type { StreamLegendId } from '../legend/stream-scenes.ts';

interface LegendWords {
  readonly title: string;
  readonly button: string;
  readonly log: string;
  readonly system: string;
  readonly streams: string;
  readonly says: Readonly<Record<LegendId | StreamLegendId, string>>;
}

export const LEGEND_WORDS: Readonly<Record<Language, LegendWords>> = {
  en: {
    title: 'What the marks mean',
    button: 'Legend',
    log: 'In a log, oldest on the left',
    system: 'Between processes',
    streams: 'In a stream job',
    says: {
      key: 'A record. Its color is its key, the same everywhere; the letters are the end of it',
      committed: 'Committed: below the high watermark',
      appended: 'Appended and not yet committed',
      highWatermark: 'High watermark (HW): readers see what is left of it',
      reader: 'A group: the caret is its position, the bar its committed offset, the tint its lag',
      mine: 'Sent by your code',
      offline: 'On a replica that is down or out of sync',
      lost: 'Acknowledged, and gone from the leader’s log',
      open: 'Part of a transaction that is open',
      aborted: 'Part of a transaction that was aborted',
      markers: 'Marker that ends a transaction: committed, aborted',
      lastStableOffset: 'Last stable offset (LSO): read_committed stops here',
      tombstone: 'A tombstone: its value is null, and it deletes its key',
      compacted: 'A gap: compaction took the record, because a newer one has its key or the time of a tombstone was up',
      leader: 'The leader of a partition, with its log end offset',
      inSync: 'A follower in sync',
      outOfSync: 'A replica out of sync or down',
      records: 'A message with records, at its true place for this moment',
      acknowledgment: 'An acknowledgment to a producer',
      other: 'Any other message: fetches, heartbeats, metadata',
      troubled: 'Sent again, or slowed by a fault',
      barrier: 'A barrier of a checkpoint in a channel between two subtasks',
      blocked: 'A barrier that has come: its channel waits for the barriers of the others',
      part: 'A subtask’s part of the checkpoint: taken, stored',
      load: 'How a subtask spent the last second: working, back-pressured',
      watermark: 'Watermark: a record that comes left of it is late',
      windowOpen: 'A window that is open',
      windowFired: 'A window that has fired and still takes late records',
      windowClosed: 'A window that has fired and is closed',
      lateDropped: 'A late record, dropped',
      lateKept: 'A late record, sent to the side output',
      undone: 'A record whose work was undone by a restart; it is to come again',
      second: 'A record of the second input of a join',
    },
  },
  ko: {
    title: '표시의 뜻',
    button: '범례',
    log: '로그 안, 왼쪽이 과거',
    system: '프로세스 사이',
    streams: '스트림 잡 안',
    says: {
      key: '레코드. 색은 키이며 어디서나 같습니다. 글자는 키의 끝자리입니다',
      committed: '커밋됨: 하이 워터마크 앞',
      appended: '추가되었지만 아직 커밋 전',
      highWatermark: '하이 워터마크(HW): 컨슈머는 이 왼쪽만 봅니다',
      reader: '그룹: 세모는 읽기 위치, 막대는 커밋한 오프셋, 옅은 띠는 랙',
      mine: '내 코드가 보낸 레코드',
      offline: '꺼졌거나 동기화되지 않은 레플리카의 레코드',
      lost: '확인 응답까지 했지만 리더의 로그에서 사라진 레코드',
      open: '열린 트랜잭션에 든 레코드',
      aborted: '중단된 트랜잭션에 든 레코드',
      markers: '트랜잭션을 끝내는 마커: 커밋, 중단',
      lastStableOffset: '마지막 안정 오프셋(LSO): read_committed는 여기서 멈춥니다',
      tombstone: '툼스톤(tombstone): 값이 null이고, 그 키를 지우는 레코드',
      compacted: '빈칸: 같은 키의 더 새로운 레코드가 있거나 툼스톤의 보관 시간이 지나 컴팩션이 지운 자리',
      leader: '파티션의 리더와 로그 끝 오프셋',
      inSync: '동기화된 팔로워',
      outOfSync: '동기화되지 않았거나 꺼진 레플리카',
      records: '레코드를 담은 메시지. 지금 시각의 실제 위치에 있습니다',
      acknowledgment: '프로듀서에게 가는 확인 응답',
      other: '그 밖의 메시지: 페치, 하트비트, 메타데이터',
      troubled: '다시 보냈거나 장애 때문에 느려진 메시지',
      barrier: '두 서브태스크 사이 채널에 있는 체크포인트의 배리어',
      blocked: '도착한 배리어. 이 채널은 다른 채널의 배리어를 기다립니다',
      part: '체크포인트에서 서브태스크의 몫: 떴음, 저장됨',
      load: '서브태스크가 지난 1초를 보낸 방식: 일함, 백프레셔',
      watermark: '워터마크: 이 왼쪽에 오는 레코드는 늦은 레코드입니다',
      windowOpen: '열린 윈도우',
      windowFired: '발동했지만 늦은 레코드를 아직 받는 윈도우',
      windowClosed: '발동하고 닫힌 윈도우',
      lateDropped: '늦어서 버린 레코드',
      lateKept: '늦어서 사이드 출력으로 보낸 레코드',
      undone: '재시작으로 처리가 되돌려진 레코드. 다시 옵니다',
      second: '조인의 두 번째 입력으로 온 레코드',
    },
  },
};
