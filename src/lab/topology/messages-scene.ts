// Messages on their way, each at its true place for the playhead's time: capsules that carry records, arrowheads that carry an
// acknowledgement, small rings for everything else. With reduced motion, the channels that carry something are drawn stronger instead.
import { progress, type Flight, type Loss } from '../../readmodels/flights.ts';
import { Sketch, type Mark } from '../marks.ts';
import type { Curve } from './curve.ts';
import { wayBetween, type Layout } from './layout.ts';

export interface MessagesInput {
  readonly layout: Layout;
  readonly flights: readonly Flight[];
  /** Lost for good of late. */
  readonly losses: readonly Loss[];
  readonly timeUs: number;
  /** Virtual time that a lost message stays visible, microseconds. */
  readonly fadeUs: number;
  /** Time at which a loss happened. */
  readonly timeOf: (seq: number) => number;
  readonly inkOf: (record: number) => string;
  /** Partition of a record; -1 = unknown. */
  readonly partitionOf: (record: number) => number;
  /** Whether a process is the learner's. */
  readonly mine: (process: string) => boolean;
  readonly still: boolean;
  /** What was sent of late: while time runs too fast for the eye to follow a message, its channel lights up instead. Empty when it does not. */
  readonly recent: readonly Sent[];
}

/** A message sent of late, and how long ago as a share of what counts as late, 0 to 1. */
export interface Sent {
  readonly from: string;
  readonly to: string;
  readonly api: string;
  readonly record: number;
  readonly again: boolean;
  readonly age: number;
}

const MOST_DOTS = 4;

export function messagesScene(input: MessagesInput): readonly Mark[] {
  const s = new Sketch();
  traffic(s, input);
  if (input.still) {
    pulses(s, input);
    return s.marks;
  }
  for (const flight of input.flights) {
    const way = wayOf(input, flight);
    if (way) drawMessage(s, input, flight, way.at(progress(flight, input.timeUs)));
  }
  for (const loss of input.losses) lost(s, input, loss);
  return s.marks;
}

function wayOf({ layout, partitionOf }: MessagesInput, flight: Flight): Curve | null {
  const column = flight.records > 0 ? layout.columns.findIndex((c) => c.partition === partitionOf(flight.firstRecord)) : -1;
  return wayBetween(layout, flight.from, flight.to, column, flight.api);
}

/** What a message looks like where it is: `angle` is the way it goes, radians. */
export function drawMessage(
  s: Sketch,
  { mine, inkOf }: Pick<MessagesInput, 'mine' | 'inkOf'>,
  flight: Pick<Flight, 'from' | 'to' | 'api' | 'response' | 'records' | 'firstRecord' | 'refused' | 'again' | 'fault' | 'dueUs' | 'lost'>,
  { x, y, angle }: { readonly x: number; readonly y: number; readonly angle: number },
): void {
  const own = mine(flight.from) || mine(flight.to);
  const late = flight.again || flight.fault >= 0 || flight.lost > 0;
  if (flight.dueUs < 0 && flight.lost > 0) {
    s.circle(x, y, 6, { fill: 'stage' });
    s.icon('loss', x - 7, y - 7, 14, 'amber', { width: 1.5 });
    return;
  }
  if (flight.records > 0 && !(flight.response && flight.api === 'Produce')) {
    const dots = Math.min(MOST_DOTS, flight.records);
    const outline = late ? 'amber' : own ? 'violet' : 'line-3';
    const dx = Math.cos(angle);
    const dy = Math.sin(angle);
    if (dots === 1) {
      s.circle(x, y, own || late ? 5.8 : 5.2, { fill: 'stage', stroke: outline, width: 1.25 });
      s.circle(x, y, 3.6, { fill: inkOf(flight.firstRecord) });
      return;
    }
    const half = ((dots - 1) * 6.6) / 2;
    const ends = [x - dx * half, y - dy * half, x + dx * half, y + dy * half] as const;
    s.line(...ends, outline, { width: 11.6, round: true });
    s.line(...ends, 'stage', { width: 9.2, round: true });
    // Records between two tasks have no place in the record table.
    const ink = (i: number) => inkOf(flight.firstRecord < 0 ? -1 : flight.firstRecord + i);
    for (let i = 0; i < dots; i++) s.circle(x + dx * (half - i * 6.6), y + dy * (half - i * 6.6), 2.7, { fill: ink(i) });
    return;
  }
  if (flight.response && flight.api === 'Produce') {
    arrowhead(s, x, y, angle, flight.refused ? 'amber' : 'teal');
    if (flight.refused) s.icon('cross', x - 5, y - 13, 10, 'amber', { width: 2 });
    return;
  }
  s.circle(x, y, 2.3, { fill: 'stage', stroke: late ? 'amber' : own ? 'violet' : flight.refused ? 'amber' : 'line-3', width: 1.1 });
}

function arrowhead(s: Sketch, x: number, y: number, angle: number, ink: string): void {
  const point = (along: number, across: number) => `${round(x + Math.cos(angle) * along - Math.sin(angle) * across)} ${round(y + Math.sin(angle) * along + Math.cos(angle) * across)}`;
  s.path(`M${point(5, 0)}L${point(-3.5, 4)}L${point(-3.5, -4)}Z`, { fill: ink });
}

function lost(s: Sketch, input: MessagesInput, loss: Loss): void {
  const age = input.timeUs - input.timeOf(loss.droppedBy);
  if (age < 0 || age > input.fadeUs) return;
  const way = wayOf(input, loss.flight);
  if (!way) return;
  // A message to a dead process gets there and finds nobody; any other is lost half way.
  const { x, y } = way.at(loss.reason === 'dead' || loss.reason === 'closed' ? 0.94 : 0.5);
  s.circle(x, y, 6, { fill: 'stage' });
  s.icon('cross', x - 6, y - 6, 12, 'amber', { width: 2, opacity: 1 - age / input.fadeUs });
}

/** Channels that carried records a moment ago, fading; requests without records stay quiet. */
function traffic(s: Sketch, { recent, layout, partitionOf, mine }: MessagesInput): void {
  const seen = new Set<string>();
  for (const sent of recent) {
    const column = layout.columns.findIndex((c) => c.partition === partitionOf(sent.record));
    const way = wayBetween(layout, sent.from, sent.to, column, sent.api);
    if (!way || seen.has(way.d)) continue;
    seen.add(way.d);
    const ink = sent.again ? 'amber' : mine(sent.from) || mine(sent.to) ? 'violet' : 'ink-3';
    s.path(way.d, { stroke: ink, width: 2, opacity: 0.85 * (1 - sent.age) });
  }
}

function pulses(s: Sketch, input: MessagesInput): void {
  const seen = new Set<string>();
  for (const flight of input.flights) {
    const way = wayOf(input, flight);
    if (!way || seen.has(way.d)) continue;
    seen.add(way.d);
    const own = input.mine(flight.from) || input.mine(flight.to);
    s.path(way.d, { stroke: flight.again || flight.lost > 0 ? 'amber' : own ? 'violet' : 'ink-2', width: 2 });
  }
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
