// What a finding says, in both languages: the first wrong event as a story, and both halves where one property was traded for another.
import { josa } from '../../../../simulations/text/josa.ts';
import type { Bilingual, CodeMark, Facts, Finding, Lang } from '../../../contract.ts';

export type DiagnosisId =
  | 'no-key'
  | 'keyed-by-content'
  | 'keyed-by-type'
  | 'split-by-content'
  | 'salted-user'
  | 'partition-by-hand'
  | 'several-keys'
  | 'sent-out-of-order'
  | 'one-key'
  | 'hot-title'
  | 'few-keys'
  | 'heavy-partition'
  | 'stopped-by-error'
  | 'send-failed'
  | 'sent-not-stored'
  | 'ended-early'
  | 'never-sent'
  | 'not-events';

export const DIAGNOSES: Readonly<Record<DiagnosisId, Bilingual<(f: Facts) => string>>> = {
  'no-key': {
    ko: (f) =>
      `\`${f.user}\` 사용자의 \`${f.before}\` 이벤트(${f.beforeId})는 파티션 ${f.beforePartition}에, 뒤이은 \`${f.after}\` 이벤트(${f.afterId})는 파티션 ${f.afterPartition}에 있습니다. 키가 없으면 kafkajs 프로듀서는 파티션을 돌아가며 고릅니다. 그래서 한 사람의 시청 기록이 로그 여러 개로 흩어졌고, 로그와 로그 사이에는 순서가 없습니다. ${readKo(f)} 부하는 고르지만(가장 많은 파티션이 ${f.fullestPercent}%) 순서를 잃었습니다.`,
    en: (f) =>
      `The \`${f.before}\` of \`${f.user}\` (${f.beforeId}) stands in partition ${f.beforePartition}, the \`${f.after}\` that followed (${f.afterId}) in partition ${f.afterPartition}. Without a key the kafkajs producer takes the partitions in turn, so one viewer’s evening is spread over several logs, and between logs there is no order. ${readEn(f)} The load is even (the fullest partition took ${f.fullestPercent}%), but order is gone.`,
  },
  'keyed-by-content': {
    ko: (f) =>
      `\`${f.user}\` 사용자가 ${f.beforeContent}에서 ${josa(f.afterContent!, '으로/로')} 작품을 바꾸자 키도 함께 바뀌었습니다. \`${f.before}\` 이벤트(${f.beforeId})는 파티션 ${f.beforePartition}에, 다음 \`${f.after}\` 이벤트(${f.afterId})는 파티션 ${f.afterPartition}에 있어서 둘 사이에는 순서가 없습니다. ${readKo(f)} 게다가 모두가 한 작품을 보는 날에는 그 작품의 파티션 하나에 부하가 몰립니다.`,
    en: (f) =>
      `When \`${f.user}\` went from ${f.beforeContent} to ${f.afterContent}, the key changed with the title. The \`${f.before}\` (${f.beforeId}) stands in partition ${f.beforePartition}, the next \`${f.after}\` (${f.afterId}) in partition ${f.afterPartition}, so nothing orders the two. ${readEn(f)} And on a night when everybody watches one title, its partition carries everybody.`,
  },
  'keyed-by-type': {
    ko: (f) =>
      `키가 이벤트 종류라서 \`${f.before}\` 이벤트는 모두 파티션 ${f.beforePartition}에, \`${f.after}\` 이벤트는 모두 파티션 ${f.afterPartition}에 모였습니다. 같은 종류끼리는 순서가 있지만, \`${f.user}\` 사용자의 ${f.beforeId} 다음에 ${josa(f.afterId!, '이/가')} 왔다는 사실은 어느 로그에도 없습니다. ${readKo(f)}`,
    en: (f) =>
      `The key is the kind of event: every \`${f.before}\` is in partition ${f.beforePartition}, every \`${f.after}\` in partition ${f.afterPartition}. Events of one kind are in order; that ${f.afterId} of \`${f.user}\` came after ${f.beforeId} stands in no log at all. ${readEn(f)}`,
  },
  'split-by-content': {
    ko: (f) =>
      `키에 작품이 들어 있어서 한 사용자가 작품 수만큼 키를 갖습니다. \`${f.user}\` 사용자의 키는 \`${f.beforeKey}\`에서 ${josa(`\`${f.afterKey}\``, '으로/로')} 바뀌었고, 앞 작품의 \`${f.before}\` 이벤트는 파티션 ${f.beforePartition}에, 다음 작품의 \`${f.after}\` 이벤트는 파티션 ${f.afterPartition}에 있습니다. ${readKo(f)} 작품 하나를 보는 동안의 순서와 균형(최대 ${f.fullestPercent}%)은 지켰지만, 작품이 바뀌는 순간의 순서를 잃었습니다.`,
    en: (f) =>
      `The title is part of the key, so a viewer has as many keys as titles. The key of \`${f.user}\` went from \`${f.beforeKey}\` to \`${f.afterKey}\`: the \`${f.before}\` of the last title stands in partition ${f.beforePartition}, the \`${f.after}\` of the next in partition ${f.afterPartition}. ${readEn(f)} Order within one title and balance (${f.fullestPercent}% at most) are kept; the step from one title to the next is lost.`,
  },
  'salted-user': {
    ko: (f) =>
      `키에 덧붙인 값 때문에 한 사용자가 여러 키로 나뉘었습니다. \`${f.user}\` 사용자의 \`${f.before}\` 이벤트(${f.beforeId})는 키가 ${josa(`\`${f.beforeKey}\``, '이라/라')}서 파티션 ${f.beforePartition}에, \`${f.after}\` 이벤트(${f.afterId})는 키가 ${josa(`\`${f.afterKey}\``, '이라/라')}서 파티션 ${f.afterPartition}에 있습니다. ${readKo(f)} 균형은 얻었지만(최대 ${f.fullestPercent}%) 그 값으로 순서를 치렀습니다.`,
    en: (f) =>
      `What was added to the key splits one viewer over several keys. The \`${f.before}\` of \`${f.user}\` (${f.beforeId}) has the key \`${f.beforeKey}\` and stands in partition ${f.beforePartition}; the \`${f.after}\` (${f.afterId}) has \`${f.afterKey}\` and stands in partition ${f.afterPartition}. ${readEn(f)} Balance is bought (${f.fullestPercent}% at most), and order is the price.`,
  },
  'partition-by-hand': {
    ko: (f) =>
      `\`${f.user}\` 사용자의 두 이벤트는 키가 같은데도(\`${f.afterKey}\`) ${f.beforeId}는 파티션 ${f.beforePartition}에, ${f.afterId}는 파티션 ${f.afterPartition}에 있습니다. 레코드에 \`partition\` 값을 직접 적거나 파티셔너를 바꾸면 키는 더 이상 파티션을 정하지 않습니다. ${readKo(f)} 부하는 고르지만(최대 ${f.fullestPercent}%) 순서를 잃었습니다.`,
    en: (f) =>
      `Both events of \`${f.user}\` have the same key (\`${f.afterKey}\`), yet ${f.beforeId} stands in partition ${f.beforePartition} and ${f.afterId} in partition ${f.afterPartition}. A \`partition\` given with the record, or another partitioner, overrules the key. ${readEn(f)} The load is even (${f.fullestPercent}% at most), but order is gone.`,
  },
  'several-keys': {
    ko: (f) =>
      `\`${f.user}\` 사용자의 이벤트가 한 키로 모이지 않습니다. ${f.beforeId}는 키 \`${f.beforeKey}\` 때문에 파티션 ${f.beforePartition}에, ${f.afterId}는 키 \`${f.afterKey}\` 때문에 파티션 ${f.afterPartition}에 있습니다. ${readKo(f)}`,
    en: (f) =>
      `The events of \`${f.user}\` do not share one key. ${f.beforeId} has the key \`${f.beforeKey}\` and stands in partition ${f.beforePartition}; ${f.afterId} has \`${f.afterKey}\` and stands in partition ${f.afterPartition}. ${readEn(f)}`,
  },
  'sent-out-of-order': {
    ko: (f) =>
      `\`${f.user}\` 사용자의 이벤트가 모두 파티션 ${f.afterPartition}에 있어서 키는 맞습니다. 그런데 나중에 일어난 ${f.afterId}(오프셋 ${f.afterOffset})가 먼저 일어난 ${f.beforeId}(오프셋 ${f.beforeOffset})보다 앞에 저장되었습니다. 앞 전송의 확인 응답을 기다리지 않고 다음 레코드를 보냈기 때문에 재시도하는 동안 차례가 바뀌었습니다. \`publish\` 호출을 \`await\`로 기다리세요.`,
    en: (f) =>
      `All events of \`${f.user}\` are in partition ${f.afterPartition}, so the key is right. But ${f.afterId} (offset ${f.afterOffset}) is stored before ${f.beforeId} (offset ${f.beforeOffset}), which happened first. The next record was sent before the last was acknowledged, and a retry changed their places. Wait for each \`publish\` with \`await\`.`,
  },
  'one-key': {
    ko: (f) =>
      `모든 레코드의 키가 ${josa(`\`${f.key}\``, '이라/라')}서 이벤트 ${f.fullestPercent}%가 파티션 ${f.fullest}에 있습니다. 순서는 모두 지켰지만, 나머지 파티션 ${f.idle}개는 비어 있고 컨슈머를 아무리 늘려도 한 컨슈머만 일합니다. 순서가 필요한 단위는 서비스 전체가 아니라 그보다 작습니다.`,
    en: (f) =>
      `Every record has the key \`${f.key}\`, so partition ${f.fullest} holds ${f.fullestPercent}% of the events. Order is whole, but ${f.idle} partitions are empty, and however many consumers you add, one of them does all the work. What needs order is smaller than the whole service.`,
  },
  'hot-title': {
    ko: (f) =>
      `이날 이벤트의 ${f.contentShare}%가 ${f.content} 작품에서 나왔습니다. 작품이 키이면 인기작 하나가 키 하나이고, 키 하나는 파티션 하나입니다. 파티션 ${f.fullest}에 ${f.fullestPercent}%가 몰렸습니다. 다른 파티션이 놀고 있어도 이 키는 나눌 수 없습니다.`,
    en: (f) =>
      `On this night ${f.contentShare}% of the events are about ${f.content}. With the title as key, one popular title is one key, and one key is one partition: partition ${f.fullest} took ${f.fullestPercent}%. The others may idle; this key cannot be divided.`,
  },
  'few-keys': {
    ko: (f) =>
      `서로 다른 키가 ${f.keys}개뿐입니다. 키가 적으면 해시값이 한 파티션에 겹치기 쉬워서 파티션 ${f.fullest}에 ${f.fullestPercent}%가 몰렸습니다. 키의 수는 파티션 수보다 훨씬 많아야 고르게 나뉩니다.`,
    en: (f) =>
      `There are only ${f.keys} different keys. With so few, hashes meet in one partition: partition ${f.fullest} took ${f.fullestPercent}%. Load spreads evenly when there are many more keys than partitions.`,
  },
  'heavy-partition': {
    ko: (f) => `파티션 ${f.partition}에 전체의 40%를 넘는 이벤트가 들어왔고, 끝에는 ${f.fullestPercent}%에 이르렀습니다. 어떤 키가 이 파티션으로 모이는지 로그에서 확인하세요.`,
    en: (f) => `Partition ${f.partition} got past 40% of all events and ended at ${f.fullestPercent}%. Look at its log to see which keys meet there.`,
  },
  'stopped-by-error': {
    ko: (f) =>
      `\`watch-app\` 프로세스가 잡히지 않은 오류로 끝났습니다. ${f.file ? `\`${f.file}\` 파일의 ${f.line}번째 줄에서 ` : ''}\`${f.error}\` 오류가 났고, ${f.id}부터 이벤트 ${f.missing}건이 저장되지 않았습니다. 오류 내용은 “${f.text}”입니다.`,
    en: (f) =>
      `The \`watch-app\` process ended with an error that nothing caught${f.file ? `, at line ${f.line} of \`${f.file}\`` : ''}: \`${f.error}\`, “${f.text}”. From ${f.id} on, ${f.missing} events were not stored.`,
  },
  'send-failed': {
    ko: (f) => `${f.id} 이벤트를 보냈지만 프로듀서가 \`${f.error}\` 오류로 포기했습니다. 이벤트 ${f.missing}건이 로그에 없습니다. 프로듀서가 재시도를 이어 가도록 설정을 처음대로 두세요.`,
    en: (f) =>
      `${f.id} was sent, but the producer gave it up with a \`${f.error}\` error. ${f.missing} events are in no log. Leave the producer’s settings as they were given, so that it keeps retrying.`,
  },
  'sent-not-stored': {
    ko: (f) => `${f.id} 이벤트를 보냈지만 어느 로그에도 남지 않았습니다. 모두 ${f.missing}건이 사라졌습니다. 확인 응답을 기다리지 않았거나 \`acks\` 설정을 낮추면 장애가 났을 때 이렇게 됩니다.`,
    en: (f) => `${f.id} was sent and stands in no log; ${f.missing} events are gone. That is what a fault does to sends that nobody waits for, or to a lowered \`acks\` setting.`,
  },
  'ended-early': {
    ko: (f) => `프로세스가 이벤트를 다 보내기 전에 스스로 끝났습니다. ${f.id}부터 ${f.missing}건을 보내지 않았습니다. 모든 전송이 끝난 뒤에 끝내세요.`,
    en: (f) => `The process ended itself before everything was sent: ${f.missing} events are missing, the first is ${f.id}. End it after the last send.`,
  },
  'never-sent': {
    ko: (f) => `${josa(f.id!, '을/를')} 비롯해 이벤트 ${f.missing}건을 보내지 않았습니다. \`watchEvents()\`가 주는 이벤트를 빠짐없이 \`watch-events\` 토픽에 보내세요.`,
    en: (f) => `${f.missing} events were never sent; the first is ${f.id}. Send everything that \`watchEvents()\` yields to the \`watch-events\` topic.`,
  },
  'not-events': {
    ko: (f) => `레코드 ${f.strange}건의 값이 시청 이벤트가 아닙니다. \`value\`에는 \`JSON.stringify(event)\` 결과를 그대로 넣으세요.`,
    en: (f) => `The values of ${f.strange} records are not watch events. Put the result of \`JSON.stringify(event)\` into \`value\` as it is.`,
  },
};

/** The story of a finding. */
export function tell(finding: Finding, lang: Lang): string {
  return DIAGNOSES[finding.diagnosis as DiagnosisId][lang](finding.facts);
}

/** A few words beside the line that chooses the key. */
const BESIDE_THE_KEY: Partial<Readonly<Record<DiagnosisId, Bilingual>>> = {
  'no-key': { ko: '키가 없어 파티션을 돌아가며 씁니다', en: 'no key: the partitions take turns' },
  'keyed-by-content': { ko: '작품을 바꾸면 파티션도 바뀝니다', en: 'a viewer changes the title, and with it the partition' },
  'keyed-by-type': { ko: '종류가 다르면 파티션도 다릅니다', en: 'another kind of event, another partition' },
  'split-by-content': { ko: '한 사용자가 작품마다 다른 키를 갖습니다', en: 'one viewer, a key per title' },
  'salted-user': { ko: '한 사용자가 여러 키로 나뉩니다', en: 'one viewer, several keys' },
  'partition-by-hand': { ko: '직접 적은 파티션이 키를 이깁니다', en: 'the partition given here overrules the key' },
  'several-keys': { ko: '한 사용자의 키가 여러 개입니다', en: 'one viewer, several keys' },
  'one-key': { ko: '키가 하나면 파티션도 하나입니다', en: 'one key is one partition' },
  'hot-title': { ko: '인기작 하나가 파티션 하나입니다', en: 'one popular title is one partition' },
  'few-keys': { ko: '키의 가짓수가 너무 적습니다', en: 'too few different keys' },
};

/** Points at the record's key, at a partition given by hand, at the record when it has no key, or at the line that threw. */
export function point(finding: Finding, entry: string): CodeMark | null {
  if (finding.diagnosis === 'stopped-by-error') return whereItThrew(finding.facts, entry);
  const note = BESIDE_THE_KEY[finding.diagnosis as DiagnosisId];
  if (!note) return null;
  const key = /\bkey(?:\s*:\s*(?:`[^`]*`|[^,}])+|(?=\s*[,}]))/;
  const patterns = finding.diagnosis === 'partition-by-hand' ? [/\bpartition\s*:\s*[^,}]+/, key] : [key, /\bmessages\s*:/];
  const lines = entry.split('\n');
  for (const pattern of patterns) {
    for (const [i, line] of lines.entries()) {
      const found = pattern.exec(line);
      if (found) return { line: i + 1, from: found.index + 1, to: found.index + 1 + found[0].trimEnd().length, note };
    }
  }
  return null;
}

function whereItThrew({ file, line, error }: Facts, entry: string): CodeMark | null {
  const text = file === 'publish.ts' ? entry.split('\n')[Number(line) - 1] : undefined;
  if (text === undefined) return null;
  const note = String(error);
  return { line: Number(line), from: text.length - text.trimStart().length + 1, to: text.length + 1, note: { ko: note, en: note } };
}

/** What the reading service made of it: it saw the swap, or was lucky. */
function readKo(f: Facts): string {
  if (Number(f.overtakenUs) < 0) return '이번 실행에서는 읽는 쪽이 우연히 제 순서로 보았을 뿐, 그렇게 만드는 것은 없습니다.';
  const at = (Number(f.overtakenUs) / 1e6).toFixed(3);
  return f.overtakenSame ? `실제로 시청 서비스는 ${at}초에 뒤의 이벤트를 먼저 처리했습니다.` : `실제로 ${at}초에 시청 서비스는 어떤 사용자의 나중 이벤트를 먼저 처리했습니다.`;
}
function readEn(f: Facts): string {
  if (Number(f.overtakenUs) < 0) return 'In this run the reader happened to see them in order; nothing makes it so.';
  const at = (Number(f.overtakenUs) / 1e6).toFixed(3);
  return f.overtakenSame ? `The viewing service did handle the later one first, at ${at}\u00a0s.` : `At ${at}\u00a0s the viewing service did handle a viewer’s later event before the earlier one.`;
}
