import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Headers } from '../../src/http/headers.ts';
import type { Request } from '../../src/http/request.ts';
import type { Response } from '../../src/http/server.ts';
import type { Caller, Policy } from '../../src/menu/command.ts';
import { NodeClock } from '../../src/platform/node/clock.ts';
import { type RestHandler, type RestPorts, restHandler } from '../../src/rest/handler.ts';
import type { RouterCore, RouterPorts } from '../../src/router.ts';
import { policies } from '../../src/users/policies.ts';
import { routerIn } from '../router-for-tests.ts';
import { request } from './request.ts';

/** What came back; `json` is undefined for an empty body. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly json: unknown;
}

export async function answerOf({ status, headers, content }: Response): Promise<Answer> {
  const pieces: Uint8Array[] = [];
  if (content instanceof Uint8Array) pieces.push(content);
  else for await (const piece of content.pieces) pieces.push(piece);
  const text = Buffer.concat(pieces).toString();
  return { status, headers, text, json: text === '' ? undefined : (JSON.parse(text) as unknown) };
}

/** A whole router that is asked over REST, by somebody who may do everything unless it is said what they may. */
export class RestRouter {
  readonly router: RouterCore;
  readonly #handle: RestHandler;

  private constructor(router: RouterCore, ports: Partial<RestPorts>) {
    this.router = router;
    this.#handle = restHandler({ tree: router.tree, audit: router.audit, version: '1', clock: new NodeClock(), ...ports });
  }

  static async start(ports: Partial<RestPorts> = {}, host: Partial<RouterPorts> = {}): Promise<RestRouter> {
    const folder = mkdtempSync(join(tmpdir(), 'signet-rest-'));
    const router = await routerIn(folder, host);
    onTestFinished(async () => {
      await router.close();
      rmSync(folder, { recursive: true });
    });
    return new RestRouter(router, ports);
  }

  async ask(method: string, path: string, body?: unknown, may: readonly Policy[] = policies): Promise<Answer> {
    return this.send(request(method, path, body), may);
  }

  async send(asked: Request, may: readonly Policy[] = policies): Promise<Answer> {
    const caller: Caller = { user: 'admin', policies: new Set(may) };
    return answerOf(await this.#handle(asked, asked.target.path.slice(1), caller));
  }

  /** As `ask`, for what is to succeed. */
  async json(method: string, path: string, body?: unknown): Promise<unknown> {
    const { status, text, json } = await this.ask(method, path, body);
    if (status >= 300) throw new Error(`${method} ${path}: ${status} ${text}`);
    return json;
  }
}
