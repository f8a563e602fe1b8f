import type { Call } from './command.ts';
import { CommandError } from './errors.ts';

/** Asks a person whether to go on, and gives up unless they say yes. Where nobody can be asked, as in a script, it goes on. */
export async function confirm(call: Call, question: string): Promise<void> {
  const answer = await call.caller.ask?.(`${question} [y/N]: `, { hidden: false });
  if (answer !== undefined && !/^y(es)?$/i.test(answer.trim())) {
    throw new CommandError('interrupted', 'nothing was changed');
  }
}
