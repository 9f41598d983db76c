import { describe, expect, it } from 'vitest';
import { EVENT_NAMES, EVENT_SPECS, type TraceEvent } from '../contract/events.ts';
import { grouped, say } from './contract.ts';
import { en } from './en.ts';
import { ko } from './ko.ts';

/** One event of each type, with values that a run could hold. */
function sample(type: TraceEvent['type'], change: Record<string, unknown> = {}): TraceEvent {
  const event: Record<string, unknown> = { seq: 7, timeUs: 1_234_567, type, process: 'broker-1', cause: 3 };
  const words: Record<string, string> = {
    topic: 'watch-events',
    group: 'viewing',
    member: 'viewing-1#1',
    client: 'viewing-1',
    from: 'watch-app',
    to: 'broker-2',
    api: 'Produce',
    conn: 'watch-app#1>broker-2',
    line: 'kill broker-2 at 12s for 3s',
    kind: 'kill',
    reason: 'closed',
    error: 'NOT_ENOUGH_REPLICAS',
    isr: '1,3',
    was: '1,2,3',
    replicas: '1,2,3',
    role: 'leader',
    partitions: 'watch-events-0,watch-events-1',
    invariant: 'key-order',
    unmet: 'idempotence',
    key: 'user-7',
    limit: 'events',
    level: 'log',
    scenario: 'watch-events',
    transactionalId: 'billing-1',
    marker: 'ABORT',
    isolation: 'read_committed',
  };
  for (const field of EVENT_SPECS[type].fields) event[field.name] = field.type === 'int' ? 3 : field.type === 'bool' ? true : (words[field.name] ?? 'x');
  return { ...event, ...change } as unknown as TraceEvent;
}

const sentences = EVENT_NAMES.flatMap((type) => [
  { type, said: say(en, sample(type)), language: 'en' },
  { type, said: say(ko, sample(type)), language: 'ko' },
]);

describe('the sentences of the run log', () => {
  it.each(sentences)('$language says $type in full: $said', ({ said, language }) => {
    expect(said).not.toMatch(/undefined|null|NaN|\[object|\s{2}|은\(는\)|이\(가\)|을\(를\)/);
    expect(said[0]).not.toMatch(/\s/);
    if (language === 'ko') expect(said).toMatch(/[가-힣]/);
  });

  it('counts one record and many', () => {
    expect(say(en, sample('kafka.append', { records: 1, baseOffset: 148 }))).toBe('broker-1 appended 1 record to watch-events-3 at offset 148.');
    expect(say(en, sample('kafka.append', { records: 12, baseOffset: 148, leader: false }))).toBe('broker-1 copied 12 records of watch-events-3 at offsets 148 to 159.');
  });

  it('puts the particle that is read aloud', () => {
    expect(say(ko, sample('kafka.leaderElected', { leader: 1, leaderEpoch: 8, unclean: false }))).toBe('broker-1이 watch-events-3의 리더가 되었습니다(에포크 8).');
    expect(say(ko, sample('kafka.leaderElected', { leader: 2, leaderEpoch: 8, unclean: false }))).toBe('broker-2가 watch-events-3의 리더가 되었습니다(에포크 8).');
  });

  it('names the stage of a pattern, not the state of the automaton', () => {
    const entered = { operator: 'conversions', subtask: 0, key: 'user-7', match: 4, state: 'paywall:2' };
    expect(say(en, sample('cep.stateEntered', { ...entered, action: 'take' }))).toBe('Partial match 4 of user-7 in conversions 1 took the event and waits at the stage paywall.');
    expect(say(ko, sample('cep.stateEntered', { ...entered, action: 'ignore' }))).toBe('conversions 1에서 user-7의 부분 매치 4번이 이벤트를 지나치고 paywall 단계에서 계속 기다립니다.');
    for (const text of [en, ko]) expect(say(text, sample('cep.matchPruned', { ...entered, reason: 'time' }))).not.toContain('paywall:2');
  });

  it('says of a violation that is not promised why it is not', () => {
    expect(say(en, sample('invariant.violated', { invariant: 'acknowledged-kept', promised: false, unmet: 'acks-all', offset: 149 }))).toBe(
      "Violated. The acknowledged record at offset 149 of watch-events-3 is not in the new leader's log. Not promised here: acks is not all.",
    );
  });

  it('groups figures by thousands', () => expect([0, 999, 1000, 48213, 1234567].map(grouped)).toEqual(['0', '999', '1,000', '48,213', '1,234,567']));
});
