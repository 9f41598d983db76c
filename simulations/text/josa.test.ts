import { describe, expect, it } from 'vitest';
import { josa, type Particle } from './josa.ts';

const cases: [value: string | number, particle: Particle, said: string][] = [
  ['파티션', '을/를', '파티션을'],
  ['브로커', '이/가', '브로커가'],
  ['하이 워터마크(high watermark)', '은/는', '하이 워터마크(high watermark)는'],
  ['ISR', '이/가', 'ISR이'],
  ['TTL', '이/가', 'TTL이'],
  ['LEO', '이/가', 'LEO가'],
  ['CQRS', '은/는', 'CQRS는'],
  ['DLQ', '을/를', 'DLQ를'],
  ['ISR', '으로/로', 'ISR로'],
  ['JSON', '을/를', 'JSON을'],
  ['PostgreSQL', '이/가', 'PostgreSQL이'],
  ['Kafka', '은/는', 'Kafka는'],
  ['Flink', '이/가', 'Flink가'],
  ['Redis', '을/를', 'Redis를'],
  ['Grafana', '과/와', 'Grafana와'],
  ['파티션 1', '이/가', '파티션 1이'],
  ['파티션 2', '이/가', '파티션 2가'],
  ['1,000', '은/는', '1,000은'],
  ['40%', '이/가', '40%가'],
  ['브로커 7', '으로/로', '브로커 7로'],
  ['브로커 6', '으로/로', '브로커 6으로'],
  ['broker-1', '이/가', 'broker-1이'],
  ['broker-2', '이/가', 'broker-2가'],
  ['broker-3', '으로/로', 'broker-3으로'],
  ['watch-app', '이/가', 'watch-app이'],
  ['recs-b', '은/는', 'recs-b는'],
  ['250ms', '이/가', '250ms가'],
  ['10초', '으로/로', '10초로'],
  ['결과물', '으로/로', '결과물로'],
  [0, '이/가', '0이'],
  [10, '으로/로', '10으로'],
  ['`acks` 설정', '은/는', '`acks` 설정은'],
  ['viewing', '이/가', 'viewing이'],
  ['producer', '이/가', 'producer가'],
];

describe('josa', () => {
  it.each(cases)('%s + %s = %s', (value, particle, said) => expect(josa(value, particle)).toBe(said));
});
