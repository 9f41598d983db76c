// Client quotas at a broker: bytes that producers send and consumers fetch are counted, and a client beyond its quota is answered at once and
// then not read from until its time is over (Kafka ClientQuotaManager, ClientQuotaMetadataManager, KIP-219).
import type { Conn } from '../../kernel/network.ts';
import { ANONYMOUS, type QuotaClient } from '../metadata/clientLimits.ts';
import type { MetadataRecord } from '../metadata/image.ts';
import { CONSUMER_BYTE_RATE, CONTROLLER_MUTATION_RATE, PRODUCER_BYTE_RATE, type ClientQuotas, type QuotaRefusal, type SetQuotas, partsOf } from '../metadata/quotas.ts';
import type { DescribeClientQuotasRequest, DescribeClientQuotasResponse } from '../protocol/quotaMessages.ts';
import type { Broker, Request } from './broker.ts';
import { TIMER } from './timers.ts';
import { ByteQuota, type Verdict } from './byteQuota.ts';

export class Quotas {
  private readonly broker: Broker;
  private readonly producers = new ByteQuota();
  private readonly consumers = new ByteQuota();
  private readonly muted = new Map<number, Conn>();
  private mutings = 0;

  constructor(broker: Broker) {
    this.broker = broker;
  }

  /** What was set before this broker started. */
  load(quotas: ClientQuotas): void {
    for (const { entity, values } of quotas.all()) for (const [key, value] of values) this.changed({ type: 'quota', entity, key, value });
  }

  /** request_percentage and connection_creation_rate bind nobody here, and controller_mutation_rate only at the controller. */
  changed({ entity, key, value }: Extract<MetadataRecord, { type: 'quota' }>): void {
    if (key === PRODUCER_BYTE_RATE) this.producers.set(entity, value);
    else if (key === CONSUMER_BYTE_RATE) this.consumers.set(entity, value);
  }

  /** Counts a Produce request as it is answered. @returns throttle_time_ms of the answer. */
  produced(request: Request): number {
    if (!this.producers.enabled) return 0;
    const client = clientOf(request);
    return this.throttle(request, PRODUCER_BYTE_RATE, this.producers.record(client, request.message.bytes, this.nowMs));
  }

  /** Counts what a fetch is about to be answered with. @returns throttle_time_ms; when it is not 0 the answer must be empty, and nothing was counted. */
  fetched(request: Request, bytes: number): number {
    if (!this.consumers.enabled) return 0;
    const client = clientOf(request);
    const verdict = this.consumers.record(client, bytes, this.nowMs);
    if (verdict.throttleMs > 0) this.consumers.unrecord(client, bytes, this.nowMs);
    return this.throttle(request, CONSUMER_BYTE_RATE, verdict);
  }

  /** As many bytes as a fetch may be answered with: more could never be sent. Infinity = no limit. */
  mostFetched(request: Request): number {
    return this.consumers.enabled ? this.consumers.mostAtOnce(clientOf(request)) : Infinity;
  }

  private get nowMs(): number {
    return Math.floor(this.broker.kernel.nowUs / 1000);
  }

  private throttle(request: Request, quota: string, { throttleMs, rate, limit }: Verdict): number {
    if (throttleMs > 0) this.mute(request, throttleMs, [quota, Math.round(rate), Math.round(limit)]);
    return Math.max(0, throttleMs);
  }

  /** The controller has found the client of a request beyond its controller_mutation_rate; how far, it does not say. */
  byController(request: Request, throttleMs: number): void {
    this.mute(request, throttleMs, [CONTROLLER_MUTATION_RATE, -1, -1]);
  }

  private mute(request: Request, throttleMs: number, [quota, rate, limit]: readonly [string, number, number]): void {
    const { kernel: k, process } = this.broker;
    const cause = k.trace.emit('kafka.throttled', process.sym, k.cause, request.conn.client.sym, k.trace.sym(request.message.clientId), k.trace.sym(quota), rate, limit, throttleMs);
    const state = request.conn.serverData as { muted: boolean } | null;
    if (!state) return;
    state.muted = true;
    const number = this.mutings++;
    this.muted.set(number, request.conn);
    k.setTimer(process, throttleMs * 1000, TIMER.unmute, number, cause);
  }

  /** The time of a client is over. @param cause event that told of it. */
  timer(number: number, cause: number): void {
    const conn = this.muted.get(number)!;
    this.muted.delete(number);
    this.broker.kernel.cause = cause;
    this.broker.unmute(conn);
  }
}

function clientOf(request: Request): QuotaClient {
  return { user: ANONYMOUS, clientId: request.message.clientId };
}

/** DescribeClientQuotas, from the broker's own image of the metadata log. */
export function describeQuotas(broker: Broker, request: Request): void {
  const found = broker.image.quotas.find(request.message.body as DescribeClientQuotasRequest);
  const refused = 'errorCode' in found ? (found as QuotaRefusal) : null;
  const response: DescribeClientQuotasResponse = {
    throttleTimeMs: 0,
    errorCode: refused?.errorCode ?? 0,
    errorMessage: refused?.errorMessage ?? null,
    entries: refused ? null : (found as SetQuotas[]).map(({ entity, values }) => ({ entity: partsOf(entity), values: [...values].map(([key, value]) => ({ key, value })) })),
  };
  broker.reply(request, response, response.errorCode, 64 + 48 * (response.entries?.length ?? 0));
}
