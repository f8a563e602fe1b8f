/** Types of packets (draft-ietf-secsh-filexfer-02, 3). */
export const packetTypes = {
  init: 1,
  version: 2,
  open: 3,
  close: 4,
  read: 5,
  write: 6,
  lstat: 7,
  fstat: 8,
  setstat: 9,
  fsetstat: 10,
  opendir: 11,
  readdir: 12,
  remove: 13,
  mkdir: 14,
  rmdir: 15,
  realpath: 16,
  stat: 17,
  rename: 18,
  status: 101,
  handle: 102,
  data: 103,
  name: 104,
  attrs: 105,
  extended: 200,
  extendedReply: 201,
} as const;

/** Codes of a STATUS answer (7). */
export const statusCodes = {
  ok: 0,
  endOfFile: 1,
  noSuchFile: 2,
  permissionDenied: 3,
  failure: 4,
  unsupported: 8,
} as const;

export type StatusCode = (typeof statusCodes)[keyof typeof statusCodes];

/** How a file is opened (6.3); flags that this version does not have are left out. */
export const openFlags = { read: 1, write: 2, append: 4, create: 8, truncate: 16, exclusive: 32 } as const;

/** The version that is spoken: the one that OpenSSH, dropbear, PuTTY, WinSCP and FileZilla speak. */
export const version = 3;

/**
 * The most bytes of a packet behind its length. The draft asks for 34000 at least; clients that mount folders write 64 KiB at once; OpenSSH
 * takes 256 KiB, which a small router would have to hold for each client.
 */
export const longestPacket = 128 << 10;

/** The most bytes that one READ is answered with, as the draft has it; a client asks again for the rest. */
export const longestRead = 32_768;

/** Length of a path in bytes, beyond which no file of the router can have it (16 parts of 255 bytes). */
export const longestPath = 4096;

/** What a client sends is no packet of the protocol: nothing after it can be understood. */
export class SftpError extends Error {
  readonly code = 'malformed';

  constructor(message: string) {
    super(message);
    this.name = 'SftpError';
  }
}
