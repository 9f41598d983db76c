// Checker for regular expressions of subscriptions: which names a pattern matches, and which patterns are none.
import { parsePattern } from '../../simulations/kafka/groups/consumer/regex.ts';
import { all, type Checker } from './outcome.ts';

/** The names that every pattern was tried on. */
const NAMES = 'a b c ab abc abab aab A B AB Ab aB k K s S x-y x.y x_y orders Orders ORDERS orders-eu orders.eu.1 orders_2 dead-letter v2 V2 12 1 0 007 - _ .a ..a a- a.b-c_d zzz Z9 e2e.test_Topic-01 payments-v1 team-a.payments __internal aaaa aaaaaaaaaa'.split(' ');

const patterns: Checker = (c) => {
  const read = parsePattern(c['pattern'] as string);
  if (c['refused']) return all([true, !read.ok]);
  return read.ok ? all([c['matches'], NAMES.filter((name) => read.pattern.matches(name))]) : all(['a pattern', read.message]);
};

export const KAFKA_TOPIC_PATTERNS: Readonly<Record<string, Checker>> = { 'topic-patterns': patterns };
