/** The operating system's cryptographic random generator. */
export interface Random {
  /** `length` unpredictable bytes. Waits for the entropy pool on a freshly booted router; never returns weak bytes. */
  bytes(length: number): Uint8Array;
}
