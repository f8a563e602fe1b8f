import type { Share } from '../bytes/budget.ts';
import type { Files } from '../platform/files.ts';
import { PacketReader, PacketStream, packet, string, uint32 } from './packet.ts';
import { longestPacket, packetTypes, SftpError, version } from './protocol.ts';
import { readRequest } from './request.ts';
import { extensions, Session, type SftpGuest } from './session.ts';

/** The bytes between a client and this server. */
export interface SftpStream {
  /** The next bytes; undefined at the end. */
  read(): Promise<Uint8Array | undefined>;
  /** Resolves when the client's side took the bytes. */
  write(bytes: Uint8Array): Promise<void>;
}

/** The server of SFTP, version 3 (draft-ietf-secsh-filexfer-02), on the files of a router. */
export class SftpServer {
  readonly #files: Files;

  constructor(files: Files) {
    this.#files = files;
  }

  /**
   * Serves one client, of whom what is kept is counted in `share`. Resolves at the end of what it sends; a file that it did not close is as it was. Throws `SftpError`, `BudgetError`,
   * and what `stream` throws.
   */
  async serve(stream: SftpStream, guest: SftpGuest, share: Share): Promise<void> {
    const packets = new PacketStream(() => stream.read(), longestPacket, share.holding());
    const first = await packets.next();
    if (first === undefined) return;
    checkInit(first);
    await stream.write(packet(packetTypes.version, uint32(version), ...extensions.flatMap((name) => [string(name), string('1')])));
    const session = new Session(this.#files, share, guest);
    const waiting = share.holding();
    try {
      for (let payload = await packets.next(); payload !== undefined; payload = await packets.next()) {
        const answer = await session.answer(readRequest(payload));
        waiting.resize(answer.length);
        await stream.write(answer);
        waiting.resize(0);
      }
    } finally {
      session.close();
    }
  }
}

function checkInit(payload: Uint8Array): void {
  const reader = new PacketReader(payload);
  if (reader.byte() !== packetTypes.init) throw new SftpError('a client says its version first');
  if (reader.uint32() < version) throw new SftpError(`a client speaks version ${version} at least`);
}
