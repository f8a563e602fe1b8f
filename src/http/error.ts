/** What is wrong with a message of the other end. `status` is what a server answers it with. */
export class HttpError extends Error {
  readonly code = 'bad-message';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.name = 'HttpError';
    this.status = status;
  }
}

/** 400: what came is not HTTP, or could be read in two ways. */
export function malformed(what: string): HttpError {
  return new HttpError(400, what);
}
