import type { Clock } from '../../../src/platform/clock.ts';
import type { Crypto, Verifier } from '../../../src/platform/crypto.ts';
import type { Database, Databases, Row, Statement } from '../../../src/platform/database.ts';
import type { Files } from '../../../src/platform/files.ts';
import type { KeyGenerator } from '../../../src/platform/keygen.ts';
import type { Machine } from '../../../src/platform/machine.ts';
import type { Connection, Listener, Network, TcpConnection, TlsConnection } from '../../../src/platform/network.ts';
import type { Random } from '../../../src/platform/random.ts';
import type { StoreFolder } from '../../../src/platform/store-folder.ts';

/** How a host encodes text for the core. */
export interface TextCodec {
  /** UTF-8; undefined for what is left to the core. */
  encode(text: string): Uint8Array | undefined;
}

/** The ports of a host that the contracts speak of. */
export interface GuestPorts {
  readonly clock: Clock;
  readonly crypto: Crypto;
  readonly databases: Databases;
  readonly keyGenerator: KeyGenerator;
  readonly network: Network;
  readonly random: Random;
  readonly text: TextCodec;
  /** The machine, with the space of the file system that holds the folder `store`. */
  machine(store: string): Machine;
  openFiles(root: string): Promise<Files>;
  openStoreFolder(path: string): Promise<StoreFolder>;
}

/** What an `iterate` gives. */
interface Rows {
  next(): IteratorResult<Row>;
  return(): IteratorResult<Row>;
}

/** Everything that lives on in the guest and is called from outside. */
interface Interfaces {
  readonly ports: GuestPorts;
  readonly clock: Clock;
  readonly connection: Connection;
  readonly crypto: Crypto;
  readonly database: Database;
  readonly databases: Databases;
  readonly files: Files;
  readonly keyGenerator: KeyGenerator;
  readonly listener: Listener;
  readonly machine: Machine;
  readonly network: Network;
  readonly random: Random;
  readonly rows: Rows;
  readonly statement: Statement;
  readonly storeFolder: StoreFolder;
  readonly tcpConnection: TcpConnection;
  readonly text: TextCodec;
  readonly tlsConnection: TlsConnection;
  readonly verifier: Verifier;
}

export type Kind = keyof Interfaces;

type Way = 'property' | 'synchronous' | 'asynchronous';

type WayOf<Type> = Type extends (...given: never[]) => infer Answer
  ? Answer extends Promise<unknown>
    ? 'asynchronous'
    : 'synchronous'
  : 'property';

export interface Member<Known extends Way = Way> {
  readonly way: Known;
  /** Its answer stays in the guest, and is of this kind. */
  readonly gives?: Kind;
  /** What the function that it is given hears of stays in the guest, and is of this kind. */
  readonly tells?: Kind;
}

type Members<Interface> = { readonly [Name in keyof Interface & string]-?: Member<WayOf<Interface[Name]>> };

const property = { way: 'property' } as const;
const synchronous = { way: 'synchronous' } as const;
const asynchronous = { way: 'asynchronous' } as const;

const connection = {
  peer: property,
  user: property,
  read: asynchronous,
  write: asynchronous,
  close: synchronous,
  drop: synchronous,
} as const;

/** Every property and method of every kind; the compiler holds it to the ports. */
export const members: { readonly [Name in Kind]: Members<Interfaces[Name]> } = {
  ports: {
    clock: { way: 'property', gives: 'clock' },
    crypto: { way: 'property', gives: 'crypto' },
    databases: { way: 'property', gives: 'databases' },
    keyGenerator: { way: 'property', gives: 'keyGenerator' },
    network: { way: 'property', gives: 'network' },
    random: { way: 'property', gives: 'random' },
    text: { way: 'property', gives: 'text' },
    machine: { way: 'synchronous', gives: 'machine' },
    openFiles: { way: 'asynchronous', gives: 'files' },
    openStoreFolder: { way: 'asynchronous', gives: 'storeFolder' },
  },
  clock: {
    now: synchronous,
    monotonic: synchronous,
    offsetAt: synchronous,
    zone: synchronous,
    set: synchronous,
    sleep: asynchronous,
  },
  connection,
  crypto: {
    hash: synchronous,
    hmac: synchronous,
    iterateHash: asynchronous,
    equal: synchronous,
    encryptCbc: synchronous,
    decryptCbc: synchronous,
    rc4: synchronous,
    seal: synchronous,
    open: synchronous,
    sign: asynchronous,
    verify: asynchronous,
    verifier: { way: 'synchronous', gives: 'verifier' },
    publicKeyOf: synchronous,
    pbkdf2: asynchronous,
    scrypt: asynchronous,
  },
  database: {
    execute: synchronous,
    prepare: { way: 'synchronous', gives: 'statement' },
    transact: synchronous,
    close: synchronous,
  },
  databases: { open: { way: 'synchronous', gives: 'database' } },
  files: {
    list: asynchronous,
    status: asynchronous,
    read: asynchronous,
    replace: asynchronous,
    remove: asynchronous,
    makeFolder: asynchronous,
    rename: asynchronous,
  },
  keyGenerator: { name: property, expectedSeconds: asynchronous, generate: asynchronous },
  listener: { address: property, close: asynchronous },
  machine: {
    architecture: property,
    cpu: property,
    cpuCount: property,
    board: property,
    totalMemory: synchronous,
    freeMemory: synchronous,
    isCrowded: synchronous,
    totalSpace: synchronous,
    freeSpace: synchronous,
    uptime: synchronous,
    host: property,
  },
  network: {
    tellsUsers: property,
    listenUnix: { way: 'asynchronous', gives: 'listener', tells: 'connection' },
    connectUnix: { way: 'asynchronous', gives: 'connection' },
    listenTcp: { way: 'asynchronous', gives: 'listener', tells: 'tcpConnection' },
    connectTcp: { way: 'asynchronous', gives: 'tcpConnection' },
  },
  random: { bytes: synchronous },
  rows: { next: synchronous, return: synchronous },
  statement: { run: synchronous, get: synchronous, all: synchronous, iterate: { way: 'synchronous', gives: 'rows' } },
  storeFolder: {
    database: property,
    askErasure: asynchronous,
    openSecrets: { way: 'asynchronous', gives: 'files' },
    openFiles: { way: 'asynchronous', gives: 'files' },
  },
  tcpConnection: {
    ...connection,
    serveTls: { way: 'asynchronous', gives: 'tlsConnection' },
    startTls: { way: 'asynchronous', gives: 'tlsConnection' },
  },
  text: { encode: synchronous },
  tlsConnection: { ...connection, version: property, peerCertificates: property },
  verifier: { update: synchronous, verify: asynchronous },
};

export function membersOf(kind: Kind): Readonly<Record<string, Member>> {
  return members[kind];
}
