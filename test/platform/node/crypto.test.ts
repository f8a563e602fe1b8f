import { NodeCrypto } from '../../../src/platform/node/crypto.ts';
import { cryptoContract } from '../contract/crypto.ts';

cryptoContract(() => new NodeCrypto());
