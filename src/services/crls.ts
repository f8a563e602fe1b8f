import type { CrlIssuer } from '../crl/issue.ts';
import type { Instant } from '../platform/clock.ts';
import type { Work } from './scheduler.ts';

/** Makes the CRLs of this router's CAs, when they are due. */
export class CrlWork implements Work {
  readonly name = 'CRL';
  readonly topics = ['certificate', 'crl'];
  readonly atAnyTime = false;
  readonly #issuer: CrlIssuer;

  constructor(issuer: CrlIssuer) {
    this.#issuer = issuer;
  }

  due(): ReadonlyMap<string, Instant> {
    return this.#issuer.due();
  }

  run(key: string): Promise<void> {
    return this.#issuer.makeIfDue(key);
  }
}
