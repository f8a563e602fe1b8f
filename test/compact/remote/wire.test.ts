import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeFrame, encodeFrame, Frames } from '../guest/wire.ts';

const none = (): undefined => undefined;

function sent(value: unknown): unknown {
  const frames = new Frames();
  frames.add(encodeFrame(value, none));
  return decodeFrame(frames.next() ?? new Uint8Array(), none);
}

describe('a value that is sent', () => {
  it.each([undefined, null, Number.NaN, Infinity, -Infinity, -0, 0, 1e300, 5e-324, Number.MAX_SAFE_INTEGER, '', '\ud800', 'ü\0🔑', [], {}])(
    'is exactly what it was: %o',
    (value) => {
      expect(sent(value)).toStrictEqual(value);
    },
  );

  it('may be anything within anything', () => {
    const values = fc.anything({ key: fc.string().filter((key) => key !== '__proto__'), maxDepth: 4 });
    fc.assert(
      fc.property(values, (value) => {
        expect(sent({ value: [value] })).toStrictEqual({ value: [value] });
      }),
    );
  });

  it('as a part of an array of bytes is the same part of one', () => {
    const whole = Uint8Array.of(1, 2, 3, 4);
    const part = sent([whole.subarray(1, 3), whole]);
    expect(part).toEqual([Uint8Array.of(2, 3), whole]);
    expect((part as Uint8Array[])[0]?.byteOffset).toBe(1);
  });

  it.each([[Buffer.from('a')], [new Date()], [1n], [Symbol.iterator]])('is no %o, which would come out as something else', (value) => {
    expect(() => sent(value)).toThrow(TypeError);
  });
});

describe('frames', () => {
  it('come whole however their bytes come', () => {
    const values = [1, 'two', Uint8Array.of(3)];
    const bytes = Buffer.concat(values.map((value) => encodeFrame(value, none)));
    for (const size of [1, 3, 7, bytes.length]) {
      const frames = new Frames();
      const received: unknown[] = [];
      for (let at = 0; at < bytes.length; at += size) {
        frames.add(bytes.subarray(at, at + size));
        for (let frame = frames.next(); frame !== undefined; frame = frames.next()) received.push(decodeFrame(frame, none));
      }
      expect(received).toEqual(values);
    }
  });
});
