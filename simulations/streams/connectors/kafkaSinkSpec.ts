// What a Kafka sink writes (Flink KafkaSink).

/** NONE: sent and forgotten. AT_LEAST_ONCE: all is acknowledged before a checkpoint. EXACTLY_ONCE: one transaction for each checkpoint. */
export type DeliveryGuarantee = 'NONE' | 'AT_LEAST_ONCE' | 'EXACTLY_ONCE';

export interface KafkaSinkSpec {
  readonly topic: string;
  readonly keyOf: ((value: unknown) => string) | null;
  readonly serialize: (value: unknown) => string;
  readonly guarantee: DeliveryGuarantee;
  /** Begins every transactional.id: must be the job's own. */
  readonly transactionalIdPrefix: string;
  /** transaction.timeout.ms; must be longer than the longest checkpoint and restart together. */
  readonly transactionTimeoutMs: number;
}
