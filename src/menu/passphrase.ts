import type { Call } from './command.ts';
import { failure, missingValues } from './errors.ts';

/** A passphrase that an argument did not give: asked for, or missing where nobody can be asked. */
export async function askPassphrase(call: Call, argument: string): Promise<string> {
  if (call.caller.ask === undefined) throw missingValues([argument]);
  return call.caller.ask(`${argument}: `, { hidden: true });
}

/** A new passphrase: typed twice, unless it is empty. */
export async function askNewPassphrase(call: Call, argument: string): Promise<string> {
  const first = await askPassphrase(call, argument);
  if (first !== '' && first !== (await askPassphrase(call, `verify ${argument}`))) throw failure(`${argument}: the two are not the same`);
  return first;
}
