import { concat } from '../bytes/bytes.ts';
import { type Attributes, encodeAttributes, readAttributes } from './attributes.ts';
import { PacketReader, packet, string, uint32, uint64 } from './packet.ts';
import { packetTypes } from './protocol.ts';

/** What a client asks for (6); paths and handles are the bytes that it sent. Every request has an id, which its answer repeats. */
export type Request = { readonly id: number } & Body;

type Body =
  | Kind<'open', { readonly path: Uint8Array; readonly flags: number; readonly attributes: Attributes }>
  | Kind<'close' | 'fstat' | 'readdir', { readonly handle: Uint8Array }>
  | Kind<'read', { readonly handle: Uint8Array; readonly offset: number; readonly length: number }>
  | Kind<'write', { readonly handle: Uint8Array; readonly offset: number; readonly data: Uint8Array }>
  | Kind<'lstat' | 'stat' | 'opendir' | 'remove' | 'rmdir' | 'realpath', { readonly path: Uint8Array }>
  | Kind<'setstat' | 'mkdir', { readonly path: Uint8Array; readonly attributes: Attributes }>
  | Kind<'fsetstat', { readonly handle: Uint8Array; readonly attributes: Attributes }>
  | Kind<'rename', { readonly from: Uint8Array; readonly to: Uint8Array }>
  | Kind<'extended', { readonly name: Uint8Array; readonly data: Uint8Array }>
  /** A type that is not known here, or that no file of the router has: links. */
  | Kind<'unknown', { readonly code: number; readonly data: Uint8Array }>;

/** One request for each type that has these fields. */
type Kind<Type, Fields> = Type extends string ? { readonly type: Type } & Fields : never;

const names = new Map<number, string>(Object.entries(packetTypes).map(([name, code]) => [code, name]));

/** Reads a packet that is no INIT. Throws `SftpError`. */
export function readRequest(payload: Uint8Array): Request {
  const reader = new PacketReader(payload);
  const code = reader.byte();
  const request = { id: reader.uint32(), ...readBody(code, reader) };
  reader.end();
  return request;
}

function readBody(code: number, reader: PacketReader): Body {
  const type = names.get(code);
  switch (type) {
    case 'open':
      return { type, path: reader.string(), flags: reader.uint32(), attributes: readAttributes(reader) };
    case 'close':
    case 'fstat':
    case 'readdir':
      return { type, handle: reader.string() };
    case 'read':
      return { type, handle: reader.string(), offset: reader.uint64(), length: reader.uint32() };
    case 'write':
      return { type, handle: reader.string(), offset: reader.uint64(), data: reader.string() };
    case 'lstat':
    case 'stat':
    case 'opendir':
    case 'remove':
    case 'rmdir':
    case 'realpath':
      return { type, path: reader.string() };
    case 'setstat':
    case 'mkdir':
      return { type, path: reader.string(), attributes: readAttributes(reader) };
    case 'fsetstat':
      return { type, handle: reader.string(), attributes: readAttributes(reader) };
    case 'rename':
      return { type, from: reader.string(), to: reader.string() };
    case 'extended':
      return { type, name: reader.string(), data: reader.rest() };
    default:
      return { type: 'unknown', code, data: reader.rest() };
  }
}

/** The packet of a request, with its length. */
export function encodeRequest(request: Request): Uint8Array {
  const code = request.type === 'unknown' ? request.code : packetTypes[request.type];
  return packet(code, uint32(request.id), encodeBody(request));
}

function encodeBody(request: Request): Uint8Array {
  switch (request.type) {
    case 'open':
      return concat([string(request.path), uint32(request.flags), encodeAttributes(request.attributes)]);
    case 'read':
      return concat([string(request.handle), uint64(request.offset), uint32(request.length)]);
    case 'write':
      return concat([string(request.handle), uint64(request.offset), string(request.data)]);
    case 'setstat':
    case 'mkdir':
      return concat([string(request.path), encodeAttributes(request.attributes)]);
    case 'fsetstat':
      return concat([string(request.handle), encodeAttributes(request.attributes)]);
    case 'rename':
      return concat([string(request.from), string(request.to)]);
    case 'extended':
      return concat([string(request.name), request.data]);
    case 'unknown':
      return request.data;
    default:
      return string('handle' in request ? request.handle : request.path);
  }
}
