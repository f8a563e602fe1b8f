import { DerError } from '../../src/der/errors.ts';
import { ValidationError } from '../../src/validation/errors.ts';
import { X509Error } from '../../src/x509/errors.ts';

/** `valid`, or the code and the message of why not; certificates that can't be read are `unreadable`. Other errors are crashes and are thrown. */
export async function outcomeOf(act: () => Promise<unknown>): Promise<string> {
  try {
    await act();
    return 'valid';
  } catch (error) {
    if (error instanceof ValidationError) return `${error.code}: ${error.message}`;
    if (error instanceof DerError || error instanceof X509Error) return `unreadable: ${error.message}`;
    throw error;
  }
}
