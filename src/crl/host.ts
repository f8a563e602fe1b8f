import { Headers } from '../http/headers.ts';
import { plainText } from '../http/plain-text.ts';
import type { Request } from '../http/request.ts';
import type { Response } from '../http/server.ts';
import type { Clock, Instant } from '../platform/clock.ts';
import type { IssuedCrl } from '../store/issued-crls.ts';
import type { CrlIssuer } from './issue.ts';

/** Bytes of CRLs that are kept beside the store, together. */
const kept = 1 << 20;

/** A CRL as it is answered. */
interface Answer {
  readonly crl: IssuedCrl;
  readonly etag: string;
  readonly lastModified: string;
}

/** Serves the CRLs of the CAs of this router, as `/crl/N.crl` (RFC 5280 4.2.1.13, RFC 9110). */
export class CrlHost {
  readonly #issuer: CrlIssuer;
  readonly #clock: Pick<Clock, 'now'>;
  /** By the number. What the store has is read anew after each change of it. */
  readonly #answers = new Map<number, Answer>();
  #size = 0;

  constructor(issuer: CrlIssuer, clock: Pick<Clock, 'now'>) {
    this.#issuer = issuer;
    this.#clock = clock;
  }

  /** Something in the store has changed. */
  forget(): void {
    this.#answers.clear();
    this.#size = 0;
  }

  /** @param words those after `/crl/` */
  async answer(request: Request, words: readonly string[]): Promise<Response> {
    const number = /^([1-9][0-9]{0,8})\.crl$/.exec(words.join('/'))?.[1];
    if (number === undefined) return plainText(404, 'there is no such CRL');
    if (request.method !== 'GET' && request.method !== 'HEAD') return plainText(405, 'a CRL can be read', [['Allow', 'GET, HEAD']]);
    const now = this.#clock.now();
    const answer = await this.#find(Number(number), now);
    if (answer === undefined) return plainText(404, 'there is no such CRL');
    const { crl, etag, lastModified } = answer;
    if (now > crl.nextUpdate) return plainText(503, 'the CRL is out of date, and can not be made anew');
    const headers = new Headers([
      ['ETag', etag],
      ['Last-Modified', lastModified],
      // It may be kept for as long as it is good; who wants to hear of a revocation sooner asks with its ETag.
      ['Cache-Control', cacheControl(crl, now)],
    ]);
    if (isFresh(request.headers, etag, crl)) return { status: 304, headers, content: new Uint8Array(0) };
    headers.append('Content-Type', 'application/pkix-crl');
    return { status: 200, headers, content: crl.der };
  }

  async #find(number: number, now: Instant): Promise<Answer | undefined> {
    const known = this.#answers.get(number);
    if (known !== undefined && known.crl.dueAt > now) return known;
    const crl = await this.#issuer.current(number);
    if (crl === undefined) return undefined;
    const answer = {
      crl,
      // A number is given to one CRL alone.
      etag: `"${crl.publicKeyId.slice(0, 16)}-${crl.number}"`,
      lastModified: new Date(crl.thisUpdate * 1000).toUTCString(),
    };
    if (crl.der.length > kept) return answer;
    if (this.#size + crl.der.length > kept) this.forget();
    this.#answers.set(number, answer);
    this.#size += crl.der.length;
    return answer;
  }
}

/** While the clock is behind the CRL, nobody knows how long it is good. */
function cacheControl({ thisUpdate, nextUpdate }: IssuedCrl, now: Instant): string {
  return now < thisUpdate ? 'no-cache' : `max-age=${nextUpdate - now}`;
}

/** Does the client have it already (RFC 9110 13.1)? */
function isFresh(headers: Headers, etag: string, { thisUpdate, number }: IssuedCrl): boolean {
  const tags = headers.get('If-None-Match');
  if (tags !== undefined) return tags.split(',').some((tag) => tag.trim() === '*' || tag.trim().replace(/^W\//, '') === etag);
  const since = headers.get('If-Modified-Since');
  const time = since === undefined ? Number.NaN : Date.parse(since);
  // Of two that were made in one second, the date says nothing; their numbers are ahead of the time.
  return time / 1000 === thisUpdate && number === thisUpdate;
}
