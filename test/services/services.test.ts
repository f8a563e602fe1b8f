import { describe } from 'vitest';
import { nodeProgram } from '../console/node-program.ts';
import { servicesContract } from './services-contract.ts';

describe('the Node host', () => {
  servicesContract(nodeProgram);
});
