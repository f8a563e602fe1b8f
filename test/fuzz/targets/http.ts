import { HttpError } from '../../../src/http/error.ts';
import { Input } from '../../../src/http/input.ts';
import { usualLimits } from '../../../src/http/limits.ts';
import { readRequest } from '../../../src/http/request.ts';

const limits = { ...usualLimits, body: 4096 };

/** Requests are read or refused, and are the same however the network cuts them into pieces. */
export async function fuzz(data: Uint8Array): Promise<void> {
  const whole = await said(data, data.length);
  const pieces = await said(data, 1 + (data.length % 5));
  if (whole !== pieces) throw new Error(`whole: ${whole}\nin pieces: ${pieces}`);
}

/** What all the requests were, up to one that is none, in words. */
async function said(data: Uint8Array, size: number): Promise<string> {
  let at = 0;
  const input = new Input({
    read: () => {
      if (at >= data.length) return Promise.resolve(undefined);
      const piece = data.subarray(at, at + size);
      at += size;
      return Promise.resolve(piece);
    },
  });
  const words: string[] = [];
  try {
    while (!(await input.ended())) {
      const { method, target, version, headers, body } = await readRequest(input, limits);
      if (target.path.some((word) => word === '' || word === '..' || word.includes('/'))) throw new Error('a path that leads elsewhere');
      words.push(JSON.stringify([method, target, version, [...headers], [...(await body.bytes())]]));
    }
  } catch (error) {
    if (!(error instanceof HttpError) && !(error instanceof Error && error.name === 'Interrupted')) throw error;
    words.push(error.name);
  }
  return words.join('\n');
}
