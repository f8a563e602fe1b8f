import { expect } from 'vitest';
import type { FileErrorCode } from '../../../src/platform/files.ts';

/** What a refused call must throw. */
export function fileError(code: FileErrorCode, file: string): unknown {
  return expect.objectContaining({ name: 'FileError', code, file });
}
