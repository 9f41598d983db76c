// Changing SCRAM credentials (Kafka ScramControlManager, KIP-554): each user for itself, nobody twice in a request.
import { hashMapOrder } from '../javaHash.ts';
import type { ScramCredentials } from '../metadata/scram.ts';
import { ERR } from '../protocol/apiKeys.ts';
import { SCRAM, type AlterUserScramCredentialsRequest, type AlterUserScramCredentialsResponse } from '../protocol/clusterMessages.ts';
import type { ControllerState } from './state.ts';

type Upsertion = AlterUserScramCredentialsRequest['upsertions'][number];

interface Refusal {
  readonly errorCode: number;
  readonly errorMessage: string | null;
}

/** How often a password is hashed, at least and at most (Kafka ScramMechanism, ScramControlManager). */
const MIN_ITERATIONS = 4_096;
const MAX_ITERATIONS = 16_384;

const TWICE: Refusal = { errorCode: ERR.DUPLICATE_RESOURCE, errorMessage: 'Credentials of one user cannot be changed twice in one request.' };

export function alterScram(state: ControllerState, { deletions, upsertions }: AlterUserScramCredentialsRequest): AlterUserScramCredentialsResponse {
  const refused = new Map<string, Refusal>();
  const deleted = new Map<string, number>();
  const upserted = new Map<string, Upsertion>();
  for (const { name, mechanism } of deletions) {
    if (refused.has(name)) continue;
    const wrong = deleted.delete(name) ? TWICE : wrongDeletion(state.image.scram, name, mechanism);
    if (wrong) refused.set(name, wrong);
    else deleted.set(name, mechanism);
  }
  for (const upsertion of upsertions) {
    const { name } = upsertion;
    if (refused.has(name)) continue;
    const wrong = deleted.delete(name) || upserted.delete(name) ? TWICE : wrongUpsertion(upsertion);
    if (wrong) refused.set(name, wrong);
    else upserted.set(name, upsertion);
  }
  return { throttleTimeMs: 0, results: changed(state, deleted, upserted, refused) };
}

function changed(
  state: ControllerState,
  deleted: ReadonlyMap<string, number>,
  upserted: ReadonlyMap<string, Upsertion>,
  refused: ReadonlyMap<string, Refusal>,
): AlterUserScramCredentialsResponse['results'] {
  const done = (user: string) => ({ user, errorCode: 0, errorMessage: null });
  const removed = hashMapOrder([...deleted.keys()]);
  const put = hashMapOrder([...upserted.keys()]);
  const results = [...removed.map(done), ...put.map(done), ...hashMapOrder([...refused.keys()]).map((user) => ({ user, ...refused.get(user)! }))];
  for (const user of removed) state.write({ type: 'scram', user, mechanism: deleted.get(user)!, iterations: null });
  for (const user of put) state.write({ type: 'scram', user, mechanism: upserted.get(user)!.mechanism, iterations: upserted.get(user)!.iterations });
  return results;
}

function wrongName(name: string, mechanism: number): Refusal | null {
  if (name === '') return { errorCode: ERR.UNACCEPTABLE_CREDENTIAL, errorMessage: 'A user must have a name.' };
  if (mechanism !== SCRAM.sha256 && mechanism !== SCRAM.sha512) return { errorCode: ERR.UNSUPPORTED_SASL_MECHANISM, errorMessage: `There is no SCRAM mechanism of number ${mechanism}.` };
  return null;
}

function wrongDeletion(known: ScramCredentials, name: string, mechanism: number): Refusal | null {
  const wrong = wrongName(name, mechanism);
  if (wrong || known.has(name, mechanism)) return wrong;
  return { errorCode: ERR.RESOURCE_NOT_FOUND, errorMessage: `${name} has no such credential.` };
}

function wrongUpsertion({ name, mechanism, iterations, saltedPassword }: Upsertion): Refusal | null {
  const wrong = wrongName(name, mechanism);
  if (wrong) return wrong;
  if (iterations < MIN_ITERATIONS) return { errorCode: ERR.UNACCEPTABLE_CREDENTIAL, errorMessage: `A password must be hashed at least ${MIN_ITERATIONS} times.` };
  if (iterations > MAX_ITERATIONS) return { errorCode: ERR.UNACCEPTABLE_CREDENTIAL, errorMessage: `A password may be hashed at most ${MAX_ITERATIONS} times.` };
  // Kafka trips over the empty key, and says no more than that.
  return saltedPassword.length === 0 ? { errorCode: ERR.UNKNOWN_SERVER_ERROR, errorMessage: null } : null;
}
