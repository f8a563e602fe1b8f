import type { KeyUsage } from '../x509/key-usage.ts';
import type { DigestAlgorithm } from './properties.ts';

/** How a request from elsewhere is answered. */
export interface SignRequestOptions {
  readonly fileName: string;
  /** Id of the CA. */
  readonly ca: number;
  readonly daysValid?: number | undefined;
  readonly digestAlgorithm?: DigestAlgorithm | undefined;
  /** The key usages that the CA's user is ready to grant; see the policy above. */
  readonly keyUsage?: readonly KeyUsage[] | undefined;
}
