/** What `use` makes of secret bytes, which are wiped afterwards, whatever happens. The result must not be a view of them. */
export function withSecret<T>(secret: Uint8Array, use: (secret: Uint8Array) => T): T {
  try {
    return use(secret);
  } finally {
    secret.fill(0);
  }
}

/** As `withSecret`, for work that waits. */
export async function withSecretAsync<T>(secret: Uint8Array, use: (secret: Uint8Array) => Promise<T>): Promise<T> {
  try {
    return await use(secret);
  } finally {
    secret.fill(0);
  }
}
