// Where the Java client differs from kafkajs in what this exercise uses.
import type { JavaNote } from '../../../contract.ts';

export const JAVA_NOTES: readonly JavaNote[] = [
  {
    same: true,
    title: { ko: '키가 있는 레코드', en: 'Records with a key' },
    text: {
      ko: '두 클라이언트 모두 `murmur2` 해시를 파티션 수로 나눈 나머지를 씁니다. 키가 같으면 어느 쪽에서 보내도 같은 파티션으로 갑니다.',
      en: 'Both take the `murmur2` hash modulo the number of partitions. The same key lands in the same partition, whichever of the two sends it.',
    },
  },
  {
    same: false,
    title: { ko: '키가 없는 레코드', en: 'Records without a key' },
    text: {
      ko: 'kafkajs는 레코드마다 파티션을 돌아가며 고릅니다. Java 클라이언트는 한 파티션에 `batch.size`(16KB)만큼 보낼 때까지 머물다가 옮깁니다. 짧은 실행에서는 한 파티션에 몰릴 수 있습니다.',
      en: 'kafkajs takes the partitions in turn, record by record. The Java client stays with one partition until about `batch.size` (16 KB) went there, then moves on. In a short run it can look very uneven.',
    },
  },
  {
    same: false,
    title: { ko: '멱등성', en: 'Idempotence' },
    text: {
      ko: 'Java 클라이언트는 `enable.idempotence` 설정이 기본으로 켜져 있고 `acks` 기본값은 `all`입니다. kafkajs는 `idempotent: true`를 적어야 켜집니다.',
      en: 'The Java client has `enable.idempotence` on by default, with `acks=all`. kafkajs turns it on only with `idempotent: true`.',
    },
  },
  {
    same: false,
    title: { ko: '전송 중 요청', en: 'In-flight requests' },
    text: {
      ko: 'Java 클라이언트는 멱등성이 켜져 있으면 전송 중 요청이 5개여도 순서를 지킵니다. 위 코드가 1로 낮춘 것은 kafkajs 코드와 맞추기 위해서입니다.',
      en: 'With idempotence on, the Java client keeps order with up to 5 requests in flight. The code above sets 1 only to match the kafkajs code.',
    },
  },
  {
    same: false,
    title: { ko: '재시도', en: 'Retries' },
    text: {
      ko: 'Java 클라이언트는 `delivery.timeout.ms`(2분)가 지날 때까지 재시도합니다. kafkajs 2.2.4는 `retry` 설정을 적지 않으면 멱등 프로듀서도 5번, 10초쯤 만에 포기합니다.',
      en: 'The Java client retries until `delivery.timeout.ms` (2 minutes). kafkajs 2.2.4 gives up after 5 retries, about 10 seconds, unless `retry` says otherwise, also for an idempotent producer.',
    },
  },
  {
    same: false,
    title: { ko: '배치 전송', en: 'Batching' },
    text: {
      ko: 'Java의 `send()`는 바로 돌아오고 `linger.ms`(5ms) 동안 레코드를 모읍니다. 여기서는 `.get()`으로 기다립니다. kafkajs의 `send()`는 모으지 않고 곧바로 요청을 보냅니다.',
      en: 'Java’s `send()` returns at once and collects records for `linger.ms` (5 ms); `.get()` waits here. The `send()` of kafkajs collects nothing and sends its request right away.',
    },
  },
];
