// ListClientMetricsResources: the names of the subscriptions to metrics of clients (KIP-714).
import type { Broker, Request } from './broker.ts';

export function listClientMetrics(broker: Broker, request: Request): void {
  broker.reply(request, { throttleTimeMs: 0, errorCode: 0, clientMetricsResources: [...broker.image.clientMetrics.keys()].map((name) => ({ name })) }, 0);
}
