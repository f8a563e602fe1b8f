// `npm run image -- [IMAGE ...]`: bootable routers into dist/images/<image>/, by default all; each holds dist/<its target>/signet.
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { installTools } from '../install-tools.ts';
import { buildImage, neededFor } from './build.ts';
import { ImageError } from './error.ts';
import { fileNames, imageFolder, imagesOf } from './images.ts';

try {
  const chosen = imagesOf(process.argv.slice(2));
  const missing = installTools(chosen.flatMap(neededFor));
  if (missing.length > 0) throw new ImageError(missing.join('\n'));
  for (const image of chosen) {
    buildImage(image);
    const sizes = Object.values(fileNames).map(
      (name) => `${name} ${(statSync(join(imageFolder(image.name), name)).size / 1e6).toFixed(1)} MB`,
    );
    process.stdout.write(`== ${image.name}: ${sizes.join(', ')}\n`);
  }
} catch (error) {
  if (!(error instanceof ImageError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
