import { beforeEach, describe, expect, it } from 'vitest';
import type { Handler } from '../../src/http/server.ts';
import { NodeClock } from '../../src/platform/node/clock.ts';
import { restHandler } from '../../src/rest/handler.ts';
import { policies } from '../../src/users/policies.ts';
import { converse } from '../http/conversation.ts';
import { RestRouter } from './rest-router.ts';

let handle: Handler;

beforeEach(async () => {
  const { tree, audit } = (await RestRouter.start()).router;
  const rest = restHandler({ tree, audit, version: '1', clock: new NodeClock() });
  handle = (request) => rest(request, request.target.path.slice(1), { user: 'admin', policies: new Set(policies) });
});

const header = 'POST /rest/certificate/add HTTP/1.1\r\nHost: router.lan\r\nContent-Type: application/json\r\n';
const withLength = (body: string): string => `${header}Content-Length: ${Buffer.byteLength(body, 'latin1')}\r\n\r\n${body}`;
const chunked = (body: string): string => `${header}Transfer-Encoding: chunked\r\n\r\n${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`;

describe('a hostile body', () => {
  it.each([
    ['that is deep', withLength(`{"name":${'['.repeat(500_000)}`), 400, 'JSON that is too deep'],
    ['with a key twice', withLength('{"name":"a","name":"b"}'), 400, 'the same key twice: name'],
    ['of a key that JavaScript knows', withLength('{"__proto__":"a"}'), 400, 'unknown parameter __proto__'],
    ['that is no UTF-8', withLength('{"name":"\u00ff"}'), 400, 'the body is no UTF-8'],
    ['that is cut', withLength('{"name":"a'), 400, 'this is not JSON (byte 9)'],
    ['of many keys', withLength(`{${Array.from({ length: 50_000 }, (_, i) => `"k${i}":1`).join()}}`), 400, 'JSON of too many values'],
    ['of many spaces', withLength(' '.repeat(1_000_000)), 400, 'this is not JSON'],
    ['of many backslashes', withLength(`"${'\\'.repeat(500_001)}`), 400, 'this is not JSON'],
    ['larger than is taken, in chunks', chunked(`"${'a'.repeat(1_048_577)}"`), 413, 'a body of more than 1048576 bytes'],
  ])('%s is refused', async (_, message, status, detail) => {
    const { statuses, answer } = await converse(message, handle);
    expect([statuses, answer.includes(`"detail":"${detail}`)]).toEqual([[status], true]);
  });
});
