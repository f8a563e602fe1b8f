import { malformed } from './error.ts';

/** Where something is on the web (RFC 3986, RFC 9110 4.2), without what is behind a "#". */
export interface Url {
  readonly scheme: 'http' | 'https';
  /** In small letters; an IPv6 address without its brackets. */
  readonly host: string;
  readonly port: number;
  /** Path and query as they are sent: at least "/". */
  readonly target: string;
}

const ports = { http: 80, https: 443 } as const;

/** Throws `HttpError` for what is none, and for one with a user's name in it, which is there to deceive. */
export function urlOf(text: string): Url {
  const [, scheme = '', authority = '', rest = ''] = /^(https?):\/\/([^/?#]+)([^#]*)(?:#.*)?$/i.exec(text) ?? [];
  const [, address, name = address ?? '', port = ''] = /^(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9._-]+))(?::(\d{1,5}))?$/.exec(authority) ?? [];
  if (name === '' || Number(port) > 65_535 || !/^[!-~]*$/.test(rest)) throw malformed(`${shown(text)} is no URL`);
  const known = scheme.toLowerCase() === 'https' ? 'https' : 'http';
  return {
    scheme: known,
    host: name.toLowerCase(),
    port: port === '' ? ports[known] : Number(port),
    target: rest.startsWith('/') ? rest : `/${rest}`,
  };
}

/** What a link in a page at `base` leads to (RFC 3986 5.2), as redirects have it. Throws `HttpError`. */
export function resolved(base: Url, link: string): Url {
  if (/^[A-Za-z][A-Za-z0-9+.-]*:/.test(link)) return urlOf(link);
  if (link.startsWith('//')) return urlOf(`${base.scheme}:${link}`);
  const [plain = ''] = link.split('#');
  const [path = ''] = base.target.split('?');
  if (plain === '') return base;
  if (plain.startsWith('?')) return urlOf(`${originOf(base)}${path}${plain}`);
  const [way = '', ...query] = plain.split('?');
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  const target = withoutDots(way.startsWith('/') ? way : `${folder}${way}`);
  return urlOf(`${originOf(base)}${target}${query.length > 0 ? `?${query.join('?')}` : ''}`);
}

/** RFC 3986 5.2.4 */
function withoutDots(path: string): string {
  const words: string[] = [];
  const parts = path.split('/').slice(1);
  for (const [i, word] of parts.entries()) {
    if (word === '..') words.pop();
    else if (word !== '.') words.push(word);
    if (i === parts.length - 1 && (word === '.' || word === '..')) words.push('');
  }
  return `/${words.join('/')}`;
}

export function originOf(url: Url): string {
  return `${url.scheme}://${hostOf(url)}`;
}

/** As the field Host has it: with the port where it is not the scheme's own. */
export function hostOf({ scheme, host, port }: Url): string {
  const name = host.includes(':') ? `[${host}]` : host;
  return port === ports[scheme] ? name : `${name}:${port}`;
}

function shown(text: string): string {
  return JSON.stringify(text.slice(0, 200));
}
