// The job in the topology, headless: a real run at a few moments, as marks.
import { describe, expect, it } from 'vitest';
import { formatDuration } from '../../app/format.ts';
import { breaksOf, hostOf, targetsOf } from '../breaks.ts';
import { describeMarks, pick, type Mark } from '../marks.ts';
import { en } from '../messages/en.ts';
import { moveSelection } from '../move-selection.ts';
import type { Selection } from '../selection.ts';
import type { Session } from '../session.ts';
import { describeSelection } from '../spoken.ts';
import { en as engine } from '../../../simulations/text/en.ts';
import { openTrending, seekAfter } from '../streams/testing.test-helper.ts';
import { layoutOf, wayBetween } from './layout.ts';
import { topologyModel } from './model.ts';
import { topologyScene } from './scene.ts';
import { cellBox } from './streams-layout.ts';
import { shapeOf } from './streams-model.ts';

const session = openTrending();
const { scenario } = session.state().universe!;
const TASK = 'trending → trending-out';

function picture(width: number, selection: Selection | null = null, of: Session = session) {
  const state = of.state();
  const model = topologyModel(state, scenario, 'views');
  const layout = layoutOf({
    width,
    brokers: 3,
    partitions: model.partitions,
    selected: null,
    producers: ['playback-svc'],
    consumers: [{ name: 'home-page', group: 'home-page' }],
    streams: shapeOf(model.streams!),
  });
  const scene = topologyScene({ model, layout, words: en, duration: formatDuration, timeUs: state.timeUs, controllerSays: [], selection, struckLinks: new Set() });
  return { model, layout, scene, view: model.streams! };
}

const below = (marks: readonly Mark[], y: number) => marks.filter((m) => ('y' in m ? m.y >= y : m.kind === 'line' ? m.y1 >= y : false));
const texts = (marks: readonly Mark[]) => marks.flatMap((m) => (m.kind === 'text' ? [m.text] : []));
const outside = (marks: readonly Mark[], width: number, height: number) =>
  marks.filter((m) => (m.kind === 'rect' && (m.x < -4 || m.x + m.w > width + 4 || m.y + m.h > height + 6)) || (m.kind === 'text' && (m.x < -2 || m.x > width + 2)));

describe('the job in the topology', () => {
  it.each([936, 676, 358])('is drawn while barriers are on their way, at %i px', (width) => {
    seekAfter(session, 'barrier.received', (e) => e['checkpoint'] === 2);
    const { scene, layout } = picture(width);
    expect(describeMarks(below(scene.marks, layout.streams!.head.y))).toMatchSnapshot();
    expect(outside(scene.marks, scene.width, scene.height)).toEqual([]);
  });

  it('shows where the barriers have come: in the channel, waiting for the others, gone', () => {
    seekAfter(session, 'checkpoint.triggered', (e) => e['checkpoint'] === 2);
    expect(picture(936).view.barriers).toEqual([]);
    seekAfter(session, 'checkpoint.snapshotTaken', (e) => e['checkpoint'] === 2);
    expect(picture(936).view.barriers.map((b) => b.state)).toEqual(['underway', 'underway']);
    seekAfter(session, 'barrier.received', (e) => e['checkpoint'] === 2);
    expect(picture(936).view.barriers.map((b) => `${b.from.subtask}>${b.to.subtask} ${b.state}`)).toEqual(['0>0 waiting', '1>0 underway', '0>1 underway', '1>1 underway']);
    seekAfter(session, 'checkpoint.completed', (e) => e['checkpoint'] === 2);
    expect(picture(936).view.barriers).toEqual([]);
  });

  it('tells the state of the job, its attempt and what it began with', () => {
    session.seek(19_000_000);
    expect(texts(picture(936).scene.marks)).toContain('running');
    session.seek(20_500_000);
    const { scene } = picture(936);
    expect(texts(scene.marks)).toContain('restarting · attempt 1 · next attempt in 546\u00a0ms');
    expect(texts(scene.marks).filter((t) => t === 'Killed')).toHaveLength(1);
    expect(texts(scene.marks).filter((t) => t === 'lost')).toHaveLength(4);
    session.seek(22_000_000);
    expect(texts(picture(936).scene.marks)).toContain('running · attempt 2 · from checkpoint 3');
    const { view } = picture(936);
    expect(view.managers.map((m) => m.lanes.length)).toEqual([0, 2, 0]);
  });

  it('says what a consumer reads while another topic is shown', () => {
    session.seek(19_000_000);
    expect(texts(picture(936).scene.marks)).toContain('reads trending');
    expect(texts(picture(560).scene.marks)).toContain('trending');
  });

  it('selects a subtask, whose task manager the break menu strikes', () => {
    session.seek(19_000_000);
    const { layout, scene } = picture(936);
    const box = cellBox(layout.streams!, 'taskmanager-1', 1, 1)!;
    const subtask = pick(scene.marks, box.x + 10, box.y + 10)!;
    expect(subtask).toEqual({ kind: 'subtask', job: 'trending', task: TASK, subtask: 1 });
    const { views, position } = session.state();
    const cluster = views.cluster.at(position);
    expect(breaksOf(hostOf(subtask, views.streams.at(position)), scenario, cluster).map((b) => b.fault.split(' ').slice(0, 2).join(' '))).toContain('kill taskmanager-1');
    expect(targetsOf('kill', scenario, cluster).map((b) => b.target)).toEqual(expect.arrayContaining(['jobmanager', 'taskmanager-3']));
    expect(describeSelection(subtask, session.state(), scenario, en, engine)).toContain('on taskmanager-1, running, trending: watermark 00:12:');
  });

  it('is walked by arrow keys from the brokers down', () => {
    const { model } = picture(936);
    const press = (from: Selection, ...keys: ('Left' | 'Right' | 'Up' | 'Down')[]) =>
      keys.reduce<Selection>((at, key) => moveSelection(at, `Arrow${key}`, model, { topic: 'views', lanes: [] })!, from);
    const broker: Selection = { kind: 'process', name: 'broker-3' };
    expect(press(broker, 'Down')).toEqual({ kind: 'process', name: 'jobmanager' });
    expect(press(broker, 'Down', 'Down', 'Right')).toEqual({ kind: 'subtask', job: 'trending', task: 'views', subtask: 0 });
    expect(press(broker, 'Down', 'Up')).toEqual(broker);
  });

  it('leads messages to the task managers', () => {
    const { layout } = picture(936);
    const read = wayBetween(layout, 'broker-1', 'taskmanager-1', -1, 'Fetch')!;
    const written = wayBetween(layout, 'taskmanager-1', 'broker-1', -1, 'Produce')!;
    expect(read.at(1).x).toBeCloseTo(layout.streams!.readX);
    expect(written.at(0).x).toBeCloseTo(layout.streams!.writeX);
    expect(wayBetween(layout, 'jobmanager', 'taskmanager-2')).not.toBeNull();
    expect(wayBetween(layout, 'taskmanager-1', 'taskmanager-3', -1, 'BufferResponse')).not.toBeNull();
  });
});

describe('a source whose watermarks are aligned', () => {
  const job = scenario.streams!.jobs[0]!;
  const aligned = openTrending({ jobs: [{ ...job, parameters: { maxDriftMs: '1000' } }] });

  it('says which partitions it does not read, and until when', () => {
    const seq = seekAfter(aligned, 'source.splitPaused', (e) => e['paused'] === true);
    const { partition, subtask } = aligned.state().trace.event(seq) as unknown as { partition: number; subtask: number };
    expect(texts(picture(936, null, aligned).scene.marks)).toContain(`holds back P${partition}`);
    const node: Selection = { kind: 'subtask', job: 'trending', task: 'views', subtask };
    expect(describeSelection(node, aligned.state(), scenario, en, engine)).toContain(`holds back views-${partition}`);
    const again = seekAfter(aligned, 'source.splitPaused', (e) => e['paused'] === false && e['partition'] === partition, seq);
    expect(describeSelection(node, aligned.state(), scenario, en, engine)).not.toContain(`views-${partition}`);
    expect(again).toBeGreaterThan(seq);
  });
});
