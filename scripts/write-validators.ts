import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './tools.ts';
import { validatorFile, validatorSource } from './validators.ts';

writeFileSync(join(root, validatorFile), validatorSource());
