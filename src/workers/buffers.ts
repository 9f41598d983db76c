// The buffers of a chunk of a trace, to be handed over rather than copied.
import type { TraceChunk } from '../../simulations/kernel/trace.ts';

export function buffersOf(chunk: TraceChunk): ArrayBuffer[] {
  return [chunk.timeUs, chunk.type, chunk.process, chunk.cause, chunk.start, chunk.values].map((column) => column.buffer as ArrayBuffer);
}
