// A checkpoint in words.
import type { CheckpointView } from '../../readmodels/checkpoints.ts';
import type { StreamWords } from '../messages/streams.ts';

export function stateOf(view: CheckpointView, t: StreamWords): string {
  if (view.state === 'completed') return t.timeline.completed;
  return view.state === 'failed' ? (t.timeline.failed[view.reason] ?? view.reason) : t.timeline.underway;
}

/** Bytes as they are written: `834 B`, `45.1 KB`. */
export function sizeText(bytes: number): string {
  if (bytes < 1_000) return `${bytes}\u00a0B`;
  return bytes < 1_000_000 ? `${(bytes / 1_000).toFixed(1)}\u00a0KB` : `${(bytes / 1_000_000).toFixed(1)}\u00a0MB`;
}
