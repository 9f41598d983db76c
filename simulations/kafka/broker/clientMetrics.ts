// Subscriptions to metrics of clients (KIP-714). A broker without a receiver of metrics takes none from clients, and there are no subscriptions here.
import type { Broker, Request } from './broker.ts';

export function listClientMetrics(broker: Broker, request: Request): void {
  broker.reply(request, { throttleTimeMs: 0, errorCode: 0, clientMetricsResources: [] }, 0);
}
