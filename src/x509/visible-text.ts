import { hex } from '../bytes/hex.ts';
import { utf8 } from '../bytes/utf8.ts';

/**
 * Text of a certificate made safe to show: control characters, line separators and the invisible marks that format or turn
 * the direction of writing become `\` and the two hexadecimal digits of each byte of their UTF-8, a backslash is doubled.
 */
export function visibleText(text: string): string {
  return text.replaceAll(/[\\\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) =>
    character === '\\' ? '\\\\' : hex(utf8(character)).toUpperCase().replaceAll(/../g, String.raw`\$&`),
  );
}
