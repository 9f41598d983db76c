// The operator over the state of a key: late events, timers, order, and going on from a copy.
import { describe, expect, it } from 'vitest';
import { copyKeyState, createKeyState, type CepKeyState } from './keyState.ts';
import { createCepOperator, onElement, onEventTime, onProcessingTime, type CepHost, type CepOperator } from './operator.ts';
import { Pattern } from './pattern.ts';

interface Reading {
  readonly sensor: string;
  readonly value: number;
}

const r = (sensor: string, value = 0): Reading => ({ sensor, value });
const is = (sensor: string) => (e: Reading) => e.sensor === sensor;

/** A runtime of one key that writes down what it is told. */
class Runtime implements CepHost<Reading> {
  readonly observer = null;
  readonly log: string[] = [];
  readonly timers = new Set<number>();
  timeMs = -Infinity;
  state: CepKeyState<Reading>;
  readonly operator: CepOperator<Reading>;

  constructor(operator: CepOperator<Reading>) {
    this.operator = operator;
    this.state = createKeyState();
  }

  currentWatermark = () => this.timeMs;
  currentProcessingTime = () => this.timeMs;
  registerEventTimeTimer = (ms: number) => void this.timers.add(ms);
  registerProcessingTimeTimer = (ms: number) => void this.timers.add(ms);
  match: CepHost<Reading>['match'] = (match, ms) => void this.log.push(`match ${said(match)} at ${ms}`);
  timedOut: CepHost<Reading>['timedOut'] = (match, ms) => void this.log.push(`timed out ${said(match)} at ${ms}`);
  late: CepHost<Reading>['late'] = (event, ms) => void this.log.push(`late ${event.sensor} of ${ms}`);
  lateDropped: CepHost<Reading>['lateDropped'] = (event, ms) => void this.log.push(`dropped ${event.sensor} of ${ms}`);

  element(event: Reading, ms = 0): void {
    onElement(this.operator, this.state, event, ms, this);
  }

  time(ms: number): void {
    this.timeMs = ms;
    for (let due = this.due(); due !== undefined; due = this.due()) {
      this.timers.delete(due);
      if (this.operator.processingTime) onProcessingTime(this.operator, this.state, this);
      else onEventTime(this.operator, this.state, this);
    }
  }

  private due(): number | undefined {
    return [...this.timers].filter((t) => t <= this.timeMs).sort((a, b) => a - b)[0];
  }
}

const said = (match: ReadonlyMap<string, readonly Reading[]>) => Array.from(match, ([stage, events]) => `${stage}=${events.map((e) => e.value).join(',')}`).join(' ');
const aThenB = () => Pattern.begin<Reading>('a').where(is('a')).followedBy('b').where(is('b'));

describe('the CEP operator in event time', () => {
  it('sorts by timestamp, then as events came, and does nothing before the watermark is there', () => {
    const runtime = new Runtime(createCepOperator(aThenB()));
    runtime.element(r('b', 1), 5);
    runtime.element(r('a', 2), 3);
    runtime.element(r('b', 3), 5);
    expect([...runtime.timers]).toEqual([5, 3]);
    runtime.time(4);
    expect(runtime.log).toEqual([]);
    expect(runtime.state.waiting?.map((w) => w.timestampMs)).toEqual([5]);
    runtime.time(5);
    expect(runtime.log).toEqual(['match a=2 b=1 at 5']);
    expect(runtime.state.waiting).toBeNull();
  });

  it('takes an event at the watermark for late', () => {
    const dropping = new Runtime(createCepOperator(aThenB()));
    const keeping = new Runtime(createCepOperator(aThenB(), { lateSideOutput: true }));
    for (const runtime of [dropping, keeping]) {
      runtime.time(5);
      runtime.element(r('a'), 5);
      runtime.element(r('a'), 6);
    }
    expect([dropping.log, keeping.log]).toEqual([['dropped a of 5'], ['late a of 5']]);
  });

  it('sets a timer for the window of each new start, and reports what times out at the time it should have ended', () => {
    const runtime = new Runtime(createCepOperator(aThenB().within(10), { timeoutHandling: true }));
    runtime.element(r('a', 1), 1);
    runtime.element(r('a', 2), 4);
    runtime.time(4);
    expect([...runtime.timers].sort((a, b) => a - b)).toEqual([11, 14]);
    runtime.time(Infinity);
    expect(runtime.log).toEqual(['timed out a=1 at 11', 'timed out a=2 at 14']);
  });

  it('goes on from a copy taken while events wait and partial matches are open', () => {
    const operator = createCepOperator(aThenB().oneOrMore().followedBy('c').where(is('c')).within(20), { timeoutHandling: true });
    const [whole, restored] = [new Runtime(operator), new Runtime(operator)];
    for (const runtime of [whole, restored]) {
      runtime.element(r('a', 1), 1);
      runtime.element(r('b', 2), 3);
      runtime.element(r('c', 4), 9);
      runtime.time(3);
      if (runtime === restored) runtime.state = copyKeyState(runtime.state, (e) => ({ ...e }));
      runtime.element(r('b', 3), 7);
      runtime.time(30);
    }
    expect(whole.log).toEqual(['match a=1 b=2,3 c=4 at 9', 'match a=1 b=2 c=4 at 9', 'timed out a=1 b=2,3 at 21']);
    expect(restored.log).toEqual(whole.log);
    expect(copyKeyState(restored.state)).toEqual(copyKeyState(whole.state));
  });
});

describe('the CEP operator in processing time', () => {
  it('processes at once, with the clock for a timestamp and none on the results', () => {
    const runtime = new Runtime(createCepOperator(aThenB().within(5), { timeBehaviour: 'ProcessingTime', timeoutHandling: true }));
    runtime.time(1);
    runtime.element(r('a', 1), 99);
    runtime.time(3);
    runtime.element(r('b', 2), 0);
    runtime.element(r('a', 3));
    // A timer is set for 1 ms after the window has passed; the first is that of the match.
    runtime.time(7);
    runtime.time(8);
    expect(runtime.log).toEqual(['match a=1 b=2 at null']);
    runtime.time(9);
    expect(runtime.log.slice(1)).toEqual(['timed out a=3 at null']);
  });

  it('lets events of a millisecond wait for the next one where a comparator is to sort them', () => {
    const runtime = new Runtime(createCepOperator(aThenB(), { timeBehaviour: 'ProcessingTime', comparator: (x, y) => x.value - y.value }));
    runtime.time(5);
    runtime.element(r('b', 2));
    runtime.element(r('a', 1));
    runtime.time(5);
    expect(runtime.log).toEqual([]);
    runtime.time(6);
    expect(runtime.log).toEqual(['match a=1 b=2 at null']);
  });
});
