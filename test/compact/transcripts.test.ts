import { playTranscripts } from '../console/play-transcripts.ts';
import { commandOf } from './program.ts';

playTranscripts(commandOf('SIGNET_PROGRAM'));
