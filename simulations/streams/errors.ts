// What a job's author did wrong, found when the job is put together or while it runs. Codes are stable; the message says what to do.

export class StreamError extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.name = 'StreamError';
    this.code = code;
  }
}
