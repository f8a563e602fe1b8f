import { nodeProgram } from './node-program.ts';
import { playTranscripts } from './play-transcripts.ts';

playTranscripts(nodeProgram);
