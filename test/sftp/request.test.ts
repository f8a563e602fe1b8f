import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Attributes } from '../../src/sftp/attributes.ts';
import { PacketStream } from '../../src/sftp/packet.ts';
import { SftpError } from '../../src/sftp/protocol.ts';
import { encodeRequest, type Request, readRequest } from '../../src/sftp/request.ts';

const u32 = fc.integer({ min: 0, max: 0xffff_ffff });
const place = fc.maxSafeNat();
const bytes = fc.uint8Array({ maxLength: 40 });
const attributes: fc.Arbitrary<Attributes> = fc.record(
  {
    size: place,
    owner: fc.record({ user: u32, group: u32 }),
    permissions: u32,
    times: fc.record({ accessed: u32, modified: u32 }),
    extended: fc.array(fc.record({ type: bytes, data: bytes }), { maxLength: 3 }),
  },
  { requiredKeys: [] },
);

const requests: fc.Arbitrary<Request> = fc.oneof(
  fc.record({ id: u32, type: fc.constant('open' as const), path: bytes, flags: u32, attributes }),
  fc.record({ id: u32, type: fc.constantFrom('close' as const, 'fstat' as const, 'readdir' as const), handle: bytes }),
  fc.record({ id: u32, type: fc.constant('read' as const), handle: bytes, offset: place, length: u32 }),
  fc.record({ id: u32, type: fc.constant('write' as const), handle: bytes, offset: place, data: bytes }),
  fc.record({
    id: u32,
    type: fc.constantFrom('lstat' as const, 'stat' as const, 'opendir' as const, 'remove' as const, 'rmdir' as const, 'realpath' as const),
    path: bytes,
  }),
  fc.record({ id: u32, type: fc.constantFrom('setstat' as const, 'mkdir' as const), path: bytes, attributes }),
  fc.record({ id: u32, type: fc.constant('fsetstat' as const), handle: bytes, attributes }),
  fc.record({ id: u32, type: fc.constant('rename' as const), from: bytes, to: bytes }),
  fc.record({ id: u32, type: fc.constant('extended' as const), name: bytes, data: bytes }),
  fc.record({ id: u32, type: fc.constant('unknown' as const), code: fc.constantFrom(19, 20, 77, 255), data: bytes }),
);

/** What `readRequest` gets: without the length. */
const payloadOf = (request: Request): Uint8Array => encodeRequest(request).subarray(4);

describe('a request', () => {
  it('is read as it was written', () => {
    fc.assert(
      fc.property(requests, (request) => {
        expect(readRequest(payloadOf(request))).toEqual(request);
      }),
    );
  });

  it('that is cut short, or longer than what it holds, is refused unless its end is open', () => {
    fc.assert(
      fc.property(requests, fc.nat(), (request, at) => {
        fc.pre(request.type !== 'unknown' && request.type !== 'extended');
        const whole = payloadOf(request);
        expect(() => readRequest(whole.subarray(0, at % whole.length))).toThrow(SftpError);
        expect(() => readRequest(Uint8Array.of(...whole, 0))).toThrow(SftpError);
      }),
    );
  });

  it('of any bytes is refused, or the one that is written so', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 60 }), fc.integer({ min: 3, max: 20 }), (payload, code) => {
        payload[0] = code;
        let request: Request;
        try {
          request = readRequest(payload);
        } catch (error) {
          if (error instanceof SftpError) return;
          throw error;
        }
        // Places beyond 2^53 are no longer exact.
        if ('offset' in request && request.offset > Number.MAX_SAFE_INTEGER) return;
        if ('attributes' in request && (request.attributes.size ?? 0) > Number.MAX_SAFE_INTEGER) return;
        expect(payloadOf(request)).toEqual(payload);
      }),
    );
  });

  it('with attributes of a later version is refused', () => {
    const mkdir = payloadOf({ id: 1, type: 'mkdir', path: Uint8Array.of(97), attributes: {} });
    mkdir[mkdir.length - 1] = 0x10;
    expect(() => readRequest(mkdir)).toThrow('attributes that version 3 does not have');
  });
});

describe('a stream of packets', () => {
  async function packetsOf(stream: Uint8Array, chunk: number): Promise<Uint8Array[]> {
    let at = 0;
    const packets = new PacketStream(async () => {
      if (at >= stream.length) return undefined;
      at += chunk;
      return stream.slice(at - chunk, at);
    }, 200);
    const all: Uint8Array[] = [];
    for (let next = await packets.next(); next !== undefined; next = await packets.next()) all.push(next);
    return all;
  }

  it('is the same however it arrives', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(requests, { maxLength: 5 }), fc.integer({ min: 1, max: 300 }), async (sent, chunk) => {
        fc.pre(sent.every((each) => payloadOf(each).length <= 200));
        const stream = Uint8Array.from(sent.flatMap((each) => [...encodeRequest(each)]));
        expect(await packetsOf(stream, chunk)).toEqual(sent.map(payloadOf));
      }),
    );
  });

  it.each([
    ['a packet of no bytes', [0, 0, 0, 0]],
    ['a packet that is too long', [0, 0, 0, 201]],
    ['half a length', [0, 0]],
    ['half a packet', [0, 0, 0, 5, 1, 2]],
  ])('with %s is refused', async (_what, bytes) => {
    await expect(packetsOf(Uint8Array.from(bytes), 3)).rejects.toThrow(SftpError);
  });
});
