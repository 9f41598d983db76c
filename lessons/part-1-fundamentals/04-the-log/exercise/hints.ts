// Three steps from a nudge to nearly the answer.
import type { Bilingual } from '../../../contract.ts';

export const HINTS: readonly [Bilingual, Bilingual, Bilingual] = [
  {
    ko: '순서는 한 파티션 안에서만 있습니다. 어떤 이벤트끼리 순서가 맞아야 하는지 먼저 정하고, 그 이벤트가 모두 같은 파티션에 들어가게 하세요.',
    en: 'Order exists inside one partition only. Decide first which events must be in order with one another; those must all go to the same partition.',
  },
  {
    ko: '키가 같으면 파티션이 같습니다. 한 사람의 이벤트에서 작품, 종류, 위치는 계속 바뀝니다. `WatchEvent`의 필드 가운데 바뀌지 않는 것은 무엇일까요? 그 값의 가짓수도 파티션 수보다 훨씬 많은지 확인하세요.',
    en: 'Equal keys mean the same partition. Over one viewer’s evening title, type and position keep changing. Which field of `WatchEvent` stays the same? Check that it has many more values than there are partitions.',
  },
  {
    ko: '`messages`의 레코드에 `key`를 더하세요. `value`는 그대로 두고, 값은 `event` 객체의 사용자 필드입니다. 여기에 아무것도 덧붙이지 마세요.',
    en: 'Add a `key` to the record in `messages` and leave `value` as it is. Its value is the user field of `event`, with nothing added.',
  },
];
