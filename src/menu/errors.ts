/**
 * What went wrong with a command, as every front end reports it. `message` is the console's wording; line and column are added by the
 * front end that knows them.
 */
export type CommandErrorCode =
  | 'bad-command'
  | 'bad-parameter'
  | 'missing-value'
  | 'no-match'
  | 'invalid-value'
  | 'no-such-item'
  | 'not-permitted'
  | 'failure'
  | 'interrupted';

export class CommandError extends Error {
  readonly code: CommandErrorCode;

  constructor(code: CommandErrorCode, message: string) {
    super(message);
    this.name = 'CommandError';
    this.code = code;
  }
}

export const noSuchItem = (): CommandError => new CommandError('no-such-item', 'no such item');
export const noMatch = (argument: string): CommandError => new CommandError('no-match', `input does not match any value of ${argument}`);
export const invalidValue = (argument: string): CommandError => new CommandError('invalid-value', `invalid value for argument ${argument}`);
export const missingValues = (names: readonly string[]): CommandError =>
  new CommandError('missing-value', `missing value(s) of argument(s) ${names.join(' ')}`);
export const notPermitted = (): CommandError => new CommandError('not-permitted', 'not enough permissions (9)');
export const failure = (why: string): CommandError => new CommandError('failure', `failure: ${why}`);
export const interrupted = (): CommandError => new CommandError('interrupted', 'interrupted');
