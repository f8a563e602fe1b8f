/** The command that an environment variable names, a JSON array of the program and its arguments. Throws where it names none. */
export function commandOf(variable: 'SIGNET_GUEST' | 'SIGNET_PROGRAM'): readonly string[] {
  const command: unknown = JSON.parse(process.env[variable] ?? 'null');
  if (!Array.isArray(command) || command.length === 0 || !command.every((word) => typeof word === 'string'))
    throw new Error(`${variable} is to be a JSON array of a program and its arguments`);
  return command;
}
