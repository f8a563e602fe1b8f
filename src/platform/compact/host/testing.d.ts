/** Of a host that is built for tests (`DirectStreams` of test/compact/guest). */

/** The next bytes of descriptor 3, waiting for them; undefined at its end. */
export function readDirect(): Uint8Array | undefined;
/** All of these bytes to standard output. */
export function writeDirect(bytes: Uint8Array): void;
