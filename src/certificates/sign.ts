/** How a template is signed. */
export interface SignOptions {
  /** Id of the CA; the template's own key signs if it is left out. */
  readonly ca?: number | undefined;
  /** Hosts that will serve the CRL of what this certificate issues; in a self-signed certificate and in its issuer's CRL URL too. */
  readonly caCrlHosts?: readonly string[] | undefined;
  /** New name of the item. */
  readonly name?: string | undefined;
}
