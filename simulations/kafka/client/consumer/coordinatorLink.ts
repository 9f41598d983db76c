// A consumer's tie to the coordinator of its group: finds it, forgets it when it is the wrong one or gone, looks again after a backoff
// (Kafka AbstractCoordinator, CoordinatorRequestManager).
import type { Deadline, Deadlines } from '../../deadlines.ts';
import { KEY } from '../../protocol/apiKeys.ts';
import type { FindCoordinatorResponse } from '../../protocol/messages.ts';
import { backoffUs, type Client } from '../client.ts';

const GROUP = 0;

export class CoordinatorLink {
  private readonly client: Client;
  private readonly group: string;
  private readonly deadlines: Deadlines;
  private readonly again: Deadline;
  /** Broker id; -1 = not known. */
  private broker = -1;
  private looking = false;
  private failures = 0;
  private draws = 0;
  private waiting: (() => void)[] = [];
  private closed = false;
  /** Called when a coordinator was found. */
  onFound: () => void = () => {};

  constructor(client: Client, deadlines: Deadlines, group: string) {
    this.client = client;
    this.group = group;
    this.deadlines = deadlines;
    this.again = deadlines.make(() => this.look());
  }

  get known(): boolean {
    return this.broker >= 0;
  }

  /** Runs it once the coordinator is known. */
  ready(then: () => void): void {
    if (this.known) then();
    else {
      this.waiting.push(then);
      this.look();
    }
  }

  /** Looks for the coordinator unless it is known or looked for already. */
  look(): void {
    if (this.closed || this.known || this.looking || this.again.dueUs !== Number.POSITIVE_INFINITY) return;
    this.looking = true;
    const body = { coordinatorKeys: [this.group], keyType: GROUP };
    this.client.channel(this.client.anyBroker(), 'bootstrap').send({ api: KEY.FindCoordinator, apiVersion: 6, body, bytes: 96, firstRecord: -1, records: 0 }, (response) => {
      this.looking = false;
      if (this.closed) return;
      const found = (response?.body as FindCoordinatorResponse | undefined)?.coordinators[0];
      if (!found || found.errorCode !== 0) {
        if (!response) this.client.failedBroker();
        this.deadlines.set(this.again, backoffUs(this.client, 'find-coordinator', this.failures++, this.draws++) / 1000);
        return;
      }
      this.failures = 0;
      this.broker = found.nodeId;
      this.onFound();
      for (const then of this.waiting.splice(0)) then();
    });
  }

  /** Nothing is asked any more, and whoever waits is forgotten. */
  close(): void {
    this.closed = true;
    this.waiting = [];
    this.deadlines.drop(this.again);
  }

  /** It is not the coordinator, or does not answer: what is under way to it is given up. */
  forget(): void {
    if (!this.known) return;
    const channel = this.client.channel(this.broker, 'group');
    this.broker = -1;
    channel.close();
  }

  /** @param answer takes null when there is none: the coordinator is then no longer known. @param timeoutMs where it is not request.timeout.ms. */
  send<T>(api: number, apiVersion: number, body: unknown, answer: (response: T | null) => void, timeoutMs?: number): void {
    const { broker } = this;
    if (broker < 0) return answer(null);
    this.client.channel(broker, 'group').send(
      { api, apiVersion, body, bytes: 96, firstRecord: -1, records: 0 },
      (response) => {
        if (!response && this.broker === broker) this.broker = -1;
        answer(response ? (response.body as T) : null);
      },
      true,
      timeoutMs === undefined ? undefined : timeoutMs * 1000,
    );
  }
}
