/** What a daemon tells the program that started it. */
export type SupervisorState = 'ready' | 'stopping';

const messages: Readonly<Record<SupervisorState, string>> = { ready: 'READY=1', stopping: 'STOPPING=1' };

/** The message of sd_notify(3) to the socket that NOTIFY_SOCKET names. */
export function supervisorMessage(state: SupervisorState): string {
  return messages[state];
}
