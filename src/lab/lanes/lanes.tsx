// The log lanes on screen: one canvas that shows the part of the picture which is scrolled into view.
import { useEffect, useImperativeHandle, useReducer, useRef, type MouseEvent, type Ref } from 'react';
import type { Scenario } from '../../../simulations/contract/scenario.ts';
import { partitionsOf } from '../../readmodels/cluster.ts';
import type { RecordLooks } from '../hue.ts';
import { pick, type Mark } from '../marks.ts';
import type { LabMessages } from '../messages/en.ts';
import { placeOf, selectionId, type Selection } from '../selection.ts';
import type { Session, SessionState } from '../session.ts';
import { useCanvas } from '../use-canvas.ts';
import { useSize } from '../use-size.ts';
import { lanesModel, type LanesModel } from './model.ts';
import { laneGeometry, lanesScene, laneTops, openPartition } from './scene.ts';

export interface LanesHandle {
  boxOf(selection: Selection): { x: number; y: number } | null;
  /** Where the lane of a partition begins and ends in the window, painted or not. */
  stretchOf(partition: number): { top: number; bottom: number } | null;
  /** The lanes now, that of a partition with its replicas, painted or not. */
  modelWith(partition: number): LanesModel;
}

export interface LanesProps {
  readonly ref: Ref<LanesHandle>;
  readonly session: Session;
  readonly state: SessionState;
  readonly scenario: Scenario;
  readonly topic: string;
  readonly selection: Selection | null;
  readonly words: LabMessages;
  readonly looks: RecordLooks;
  readonly onPick: (e: MouseEvent, selection: Selection | null, menu: boolean) => void;
}

export function Lanes({ ref, session, state, scenario, topic, selection, words, looks, onPick }: LanesProps) {
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const { width } = useSize(box);
  const [scrolled, redraw] = useReducer((n: number) => n + 1, 0);
  const shown = useRef<readonly Mark[]>([]);

  const partitions = partitionsOf(state.views.cluster.at(state.position), topic);
  const open = openPartition(selection, topic);
  const size = laneGeometry(width || 900).size;
  const { tops, height } = laneTops({ lanes: partitions.map((p) => ({ partition: p.partition, replicaCount: p.replicas.length || p.logs.length })) }, size, open);

  useEffect(() => {
    const scroller = box.current?.closest('.stage-scroll');
    const targets: (Element | Window)[] = scroller ? [scroller, window] : [window];
    for (const target of targets) target.addEventListener('scroll', redraw, { passive: true });
    addEventListener('resize', redraw);
    return () => {
      for (const target of targets) target.removeEventListener('scroll', redraw);
      removeEventListener('resize', redraw);
    };
  }, []);

  useCanvas(
    canvas,
    session,
    (now) => {
      if (!width || !box.current) return null;
      const all = partitionsOf(now.views.cluster.at(now.position), topic);
      const here = placeOf(now.selection, now.trace, now.position);
      const nowOpen = openPartition(here, topic);
      const measured = laneTops({ lanes: all.map((p) => ({ partition: p.partition, replicaCount: p.replicas.length || p.logs.length })) }, size, nowOpen);
      const { top, bottom } = visiblePart(box.current, measured.height);
      const geometry = laneGeometry(width);
      const model = lanesModel(now, { scenario, topic, cells: geometry.cells, inView: (i) => (measured.tops[i + 1] ?? measured.height) >= top && measured.tops[i]! <= bottom });
      const scene = lanesScene(
        { model, view: { width, top, bottom }, words, selection: here, inkOf: looks.ink, lettersOf: looks.letters, mine: looks.mine, tombstone: looks.tombstone },
        measured.tops,
        measured.height,
      );
      shown.current = scene.marks;
      if (canvas.current) canvas.current.style.top = `${top}px`;
      return { width, height: Math.max(1, bottom - top), marks: scene.marks, scrollTop: top };
    },
    [width, scenario, topic, words, looks, scrolled, size],
  );

  useImperativeHandle(ref, () => ({
    modelWith: (partition) => lanesModel(session.state(), { scenario, topic, cells: laneGeometry(width || 900).cells, inView: (i) => partitions[i]?.partition === partition }),
    stretchOf(partition) {
      const origin = box.current?.getBoundingClientRect();
      const i = partitions.findIndex((p) => p.partition === partition);
      return origin && i >= 0 ? { top: origin.y + tops[i]!, bottom: origin.y + (tops[i + 1] ?? height) } : null;
    },
    boxOf(wanted) {
      const origin = box.current?.getBoundingClientRect();
      const id = selectionId(wanted);
      const mark = origin && shown.current.find((m) => m.kind === 'rect' && m.hit && selectionId(m.hit) === id);
      return mark?.kind === 'rect' ? { x: origin!.x + Math.min(mark.x + mark.w, 240), y: origin!.y + mark.y + mark.h } : null;
    },
  }));

  function at(e: MouseEvent): Selection | null {
    const origin = box.current!.getBoundingClientRect();
    return pick(shown.current, e.clientX - origin.x, e.clientY - origin.y);
  }

  const empty = partitions.length === 0;
  return (
    <div ref={box} className="lanes" style={{ height: empty ? undefined : height }} onClick={(e) => onPick(e, at(e), false)} onContextMenu={(e) => onPick(e, at(e), true)}>
      {empty ? <p className="lanes-empty">{topic ? words.lanes.empty : ''}</p> : <canvas ref={canvas} aria-hidden="true" />}
    </div>
  );
}

/** A picture up to this height is painted whole, px. */
const PAINTED_WHOLE = 1200;

/** The stretch of the picture that can be seen, with a little more on either side. */
function visiblePart(box: HTMLElement, height: number): { top: number; bottom: number } {
  if (height <= PAINTED_WHOLE) return { top: 0, bottom: height };
  const rect = box.getBoundingClientRect();
  const around = box.closest('.stage-scroll')?.getBoundingClientRect();
  const scroller = around && around.height > 0 ? around : null;
  const from = Math.max(0, scroller ? scroller.top : 0);
  const to = Math.min(innerHeight, scroller ? scroller.bottom : innerHeight);
  const top = Math.max(0, Math.min(height, from - rect.top - 60));
  const bottom = Math.max(top, Math.min(height, to - rect.top + 60));
  return { top: Math.floor(top), bottom: Math.ceil(bottom) };
}
