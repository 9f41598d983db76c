import { createMachine, createActor } from 'xstate';
import { describe, expect, it } from 'vitest';
import { GROUP_MACHINE, GROUP_TABLE } from '../kafka/groups/classic/machine.ts';
import { TRANSACTION_MACHINE, TRANSACTION_TABLE, type TransactionState } from '../kafka/broker/transactionMachine.ts';
import { MEMBER_MACHINE, MEMBER_TABLE } from '../kafka/groups/consumer/machine.ts';
import { RECORD_MACHINE, RECORD_TABLE } from '../kafka/groups/share/machine.ts';
import { draw32, drawInt, drawKey } from './draws.ts';

describe('the compiled table of a member of a consumer group', () => {
  it('goes where XState goes, over 5,000 drawn events', () => {
    const key = drawKey(2, 'machine');
    const actor = createActor(createMachine(MEMBER_MACHINE as never)).start();
    let state = MEMBER_MACHINE.initial;
    for (let n = 0; n < 5_000; n++) {
      const event = MEMBER_TABLE.events[drawInt(key, n, MEMBER_TABLE.events.length)]!;
      actor.send({ type: event } as never);
      state = MEMBER_TABLE.next(state, event) ?? state;
      expect(actor.getSnapshot().value).toBe(state);
    }
  });

  it('knows the states of Kafka’s MemberState that members of the broker’s protocol take', () => {
    expect(MEMBER_TABLE.states).toEqual(['STABLE', 'UNREVOKED_PARTITIONS', 'UNRELEASED_PARTITIONS']);
  });
});

describe('the compiled table of a record in a share group', () => {
  it('goes where XState goes, over 10,000 drawn events', () => {
    const key = drawKey(3, 'machine');
    const make = () => createActor(createMachine(RECORD_MACHINE as never)).start();
    let actor = make();
    let state = RECORD_MACHINE.initial;
    for (let n = 0; n < 10_000; n++) {
      const event = RECORD_TABLE.events[drawInt(key, n, RECORD_TABLE.events.length)]!;
      actor.send({ type: event } as never);
      state = RECORD_TABLE.next(state, event) ?? state;
      expect(actor.getSnapshot().value).toBe(state);
      if (state === 'ACKNOWLEDGED' || state === 'ARCHIVED') {
        actor = make();
        state = RECORD_MACHINE.initial;
      }
    }
  });

  it('knows each state of Kafka’s RecordState', () => {
    expect(RECORD_TABLE.states).toEqual(['AVAILABLE', 'ACQUIRED', 'ACKNOWLEDGED', 'ARCHIVED']);
  });
});

describe('the compiled table of the classic group', () => {
  it('goes where XState goes, over 20,000 drawn events', () => {
    const key = drawKey(1, 'machine');
    const make = () => createActor(createMachine(GROUP_MACHINE as never)).start();
    let actor = make();
    let state = GROUP_MACHINE.initial;
    for (let n = 0; n < 20_000; n++) {
      const event = GROUP_TABLE.events[drawInt(key, n, GROUP_TABLE.events.length)]!;
      if (event === 'unloaded' && draw32(key, n) % 4 !== 0) continue;
      actor.send({ type: event } as never);
      state = GROUP_TABLE.next(state, event) ?? state;
      expect(actor.getSnapshot().value).toBe(state);
      if (state === 'Dead') {
        actor = make();
        state = GROUP_MACHINE.initial;
      }
    }
  });

  it('knows each state of Kafka’s ClassicGroupState', () => {
    expect(GROUP_TABLE.states).toEqual(['Empty', 'PreparingRebalance', 'CompletingRebalance', 'Stable', 'Dead']);
  });
});

describe('the compiled table of the transaction', () => {
  it('goes where XState goes, over 20,000 drawn events', () => {
    const key = drawKey(2, 'machine');
    const make = () => createActor(createMachine(TRANSACTION_MACHINE as never)).start();
    let actor = make();
    let state = TRANSACTION_MACHINE.initial;
    for (let n = 0; n < 20_000; n++) {
      const event = TRANSACTION_TABLE.events[drawInt(key, n, TRANSACTION_TABLE.events.length)]!;
      actor.send({ type: event } as never);
      state = TRANSACTION_TABLE.next(state, event) ?? state;
      expect(actor.getSnapshot().value).toBe(state);
      if (state === 'Dead') {
        actor = make();
        state = TRANSACTION_MACHINE.initial;
      }
    }
  });

  it('lets each state of Kafka’s TransactionState follow only those that Kafka lets it follow', () => {
    const before = (state: TransactionState) => TRANSACTION_TABLE.states.filter((s) => TRANSACTION_TABLE.events.some((e) => TRANSACTION_TABLE.next(s, e) === state)).sort();
    expect(Object.fromEntries(TRANSACTION_TABLE.states.map((s) => [s, before(s)]))).toEqual({
      Empty: ['CompleteAbort', 'CompleteCommit', 'Empty'],
      Ongoing: ['CompleteAbort', 'CompleteCommit', 'Empty', 'Ongoing'],
      PrepareCommit: ['Ongoing'],
      PrepareAbort: ['CompleteAbort', 'CompleteCommit', 'Empty', 'Ongoing', 'PrepareEpochFence'],
      CompleteCommit: ['PrepareCommit'],
      CompleteAbort: ['PrepareAbort'],
      PrepareEpochFence: ['Ongoing'],
      Dead: ['CompleteAbort', 'CompleteCommit', 'Empty'],
    });
  });
});
