import { NodeCrypto } from '../../src/platform/node/crypto.ts';
import { NodeRandom } from '../../src/platform/node/random.ts';

export const crypto = new NodeCrypto();

/** Encrypts cheaply, for tests only: a passphrase is hashed ten times. */
export const encryptor = { crypto, random: new NodeRandom(), rounds: 10 };
