import { plainText } from '../http/plain-text.ts';
import type { Request } from '../http/request.ts';
import type { Handler, Response } from '../http/server.ts';
import type { WebClient } from './web.ts';
import type { WebServer } from './web-server.ts';

/** What answers below the first word of a path; `rest`: the words after it. */
export type Part = (request: Request, rest: readonly string[], client: WebClient) => Promise<Response>;

export interface Parts {
  readonly crl: Part;
  readonly rest: Part;
}

/** What www and www-ssl answer, by the first word of the path and the switches of /ip/service/webserver. */
export function siteOf(webServer: WebServer, parts: Parts): (client: WebClient) => Handler {
  return (client) => async (request) => {
    const [first = '', ...rest] = request.target.path;
    const switches = webServer.switches();
    if (first === 'crl' && !client.secure && switches['crl-plain']) return parts.crl(request, rest, client);
    if (first === 'rest' && switches[client.secure ? 'rest-secure' : 'rest-plain']) return parts.rest(request, rest, client);
    return plainText(404, 'there is nothing here');
  };
}
