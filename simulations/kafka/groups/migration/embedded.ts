// What members of the classic protocol say and are told inside JoinGroup and SyncGroup, in the terms of a consumer group (Kafka ConsumerProtocol).
import { hashMapOrder, hashSetOrder } from '../../javaHash.ts';
import type { MetadataImage } from '../../metadata/image.ts';
import { decodeEmbedded, encodeEmbedded } from '../../protocol/codec.ts';
import { uuidHash } from '../../protocol/uuid.ts';
import { fromWire, NOTHING, type Assignment } from '../assignment.ts';

/** Newest version of either message. */
const VERSION = 3;

export interface Subscription {
  /** Sorted. */
  readonly topics: readonly string[];
  /** null = none. */
  readonly rackId: string | null;
  /** Before version 1 a member says of none that it owns it. */
  readonly owned: Assignment;
}

type ByTopic = readonly { readonly topic: string; readonly partitions: readonly number[] }[];

/** @returns null when the bytes cannot be read. */
export function subscriptionOf(metadata: Uint8Array, image: MetadataImage): Subscription | null {
  const read = decodeEmbedded('ConsumerProtocolSubscription', metadata);
  if (!read.ok) return null;
  const rackId = (read.body['rackId'] as string | null | undefined) ?? '';
  return {
    topics: [...new Set(read.body['topics'] as string[])].sort(),
    rackId: rackId === '' ? null : rackId,
    owned: byId((read.body['ownedPartitions'] as ByTopic | undefined) ?? [], image),
  };
}

/** @returns null when the bytes cannot be read; no bytes are no partitions. */
export function assignmentOf(bytes: Uint8Array, image: MetadataImage): { partitions: Assignment; hasUserData: boolean } | null {
  if (bytes.length === 0) return { partitions: NOTHING, hasUserData: false };
  const read = decodeEmbedded('ConsumerProtocolAssignment', bytes);
  if (!read.ok) return null;
  const userData = read.body['userData'] as Uint8Array | null;
  return { partitions: byId(read.body['assignedPartitions'] as ByTopic, image), hasUserData: (userData?.length ?? 0) > 0 };
}

/** Topics that are gone are left out. */
function byId(topics: ByTopic, image: MetadataImage): Assignment {
  return fromWire(
    topics.flatMap(({ topic, partitions }) => {
      const known = image.topics.get(topic);
      return known ? [{ topicId: known.id, partitions }] : [];
    }),
  );
}

/** An assignment as a member is told it, in the version of what it sent itself. @param metadata of its protocol. @returns null when that has no version. */
export function assignmentBytes(assignment: Assignment, metadata: Uint8Array, image: MetadataImage): Uint8Array | null {
  const version = metadata.length < 2 ? -1 : Math.min(VERSION, new DataView(metadata.buffer, metadata.byteOffset, metadata.length).getInt16(0));
  if (version < 0) return null;
  const assignedPartitions = hashMapOrder([...assignment.keys()], uuidHash).flatMap((id) => {
    const topic = image.topicById(id);
    return topic ? [{ topic: topic.name, partitions: hashSetOrder(assignment.get(id)!.map(String), Number).map(Number) }] : [];
  });
  return encodeEmbedded('ConsumerProtocolAssignment', version, { assignedPartitions, userData: null });
}
