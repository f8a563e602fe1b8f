import { concat, equalBytes } from '../bytes/bytes.ts';
import { utf8 } from '../bytes/utf8.ts';
import { type Crypto, CryptoError } from '../platform/crypto.ts';
import type { Random } from '../platform/random.ts';
import { SystemError } from './errors.ts';

/*
 * file   = header, AES-256-GCM of the content with the header as associated data, SHA-256 of all before
 * header = "SIGNETBK", version (u8), log2 of scrypt's cost, block size, passes (u8 each), salt (16), nonce (12), check (16)
 *
 * scrypt gives 80 bytes: the key of the content (32), the key of the secrets in it (32), the check (16). The hash tells a
 * damaged file from a wrong password; that nobody altered the file is told by the tag.
 */
const magic = utf8('SIGNETBK');
const version = 1;
const saltLength = 16;
const nonceLength = 12;
const checkLength = 16;
const saltAt = magic.length + 4;
const nonceAt = saltAt + saltLength;
const checkAt = nonceAt + nonceLength;
const headerLength = checkAt + checkLength;
const hashLength = 32;

/** scrypt of 4 MiB as for passwords, with more passes: a backup may be tried out at leisure elsewhere. */
const current: Cost = { logarithm: 12, blockSize: 8, passes: 16 };

interface Cost {
  readonly logarithm: number;
  readonly blockSize: number;
  readonly passes: number;
}

interface Keys {
  readonly content: Uint8Array;
  /** Seals the secrets within the content once more, so that they never lie open in memory. */
  readonly secrets: Uint8Array;
  readonly check: Uint8Array;
}

/** Encrypts what `content` makes, which gets the key for the secrets in it. */
export async function sealBackup(
  password: string,
  content: (secretsKey: Uint8Array) => Uint8Array,
  crypto: Crypto,
  random: Random,
): Promise<Uint8Array> {
  const salt = random.bytes(saltLength);
  const nonce = random.bytes(nonceLength);
  const keys = await deriveKeys(password, salt, current, crypto);
  try {
    const header = concat([magic, Uint8Array.of(version, current.logarithm, current.blockSize, current.passes), salt, nonce, keys.check]);
    const file = concat([header, crypto.seal(keys.content, nonce, header, content(keys.secrets))]);
    return concat([file, crypto.hash('sha256', file)]);
  } finally {
    wipe(keys);
  }
}

/**
 * Gives the content to `use`, with the key for the secrets in it. Throws `SystemError`: `not-a-backup`, `too-new`, `damaged`,
 * `wrong-password`.
 */
export async function openBackup(
  password: string,
  file: Uint8Array,
  use: (content: Uint8Array, secretsKey: Uint8Array) => void,
  crypto: Crypto,
): Promise<void> {
  if (!equalBytes(file.subarray(0, magic.length), magic)) throw new SystemError('not-a-backup', 'the file is not a backup');
  if ((file[magic.length] ?? 0) > version) throw new SystemError('too-new', 'the backup was made by a newer program');
  const hashAt = file.length - hashLength;
  if (hashAt < headerLength || !equalBytes(crypto.hash('sha256', file.subarray(0, hashAt)), file.subarray(hashAt))) throw damaged();
  const header = file.subarray(0, headerLength);
  const keys = await deriveKeys(password, header.subarray(saltAt, nonceAt), costOf(header), crypto);
  try {
    if (!crypto.equal(keys.check, header.subarray(checkAt))) throw new SystemError('wrong-password', 'wrong password');
    use(openContent(keys.content, header, file.subarray(headerLength, hashAt), crypto), keys.secrets);
  } finally {
    wipe(keys);
  }
}

function openContent(key: Uint8Array, header: Uint8Array, sealed: Uint8Array, crypto: Crypto): Uint8Array {
  try {
    return crypto.open(key, header.subarray(nonceAt, checkAt), header, sealed);
  } catch (error) {
    throw error instanceof CryptoError ? damaged() : error;
  }
}

/** Limits keep a made-up file from costing memory or time without end: at most 64 MiB. */
function costOf(header: Uint8Array): Cost {
  const [logarithm = 0, blockSize = 0, passes = 0] = header.subarray(magic.length + 1, saltAt);
  if (logarithm < 10 || logarithm > 16 || blockSize !== 8 || passes < 1 || passes > 32) throw damaged();
  return { logarithm, blockSize, passes };
}

async function deriveKeys(password: string, salt: Uint8Array, { logarithm, blockSize, passes }: Cost, crypto: Crypto): Promise<Keys> {
  const bytes = utf8(password.normalize('NFC'));
  try {
    const derived = await crypto.scrypt(bytes, salt, 2 ** logarithm, blockSize, passes, 80);
    return { content: derived.subarray(0, 32), secrets: derived.subarray(32, 64), check: derived.subarray(64) };
  } finally {
    bytes.fill(0);
  }
}

function wipe({ content, secrets }: Keys): void {
  content.fill(0);
  secrets.fill(0);
}

function damaged(): SystemError {
  return new SystemError('damaged', 'the backup is damaged');
}
