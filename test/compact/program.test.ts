import { describe } from 'vitest';
import { programContract } from '../console/program-contract.ts';
import { programTrials } from '../console/program-trials.ts';
import { commandOf } from './program.ts';

describe('the compact host', () => {
  const program = commandOf('SIGNET_PROGRAM');
  programContract(program);
  programTrials(program);
});
