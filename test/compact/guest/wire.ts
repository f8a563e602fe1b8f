import { concat } from '../../../src/bytes/bytes.ts';
import { fromUtf8, fromUtf8Lossy, utf8 } from '../../../src/bytes/utf8.ts';

/** A value as JSON: an array is a tag and what belongs to it, so that nothing else can be taken for one. */
export type Wire = null | boolean | number | string | Tagged | { readonly [name: string]: Wire };
export type Tagged = readonly [tag: string, ...parts: Wire[]];

/** How an end speaks of what can not be copied: a tag for it, or undefined where there is none. `wire` makes the parts. */
export type Refer = (value: object, wire: (part: unknown) => Wire) => Tagged | undefined;

/** What the other end's tag stands for here. */
export type Resolve = (tag: string, parts: readonly unknown[]) => unknown;

/**
 * A value in one frame: the lengths of all that follows and of its JSON, each 4 bytes, big-endian; the JSON; the bytes it speaks of, as they
 * are, because base 64 takes an interpreter on an emulated CPU seconds a megabyte. Everything comes out as it went in: undefined, NaN,
 * infinities, -0, and where in its buffer an array of bytes begins.
 */
export function encodeFrame(value: unknown, refer: Refer): Uint8Array {
  const attached: Uint8Array[] = [];
  let length = 0;
  const wire = (part: unknown): Wire => {
    if (part === null || typeof part === 'boolean' || typeof part === 'string') return part;
    if (part === undefined) return ['undefined'];
    if (typeof part === 'number') return Number.isFinite(part) && !Object.is(part, -0) ? part : ['number', nameOf(part)];
    if (typeof part !== 'object' && typeof part !== 'function') throw new TypeError(`a ${typeof part} can not be sent`);
    const prototype: unknown = Object.getPrototypeOf(part);
    if (part instanceof Uint8Array && prototype === Uint8Array.prototype) {
      attached.push(part);
      length += part.length;
      return ['bytes', length - part.length, part.length, part.byteOffset, part.buffer.byteLength];
    }
    const reference = refer(part, wire);
    if (reference !== undefined) return reference;
    if (Array.isArray(part)) return ['list', ...part.map((element) => wire(element))];
    if (prototype !== Object.prototype && prototype !== null) throw new TypeError(`a ${part.constructor.name} can not be sent`);
    return Object.fromEntries(Object.entries(part).map(([name, field]) => [name, wire(field)]));
  };
  const json = utf8(JSON.stringify(wire(value)));
  return concat([uint32(4 + json.length + length), uint32(json.length), json, ...attached]);
}

/** The value of a frame without its first length. */
export function decodeFrame(frame: Uint8Array, resolve: Resolve): unknown {
  const jsonEnd = 4 + readUint32(frame);
  const attached = frame.subarray(jsonEnd);
  const value = (part: Wire): unknown => {
    if (part === null || typeof part !== 'object') return part;
    if (!isTagged(part)) return Object.fromEntries(Object.entries(part).map(([name, field]) => [name, value(field)]));
    const [tag, ...parts] = part;
    if (tag === 'undefined') return undefined;
    if (tag === 'number') return Number(parts[0]);
    if (tag === 'list') return parts.map((element) => value(element));
    if (tag !== 'bytes')
      return resolve(
        tag,
        parts.map((element) => value(element)),
      );
    const [start = 0, length = 0, offset = 0, size = 0] = parts.map(Number);
    const bytes = new Uint8Array(size).subarray(offset, offset + length);
    bytes.set(attached.subarray(start, start + length));
    return bytes;
  };
  return value(JSON.parse(fromUtf8(frame.subarray(4, jsonEnd)) ?? '') as Wire);
}

/** Less than any text begins with, and more than a test sends. */
const longestFrame = 2 ** 24;

/** Frames out of bytes as they come. */
export class Frames {
  #held: Uint8Array = new Uint8Array();

  add(bytes: Uint8Array): void {
    this.#held = concat([this.#held, bytes]);
  }

  /** The next whole frame, for `decodeFrame`. Throws where something else was written among them. */
  next(): Uint8Array | undefined {
    if (this.#held.length < 4) return undefined;
    const end = 4 + readUint32(this.#held);
    if (end > longestFrame) throw new Error(`no frame: ${fromUtf8Lossy(this.#held.subarray(0, 1000))}`);
    if (this.#held.length < end) return undefined;
    const frame = this.#held.subarray(4, end);
    this.#held = this.#held.subarray(end);
    return frame;
  }
}

function isTagged(part: Tagged | { readonly [name: string]: Wire }): part is Tagged {
  return Array.isArray(part);
}

function nameOf(number: number): string {
  return Object.is(number, -0) ? '-0' : String(number);
}

function uint32(value: number): Uint8Array {
  return Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value);
}

function readUint32(bytes: Uint8Array): number {
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(0);
}
