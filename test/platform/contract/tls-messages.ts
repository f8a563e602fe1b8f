/** Alters the last byte of the message ServerKeyExchange (RFC 5246 7.4.3, RFC 8422 5.4), which is one of the signature. */
export function spoilServerKeyExchange(bytes: Uint8Array): Uint8Array {
  const handshake = 22;
  const serverKeyExchange = 12;
  const spoilt = bytes.slice();
  // The records, and the messages in them.
  for (let record = 0; record + 5 <= bytes.length; record += 5 + uint(bytes, record + 3, 2)) {
    if (bytes[record] !== handshake) continue;
    const end = record + 5 + uint(bytes, record + 3, 2);
    for (let message = record + 5; message + 4 <= end; message += 4 + uint(bytes, message + 1, 3)) {
      const last = message + 3 + uint(bytes, message + 1, 3);
      if (bytes[message] === serverKeyExchange && last < bytes.length) spoilt[last] = (spoilt[last] ?? 0) ^ 1;
    }
  }
  return spoilt;
}

function uint(bytes: Uint8Array, at: number, length: number): number {
  return bytes.subarray(at, at + length).reduce((value, byte) => value * 256 + byte, 0);
}
