import { describe } from 'vitest';
import { contractsOver } from './contracts.ts';
import { commandOf } from './program.ts';

describe('the ports of the compact host', () => {
  contractsOver(commandOf('SIGNET_GUEST'), 2048);
});
