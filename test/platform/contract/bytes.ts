/** UTF-8 bytes of a text, as the same type that the ports give. */
export function bytesOf(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text));
}
