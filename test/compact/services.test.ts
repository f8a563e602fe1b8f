import { describe } from 'vitest';
import { servicesContract } from '../services/services-contract.ts';
import { commandOf } from './program.ts';

describe('the compact host', () => {
  servicesContract(commandOf('SIGNET_PROGRAM'));
});
