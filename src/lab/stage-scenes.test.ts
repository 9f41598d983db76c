// The pictures of the stage, headless: a real run at a few moments, as marks.
import { describe, expect, it } from 'vitest';
import { runToEnd } from '../../simulations/run.ts';
import { scenarioById } from '../../simulations/scenarios/catalogue.ts';
import type { Universe } from '../../simulations/contract/scenario.ts';
import { formatAxis, formatDuration } from '../app/format.ts';
import { flightsOf, lossesOf } from '../readmodels/flights.ts';
import { faultClips } from './fault-clips.ts';
import { recordLooks } from './hue.ts';
import { lanesModel } from './lanes/model.ts';
import { laneGeometry, laneTops, lanesScene } from './lanes/scene.ts';
import { describeMarks, pick, type Mark } from './marks.ts';
import { en } from './messages/en.ts';
import { moveSelection } from './move-selection.ts';
import type { Selection } from './selection.ts';
import { createSession, type Session } from './session.ts';
import { textWidth } from './text-width.ts';
import { layoutOf } from './topology/layout.ts';
import { messagesScene } from './topology/messages-scene.ts';
import { topologyModel } from './topology/model.ts';
import { controllerSays, topologyScene } from './topology/scene.ts';
import { tracksScene } from './transport/scene.ts';

const scenario = scenarioById('acks-1-leader-loss')!;
const universe: Universe = { scenario, faults: scenario.faults, seed: 1, files: {} };
const session: Session = createSession((u, sink) => {
  sink.done(runToEnd(u, (chunk) => sink.chunk(chunk)).hash);
  return { cancel: () => undefined };
});
session.load(universe);
const TOPIC = 'orders';
const PARTITION: Selection = { kind: 'partition', topic: TOPIC, partition: 1 };

function topology(timeUs: number, width: number, selection: Selection | null = PARTITION) {
  session.seek(timeUs);
  const state = session.state();
  const model = topologyModel(state, scenario, TOPIC);
  const layout = layoutOf({ width, brokers: 3, partitions: model.partitions, selected: 1, producers: model.producers.map((p) => p.name), consumers: model.consumers });
  const scene = topologyScene({ model, layout, words: en, duration: formatDuration, timeUs, controllerSays: controllerSays(state, model, en, formatDuration), selection, struckLinks: new Set() });
  return { state, model, layout, scene };
}

function lanes(timeUs: number, width: number, selection: Selection | null = PARTITION) {
  session.seek(timeUs);
  const state = session.state();
  const g = laneGeometry(width);
  const model = lanesModel(state, { scenario, topic: TOPIC, cells: g.cells, inView: () => true });
  const { tops, height } = laneTops({ lanes: model.lanes.map((l) => ({ partition: l.partition, replicaCount: l.replicas.length })) }, g.size, selection ? 1 : null);
  const looks = recordLooks(state.trace, scenario);
  return {
    model,
    scene: lanesScene({ model, view: { width, top: 0, bottom: height }, words: en, selection, inkOf: looks.ink, lettersOf: looks.letters, mine: looks.mine, tombstone: looks.tombstone }, tops, height),
  };
}

const texts = (marks: readonly Mark[]) => marks.flatMap((m) => (m.kind === 'text' ? [m.text] : []));
const within = (marks: readonly Mark[], width: number, height: number) =>
  marks.filter((m) => (m.kind === 'rect' && (m.x < -4 || m.x + m.w > width + 4 || m.y < -6 || m.y + m.h > height + 6)) || (m.kind === 'text' && (m.x < -2 || m.x > width + 2)));

describe('the topology', () => {
  it.each([
    [936, 'wide'],
    [676, 'mid'],
    [358, 'narrow'],
  ] as const)('draws the moment after the election at %i px (%s)', (width, size) => {
    const { scene, layout } = topology(20_000_000, width);
    expect(layout.size).toBe(size);
    expect(describeMarks(scene.marks)).toMatchSnapshot();
    expect(within(scene.marks, scene.width, scene.height)).toEqual([]);
  });

  it('says on the thing what is with it', () => {
    const said = texts(topology(20_000_000, 936).scene.marks);
    expect(said).toContain('Killed');
    expect(said).toContain('e1');
    expect(said).toContain('acks=1');
    expect(said.some((t) => t.startsWith('fenced broker-1,'))).toBe(true);
  });

  it('shows nothing of a run before its first event', () => {
    const fresh = createSession((_, sink) => ({ cancel: () => sink.done(null) }));
    fresh.load(universe);
    const model = topologyModel(fresh.state(), scenario, TOPIC);
    expect(model.brokers.every((b) => b.status === 'unstarted')).toBe(true);
    expect(model.partitions).toEqual([0, 1, 2]);
  });

  it('selects what is clicked', () => {
    const { scene, layout } = topology(4_000_000, 936);
    const row = layout.rows[0]!;
    expect(pick(scene.marks, row.x + 20, row.y + 20)).toEqual({ kind: 'process', name: 'broker-1' });
    const column = layout.columns[2]!;
    expect(pick(scene.marks, column.x + 10, row.y + 20)).toEqual({ kind: 'partition', topic: TOPIC, partition: 2 });
  });

  it('keeps the selected one of many partitions in view', () => {
    const layout = layoutOf({ width: 936, brokers: 3, partitions: Array.from({ length: 50 }, (_, i) => i), selected: 40, producers: ['a'], consumers: [{ name: 'b', group: 'g' }] });
    expect(layout.columns.map((c) => c.partition)).toContain(40);
    expect(layout.columns.length).toBeLessThan(50);
    expect(layout.columns.at(-1)!.x + layout.slot.w).toBeLessThanOrEqual(layout.block.x + layout.block.w);
  });
});

describe('messages', () => {
  it('stand on the way they take, at their true part of it', () => {
    session.seek(4_000_000);
    const { layout, state } = topology(4_000_000, 936);
    const seq = Array.from({ length: 4000 }, (_, i) => state.position + i).find((s) => state.trace.typeAt(s) === 'net.sent' && state.trace.event(s).process === 'checkout')!;
    session.seekPosition(seq + 1);
    const now = session.state();
    const sent = now.trace.event(seq) as unknown as { dueUs: number; timeUs: number };
    const draw = (timeUs: number) =>
      messagesScene({
        layout,
        flights: flightsOf(now.views.flights.at(now.position), now.trace).filter((f) => f.sentBy === seq),
        losses: lossesOf(now.views.flights.at(now.position), now.trace),
        timeUs,
        fadeUs: 1000,
        timeOf: (s) => now.trace.timeAt(s),
        inkOf: () => 'k1',
        partitionOf: now.views.logs.partitionOf,
        mine: () => false,
        still: false,
        recent: [],
      });
    const x = (marks: readonly Mark[]) => marks.flatMap((m) => (m.kind === 'circle' ? [m.x] : []))[0]!;
    const start = x(draw(sent.timeUs));
    const middle = x(draw((sent.timeUs + sent.dueUs) / 2));
    const end = x(draw(sent.dueUs));
    expect(start).toBeCloseTo(layout.producers.get('checkout')!.x + layout.producers.get('checkout')!.w, 0);
    expect(end).toBeCloseTo(layout.block.x, 0);
    expect(middle).toBeGreaterThan(start);
    expect(middle).toBeLessThan(end);
  });
});

describe('the log lanes', () => {
  it.each([936, 676, 358])('draw the moment after the election at %i px', (width) => {
    const { scene } = lanes(20_000_000, width);
    expect(describeMarks(scene.marks.slice(0, 160))).toMatchSnapshot();
    expect(within(scene.marks, width, scene.height)).toEqual([]);
  });

  it('name the acknowledged records that are gone, and cross them where they still stand', () => {
    session.seek(19_880_000);
    const { scene } = lanes(19_880_000, 936);
    expect(texts(scene.marks)).toContain('2 acknowledged, now lost');
    expect(scene.marks.filter((m) => m.kind === 'icon' && m.name === 'cross' && m.ink === 'broken')).toHaveLength(2);
  });

  it('put the same offset at the same x in leader and followers', () => {
    const { scene } = lanes(10_000_000, 936);
    const xs = new Map<string, Set<number>>();
    for (const m of scene.marks)
      if (m.kind === 'rect' && m.hit?.kind === 'record' && m.hit.partition === 0) xs.set(String(m.hit.offset), (xs.get(String(m.hit.offset)) ?? new Set()).add(Math.round(m.x)));
    for (const at of xs.values()) expect(Math.max(...at) - Math.min(...at)).toBeLessThanOrEqual(1);
  });
});

describe('the transport bar', () => {
  it('draws no activity and no violation past the playhead', () => {
    const draw = (timeUs: number) => {
      session.seek(timeUs);
      const s = session.state();
      return tracksScene({
        width: 1440,
        labelWidth: 168,
        horizonUs: s.horizonUs,
        timeUs,
        computedUs: s.computedUs,
        gateUs: null,
        activity: s.views.activity.at(s.position),
        faultRows: 2,
        rows: [{ title: 'x', violatedUs: [] }],
        stops: [],
        labels: { faults: 'faults', activity: 'activity', notYet: 'not yet' },
        axis: (us, last) => formatAxis(us, s.horizonUs) + (last ? ' s' : ''),
      });
    };
    const early = draw(6_000_000);
    const nowX = 168 + ((1440 - 16 - 168) * 6) / 40;
    for (const m of early.marks) if (m.kind === 'rect' && m.fill !== 'well') expect(m.x).toBeLessThanOrEqual(nowX + 1);
    expect(describeMarks(early.marks).slice(0, 40)).toMatchSnapshot();
  });

  it('knows of a fault that is to come only what was planned', () => {
    session.seek(4_000_000);
    expect(faultClips(session.state()).map((c) => [c.state, c.tookEffect, c.row])).toEqual([
      ['planned', null, 0],
      ['planned', null, 1],
    ]);
    session.seek(12_500_000);
    expect(faultClips(session.state()).map((c) => [c.state, c.tookEffect])).toEqual([
      ['on', true],
      ['on', true],
    ]);
  });
});

describe('the arrow keys', () => {
  it('walk through producers, brokers, partitions, consumers and down into the log', () => {
    const { model } = topology(10_000_000, 936);
    const { model: logs } = lanes(10_000_000, 936);
    const go = (from: Selection | null, ...arrows: ('ArrowLeft' | 'ArrowRight' | 'ArrowUp' | 'ArrowDown')[]) => arrows.reduce((at, arrow) => moveSelection(at, arrow, model, logs), from);
    expect(go({ kind: 'process', name: 'checkout' }, 'ArrowRight')).toEqual({ kind: 'process', name: 'broker-1' });
    expect(go({ kind: 'process', name: 'broker-1' }, 'ArrowUp')).toEqual({ kind: 'process', name: 'controller' });
    expect(go({ kind: 'process', name: 'broker-1' }, 'ArrowRight', 'ArrowRight')).toEqual({ kind: 'partition', topic: TOPIC, partition: 1 });
    expect(go({ kind: 'partition', topic: TOPIC, partition: 2 }, 'ArrowRight')).toEqual({ kind: 'process', name: 'billing' });
    const record = go({ kind: 'partition', topic: TOPIC, partition: 0 }, 'ArrowDown')!;
    expect(record.kind).toBe('record');
    expect(go(record, 'ArrowLeft', 'ArrowDown')).toMatchObject({ kind: 'record', offset: (record as { offset: number }).offset - 1 });
    expect(go(record, 'ArrowUp')).toEqual({ kind: 'partition', topic: TOPIC, partition: 0 });
  });
});

describe('the heads of groups and columns', () => {
  const draw = (width: number, group: string, state: string) => {
    session.seek(4_000_000);
    const model = topologyModel(session.state(), scenario, TOPIC);
    const many = Array.from({ length: 50 }, (_, i) => i);
    const consumers = [{ ...model.consumers[0]!, group }];
    const layout = layoutOf({ width, brokers: 3, partitions: many, selected: 0, producers: ['checkout'], consumers });
    const told = { ...model, partitions: many, consumers, groups: [{ name: group, state, generation: 12 }] };
    return { layout, marks: topologyScene({ model: told, layout, words: en, duration: formatDuration, timeUs: 4_000_000, controllerSays: [], selection: null, struckLinks: new Set() }).marks };
  };

  it.each(['billing', 'recommendations-nightly'])('write the state of %s whole beside its name', (group) => {
    const { layout, marks } = draw(936, group, 'PreparingRebalance');
    const head = layout.groups[0]!;
    const row = marks.filter((m): m is Extract<Mark, { kind: 'text' }> => m.kind === 'text' && m.y === head.y && m.x >= head.x);
    expect(row.some((m) => m.text === 'PreparingRebalance' && m.most === undefined)).toBe(true);
    const [name, state] = row as [(typeof row)[0], (typeof row)[0]];
    expect(name.x + Math.min(textWidth(name.text), name.most ?? Infinity)).toBeLessThanOrEqual(state.x - textWidth(state.text));
  });

  it.each([936, 676, 560])('say which partitions are shown without touching the first at %i px', (width) => {
    const { layout, marks } = draw(width, 'billing', 'Stable');
    const said = marks.find((m): m is Extract<Mark, { kind: 'text' }> => m.kind === 'text' && m.text.endsWith(' of 50'))!;
    expect(said.x + textWidth(said.text)).toBeLessThan(layout.columns[0]!.x + 2);
  });
});
