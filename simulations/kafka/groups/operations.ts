// What may be done to a group, where nobody is refused anything: a bit for each operation (Kafka AclEntry.supportedOperations, AclOperation).
import { NOT_ASKED } from '../broker/metadata.ts';

/** READ, DELETE, DESCRIBE, DESCRIBE_CONFIGS, ALTER_CONFIGS. */
const GROUP_OPERATIONS = (1 << 3) | (1 << 6) | (1 << 8) | (1 << 10) | (1 << 11);

export function groupOperations(asked: boolean): number {
  return asked ? GROUP_OPERATIONS : NOT_ASKED;
}
