// Offsets of a source, committed to its group when a checkpoint is complete. Nothing reads them back: they tell others how far the job is
// (Flink KafkaSourceReader.notifyCheckpointComplete, commit.offsets.on.checkpoint).
import type { Client } from '../../kafka/client/client.ts';
import { CoordinatorLink } from '../../kafka/client/consumer/coordinatorLink.ts';
import type { Deadlines } from '../../kafka/deadlines.ts';
import { ERR, KEY } from '../../kafka/protocol/apiKeys.ts';
import type { OffsetCommitRequest, OffsetCommitResponse } from '../../kafka/protocol/messages.ts';
import type { SplitState } from './kafkaSource.ts';

const COORDINATOR_MOVED: ReadonlySet<number> = new Set([ERR.NOT_COORDINATOR, ERR.COORDINATOR_NOT_AVAILABLE, ERR.REQUEST_TIMED_OUT]);

export class SourceCommits {
  private readonly group: string;
  private readonly link: CoordinatorLink;
  private readonly byCheckpoint = new Map<number, readonly SplitState[]>();

  constructor(client: Client, deadlines: Deadlines, group: string) {
    this.group = group;
    this.link = new CoordinatorLink(client, deadlines, group);
  }

  taken(checkpoint: number, splits: readonly SplitState[]): void {
    this.byCheckpoint.set(checkpoint, splits);
  }

  /** One attempt: what fails is made up for by the next checkpoint. */
  complete(checkpoint: number): void {
    const splits = this.byCheckpoint.get(checkpoint)?.filter((s) => s.offset >= 0) ?? [];
    for (const earlier of this.byCheckpoint.keys()) if (earlier <= checkpoint) this.byCheckpoint.delete(earlier);
    if (splits.length > 0) this.link.ready(() => this.send(splits));
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
    });
  }

  close(): void {
    this.link.close();
  }
}
