import { fromUtf8Lossy } from '../../../src/bytes/utf8.ts';
import { decodePem, encodePem } from '../../../src/pem/pem.ts';
import { decoded, expectSame } from '../refusal.ts';

/** Blocks that were read are the same after they are written. */
export function fuzz(data: Uint8Array): void {
  const blocks = decoded(() => decodePem(fromUtf8Lossy(data))) ?? [];
  for (const { label, der } of blocks) {
    const [again] = decodePem(encodePem(label, der));
    if (again === undefined || again.label !== label) throw new Error(`the label ${label} is lost`);
    expectSame('PEM written again', again.der, der);
  }
}
