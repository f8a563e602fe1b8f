import type { StoredService } from '../store/services.ts';
import type { Store } from '../store/store.ts';
import { ServiceError } from './errors.ts';
import { formatPrefix, parsePrefix } from './prefixes.ts';

/** Values of `tls-version`. */
export const tlsVersions = ['any', 'only-1.2'] as const;
export type TlsVersion = (typeof tlsVersions)[number];

export const portRange = { least: 1, most: 65_535 } as const;
export const sessionRange = { least: 1, most: 1000 } as const;

/** What listens, or could. */
export interface Service {
  /** Its `.id`. */
  readonly id: number;
  readonly name: string;
  readonly disabled: boolean;
  readonly port: number;
  /** Prefixes of those who may come; none: everybody. */
  readonly address: readonly string[];
  /** Name of the item whose certificate it shows; undefined where it has none, and where it needs none. */
  readonly certificate: string | undefined;
  readonly certificateId: number | undefined;
  /** Undefined for a service without TLS. */
  readonly tlsVersion: TlsVersion | undefined;
  /** Connections at the same time. */
  readonly maxSessions: number;
  /** Why it does not work though it should, in a few words. */
  readonly problem: string | undefined;
}

/** What `set` may be given. Undefined: not given. */
export interface ServiceChange {
  readonly disabled?: boolean | undefined;
  readonly port?: number | undefined;
  readonly address?: readonly string[] | undefined;
  /** Id of an item, or null for none. */
  readonly certificate?: number | null | undefined;
  readonly tlsVersion?: TlsVersion | undefined;
  readonly maxSessions?: number | undefined;
}

interface Known {
  readonly name: string;
  readonly secure: boolean;
  readonly served: boolean;
  readonly disabled: boolean;
  readonly port: number;
}

/** RouterOS' names and ports, in its order; an `.id` is a place here. */
const known: readonly Known[] = [
  { name: 'www', secure: false, served: true, disabled: false, port: 80 },
  { name: 'www-ssl', secure: true, served: true, disabled: true, port: 443 },
  { name: 'api', secure: false, served: false, disabled: true, port: 8728 },
  { name: 'api-ssl', secure: true, served: false, disabled: true, port: 8729 },
];

/** What `reset` can take back. */
export type ServiceProperty = Exclude<keyof StoredService, 'name'>;

const usualSessions = 100;

function usualOf({ name, disabled, port }: Known): StoredService {
  return { name, disabled, port, address: '', certificateId: undefined, tlsVersion: 'any', maxSessions: usualSessions };
}

/** The domain of /ip/service. Errors are `ServiceError`s. */
export class Services {
  readonly #store: Store;
  readonly #problems = new Map<string, string>();

  constructor(store: Store) {
    this.#store = store;
  }

  list(): Service[] {
    return known.map((service, place) => this.#service(service, place + 1));
  }

  withName(name: string): Service | undefined {
    const place = known.findIndex((service) => service.name === name);
    const service = known[place];
    return service === undefined ? undefined : this.#service(service, place + 1);
  }

  set(ids: readonly number[], change: ServiceChange): void {
    const address = change.address?.map((each) => formatPrefix(parsePrefix(each)));
    this.#store.transact(() => {
      for (const id of ids) this.#set(serviceAt(id), change, address);
    });
  }

  /** Takes properties back to what they are on a new router. */
  reset(ids: readonly number[], properties: readonly ServiceProperty[]): void {
    this.#store.transact(() => {
      for (const id of ids) {
        const service = serviceAt(id);
        const usual = usualOf(service);
        const change = Object.fromEntries(properties.map((property) => [property, usual[property]]));
        this.#store.services.put({ ...this.#stored(service), ...change });
      }
    });
  }

  /** Notes why a service does not work, or that it does. */
  report(name: string, problem: string | undefined): void {
    if (problem === undefined) this.#problems.delete(name);
    else this.#problems.set(name, problem);
  }

  #problem({ name, served, secure }: Known, disabled: boolean, certificate: string | undefined): string | undefined {
    if (!served) return 'not served by this version';
    if (disabled) return undefined;
    return secure && certificate === undefined ? 'it has no certificate' : this.#problems.get(name);
  }

  #set(service: Known, change: ServiceChange, address: readonly string[] | undefined): void {
    const before = this.#stored(service);
    if (!service.served && change.disabled === false) {
      throw new ServiceError('not-served', `${service.name} is not served yet: this version has no binary API`);
    }
    if (!service.secure && (change.certificate !== undefined || change.tlsVersion !== undefined)) {
      throw new ServiceError('bad-value', `${service.name} speaks no TLS: it has no certificate and no tls-version`);
    }
    this.#store.services.put({
      name: service.name,
      disabled: change.disabled ?? before.disabled,
      port: change.port ?? before.port,
      address: address?.join(',') ?? before.address,
      certificateId: change.certificate === undefined ? before.certificateId : (change.certificate ?? undefined),
      tlsVersion: change.tlsVersion ?? before.tlsVersion,
      maxSessions: change.maxSessions ?? before.maxSessions,
    });
  }

  #stored(service: Known): StoredService {
    return this.#store.services.of(service.name) ?? usualOf(service);
  }

  #service(service: Known, id: number): Service {
    const { name, disabled, port, address, certificateId, tlsVersion, maxSessions } = this.#stored(service);
    const certificate = certificateId === undefined ? undefined : this.#store.certificates.byId(certificateId)?.name;
    return {
      id,
      name,
      disabled,
      port,
      address: address === '' ? [] : address.split(','),
      certificate,
      certificateId,
      tlsVersion: service.secure ? (tlsVersions.find((each) => each === tlsVersion) ?? 'any') : undefined,
      maxSessions,
      problem: this.#problem(service, disabled, certificate),
    };
  }
}

function serviceAt(id: number): Known {
  const service = known[id - 1];
  if (service === undefined) throw new ServiceError('bad-value', 'no such item');
  return service;
}
