import type { Crypto } from '../../src/platform/crypto.ts';
import { NodeClock } from '../../src/platform/node/clock.ts';
import { NodeCrypto } from '../../src/platform/node/crypto.ts';
import { NodeRandom } from '../../src/platform/node/random.ts';
import { Users } from '../../src/users/users.ts';
import { newStore } from '../store/opened.ts';

/** The users of a new router. */
export async function newUsers(crypto: Crypto = new NodeCrypto()): Promise<Users> {
  return new Users({ store: await newStore(), crypto, random: new NodeRandom(), clock: new NodeClock() });
}
