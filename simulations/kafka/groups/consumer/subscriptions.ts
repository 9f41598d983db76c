// Subscriptions by regular expression: checked when a member brings one, resolved to topics apart from the heartbeat, and again when topics
// have been created (Kafka GroupMetadataManager.maybeUpdateRegularExpressions).
import { ERR } from '../../protocol/apiKeys.ts';
import type { Coordinator } from '../coordinator.ts';
import { Draft, settle } from '../modern/draft.ts';
import { subscribers, topicMetadataOf, type GroupData, type Member, type MemberMetadata, type ModernGroup, type ResolvedRegex } from '../modern/group.ts';
import type { Refusal } from './heartbeat.ts';
import { parsePattern } from './regex.ts';

/** Time between two resolutions, at least (Kafka REGEX_BATCH_REFRESH_INTERVAL_MS). */
const REFRESH_MS = 10_000;

/** A regular expression that nobody in the group has yet must be one. */
export function validRegex(data: GroupData, before: MemberMetadata, after: MemberMetadata): Refusal | null {
  const regex = after.subscribedTopicRegex;
  if (regex === before.subscribedTopicRegex || regex === '' || subscribers(data, regex) > 0) return null;
  const read = parsePattern(regex);
  return read.ok ? null : { errorCode: ERR.INVALID_REGULAR_EXPRESSION, message: `SubscribedTopicRegex ${regex} cannot be read: ${read.message}.` };
}

/** Forgets a regular expression that its last member gave up. @returns whether the member now has one that is resolved already. */
export function startsRebalance(draft: Draft, before: Member, after: MemberMetadata): boolean {
  const { data } = draft;
  const [was, is] = [before.subscribedTopicRegex, after.subscribedTopicRegex];
  if (was === is) return false;
  if (was !== '' && subscribers(data, was) === 1) draft.put({ type: 'regex', regex: was, resolved: null });
  return is !== '' && subscribers(data, is) > 0 && data.regexes.has(is);
}

/** Has the group's regular expressions resolved when one is not yet, or topics have been created since. */
export function scheduleResolution(c: Coordinator, group: ModernGroup): void {
  const { data } = group;
  const regexes = new Set([...data.members.values()].map((m) => m.subscribedTopicRegex));
  regexes.delete('');
  if (regexes.size === 0 || group.resolving.dueUs !== Number.POSITIVE_INFINITY) return;
  const last: ResolvedRegex | undefined = [...data.regexes.values()][0];
  if (last && nowMs(c) <= last.timeMs + REFRESH_MS) return;
  if (regexes.size !== data.regexes.size || (last?.version ?? 0) < c.topicsCreatedAt) c.deadlines.set(group.resolving, 0);
}

/** Resolves all of them at once, so that they cause one rebalance. */
export function resolveRegexes(c: Coordinator, group: ModernGroup): void {
  const { image } = c.broker;
  const draft = new Draft(group);
  const { data } = draft;
  const names = [...image.topics.keys()].sort();
  let bump = false;
  for (const regex of new Set([...data.members.values()].map((m) => m.subscribedTopicRegex))) {
    const read = regex === '' ? null : parsePattern(regex);
    if (!read?.ok) continue;
    const topics = names.filter((name) => read.pattern.matches(name));
    if (topics.join() !== (data.regexes.get(regex)?.topics.join() ?? '')) bump = true;
    draft.put({ type: 'regex', regex, resolved: { topics, version: image.offset, timeMs: nowMs(c) } });
  }
  if (draft.changes.length === 0) return;
  const topicMetadata = topicMetadataOf(data, image);
  if (topicMetadata !== data.topicMetadata) {
    bump = true;
    draft.put({ type: 'topics', topicMetadata });
  }
  if (bump) {
    draft.comparedMetadata = true;
    draft.bump('regex');
  }
  settle(c, draft, () => {});
}

function nowMs(c: Coordinator): number {
  return Math.floor(c.broker.kernel.nowUs / 1000);
}
