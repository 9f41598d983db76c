// Where an arrow key takes the selection: producers, brokers, partitions and consumers from left to right, logs below.
import { CELL } from '../readmodels/transactions.ts';
import type { LanesModel } from './lanes/model.ts';
import { isOfStreams, type Selection } from './selection.ts';
import { moveInStreams } from './streams/spoken.ts';
import type { TopologyModel } from './topology/model.ts';

export type Arrow = 'ArrowLeft' | 'ArrowRight' | 'ArrowUp' | 'ArrowDown';

export function moveSelection(from: Selection | null, arrow: Arrow, model: TopologyModel, lanes: LanesModel): Selection | null {
  const producers = model.producers.map((p) => p.name);
  const consumers = model.consumers.map((c) => c.name);
  const brokers = model.brokers.map((b) => b.name);
  const partition = (i: number): Selection | null => {
    const n = model.partitions[Math.max(0, Math.min(i, model.partitions.length - 1))];
    return n === undefined ? null : { kind: 'partition', topic: model.topic, partition: n };
  };
  const process = (names: readonly string[], i: number): Selection | null => (names.length ? { kind: 'process', name: names[Math.max(0, Math.min(i, names.length - 1))]! } : null);
  if (!from || from.kind === 'event' || from.kind === 'fault' || from.kind === 'link') return partition(0) ?? process(brokers, 0);
  if (model.streams) {
    const next = moveInStreams(from, arrow, model.streams);
    if (next === 'up') return process(brokers, brokers.length - 1);
    if (next) return next;
    if (arrow === 'ArrowDown' && from.kind === 'process' && from.name === brokers.at(-1)) return { kind: 'process', name: 'jobmanager' };
  }
  if (isOfStreams(from)) return from;

  if (from.kind === 'process') {
    const p = producers.indexOf(from.name);
    const c = consumers.indexOf(from.name);
    const b = brokers.indexOf(from.name);
    if (p >= 0) return arrow === 'ArrowRight' ? process(brokers, p) : arrow === 'ArrowUp' ? process(producers, p - 1) : arrow === 'ArrowDown' ? process(producers, p + 1) : from;
    if (c >= 0) {
      if (arrow === 'ArrowUp' && c === 0) return { kind: 'group', group: model.consumers[0]!.group };
      return arrow === 'ArrowLeft'
        ? (partition(model.partitions.length - 1) ?? process(brokers, c))
        : arrow === 'ArrowUp'
          ? process(consumers, c - 1)
          : arrow === 'ArrowDown'
            ? process(consumers, c + 1)
            : from;
    }
    if (b >= 0) {
      if (arrow === 'ArrowUp' && b === 0) return { kind: 'process', name: 'controller' };
      return arrow === 'ArrowLeft' ? (process(producers, b) ?? from) : arrow === 'ArrowRight' ? (partition(0) ?? process(consumers, b) ?? from) : process(brokers, b + (arrow === 'ArrowUp' ? -1 : 1));
    }
    return arrow === 'ArrowDown' ? process(brokers, 0) : from;
  }
  if (from.kind === 'group')
    return arrow === 'ArrowLeft'
      ? partition(model.partitions.length - 1)
      : process(
          consumers,
          model.consumers.findIndex((c) => c.group === from.group),
        );
  if (from.kind === 'partition') {
    const i = model.partitions.indexOf(from.partition);
    if (arrow === 'ArrowLeft') return i <= 0 ? process(brokers, 0) : partition(i - 1);
    if (arrow === 'ArrowRight') return i >= model.partitions.length - 1 ? (process(consumers, 0) ?? from) : partition(i + 1);
    if (arrow === 'ArrowUp') return process(brokers, brokers.length - 1);
    const lane = lanes.lanes.find((l) => l.partition === from.partition);
    const first = lane?.replicas[0];
    return lane && first && lane.logEndOffset > lane.logStartOffset
      ? { kind: 'record', topic: from.topic, partition: from.partition, broker: first.broker, offset: Math.max(lane.logStartOffset, first.logEndOffset - 1) }
      : from;
  }
  const lane = lanes.lanes.find((l) => l.partition === from.partition);
  const at = lane?.replicas.findIndex((r) => r.broker === from.broker) ?? -1;
  if (!lane || at < 0) return partition(model.partitions.indexOf(from.partition));
  if (arrow === 'ArrowUp' && at === 0) return { kind: 'partition', topic: from.topic, partition: from.partition };
  const replica = lane.replicas[Math.min(lane.replicas.length - 1, arrow === 'ArrowUp' ? at - 1 : arrow === 'ArrowDown' ? at + 1 : at)]!;
  const step = arrow === 'ArrowLeft' ? -1 : arrow === 'ArrowRight' ? 1 : 0;
  const isGap = (at: number) => replica.cells[at - replica.window.from] === CELL.compacted;
  let offset = from.offset + step;
  while (step !== 0 && isGap(offset)) offset += step;
  offset = Math.max(lane.logStartOffset, Math.min(replica.logEndOffset - 1, offset));
  return { ...from, broker: replica.broker, offset };
}
