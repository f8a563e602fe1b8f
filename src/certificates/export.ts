/** Values of `type`: `pem-chain` is ours: the certificate and every CA above it, in one .crt. */
export const exportTypes = ['pem', 'pkcs12', 'pem-chain'] as const;
export type ExportType = (typeof exportTypes)[number];

/** How certificates are exported. */
export interface ExportOptions {
  /** Default: pem. */
  readonly type?: ExportType | undefined;
  /** Name of the files without its ending; default: cert_export_NAME. */
  readonly fileName?: string | undefined;
  /** Encrypts the private key, which is exported with it only. */
  readonly exportPassphrase?: string | undefined;
}
