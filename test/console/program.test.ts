import { addonIsTried } from '../platform/node/native-addon.ts';
import { nodeProgram } from './node-program.ts';
import { programContract } from './program-contract.ts';

programContract(nodeProgram, addonIsTried);
