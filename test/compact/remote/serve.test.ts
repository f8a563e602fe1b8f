import { describe, expect, it } from 'vitest';
import type { Report, Request } from '../guest/messages.ts';
import type { GuestPorts } from '../guest/ports.ts';
import { serve } from '../guest/serve.ts';
import { decodeFrame, encodeFrame, Frames } from '../guest/wire.ts';

/** What a guest reports of `hash`, called twice, that gives `given` back when `work` is done with it. */
async function reports(work: (given: Uint8Array) => Uint8Array): Promise<readonly Report[]> {
  const ports = { crypto: { hash: (_: string, given: Uint8Array) => work(given) } } as unknown as GuestPorts;
  const call = (call: number, object: number, member: string, ...given: unknown[]): Uint8Array => {
    const request: Request = { type: 'call', call, object, member, given };
    return encodeFrame(request, () => undefined);
  };
  const requests = [call(0, 0, 'crypto'), ...[1, 2].map((number) => call(number, 1, 'hash', 'md5', Uint8Array.of(1, 2)))];
  const output = new Frames();
  await serve(
    ports,
    { read: () => Promise.resolve(requests.shift()) },
    { readSync: () => undefined, writeSync: (bytes) => output.add(bytes) },
  );
  const told: Report[] = [];
  for (let frame = output.next(); frame !== undefined; frame = output.next())
    told.push(decodeFrame(frame, (_, [fields]) => fields) as Report);
  return told.slice(1);
}

describe('a port', () => {
  it('that gives bytes of its own is served', async () => {
    expect(await reports((given) => given.slice())).toEqual([1, 2].map((call) => ({ type: 'answer', call, value: Uint8Array.of(1, 2) })));
  });

  it('that changes what it is given is found out', async () => {
    const told = await reports((given) => given.fill(0).slice());
    expect(told[0]).toMatchObject({ type: 'failure', error: { message: 'hash changes what it is given' } });
  });

  it('that gives back what it was given is found out', async () => {
    const told = await reports((given) => given);
    expect(told[0]).toMatchObject({ type: 'failure', error: { message: 'hash gives bytes that others hold' } });
  });

  it('that gives the same bytes twice is found out', async () => {
    const same = new Uint8Array(2);
    const told = await reports(() => same);
    expect(told.map(({ type }) => type)).toEqual(['answer', 'failure']);
  });
});
