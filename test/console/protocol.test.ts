import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concat } from '../../src/bytes/bytes.ts';
import {
  byteFrames,
  encodeFrame,
  type Frame,
  FrameDecoder,
  longestPayload,
  protocolVersion,
  purposes,
} from '../../src/console/protocol.ts';

const u16 = fc.integer({ min: 0, max: 0xffff });
const bytes = fc.uint8Array({ maxLength: 300 });
const frame: fc.Arbitrary<Frame> = fc.oneof(
  fc.record({
    type: fc.constant('hello' as const),
    version: fc.constant(protocolVersion),
    columns: u16,
    rows: u16,
    purpose: fc.constantFrom(...purposes),
    terminal: fc.string({ unit: 'grapheme-ascii', maxLength: 40 }),
    from: fc.string({ unit: 'grapheme-ascii', maxLength: 40 }),
  }),
  fc.record({ type: fc.constantFrom('input' as const, 'output' as const, 'error' as const), bytes }),
  fc.record({ type: fc.constant('resize' as const), columns: u16, rows: u16 }),
  fc.constant<Frame>({ type: 'interrupt' }),
  fc.record({ type: fc.constant('exit' as const), status: fc.integer({ min: 0, max: 255 }) }),
);

function decode(...parts: Uint8Array[]): Frame[] {
  const decoder = new FrameDecoder();
  return parts.flatMap((part) => decoder.push(part));
}

function thrown(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  return undefined;
}

function nameThrown(work: () => unknown): string | undefined {
  const error = thrown(work);
  return error instanceof Error ? error.name : undefined;
}

describe('the console protocol', () => {
  it('writes a frame as type, big-endian length and payload', () => {
    expect(encodeFrame({ type: 'resize', columns: 120, rows: 0x0134 })).toEqual(Uint8Array.of(3, 0, 0, 0, 4, 0, 120, 1, 0x34));
  });

  it('reads back every frame, however the bytes are cut', () => {
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 8 }), fc.array(fc.nat(40)), (frames, cuts) => {
        const whole = concat(frames.map((each) => encodeFrame(each)));
        const parts: Uint8Array[] = [];
        let at = 0;
        for (const cut of cuts) {
          parts.push(whole.subarray(at, at + cut));
          at = Math.min(at + cut, whole.length);
        }
        parts.push(whole.subarray(at));
        expect(decode(...parts)).toEqual(frames);
      }),
    );
  });

  it('gives no frame for a part of one', () => {
    fc.assert(
      fc.property(frame, fc.nat(), (whole, cut) => {
        const encoded = encodeFrame(whole);
        const decoder = new FrameDecoder();
        const length = cut % encoded.length;
        expect(decoder.push(encoded.subarray(0, length))).toEqual([]);
      }),
    );
  });

  it('answers any bytes with frames or a ProtocolError', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (noise) => {
        expect([undefined, 'ProtocolError']).toContain(nameThrown(() => decode(noise)));
      }),
    );
  });

  it('cuts long output into frames within the limit', () => {
    const long = new Uint8Array(2 * longestPayload + 1).fill(0x61);
    const frames = decode(byteFrames('output', long));
    expect(frames.map((each) => encodeFrame(each).length - 5)).toEqual([longestPayload, longestPayload, 1]);
  });

  it('refuses a frame that is longer than the limit before it has come', () => {
    expect(thrown(() => decode(Uint8Array.of(2, 0, 1, 0, 1)))).toMatchObject({ code: 'too-long' });
  });

  it('refuses an unknown frame type', () => {
    expect(thrown(() => decode(Uint8Array.of(99, 0, 0, 0, 0)))).toMatchObject({ code: 'unknown-type' });
  });

  it('hands on a hello of another version, whatever follows it', () => {
    expect(decode(Uint8Array.of(1, 0, 0, 0, 1, 9))).toMatchObject([{ type: 'hello', version: 9 }]);
  });
});
