import { NetworkLanguage } from './console/network-language.ts';
import { worldOf } from './console/router-console.ts';
import type { Clock } from './platform/clock.ts';
import { authenticated, type RestService } from './rest/authenticated.ts';
import { withConsole } from './rest/console-commands.ts';
import { restHandler } from './rest/handler.ts';
import type { RouterCore } from './router.ts';
import { version } from './version.ts';

/** REST of a router, for its web services: the command tree, and what the console knows of its language. */
export function restServiceOf(router: RouterCore, clock: Clock): RestService {
  const tree = withConsole(router.tree, new NetworkLanguage(worldOf(router, clock)));
  return authenticated(restHandler({ tree, version, audit: router.audit, clock }), router.access);
}
