// The experiment of lesson 1.4: one application writes 600 watch events into six partitions, three members of one group read them.
import { readScenario, SCHEMA_VERSION, type Scenario } from '../../../simulations/contract/scenario.ts';
import type { Files } from '../../contract.ts';

export const TOPIC = 'watch-events';
export const PARTITIONS = 6;
export const APP = 'watch-app';
export const GROUP = 'viewing';
export const MEMBERS = ['viewing-1', 'viewing-2', 'viewing-3'] as const;

/** The prediction: until the clock may pass the gate, the learner has committed to an answer; the run gives it by `answerUs`. */
export const PREDICTION = { gateUs: 9_000_000, answerUs: 13_000_000, fault: 'pause viewing-2 at 9s for 3s' } as const;

/** @param files `publish.ts` as first given and `events.ts`, by name. @param horizonMs grading leaves time to recover after the last fault. */
export function buildScenario(files: Files, horizonMs = 30_000): Scenario {
  const read = readScenario({
    schemaVersion: SCHEMA_VERSION,
    id: 'watch-events',
    title: { ko: '시청 이벤트와 파티션 6개', en: 'Watch events in six partitions' },
    summary: {
      ko: '애플리케이션 하나가 시청 이벤트 600건을 파티션 6개에 쓰고, 컨슈머 3개가 나눠 읽습니다. 키에 따라 순서와 쏠림이 달라집니다.',
      en: 'One application writes 600 watch events into six partitions and three consumers share the reading. The key decides order and balance.',
    },
    lesson: '1.4',
    horizonMs,
    // The group is complete before the first event is sent.
    cluster: { brokers: 3, config: { minInsyncReplicas: 2, groupInitialRebalanceDelayMs: 500 } },
    topics: [{ name: TOPIC, partitions: PARTITIONS, replicationFactor: 3, minInsyncReplicas: 2 }],
    processes: [{ name: APP, role: 'guest', startMs: 1_500 }, ...MEMBERS.map((name) => ({ name, role: 'consumer', group: GROUP, topics: [TOPIC], autoOffsetReset: 'earliest', workUsPerRecord: 500 }))],
    links: [
      { between: ['*', '*'], delayUs: 500, jitterUs: 300 },
      { between: [APP, '*'], delayUs: 1_500, jitterUs: 1_000 },
    ],
    learner: [{ process: APP, entry: 'publish.ts' }],
    files,
    faults: [PREDICTION.fault],
    expectations: [
      { invariant: 'key-order', outcome: 'holds' },
      { invariant: 'acknowledged-kept', outcome: 'holds' },
    ],
  });
  if (!read.ok) throw new Error(`lesson 1.4: ${JSON.stringify(read.problems)}`);
  return read.value;
}
