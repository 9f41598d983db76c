// Watermark alignment: how far the sources of a group may be ahead of the slowest one (Flink SourceCoordinator.announceCombinedWatermark).
import type { JobVertex } from '../graph/jobGraph.ts';
import { MAX_TIME } from '../time.ts';
import { taskKey, type StreamMessage } from './messages.ts';

type Report = Extract<StreamMessage, { kind: 'reportedWatermark' }>;

export class Alignments {
  private readonly groups = new Map<string, Map<string, Report>>();
  private readonly announce: (group: string, maxAllowedMs: number) => void;

  constructor(announce: (group: string, maxAllowedMs: number) => void) {
    this.announce = announce;
  }

  reported(report: Report, vertex: JobVertex): void {
    const { role } = vertex.nodes[0]!;
    const alignment = role.kind === 'source' ? role.strategy.alignment : null;
    if (!alignment) return;
    let of = this.groups.get(report.group);
    if (!of) this.groups.set(report.group, (of = new Map()));
    for (const key of of.keys()) if (of.get(key)!.task.attempt !== report.task.attempt) of.delete(key);
    of.set(taskKey(report.task), report);
    let smallest = MAX_TIME;
    for (const r of of.values()) if (!r.idle) smallest = Math.min(smallest, r.watermarkMs);
    this.announce(report.group, smallest + alignment.maxDriftMs);
  }
}
