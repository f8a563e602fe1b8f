import { Cancelled } from '../platform/cancel.ts';
import type { Call, CommandDeclaration, Result } from './command.ts';
import { CommandError, failure, interrupted, missingValues, notPermitted } from './errors.ts';
import type { ListedItem } from './listing.ts';
import { formatValue, type Value } from './value.ts';

/** A where-expression, ready to be asked about one item; it is asynchronous only if it runs commands. */
export type Where = (item: ListedItem) => boolean | Promise<boolean>;

/** A command with the values given for its arguments, names in full. */
export interface Invocation {
  /** "/certificate/sign" */
  readonly path: string;
  readonly command: CommandDeclaration;
  readonly given: ReadonlyMap<string, Value>;
  readonly where?: Where;
}

/** What the audit log is told: who ran what with which arguments, sensitive values masked, and how it ended. */
export interface AuditRecord {
  readonly user: string;
  readonly path: string;
  readonly arguments: readonly (readonly [name: string, value: string])[];
  /** The error's message, or undefined for success. */
  readonly error?: string;
}

/**
 * Runs one command: argument values are read first, then required arguments, then policy, then the command itself (the order of
 * RouterOS' checks). Every error is a `CommandError`.
 */
export async function invoke(invocation: Invocation, call: Call, audit: (record: AuditRecord) => void): Promise<Result> {
  const { command, path } = invocation;
  const values = await readArguments(invocation, call).catch((error: unknown) => {
    // Items are looked up in a store, which may fail.
    throw commandError(error);
  });
  const record = { user: call.caller.user, path, arguments: maskedArguments(invocation) };
  const writes = [...invocation.given.keys()].some((name) => command.args[name]?.changes === true);
  const needs = writes ? [...command.needs, 'write' as const] : command.needs;
  if (!needs.every((policy) => call.caller.policies.has(policy))) {
    const refusal = notPermitted();
    audit({ ...record, error: refusal.message });
    throw refusal;
  }
  const changes = writes || command.changes === true;
  try {
    const result = await command.run(values, call);
    if (changes) audit(record);
    return result;
  } catch (error) {
    const translated = commandError(error);
    if (changes) audit({ ...record, error: translated.message });
    throw translated;
  }
}

async function readArguments(invocation: Invocation, call: Call): Promise<Readonly<Record<string, unknown>>> {
  const { command, given } = invocation;
  const values: Record<string, unknown> = {};
  for (const [name, value] of given) {
    const declared = Object.hasOwn(command.args, name) ? command.args[name] : undefined;
    if (declared === undefined) throw new CommandError('bad-parameter', `unknown parameter ${name}`);
    values[name] = await declared.type.read(value, name, call.caller);
  }
  if (invocation.where !== undefined) values['where'] = invocation.where;
  const missing = Object.keys(command.args).filter((name) => command.args[name]?.required === true && !(name in values));
  if (missing.length > 0) throw missingValues(missing);
  return values;
}

function maskedArguments({ command, given }: Invocation): (readonly [string, string])[] {
  return [...given].map(([name, value]) => [name, command.args[name]?.sensitive === true ? '***' : formatValue(value)] as const);
}

/** The one translation of the layers' errors into what a front end says. */
export function commandError(error: unknown): CommandError {
  if (error instanceof CommandError) return error;
  if (error instanceof Cancelled) return interrupted();
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return failure(error.message);
  throw error;
}
