import { NodeRandom } from '../../../src/platform/node/random.ts';
import { randomContract } from '../contract/random.ts';

randomContract(() => new NodeRandom());
