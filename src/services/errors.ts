export type ServiceErrorCode = 'bad-value' | 'not-served';

/** A command of /ip/service that could not be done; nothing was changed. The message is what the console shows after `failure: `. */
export class ServiceError extends Error {
  readonly code: ServiceErrorCode;

  constructor(code: ServiceErrorCode, message: string) {
    super(message);
    this.name = 'ServiceError';
    this.code = code;
  }
}
