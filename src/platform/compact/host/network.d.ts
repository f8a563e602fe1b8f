import type { Work } from '../work.ts';

export interface OpenListener {
  readonly address: string;
  accept(): Promise<OpenConnection | undefined>;
  close(): void;
}

export interface OpenConnection {
  readonly peer: string;
  readonly user: number | undefined;
  read(): Promise<Uint8Array | undefined>;
  write(bytes: Uint8Array): Promise<void>;
  close(): void;
  drop(): void;
  serveTls(certificates: readonly Uint8Array[], privateKey: Uint8Array, only12: boolean): Promise<OpenTlsConnection>;
  startTls(name: string, only12: boolean): Promise<OpenTlsConnection>;
}

export interface OpenTlsConnection extends OpenConnection {
  readonly version: '1.2' | '1.3';
  readonly peerCertificates: readonly Uint8Array[];
}

export function listenUnix(path: string, mode: number): Promise<OpenListener>;
export function connectUnix(path: string): Promise<OpenConnection>;
export function listenTcp(port: number, address?: string): Promise<OpenListener>;
export function connectTcp(host: string, port: number): Work<OpenConnection>;
