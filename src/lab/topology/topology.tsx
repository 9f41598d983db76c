// The topology on screen: what stands still as SVG, messages on a canvas above it.
import { useImperativeHandle, useMemo, useRef, type MouseEvent, type Ref } from 'react';
import { columns } from '../../readmodels/columns.ts';
import { flightsOf, lossesOf } from '../../readmodels/flights.ts';
import type { Scenario } from '../../../simulations/contract/scenario.ts';
import { struckLinks } from '../fault-clips.ts';
import type { RecordLooks } from '../hue.ts';
import type { LabMessages } from '../messages/en.ts';
import { pick } from '../marks.ts';
import { SceneSvg } from '../scene-svg.tsx';
import { selectionId, type Selection } from '../selection.ts';
import type { Session, SessionState } from '../session.ts';
import { useCanvas } from '../use-canvas.ts';
import { useReducedMotion } from '../use-reduced-motion.ts';
import { useSize } from '../use-size.ts';
import { layoutOf, wayBetween, type Layout } from './layout.ts';
import { messagesScene, type Sent } from './messages-scene.ts';
import type { TopologyModel } from './model.ts';
import { shapeOf } from './streams-model.ts';
import { controllerSays, topologyScene } from './scene.ts';

export interface TopologyHandle {
  /** Where a thing stands in the page; null when it is not in view. */
  boxOf(selection: Selection): { x: number; y: number } | null;
}

export interface TopologyProps {
  readonly ref: Ref<TopologyHandle>;
  readonly session: Session;
  readonly state: SessionState;
  readonly model: TopologyModel;
  readonly scenario: Scenario;
  readonly selection: Selection | null;
  readonly words: LabMessages;
  readonly duration: (us: number) => string;
  readonly looks: RecordLooks;
  readonly onPick: (e: MouseEvent, selection: Selection | null, menu: boolean) => void;
}

export function Topology({ ref, session, state, model, scenario, selection, words, duration, looks, onPick }: TopologyProps) {
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const { width } = useSize(box);
  const still = useReducedMotion();
  const selected = (selection?.kind === 'partition' || selection?.kind === 'record') && selection.topic === model.topic ? selection.partition : null;

  const layout = useMemo(
    () =>
      width
        ? layoutOf({
            width,
            brokers: model.brokers.length,
            partitions: model.partitions,
            selected,
            producers: model.producers.map((p) => p.name),
            consumers: model.consumers.map((c) => ({ name: c.name, group: c.group })),
            streams: model.streams && shapeOf(model.streams),
          })
        : null,
    [width, model, selected],
  );
  const scene = useMemo(
    () => layout && topologyScene({ model, layout, words, duration, selection, timeUs: state.timeUs, controllerSays: controllerSays(state, model, words, duration), struckLinks: struckLinks(state) }),
    [layout, model, words, duration, selection, state],
  );
  const mine = useMemo(() => new Set(scenario.processes.filter((p) => p.role === 'guest').map((p) => p.name)), [scenario]);

  useCanvas(
    canvas,
    session,
    (now) => {
      if (!layout) return null;
      const flights = now.views.flights.at(now.position);
      const marks = messagesScene({
        layout,
        flights: flightsOf(flights, now.trace),
        losses: lossesOf(flights, now.trace),
        timeUs: now.timeUs,
        fadeUs: Math.max(2000, now.speed * 500_000),
        timeOf: (seq) => now.trace.timeAt(seq),
        inkOf: looks.ink,
        partitionOf: now.views.logs.partitionOf,
        mine: (name) => mine.has(name),
        still,
        recent: recentlySent(now),
      });
      return { width: layout.width, height: layout.height, marks };
    },
    [layout, looks, mine, still],
  );

  useImperativeHandle(ref, () => ({
    boxOf(wanted) {
      const origin = box.current?.getBoundingClientRect();
      const id = selectionId(wanted);
      const mark = origin && scene?.marks.find((m) => m.kind === 'rect' && m.hit && selectionId(m.hit) === id);
      return mark?.kind === 'rect' ? { x: origin!.x + mark.x + Math.min(mark.w, 120), y: origin!.y + mark.y + mark.h / 2 } : null;
    },
  }));

  function at(e: MouseEvent): Selection | null {
    const origin = box.current!.getBoundingClientRect();
    const x = e.clientX - origin.x;
    const y = e.clientY - origin.y;
    return (scene && pick(scene.marks, x, y)) ?? (layout && linkAt(layout, model, x, y));
  }

  return (
    <div ref={box} className="topology" onClick={(e) => onPick(e, at(e), false)} onContextMenu={(e) => onPick(e, at(e), true)}>
      {scene && <SceneSvg scene={scene} />}
      <canvas ref={canvas} aria-hidden="true" />
    </div>
  );
}

/** The channel nearest to a point, within a few pixels. */
function linkAt(layout: Layout, model: TopologyModel, x: number, y: number): Selection | null {
  let best: Selection | null = null;
  let nearest = 7;
  for (const pair of model.connected) {
    const [from, to] = pair.split('>') as [string, string];
    for (const api of layout.streams && /^(?:task|job)manager/.test(from) ? ['Fetch', 'Produce'] : ['']) {
      const way = wayBetween(layout, from, to, -1, api);
      if (!way) continue;
      for (let t = 0; t <= 1; t += 0.04) {
        const p = way.at(t);
        const d = Math.hypot(p.x - x, p.y - y);
        if (d < nearest) {
          nearest = d;
          best = { kind: 'link', from, to };
        }
      }
    }
  }
  return best;
}

/** Real time over which a channel stays lit, microseconds. */
const LIT_US = 260_000;
/** Below this speed a message stays in view for several frames and is followed by itself. */
const FOLLOWED = 0.05;
const MOST_RECENT = 300;
const SENT = columns('net.sent');

function recentlySent({ playing, speed, timeUs, position, trace, views }: SessionState): Sent[] {
  if (!playing || speed < FOLLOWED) return [];
  const span = LIT_US * speed;
  const out: Sent[] = [];
  for (let n = views.sends.count(position) - 1, looked = 0; n >= 0 && looked < MOST_RECENT; n--, looked++) {
    const seq = views.sends.at(n);
    const age = (timeUs - trace.timeAt(seq)) / span;
    if (age > 1) break;
    if (trace.value(seq, SENT.records) === 0) continue;
    const cause = trace.causeAt(seq);
    out.push({
      from: trace.texts[trace.value(seq, SENT.from)]!,
      to: trace.texts[trace.value(seq, SENT.to)]!,
      api: trace.texts[trace.value(seq, SENT.api)]!,
      record: trace.value(seq, SENT.firstRecord),
      again: cause >= 0 && trace.typeAt(cause) === 'producer.retried',
      age,
    });
  }
  return out;
}
