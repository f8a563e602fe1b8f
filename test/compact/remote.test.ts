import { describe } from 'vitest';
import { chooseKeyGenerator } from '../../src/platform/node/keygen.ts';
import { contractsOver } from './contracts.ts';
import { nodeGuest } from './node-program.ts';

describe("Node's ports, reached by remote calls", () => {
  contractsOver(nodeGuest, chooseKeyGenerator().generator.name === 'native' ? 2048 : 1024);
});
