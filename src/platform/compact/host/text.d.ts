/** UTF-8 of a text; undefined where it has a lone surrogate. */
export function encodeUtf8(text: string): Uint8Array | undefined;
