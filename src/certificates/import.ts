import type { TrustStore } from './properties.ts';

/** What is imported, and how. */
export interface ImportOptions {
  readonly fileName: string;
  /** Name of the first certificate, the next are NAME_1, NAME_2 …; by default FILE_0, FILE_1 … */
  readonly name?: string | undefined;
  readonly passphrase?: string | undefined;
  /** Default: yes. */
  readonly trusted?: boolean | undefined;
  /** Default: all. */
  readonly trustStore?: readonly TrustStore[] | undefined;
  /** The private keys can never be exported. */
  readonly noKeyExport?: boolean | undefined;
}

/** What came of an import. */
export interface ImportCounters {
  readonly certificatesImported: number;
  readonly privateKeysImported: number;
  readonly filesImported: number;
  readonly decryptionFailures: number;
  readonly keysWithNoCertificate: number;
}
