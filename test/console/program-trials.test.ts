import { nodeProgram } from './node-program.ts';
import { programTrials } from './program-trials.ts';

programTrials(nodeProgram);
