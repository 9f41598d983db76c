// The leader's side of WriteTxnMarkers: a control batch at the end of each partition, answered when it is committed
// (Kafka KafkaApis.handleWriteTxnMarkersRequest).
import { OFFSETS_TOPIC } from '../metadata/image.ts';
import { ERR } from '../protocol/apiKeys.ts';
import type { TxnMarker, WriteTxnMarkersRequest, WriteTxnMarkersResponse } from '../protocol/transactionMessages.ts';
import { appendBatch, whenCommitted } from './appends.ts';
import type { Broker, Request } from './broker.ts';
import { markerBatch } from './markers.ts';
import { checkMarker } from './producerState.ts';

/** request.timeout.ms of a broker. */
const TIMEOUT_US = 30_000_000;

export function answerWriteMarkers(broker: Broker, request: Request): void {
  const body = request.message.body as WriteTxnMarkersRequest;
  writeMarkers(broker, body.markers, (response) => {
    const error = response.markers.flatMap((m) => m.topics.flatMap((t) => t.partitions.map((p) => p.errorCode))).find((code) => code !== 0);
    broker.reply(request, response, error ?? 0);
  });
}

/** @param done when every partition has its marker committed, or an error. */
export function writeMarkers(broker: Broker, markers: readonly TxnMarker[], done: (response: WriteTxnMarkersResponse) => void): void {
  const results = markers.map((m) => ({
    producerId: m.producerId,
    topics: m.topics.map((t) => ({ name: t.name, partitions: t.partitionIndexes.map((partitionIndex) => ({ partitionIndex, errorCode: -1 })) })),
  }));
  let left = 1;
  const settle = () => {
    if (--left === 0) done({ markers: results });
  };
  const k = broker.kernel;
  const { cause } = k;
  markers.forEach((marker, i) => {
    for (const topic of results[i]!.topics) {
      for (const result of topic.partitions) {
        left++;
        k.cause = cause;
        writeMarker(broker, marker, topic.name, result.partitionIndex, (error) => {
          result.errorCode = error;
          settle();
        });
      }
    }
  });
  k.cause = cause;
  settle();
}

function writeMarker(broker: Broker, marker: TxnMarker, topic: string, index: number, done: (error: number) => void): void {
  if (!broker.image.partition(topic, index)) return done(ERR.UNKNOWN_TOPIC_OR_PARTITION);
  const p = broker.partition(topic, index);
  if (!p || p.role !== 'leader') return done(ERR.NOT_LEADER_OR_FOLLOWER);
  if (p.state.isr.length < p.effectiveMinIsr()) return done(ERR.NOT_ENOUGH_REPLICAS);
  const { producerId, producerEpoch, coordinatorEpoch } = marker;
  const refused = checkMarker(p.log.producers, producerId, producerEpoch, coordinatorEpoch);
  if (refused) return done(ERR[refused]);
  const type = marker.transactionResult ? 'COMMIT' : 'ABORT';
  const placed = appendBatch(broker, p, markerBatch({ type, coordinatorEpoch }, producerId, producerEpoch, p.log.nowMs));
  broker.verifications.clear(p, producerId);
  whenCommitted(broker, p, placed, TIMEOUT_US, (error) => {
    if (error === 0 && topic === OFFSETS_TOPIC) broker.transactionalOffsets.decide(index, producerId, marker.transactionResult);
    done(error);
  });
}
