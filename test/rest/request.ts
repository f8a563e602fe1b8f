import { Body } from '../../src/http/body.ts';
import { Headers } from '../../src/http/headers.ts';
import { Input } from '../../src/http/input.ts';
import { usualLimits } from '../../src/http/limits.ts';
import type { Request } from '../../src/http/request.ts';
import { targetOf } from '../../src/http/target.ts';

/** A request as a server reads it. A body that is no text is sent as JSON. */
export function request(method: string, path: string, body?: unknown, fields: Readonly<Record<string, string>> = {}): Request {
  const bytes = bytesOf(body);
  let sent = false;
  const input = new Input({
    read: () => {
      const piece = sent || bytes.length === 0 ? undefined : bytes;
      sent = true;
      return Promise.resolve(piece);
    },
  });
  const headers = new Headers(Object.entries({ ...(body === undefined ? {} : { 'Content-Type': 'application/json' }), ...fields }));
  const framing = { type: 'length', length: bytes.length } as const;
  return { method, target: targetOf(`/rest${path}`), version: '1.1', headers, body: new Body(input, framing, usualLimits) };
}

function bytesOf(body: unknown): Uint8Array {
  if (body === undefined) return new Uint8Array();
  if (body instanceof Uint8Array) return body;
  return new Uint8Array(Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)));
}
