// What the stage shows of transactions, headless: one that hangs in a topic of one partition, and a producer that is fenced.
import { describe, expect, it } from 'vitest';
import type { Universe } from '../../simulations/contract/scenario.ts';
import { runToEnd } from '../../simulations/run.ts';
import { scenarioById } from '../../simulations/scenarios/catalogue.ts';
import { formatDuration } from '../app/format.ts';
import { CELL } from '../readmodels/transactions.ts';
import { recordLooks } from './hue.ts';
import { factsOf } from './inspector/facts.ts';
import { lanesModel } from './lanes/model.ts';
import { laneGeometry, lanesScene, laneTops } from './lanes/scene.ts';
import type { Mark } from './marks.ts';
import { en } from './messages/en.ts';
import type { Selection } from './selection.ts';
import { createSession, type Session } from './session.ts';
import { layoutOf } from './topology/layout.ts';
import { topologyModel } from './topology/model.ts';
import { controllerSays, topologyScene } from './topology/scene.ts';

const TOPIC = 'orders';
const PARTITION: Selection = { kind: 'partition', topic: TOPIC, partition: 0 };
const sessions = new Map<string, Session>();

function at(id: string, timeUs: number) {
  const scenario = scenarioById(id)!;
  let session = sessions.get(id);
  if (!session) {
    const universe: Universe = { scenario, faults: scenario.faults, seed: 1, files: {} };
    session = createSession((u, sink) => {
      sink.done(runToEnd(u, (chunk) => sink.chunk(chunk)).hash);
      return { cancel: () => undefined };
    });
    session.load(universe);
    sessions.set(id, session);
  }
  session.seek(timeUs);
  const state = session.state();
  return {
    state,
    scenario,
    topology(width: number) {
      const model = topologyModel(state, scenario, TOPIC);
      const layout = layoutOf({ width, brokers: 3, partitions: model.partitions, selected: 0, producers: model.producers.map((p) => p.name), consumers: model.consumers });
      const says = controllerSays(state, model, en, formatDuration);
      return { layout, model, says, marks: topologyScene({ model, layout, words: en, duration: formatDuration, timeUs, controllerSays: says, selection: null, struckLinks: new Set() }).marks };
    },
    lanes(width: number) {
      const model = lanesModel(state, { scenario, topic: TOPIC, cells: laneGeometry(width).cells, inView: () => true });
      const { tops, height } = laneTops({ lanes: [{ partition: 0, replicaCount: 3 }] }, laneGeometry(width).size, 0);
      const looks = recordLooks(state.trace, scenario);
      return {
        lane: model.lanes[0]!,
        marks: lanesScene(
          { model, view: { width, top: 0, bottom: height }, words: en, selection: PARTITION, inkOf: looks.ink, lettersOf: looks.letters, mine: looks.mine, tombstone: looks.tombstone },
          tops,
          height,
        ).marks,
      };
    },
    facts(selection: Selection) {
      const { views, position } = state;
      const moment = {
        cluster: views.cluster.at(position),
        clients: views.clients.at(position),
        streams: views.streams.at(position),
        topicSym: views.logs.topicSym,
        transactions: (p: { topic: number; partition: number }) => views.transactions.at(p, position),
      };
      return Object.fromEntries(factsOf(selection, moment, scenario, en).map((f) => [f.label, f.note ? `${f.value} (${f.note})` : f.value]));
    },
  };
}

const texts = (marks: readonly Mark[]) => marks.flatMap((m) => (m.kind === 'text' ? [m.text] : []));

describe('a transaction that hangs', () => {
  it('holds the last stable offset while the high watermark goes on, and says so in the lane and in the inspector', () => {
    const now = at('hanging-transaction', 10_000_000);
    const { lane, marks } = now.lanes(936);
    expect(lane.lastStableOffset).toBe(0);
    expect(lane.highWatermark).toBeGreaterThan(40);
    // Its offset lies before the window by now.
    expect(lane.from).toBeGreaterThan(0);
    expect(texts(marks)).toContain('← LSO 0');
    expect(marks.filter((m) => m.kind === 'line' && m.stroke === 'teal' && m.dash)).toHaveLength(0);
    const early = at('hanging-transaction', 4_500_000).lanes(936).marks;
    expect(texts(early)).toContain('LSO 0');
    expect(early.filter((m) => m.kind === 'line' && m.stroke === 'teal' && m.dash)).toHaveLength(1);
    expect(now.facts(PARTITION)['Last stable offset']).toBe('0 (held by pay-hung)');
  });

  it('says nothing of it where no transaction holds it back', () => {
    const before = at('hanging-transaction', 2_000_000);
    expect(texts(before.lanes(936).marks).some((t) => t.startsWith('LSO'))).toBe(false);
    expect(before.facts(PARTITION)['Last stable offset']).toBeUndefined();
  });

  it('is hatched in every replica while it is open', () => {
    const { lane, marks } = at('hanging-transaction', 4_500_000).lanes(936);
    const open = lane.replicas.map((r) => r.cells.filter((c) => c === CELL.open).length);
    expect(open).toEqual([11, 11, 11]);
    // Eleven records in three replicas, and no other path but the carets of two readers.
    expect(marks.filter((m) => m.kind === 'path' && m.stroke === 'stage')).toHaveLength(33);
  });

  it('shows markers without a colour of a key, a check for a commit', () => {
    const { lane, marks } = at('hanging-transaction', 10_000_000).lanes(936);
    const window = lane.replicas[0]!;
    const markers = Array.from(window.cells).flatMap((c, i) => (c === CELL.commitMarker ? [window.window.from + i] : []));
    expect(markers.length).toBeGreaterThan(0);
    for (const offset of markers) {
      const cell = marks.find((m) => m.kind === 'rect' && m.hit?.kind === 'record' && m.hit.broker === lane.leader && m.hit.offset === offset);
      expect(cell?.kind === 'rect' && cell.fill).toBe('well');
    }
    expect(marks.filter((m) => m.kind === 'icon' && m.name === 'check')).toHaveLength(markers.length * 3);
  });

  it.each([936, 676, 500, 358])('keeps the labels under the lane apart at %i px', (width) => {
    for (const timeUs of [4_500_000, 10_000_000, 76_000_000]) {
      const labels = at('hanging-transaction', timeUs)
        .lanes(width)
        .marks.filter((m): m is Extract<Mark, { kind: 'text' }> => m.kind === 'text' && /^(?:(?:← )?LSO|HW|LEO) \d+$/.test(m.text))
        .map((m) => {
          const w = m.text.length * 6.6;
          const left = m.anchor === 'end' ? m.x - w : m.anchor === 'middle' ? m.x - w / 2 : m.x;
          return { text: m.text, left, right: left + w };
        })
        .sort((a, b) => a.left - b.left);
      for (let i = 1; i < labels.length; i++) expect(labels[i]!.left - labels[i - 1]!.right, `${labels[i - 1]!.text}, ${labels[i]!.text} at ${timeUs}`).toBeGreaterThan(0);
    }
  });

  it('is struck through once it is aborted, with a stroke for its marker', () => {
    const { state } = at('zombie-producer', 11_000_000);
    const told = state.views.transactions.at({ topic: state.views.logs.topicSym(TOPIC), partition: 0 }, state.position);
    expect(told.transactions.some((t) => t.state === 'aborted')).toBe(true);
    const { lane, marks } = at('zombie-producer', 11_000_000).lanes(936);
    const aborted = Array.from(lane.replicas[0]!.cells).filter((c) => c === CELL.aborted).length;
    expect(aborted).toBeGreaterThan(0);
    const strokes = marks.filter((m) => m.kind === 'line' && m.stroke === 'ink' && m.y1 === m.y2);
    expect(strokes).toHaveLength(aborted * 3);
  });
});

describe('a transactional producer', () => {
  it('says that it is one, and what it has open even while it is away', () => {
    const said = texts(at('hanging-transaction', 10_000_000).topology(936).marks);
    expect(said.filter((t) => t === 'transactional')).toHaveLength(2);
    expect(said).not.toContain('idempotent');
    expect(said).toContain('open, 11 records');
    expect(said).toContain('Paused');
  });

  it('tells its own transaction apart from that of the one that took its place', () => {
    const late = at('zombie-producer', 30_000_000);
    expect(texts(late.topology(936).marks)).toContain('PRODUCER_FENCED');
    expect(late.facts({ kind: 'process', name: 'pay-old' })).toMatchObject({ 'Stopped by': 'PRODUCER_FENCED' });
    expect(late.facts({ kind: 'process', name: 'pay-new' })['Stopped by']).toBeUndefined();
    expect(Number(late.facts({ kind: 'process', name: 'pay-new' })['Committed'])).toBeGreaterThan(3);
  });
});

describe('the controller over a cluster of one partition', () => {
  it.each([936, 820, 676, 560, 488])('says its last word whole at %i px', (width) => {
    const { layout, says, marks } = at('hanging-transaction', 10_000_000).topology(width);
    const word = marks.find((m) => m.kind === 'text' && m.text === says[0]);
    expect(says[0]).toMatch(/^broker-1 leads P0, /);
    expect(word?.kind === 'text' && word.most).toBeGreaterThan(says[0]!.length * 6);
    expect(layout.controller.x).toBeGreaterThanOrEqual(0);
    expect(layout.controller.x + layout.controller.w).toBeLessThanOrEqual(width);
  });

  it('leaves out how long ago it was before it cuts the word itself', () => {
    const { layout, model } = at('hanging-transaction', 10_000_000).topology(936);
    const word = 'broker-3 leads a-topic-with-a-long-name-12';
    const scene = topologyScene({ model, layout, words: en, duration: formatDuration, timeUs: 0, controllerSays: [`${word}, 12.0 s ago`, word], selection: null, struckLinks: new Set() });
    expect(texts(scene.marks)).toContain(word);
    expect(texts(scene.marks)).not.toContain(`${word}, 12.0 s ago`);
  });
});
