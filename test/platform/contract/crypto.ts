import { describe } from 'vitest';
import type { Crypto } from '../../../src/platform/crypto.ts';
import { cipherContract } from './crypto-cipher.ts';
import { digestContract } from './crypto-digest.ts';
import { keyDerivationContract } from './crypto-key-derivation.ts';
import { signatureContract } from './crypto-signature.ts';
import { wycheproofContract } from './crypto-wycheproof.ts';

/** What every host's cryptography must do. Node's own, called directly, is the other side of the signatures. */
export function cryptoContract(make: () => Crypto): void {
  describe('Crypto', () => {
    digestContract(make);
    cipherContract(make);
    keyDerivationContract(make);
    signatureContract(make);
    wycheproofContract(make);
  });
}
