// What a loss of power does to a broker's disk: each log ends where the operating system had written it to
// (Kafka LogManager.loadLogs and LogSegment.recover after an unclean shutdown).
import type { Kernel, Process } from '../../kernel/kernel.ts';
import type { BrokerDisk } from './broker.ts';

/** Cuts the logs on a disk back to what was flushed. Checkpoints and the metadata log are flushed as they are written, as in Kafka. */
export function losePageCache(kernel: Kernel, process: Process): void {
  const disk = process.disk as BrokerDisk | null;
  if (!disk) return;
  const { trace, cause } = kernel;
  for (const [topic, logs] of disk.logs) {
    logs.forEach((log, index) => {
      const end = Math.max(log.logStartOffset, log.writeback.durableEnd(kernel.nowUs, log.logEndOffset));
      const removed = log.truncateTo(end);
      if (removed > 0) trace.emit('kafka.tailLost', process.sym, cause, trace.sym(topic), index, log.logEndOffset, removed);
    });
  }
}
