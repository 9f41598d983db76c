// What the trace tells of partial matches can be followed: from a match to what it branched off from and to its records, from an end to what made it.
import { describe, expect, it } from 'vitest';
import type { TraceEvent } from '../../contract/events.ts';
import { TraceStore } from '../../kernel/traceStore.ts';
import { runToEnd } from '../../run.ts';
import { scenarioById } from '../../scenarios/catalogue.ts';
import { skipPastLastEvent } from '../cep/afterMatchSkip.ts';
import { Pattern } from '../cep/pattern.ts';
import { bareContext } from '../bareContext.ts';
import type { OperatorState, PartialMatchEvent } from '../operator.ts';
import { CepStreamOperator, type PatternFunction } from './cepOperator.ts';

interface Step {
  readonly is: string;
}

const step = (is: string) => (e: Step) => e.is === is;

/** An operator of a task that writes down what the trace is told. What is told is numbered from 1000 on. */
function operatorOf(pattern: Pattern<Step>, { restored, timeouts = false }: { readonly restored?: OperatorState; readonly timeouts?: boolean } = {}) {
  const told: PartialMatchEvent[] = [];
  const out: { value: unknown; cause: number }[] = [];
  let cause = -1;
  const fn: PatternFunction<unknown> = {
    processMatch: (match, _, collect) => collect([...match.keys()].join(' ')),
    processTimedOutMatch: timeouts ? (match, _, output) => output('late', [...match.keys()].join(' ')) : undefined,
  };
  const operator = new CepStreamOperator({ pattern: pattern as Pattern<unknown>, options: {}, fn, lateTag: null });
  const context = bareContext({
    output: { collect: (value) => void out.push({ value, cause }), side: (_, value) => void out.push({ value, cause }) },
    observer: { partialMatch: (e) => 999 + told.push(e), because: (of) => void (cause = of) },
  });
  operator.open(context);
  if (restored) operator.restore(restored);
  /** A record with the numbers of its event time. */
  const element = (is: string, ms: number) => operator.element({ value: { is }, timestampMs: ms, key: 'k', record: ms, cause: 100 + ms });
  return { operator, told, out, element };
}

const aThenB = () => Pattern.begin<Step>('a').where(step('a')).followedByAny('b').where(step('b'));

describe('the trace of a pattern', () => {
  it('gives every result the match that it is, where one event completes several', () => {
    const { operator, told, out, element } = operatorOf(aThenB());
    element('a', 1);
    element('a', 2);
    element('b', 3);
    operator.watermark(3);
    const matches = told.flatMap((e, n) => (e.kind === 'matched' ? [{ number: 1_000 + n, parent: e.parent, record: e.record, cause: e.cause }] : []));
    expect(matches).toMatchObject([
      { parent: 1, record: 3, cause: 103 },
      { parent: 2, record: 3, cause: 103 },
    ]);
    expect(out.map((o) => o.cause)).toEqual(matches.map((m) => m.number));
  });

  it('says where a partial match was when its time was up, and gives what is made of it that end as its cause', () => {
    const { operator, told, out, element } = operatorOf(aThenB().within(5), { timeouts: true });
    element('a', 1);
    operator.watermark(9);
    expect(told.at(-1)).toMatchObject({ kind: 'pruned', state: 'b', reason: 'time', cause: -1 });
    expect(out).toEqual([{ value: 'a', cause: 999 + told.length }]);
  });

  it('tells a match when it is emitted, and what it throws away as its doing', () => {
    const opened = (e: Step) => e.is === 'a' || e.is === 'b';
    const pattern = Pattern.begin<Step>('open', skipPastLastEvent())
      .where(opened)
      .followedBy('close')
      .where((e, { getEventsForPattern }) => e.is === getEventsForPattern('open')[0]!.is.toUpperCase());
    const { operator, told, element } = operatorOf(pattern);
    element('a', 1);
    element('b', 2);
    element('B', 3);
    operator.watermark(3);
    expect(told.at(-1)).toMatchObject({ kind: 'entered', match: 2, parent: 2, state: '$endState$', action: 'take', record: 3 });
    element('A', 4);
    operator.watermark(4);
    expect(told.slice(3).map((e) => `${e.kind} ${'match' in e ? e.match : ''}`)).toEqual(['entered 1', 'matched 1', 'pruned 2']);
    expect(told[4]).toMatchObject({ parent: 1, record: 4, cause: 104 });
    expect(told[5]).toMatchObject({ state: '$endState$', reason: 'skip', cause: 1_004 });
  });

  it('knows after a restore where the events of the checkpoint come from, those that wait and those that were taken', () => {
    const before = operatorOf(aThenB());
    before.element('a', 1);
    before.element('b', 3);
    before.operator.watermark(1);
    const { operator, told } = operatorOf(aThenB(), { restored: before.operator.snapshot() });
    operator.watermark(3);
    expect(told).toMatchObject([{ kind: 'matched', parent: 1, record: 3, cause: 103 }]);
  });

  it('counts what only the trace needs for nothing in the state', () => {
    const { operator, element } = operatorOf(aThenB());
    element('a', 1);
    expect(JSON.stringify(operator.snapshot().keyed[0]!.data)).not.toContain('101');
  });
});

const JOBS = ['binge-watching', 'churn-risk', 'premium-conversion', 'virality', 'taste-change'];
type Told = Extract<TraceEvent, { type: 'cep.stateEntered' | 'cep.matchPruned' | 'cep.matched' }>;

describe('the patterns of the scenarios', () => {
  it.each(JOBS)('can be followed: %s', (id) => {
    const store = new TraceStore();
    runToEnd({ scenario: scenarioById(id)!, faults: [], seed: 1, files: {} }, (chunk) => store.append(chunk));
    const lives = new Set<string>();
    let ends = 0;
    for (let seq = 0; seq < store.count; seq++) {
      const cause = store.causeAt(seq);
      const e = store.event(seq) as TraceEvent;
      if (e.type === 'operator.emitted') expect(['cep.matched', 'cep.matchPruned']).toContain(store.typeAt(cause));
      if (e.type !== 'cep.stateEntered' && e.type !== 'cep.matchPruned' && e.type !== 'cep.matched') continue;
      const name = (match: number) => `${(e as Told).key}/${match}`;
      if (e.type === 'cep.matchPruned') {
        ends++;
        expect(e.state).not.toBe('');
        const from = { skip: ['cep.matched'], time: ['watermark.advanced'] }[e.reason] ?? ['operator.received'];
        expect(from, `${e.reason} at ${seq}`).toContain(store.typeAt(cause));
        if (e.reason === 'skip') expect((store.event(cause) as Told).key).toBe(e.key);
      } else {
        expect(e.parent < 0 || lives.has(name(e.parent)), `${e.type} at ${seq}`).toBe(true);
        lives.add(name(e.match));
        expect(['operator.received', 'watermark.advanced']).toContain(store.typeAt(cause));
      }
      if (e.type === 'cep.matched' || e.type === 'cep.stateEntered') expect(e.record).toBeGreaterThanOrEqual(e.type === 'cep.stateEntered' && e.action === 'time' ? -1 : 0);
    }
    expect(ends).toBeGreaterThan(0);
  });
});
