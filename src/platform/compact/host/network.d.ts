export interface OpenListener {
  accept(): Promise<OpenConnection | undefined>;
  close(): void;
}

export interface OpenConnection {
  readonly user: number | undefined;
  read(): Promise<Uint8Array | undefined>;
  write(bytes: Uint8Array): Promise<void>;
  close(): void;
}

export function listenUnix(path: string, mode: number): Promise<OpenListener>;
export function connectUnix(path: string): Promise<OpenConnection>;
