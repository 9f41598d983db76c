// The samples of the legend that speak of stream jobs, drawn by what draws the topology and the event-time lanes.
import { LATE } from '../../readmodels/arrivals.ts';
import { en } from '../messages/en.ts';
import { Sketch, type Scene } from '../marks.ts';
import type { LaneModel, LaneRecord, LaneWindow } from '../streams/lane-model.ts';
import { drawRecord, drawWindow, watermarkLine } from '../streams/lane-scene.ts';
import { barrier, loadBar, part } from '../topology/streams-scene.ts';

/** In the order in which they are listed. */
export const LEGEND_STREAMS = ['barrier', 'blocked', 'part', 'load', 'watermark', 'windowOpen', 'windowFired', 'windowClosed', 'lateDropped', 'lateKept', 'undone', 'second'] as const;
export type StreamLegendId = (typeof LEGEND_STREAMS)[number];

const WIDTH = 60;
const HEIGHT = 26;
const MIDDLE = HEIGHT / 2;

export function streamLegendScene(id: StreamLegendId): Scene {
  const s = new Sketch();
  draw(s, id);
  return { width: WIDTH, height: HEIGHT, marks: s.marks };
}

function draw(s: Sketch, id: StreamLegendId): void {
  switch (id) {
    case 'barrier':
    case 'blocked':
      s.line(2, MIDDLE, WIDTH - 2, MIDDLE, id === 'blocked' ? 'line-3' : 'line-2', id === 'blocked' ? { dash: '3 3' } : {});
      return barrier(s, { x: WIDTH / 2, y: MIDDLE }, id === 'blocked');
    case 'part':
      part(s, 16, MIDDLE - 3.5, false);
      return part(s, 36, MIDDLE - 3.5, true);
    case 'load':
      return loadBar(s, { x: 2, y: MIDDLE - 1, w: WIDTH - 4 }, 400, 350);
    case 'watermark':
      return watermarkLine(s, WIDTH / 2, 2, HEIGHT - 2, false);
    case 'windowOpen':
    case 'windowFired':
    case 'windowClosed':
      return window(s, id === 'windowOpen' ? 'open' : id === 'windowFired' ? 'fired' : 'closed');
    case 'lateDropped':
      return record(s, { late: LATE.dropped });
    case 'lateKept':
      return record(s, { late: LATE.kept });
    case 'second':
      return record(s, { input: 1 });
    case 'undone':
      return record(s, { undone: true });
  }
}

const MODEL: LaneModel = { job: '', operator: '', fromMs: 0, toMs: 60, stepMs: 10, watermarks: [], keys: [], moreKeys: 0, records: [], windows: [], windowRows: 1, received: 0, fired: 0, late: 0 };
const GEOMETRY = { x0: 0, w: WIDTH, windowsY: 8, windowH: 12, recordsY: MIDDLE - 9, keyH: 18, axisY: HEIGHT, height: HEIGHT };

function window(s: Sketch, state: LaneWindow['state']): void {
  const input = { model: MODEL, width: WIDTH, words: en, selection: null, key: null, alone: true };
  drawWindow(s, input, GEOMETRY, { startMs: 4, endMs: 57, state, keys: 1, records: 1, row: 0, key: null }, (ms) => ms);
}

function record(s: Sketch, of: Partial<LaneRecord>): void {
  drawRecord(s, GEOMETRY, { seq: -1, key: 'user-1', timestampMs: 0, subtask: 0, input: 0, row: 0, late: LATE.no, undone: false, ...of }, WIDTH / 2, null, false);
}
