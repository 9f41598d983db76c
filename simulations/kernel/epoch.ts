// Where the run's clock stands on the calendar.

/** The run's clock starts at 2026-01-01T00:00:00Z, milliseconds since 1970. */
export const EPOCH_MS = 1_767_225_600_000;
