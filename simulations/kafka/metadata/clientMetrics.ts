// Subscriptions to metrics of clients: which there are and what each may say (Kafka ClientMetricsConfigs, KIP-714). They are kept and told; no client
// is ever asked for a metric, as on a broker that has no receiver of them.
import { ERR } from '../protocol/apiKeys.ts';

const INTERVAL = 'interval.ms';
const MATCH = 'match';
const NAMES: ReadonlySet<string> = new Set([INTERVAL, MATCH, 'metrics']);
/** interval.ms, milliseconds. */
const MIN_INTERVAL = 100;
const MAX_INTERVAL = 3_600_000;
/** What a client can be matched by. */
const MATCHED: ReadonlySet<string> = new Set(['client_instance_id', 'client_id', 'client_software_name', 'client_software_version', 'client_source_address', 'client_source_port']);

/** What is wrong with the settings of a subscription taken together; null when nothing is. */
export function wrongSubscription(settings: ReadonlyMap<string, string>): { readonly errorCode: number; readonly errorMessage: string } | null {
  const refuse = (errorCode: number, errorMessage: string) => ({ errorCode, errorMessage });
  for (const name of settings.keys()) if (!NAMES.has(name)) return refuse(ERR.INVALID_REQUEST, `${name} is not a setting of a subscription to metrics.`);
  const interval = settings.get(INTERVAL);
  if (interval !== undefined) {
    if (!/^[+-]?\d{1,10}$/.test(interval.trim())) return refuse(ERR.INVALID_CONFIG, `${INTERVAL} must be a whole number, not ${JSON.stringify(interval)}.`);
    const ms = Number(interval);
    if (ms < MIN_INTERVAL || ms > MAX_INTERVAL) return refuse(ERR.INVALID_REQUEST, `${INTERVAL} must be from ${MIN_INTERVAL} to ${MAX_INTERVAL}, not ${ms}.`);
  }
  const match = settings.get(MATCH)?.trim() ?? '';
  const wrong = match === '' ? undefined : match.split(',').find((pattern) => !isPattern(pattern));
  return wrong === undefined ? null : refuse(ERR.INVALID_CONFIG, `${MATCH} takes pairs such as client_id=app.*, not ${JSON.stringify(wrong)}.`);
}

/** A name and a regular expression. */
function isPattern(pair: string): boolean {
  const [name, expression, ...more] = pair.split('=').map((part) => part.trim());
  if (!MATCHED.has(name!) || !expression || more.length > 0) return false;
  try {
    RegExp(expression, 'u');
    return true;
  } catch {
    return false;
  }
}
