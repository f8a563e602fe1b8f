import { constants, createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto';
import { isIP, type Socket } from 'node:net';
import { connect, createServer, type SecureVersion, type Server, type TLSSocket, type TlsOptions } from 'node:tls';
import { NetworkError, type TlsClientSettings, type TlsConnection, type TlsServerSettings, type TlsVersions } from '../../network.ts';
import { SocketConnection } from './connection.ts';
import { systemCode } from './error.ts';

/** The same as the compact host's (native/host-tls). The level of security would refuse what the lists here allow, such as short keys. */
const common = {
  ciphers: [
    'TLS_AES_128_GCM_SHA256',
    'TLS_AES_256_GCM_SHA384',
    'TLS_CHACHA20_POLY1305_SHA256',
    'ECDHE-ECDSA-AES128-GCM-SHA256',
    'ECDHE-ECDSA-AES256-GCM-SHA384',
    'ECDHE-ECDSA-CHACHA20-POLY1305',
    'ECDHE-RSA-AES128-GCM-SHA256',
    'ECDHE-RSA-AES256-GCM-SHA384',
    'ECDHE-RSA-CHACHA20-POLY1305',
    '@SECLEVEL=0',
  ].join(':'),
  sigalgs: [
    'ecdsa_secp256r1_sha256',
    'ecdsa_secp384r1_sha384',
    'ecdsa_secp521r1_sha512',
    'ed25519',
    'rsa_pss_rsae_sha256',
    'rsa_pss_rsae_sha384',
    'rsa_pss_rsae_sha512',
    'rsa_pkcs1_sha256',
    'rsa_pkcs1_sha384',
    'rsa_pkcs1_sha512',
  ].join(':'),
  ecdhCurve: 'X25519:P-256:P-384:P-521',
  // A session that is kept would outlive a change of the certificate.
  secureOptions: constants.SSL_OP_NO_TICKET,
  // Who is to be trusted is not Node's to decide.
  ca: [],
};

function versionsOf(versions: TlsVersions): { readonly minVersion: SecureVersion; readonly maxVersion: SecureVersion } {
  return { minVersion: 'TLSv1.2', maxVersion: versions === 'only-1.2' ? 'TLSv1.2' : 'TLSv1.3' };
}

export function serveTls(socket: Socket, peer: string, { certificates, privateKey, versions }: TlsServerSettings): Promise<TlsConnection> {
  return new Promise((resolve, reject) => {
    if (socket.destroyed) throw closed();
    const key = ownKey(certificates, privateKey);
    const server = withContext({
      ...common,
      ...versionsOf(versions),
      cert: certificates.map((der) => pem('CERTIFICATE', der)).join(''),
      key,
      honorCipherOrder: true,
      // The caller has a limit of its own.
      handshakeTimeout: 0x7fff_ffff,
    });
    // The peer's end during the handshake is the end of it.
    socket.allowHalfOpen = false;
    server.once('secureConnection', (secure) => resolve(new OpenTlsConnection(secure, peer, [])));
    server.once('tlsClientError', (error) => reject(handshakeError(error)));
    // A close here, or the peer's end before the first byte.
    socket.once('close', () => reject(closed()));
    // As Node documents it, a connection that came by another way.
    server.emit('connection', socket);
  });
}

/** What OpenSSL says of keys and certificates. */
function withContext(options: TlsOptions): Server {
  try {
    return createServer(options);
  } catch (error) {
    throw handshakeError(error);
  }
}

/** Of keys that don't go together OpenSSL speaks only when there is a client. */
function ownKey(certificates: readonly Uint8Array[], privateKey: Uint8Array): string {
  const [own] = certificates;
  if (own === undefined) throw new NetworkError('tls', 'TLS: there is no certificate');
  try {
    const key = createPrivateKey({ key: Buffer.from(privateKey), format: 'der', type: 'pkcs8' });
    const shown = new X509Certificate(own).publicKey.export({ format: 'der', type: 'spki' });
    if (!createPublicKey(key).export({ format: 'der', type: 'spki' }).equals(shown)) {
      throw new Error('the key is not that of the certificate');
    }
  } catch (error) {
    throw handshakeError(error);
  }
  return pem('PRIVATE KEY', privateKey);
}

function pem(label: string, der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}

export function startTls(socket: Socket, peer: string, { name, versions }: TlsClientSettings): Promise<TlsConnection> {
  return new Promise((resolve, reject) => {
    if (socket.destroyed) throw closed();
    if (isIP(name) === 0 ? !isHostName(name) : name.includes('%')) throw new NetworkError('tls', `TLS: ${name} is no name of a host`);
    socket.allowHalfOpen = false;
    const secure = connect({
      ...common,
      ...versionsOf(versions),
      socket,
      servername: isIP(name) === 0 ? name : '',
      rejectUnauthorized: false,
    });
    secure.once('secureConnect', () => resolve(new OpenTlsConnection(secure, peer, shownBy(secure))));
    secure.once('error', (error) => reject(handshakeError(error)));
    secure.once('close', () => reject(closed()));
  });
}

/** Labels of letters, digits, hyphens and underscores, as rustls knows them. */
function isHostName(name: string): boolean {
  const labels = name.replace(/\.$/, '').split('.');
  return (
    name.length <= 253 &&
    labels.every((label) => /^(?!-)[\w-]{1,63}(?<!-)$/.test(label)) &&
    !/^(?:\d+|0x[\da-f]*)$/i.test(labels.at(-1) ?? '')
  );
}

function shownBy(secure: TLSSocket): Uint8Array[] {
  const certificates: Uint8Array[] = [];
  let certificate = secure.getPeerX509Certificate();
  // A root names itself as its issuer.
  while (certificate !== undefined && !certificates.some((known) => certificate?.raw.equals(known))) {
    certificates.push(new Uint8Array(certificate.raw));
    certificate = certificate.issuerCertificate;
  }
  return certificates;
}

class OpenTlsConnection extends SocketConnection implements TlsConnection {
  readonly version: '1.2' | '1.3';
  readonly peerCertificates: readonly Uint8Array[];

  constructor(socket: TLSSocket, peer: string, peerCertificates: readonly Uint8Array[]) {
    super(socket, peer, undefined);
    this.version = socket.getProtocol() === 'TLSv1.3' ? '1.3' : '1.2';
    this.peerCertificates = peerCertificates;
    socket.allowHalfOpen = true;
  }
}

function closed(): NetworkError {
  return new NetworkError('closed', 'TLS: the connection closed during the handshake');
}

function handshakeError(error: unknown): NetworkError {
  if (error instanceof NetworkError) return error;
  // Node says so where nothing more came.
  if (systemCode(error) === 'ECONNRESET') return closed();
  return new NetworkError('tls', `TLS: ${error instanceof Error ? error.message : String(error)}`);
}
