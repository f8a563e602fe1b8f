import { NetworkError, type NetworkErrorCode } from '../../network.ts';

const codes: ReadonlyMap<string, NetworkErrorCode> = new Map<string, NetworkErrorCode>([
  ['EADDRINUSE', 'in-use'],
  ['ECONNREFUSED', 'refused'],
  ['ENOENT', 'refused'],
  ['EACCES', 'not-permitted'],
  ['EPERM', 'not-permitted'],
  ['ENOTFOUND', 'no-such-host'],
  ['EAI_AGAIN', 'no-such-host'],
  ['EAI_FAIL', 'no-such-host'],
  ['EHOSTUNREACH', 'unreachable'],
  ['ENETUNREACH', 'unreachable'],
  ['ETIMEDOUT', 'unreachable'],
  ['EPIPE', 'closed'],
  ['ECONNABORTED', 'closed'],
  ['ECONNRESET', 'closed'],
  ['ECANCELED', 'closed'],
  ['ERR_STREAM_DESTROYED', 'closed'],
  ['ERR_STREAM_WRITE_AFTER_END', 'closed'],
  ['ERR_STREAM_PREMATURE_CLOSE', 'closed'],
]);

/** What a failure of Node's is to the port; `what` was being done. */
export function networkError(error: unknown, what: string): NetworkError {
  if (error instanceof NetworkError) return error;
  const code = systemCode(error) ?? '';
  return new NetworkError(
    /^ERR_(?:SSL|OSSL|TLS)_/.test(code) ? 'tls' : (codes.get(code) ?? 'failed'),
    `${what}: ${error instanceof Error ? error.message : String(error)}`,
  );
}

export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
