// Offsets of a source, committed to its group when a checkpoint is complete. Nothing reads them back: they tell others how far the job is
// (Flink KafkaSourceReader.notifyCheckpointComplete, commit.offsets.on.checkpoint).
import type { Client } from '../../kafka/client/client.ts';
import { CoordinatorLink } from '../../kafka/client/consumer/coordinatorLink.ts';
import type { Deadline, Deadlines } from '../../kafka/deadlines.ts';
import { ERR, KEY } from '../../kafka/protocol/apiKeys.ts';
import type { OffsetCommitRequest, OffsetCommitResponse } from '../../kafka/protocol/messages.ts';
import type { SplitState } from './kafkaSource.ts';

const COORDINATOR_MOVED: ReadonlySet<number> = new Set([ERR.NOT_COORDINATOR, ERR.COORDINATOR_NOT_AVAILABLE, ERR.REQUEST_TIMED_OUT]);

/** How long a source that closes waits for commits under way (Flink source.reader.close.timeout), ms. */
const CLOSE_TIMEOUT_MS = 30_000;

export class SourceCommits {
  private readonly group: string;
  private readonly link: CoordinatorLink;
  private readonly byCheckpoint = new Map<number, readonly SplitState[]>();
  private readonly deadlines: Deadlines;
  private underWay = 0;
  private readonly waitedEnough: Deadline;
  /** What is done when nothing is under way any more; null = the source is not closing. */
  private closing: (() => void)[] | null = null;

  constructor(client: Client, deadlines: Deadlines, group: string) {
    this.group = group;
    this.link = new CoordinatorLink(client, deadlines, group);
    this.deadlines = deadlines;
    this.waitedEnough = deadlines.make(() => this.finish());
  }

  taken(checkpoint: number, splits: readonly SplitState[]): void {
    this.byCheckpoint.set(checkpoint, splits);
  }

  /** One attempt: what fails is made up for by the next checkpoint. */
  complete(checkpoint: number): void {
    const splits = this.byCheckpoint.get(checkpoint)?.filter((s) => s.offset >= 0) ?? [];
    for (const earlier of this.byCheckpoint.keys()) if (earlier <= checkpoint) this.byCheckpoint.delete(earlier);
    if (splits.length === 0 || this.closing) return;
    this.underWay++;
    this.link.ready(() => this.send(splits));
  }

  private send(splits: readonly SplitState[]): void {
    const body: OffsetCommitRequest = {
      groupId: this.group,
      generationIdOrMemberEpoch: -1,
      memberId: '',
      groupInstanceId: null,
      retentionTimeMs: -1,
      topics: [...new Set(splits.map((s) => s.topic))].map((name) => ({
        name,
        partitions: splits.filter((s) => s.topic === name).map((s) => ({ partitionIndex: s.partition, committedOffset: s.offset, committedLeaderEpoch: -1, committedMetadata: '' })),
      })),
    };
    this.link.send<OffsetCommitResponse>(KEY.OffsetCommit, 9, body, (answer) => {
      if (answer?.topics.some((t) => t.partitions.some((p) => COORDINATOR_MOVED.has(p.errorCode)))) this.link.forget();
      this.underWay--;
      if (this.closing && this.underWay === 0) this.finish();
    });
  }

  /** Takes no more checkpoints. @param then once nothing is under way any more, after half a minute at the latest, as Kafka's consumer closes. */
  close(then: () => void): void {
    if (this.closing) {
      this.closing.push(then);
      return;
    }
    this.closing = [then];
    if (this.underWay === 0) this.finish();
    else this.deadlines.set(this.waitedEnough, CLOSE_TIMEOUT_MS);
  }

  private finish(): void {
    this.deadlines.drop(this.waitedEnough);
    this.link.close();
    for (const then of this.closing!.splice(0)) then();
  }
}
