import type { Clock } from '../platform/clock.ts';
import type { RouterFront } from './router-console.ts';
import type { ConsoleServer, ServerHost } from './server.ts';
import type { Person } from './session.ts';

/** The server of a router's consoles. All that consoles need is loaded now, and not by a daemon at which nobody is. */
export async function openServer<Guest extends Person>(
  router: RouterFront<Guest>,
  clock: Clock,
  version: string,
  host: ServerHost,
): Promise<ConsoleServer> {
  const [{ consolesOf, greetingOf }, { ConsoleServer }] = await Promise.all([import('./router-console.ts'), import('./server.ts')]);
  return new ConsoleServer(consolesOf(router, clock, greetingOf(version)), host);
}
