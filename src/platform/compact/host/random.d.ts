export function randomBytes(length: number): Uint8Array;
