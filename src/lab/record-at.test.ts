// A trace made by hand: one key that gets a value, is deleted, and whose tombstone a later cleaning takes with its time.
import { describe, expect, it } from 'vitest';
import { en as engine } from '../../simulations/text/en.ts';
import { scenarioById } from '../../simulations/scenarios/catalogue.ts';
import { TraceWriter } from '../../simulations/kernel/trace.ts';
import { CELL } from '../readmodels/transactions.ts';
import { recordLooks } from './hue.ts';
import { en } from './messages/en.ts';
import { standingAt } from './record-at.ts';
import type { Selection } from './selection.ts';
import { createSession } from './session.ts';
import { describeSelection } from './spoken.ts';

const scenario = scenarioById('leader-dies')!;
const at = (offset: number): Extract<Selection, { kind: 'record' }> => ({ kind: 'record', topic: 'watch-events', partition: 0, broker: 1, offset });

function open() {
  const session = createSession((_, sink) => {
    const writer = new TraceWriter((chunk) => sink.chunk(chunk));
    const [topic, broker, app] = [writer.sym('watch-events'), writer.sym('broker-1'), writer.sym('watch-app')];
    writer.emit('run.started', writer.sym(''), -1, writer.sym('leader-dies'), writer.sym('kafka-4.0'), 1, 40_000_000);
    for (const [offset, value] of ['there', null, 'another'].entries()) {
      writer.nowUs = 1_000_000 * (offset + 1);
      const record = writer.record({ producer: app, key: offset < 2 ? 'user-1' : 'user-2', nth: offset + 1, value, timestampMs: 0, bytes: 10 });
      writer.emit('kafka.append', broker, -1, topic, 0, true, offset, 1, record, 0, 80, -1, -1, -1, 7);
    }
    writer.nowUs = 10_000_000;
    writer.emit('kafka.compacted', broker, -1, topic, 0, 2, 1, 1, 80, writer.sym(''));
    writer.nowUs = 20_000_000;
    writer.emit('kafka.compacted', broker, -1, topic, 0, 2, 1, 0, 80, writer.sym('1'));
    writer.flush();
    sink.done('0'.repeat(32));
    return { cancel: () => undefined };
  });
  session.load({ scenario, faults: [], seed: 1, files: {} });
  return session;
}

const saidAt = (session: ReturnType<typeof open>, offset: number) => describeSelection(at(offset), session.state(), scenario, en, engine);

describe('a record that is deleted', () => {
  it('has a tombstone, drawn and said as one', () => {
    const session = open();
    session.seek(5_000_000);
    const looks = recordLooks(session.state().trace, scenario);
    expect([0, 1, 2].map((offset) => looks.tombstone(standingAt(session.state(), at(offset)).record))).toEqual([false, true, false]);
    expect(saidAt(session, 1)).toMatch(/Offset 1 on broker-1, Tombstone$/);
    expect(saidAt(session, 0)).toMatch(/Offset 0 on broker-1$/);
  });

  it('goes with the first cleaning, and its tombstone when its time is up', () => {
    const session = open();
    const gone = () => [0, 1, 2].map((offset) => standingAt(session.state(), at(offset)).cell === CELL.compacted);
    session.seek(5_000_000);
    expect(gone()).toEqual([false, false, false]);
    session.seek(15_000_000);
    expect(gone()).toEqual([true, false, false]);
    session.seek(25_000_000);
    expect(gone()).toEqual([true, true, false]);
    expect(saidAt(session, 1)).toMatch(/removed by compaction$/);
    session.seek(15_000_000);
    expect(gone()).toEqual([true, false, false]);
  });
});
