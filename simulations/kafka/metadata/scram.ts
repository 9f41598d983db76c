// SCRAM credentials as the metadata log keeps them: of each user and mechanism how often a password was hashed. What was hashed is not kept,
// because nobody logs in here: the listeners are plain text (Kafka ScramImage).
import { ERR } from '../protocol/apiKeys.ts';
import { SCRAM, type DescribeUserScramCredentialsRequest, type DescribeUserScramCredentialsResponse } from '../protocol/clusterMessages.ts';
import { hashMapOrder } from '../javaHash.ts';

const MECHANISMS = [SCRAM.sha256, SCRAM.sha512] as const;

export class ScramCredentials {
  /** Iterations by user, by mechanism. */
  private readonly mechanisms = new Map<number, Map<string, number>>(MECHANISMS.map((mechanism) => [mechanism, new Map()]));

  /** @param mechanism one of `SCRAM`. @param iterations null takes the credential back. */
  set(user: string, mechanism: number, iterations: number | null): void {
    const users = this.mechanisms.get(mechanism)!;
    if (iterations === null) users.delete(user);
    else users.set(user, iterations);
  }

  has(user: string, mechanism: number): boolean {
    return this.mechanisms.get(mechanism)!.has(user);
  }

  describe({ users }: DescribeUserScramCredentialsRequest): DescribeUserScramCredentialsResponse {
    const asked = new Map<string, number>();
    for (const { name } of users ?? []) asked.set(name, (asked.get(name) ?? 0) + 1);
    const all = [...this.mechanisms.values()].flatMap((own) => hashMapOrder([...own.keys()]));
    const results = hashMapOrder([...new Set(asked.size > 0 ? asked.keys() : all)]).map((user) => this.describeUser(user, (asked.get(user) ?? 0) > 1));
    return { throttleTimeMs: 0, errorCode: 0, errorMessage: '', results };
  }

  private describeUser(user: string, twice: boolean): DescribeUserScramCredentialsResponse['results'][number] {
    if (twice) return { user, errorCode: ERR.DUPLICATE_RESOURCE, errorMessage: `${user} is asked for more than once.`, credentialInfos: [] };
    const credentialInfos = [...this.mechanisms].flatMap(([mechanism, users]) => (users.has(user) ? [{ mechanism, iterations: users.get(user)! }] : []));
    if (credentialInfos.length === 0) return { user, errorCode: ERR.RESOURCE_NOT_FOUND, errorMessage: `${user} has no SCRAM credentials.`, credentialInfos };
    return { user, errorCode: 0, errorMessage: '', credentialInfos };
  }
}
