export type UserErrorCode =
  | 'no-such-item'
  | 'no-such-group'
  | 'exists'
  | 'bad-name'
  | 'bad-key'
  | 'too-many'
  | 'built-in'
  | 'in-use'
  | 'last-full';

/**
 * A command of /user or a menu below it that could not be done; nothing was changed. The message is what the console shows after
 * `failure: `.
 */
export class UserError extends Error {
  readonly code: UserErrorCode;

  constructor(code: UserErrorCode, message: string) {
    super(message);
    this.name = 'UserError';
    this.code = code;
  }
}
