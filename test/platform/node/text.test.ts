import { encodeUtf8 } from '../../../src/platform/node/text.ts';
import { textContract } from '../contract/text.ts';

textContract(encodeUtf8);
