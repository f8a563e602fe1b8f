import { describe } from 'vitest';
import { programContract } from '../console/program-contract.ts';
import { commandOf } from './program.ts';

describe('the compact host', () => {
  programContract(commandOf('SIGNET_PROGRAM'));
});
