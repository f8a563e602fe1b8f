import { PacketStream } from '../../../src/sftp/packet.ts';
import { longestPacket } from '../../../src/sftp/protocol.ts';
import { encodeRequest, readRequest } from '../../../src/sftp/request.ts';
import { decoded, expectSame, isRefusal } from '../refusal.ts';

/** A stream is cut into packets or refused; what is accepted of one is the one encoding that is written. */
export async function fuzz(data: Uint8Array): Promise<void> {
  let left: Uint8Array | undefined = data;
  const packets = new PacketStream(async () => {
    const bytes = left;
    left = undefined;
    return bytes;
  }, longestPacket);
  try {
    for (let payload = await packets.next(); payload !== undefined; payload = await packets.next()) check(payload);
  } catch (error) {
    if (!isRefusal(error)) throw error;
  }
}

function check(payload: Uint8Array): void {
  const request = decoded(() => readRequest(payload));
  if (request === undefined || isInexact(request)) return;
  expectSame('written again', encodeRequest(request).subarray(4), payload);
}

/** Places beyond 2^53, where no file reaches, are not kept to the byte. */
function isInexact(request: ReturnType<typeof readRequest>): boolean {
  const places = ['offset' in request ? request.offset : 0, 'attributes' in request ? (request.attributes.size ?? 0) : 0];
  return places.some((place) => place > Number.MAX_SAFE_INTEGER);
}
