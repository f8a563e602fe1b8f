import { type AddressInfo, createConnection, createServer, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { neverCancelled } from '../../../src/platform/cancel.ts';
import type { Connection, Network, TcpConnection, TlsConnection, TlsServerSettings, TlsVersions } from '../../../src/platform/network.ts';
import { OpensslPeer } from '../../judges/openssl-tls.ts';
import { patience } from '../../patience.ts';
import { bytesOf } from './bytes.ts';
import { networkError } from './network.ts';
import { type Identity, issuedBy, type KeyKind, kinds, selfSigned } from './tls-identity.ts';
import { spoilServerKeyExchange } from './tls-messages.ts';

const kindNames = Object.keys(kinds) as KeyKind[];
const made = new Map<KeyKind, Identity>();

function identityOf(kind: KeyKind): Identity {
  const known = made.get(kind) ?? selfSigned(kinds[kind]());
  made.set(kind, known);
  return known;
}

/** What every host's TLS must do. */
export function tlsContract(make: () => Network): void {
  describe('Network, TLS', () => {
    let network: Network;
    /** What a test leaves behind, ended in the opposite order. */
    let ends: (() => unknown)[];

    beforeEach(() => {
      network = make();
      ends = [];
    });
    afterEach(async () => {
      for (const end of ends.reverse()) await end();
    });

    function kept<Kept extends { close(): unknown }>(it: Kept): Kept {
      ends.push(() => it.close());
      return it;
    }

    function peer(...args: readonly string[]): OpensslPeer {
      const started = new OpensslPeer(args);
      ends.push(() => started.stop());
      return started;
    }

    /** OpenSSL as a server with this identity, and its port. */
    async function opensslServer({ certificateFile, keyFile }: Identity, ...options: readonly string[]): Promise<[OpensslPeer, number]> {
      const server = peer('s_server', '-accept', '127.0.0.1:0', '-cert', certificateFile, '-key', keyFile, ...options);
      const [, port] = await server.says(/ACCEPT 127\.0\.0\.1:(\d+)/);
      return [server, Number(port)];
    }

    /** Listens, and serves each connection by `serve`. */
    async function listen(serve: (connection: TcpConnection) => unknown): Promise<number> {
      const listener = await network.listenTcp(0, '127.0.0.1', (connection) => serve(kept(connection)));
      kept(listener);
      return Number(listener.address.replace(/.*:/, ''));
    }

    async function connect(port: number, versions: TlsVersions = 'any', name = 'router.lan'): Promise<TlsConnection> {
      const connection = kept(await network.connectTcp('127.0.0.1', port, neverCancelled));
      return kept(await connection.startTls({ name, versions }));
    }

    /** Both ends of one connection, as our own client and server make it. */
    async function pair(settings: TlsServerSettings, versions: TlsVersions = 'any'): Promise<[near: TlsConnection, far: TlsConnection]> {
      let far: Promise<TlsConnection> | undefined;
      const port = await listen((connection) => {
        far = connection.serveTls(settings);
        void far.catch(() => connection.close());
      });
      const near = await connect(port, versions);
      return [near, kept(await vi.waitUntil(() => far, { interval: 1, timeout: patience }))];
    }

    /** A server that says what it heard, until its client ends. */
    async function echo(connection: TcpConnection, settings: TlsServerSettings): Promise<void> {
      const secure = kept(await connection.serveTls(settings));
      for (let bytes = await secure.read(); bytes !== undefined; bytes = await secure.read()) await secure.write(bytes);
      secure.close();
    }

    /** OpenSSL as the client of an echo server of ours. What it says of the connection. */
    async function byClient(settings: TlsServerSettings, ...options: readonly string[]): Promise<string> {
      const port = await listen((connection) => echo(connection, settings).catch(() => connection.close()));
      const client = peer('s_client', '-connect', `127.0.0.1:${port}`, '-servername', 'router.lan', '-ign_eof', ...options);
      client.write('over TLS\n');
      await client.says(/^over TLS$/m);
      return client.said;
    }

    async function read(connection: Connection, length: number): Promise<Buffer> {
      const chunks: Uint8Array[] = [];
      for (let had = 0; had < length; ) {
        const bytes = await connection.read();
        if (bytes === undefined) break;
        chunks.push(bytes);
        had += bytes.length;
      }
      return Buffer.concat(chunks);
    }

    describe.each(kindNames)('with a key of %s', (kind) => {
      it.each([
        ['1.3', 'any'],
        ['1.2', 'only-1.2'],
      ] as const)('speaks %s with itself, and shows the certificate', async (version, versions) => {
        const { settings } = identityOf(kind);
        const [near, far] = await pair({ ...settings, versions });
        expect([near.version, far.version]).toEqual([version, version]);
        expect(near.peerCertificates).toEqual(settings.certificates);
        expect(far.peerCertificates).toEqual([]);
        await near.write(bytesOf('question'));
        expect(await far.read()).toEqual(bytesOf('question'));
        await far.write(bytesOf('answer'));
        expect(await near.read()).toEqual(bytesOf('answer'));
      });

      it.each(['-tls1_3', '-tls1_2'])('is believed by OpenSSL as a server (%s)', async (version) => {
        const { settings, certificateFile } = identityOf(kind);
        const strength = kind === 'RSA-1024' ? ['-cipher', 'DEFAULT@SECLEVEL=0'] : [];
        const said = await byClient(settings, version, ...strength, '-CAfile', certificateFile, '-verify_return_error');
        expect(said).toContain('Verify return code: 0 (ok)');
        expect(said).toContain(version === '-tls1_3' ? 'New, TLSv1.3' : 'New, TLSv1.2');
      });

      it.each(['-tls1_3', '-tls1_2'])('is a client of OpenSSL (%s)', async (version) => {
        const { settings } = identityOf(kind);
        const strength = kind === 'RSA-1024' ? ['-cipher', 'DEFAULT@SECLEVEL=0'] : [];
        const [server, port] = await opensslServer(identityOf(kind), version, ...strength);
        const connection = await connect(port);
        expect(connection.version).toBe(version === '-tls1_3' ? '1.3' : '1.2');
        expect(connection.peerCertificates).toEqual(settings.certificates);
        await connection.write(bytesOf('from the client\n'));
        await server.says(/^from the client$/m);
        server.write('from the server\n');
        expect((await read(connection, 16)).toString()).toBe('from the server\n');
      });
    });

    it.each([
      ['-tls1_3', '-ciphersuites', 'TLS_AES_128_GCM_SHA256', 'P-256'],
      ['-tls1_3', '-ciphersuites', 'TLS_AES_256_GCM_SHA384', 'P-256'],
      ['-tls1_3', '-ciphersuites', 'TLS_CHACHA20_POLY1305_SHA256', 'P-256'],
      ['-tls1_2', '-cipher', 'ECDHE-ECDSA-AES128-GCM-SHA256', 'P-256'],
      ['-tls1_2', '-cipher', 'ECDHE-ECDSA-AES256-GCM-SHA384', 'P-256'],
      ['-tls1_2', '-cipher', 'ECDHE-ECDSA-CHACHA20-POLY1305', 'P-256'],
      ['-tls1_2', '-cipher', 'ECDHE-RSA-AES128-GCM-SHA256', 'RSA-2048'],
      ['-tls1_2', '-cipher', 'ECDHE-RSA-AES256-GCM-SHA384', 'RSA-2048'],
      ['-tls1_2', '-cipher', 'ECDHE-RSA-CHACHA20-POLY1305', 'RSA-2048'],
    ] as const)('has the cipher suite of %s %s %s', async (version, option, suite, kind) => {
      expect(await byClient(identityOf(kind).settings, version, option, suite)).toContain(`Cipher is ${suite}`);
    });

    it.each(['X25519', 'P-256', 'P-384', 'P-521'])('exchanges keys on %s', async (group) => {
      expect(await byClient(identityOf('P-256').settings, '-groups', group)).toContain('Cipher is TLS_');
      const [, port] = await opensslServer(identityOf('P-256'), '-groups', group);
      expect((await connect(port)).version).toBe('1.3');
    });

    it.each([
      ['-tls1_1', 'any'],
      ['-tls1', 'any'],
      ['-tls1_3', 'only-1.2'],
    ] as const)('refuses a client of %s where it speaks %s', async (version, versions) => {
      const failed = vi.fn<(error: unknown) => void>();
      const port = await listen((connection) => connection.serveTls({ ...identityOf('P-256').settings, versions }).catch(failed));
      const client = peer('s_client', '-connect', `127.0.0.1:${port}`, version, '-cipher', 'DEFAULT@SECLEVEL=0');
      await client.says(/alert (protocol version|handshake failure)/);
      await vi.waitUntil(() => failed.mock.calls.length > 0, { interval: 1, timeout: patience });
      expect(failed.mock.calls[0]?.[0]).toEqual(networkError('tls'));
    });

    it('refuses a server without forward secrecy', async () => {
      const [, port] = await opensslServer(identityOf('RSA-2048'), '-tls1_2', '-cipher', 'AES128-GCM-SHA256');
      await expect(connect(port)).rejects.toThrow(networkError('tls'));
    });

    it('shows every certificate on the way to the root, and reads them so', async () => {
      const root = identityOf('RSA-2048');
      const { settings } = issuedBy(root, kinds['P-256']());
      expect(settings.certificates).toHaveLength(2);
      const [near] = await pair(settings);
      expect(near.peerCertificates).toEqual(settings.certificates);
      expect(await byClient(settings, '-CAfile', root.certificateFile, '-verify_return_error')).toContain('Verify return code: 0 (ok)');
    });

    it('tells the server the name of a host, and not an address', async () => {
      const identity = identityOf('P-256');
      const second = ['-cert2', identity.certificateFile, '-key2', identity.keyFile];
      const [server, port] = await opensslServer(identity, '-servername', 'router.lan', ...second);
      const byName = await connect(port, 'any', 'router.lan');
      await server.says(/Hostname in TLS extension: "router\.lan"/);
      byName.close();
      const before = server.said.length;
      const byAddress = await connect(port, 'any', '127.0.0.1');
      await byAddress.write(bytesOf('here\n'));
      await server.says(/^here$/m);
      expect(server.said.slice(before)).not.toContain('Hostname in TLS extension');
    });

    it('carries much both ways at once, and says its end', async () => {
      const [near, far] = await pair(identityOf('P-256').settings);
      const sent = Uint8Array.from({ length: 300_000 }, (_, i) => i % 251);
      const [there, back] = await Promise.all([read(far, sent.length), read(near, sent.length), near.write(sent), far.write(sent)]);
      expect(there.equals(sent)).toBe(true);
      expect(back.equals(sent)).toBe(true);
      const last = near.write(bytesOf('last words'));
      near.close();
      await last;
      expect((await read(far, 10)).toString()).toBe('last words');
      expect(await far.read()).toBeUndefined();
      expect(await far.read()).toBeUndefined();
      await expect(near.write(bytesOf('x'))).rejects.toThrow(networkError('closed'));
    });

    it('keeps writes in the order of the calls', async () => {
      const [near, far] = await pair(identityOf('P-256').settings);
      const parts = Array.from({ length: 20 }, (_, i) => new Uint8Array(20_000).fill(i));
      const written = Promise.all(parts.map((part) => near.write(part)));
      expect((await read(far, 400_000)).equals(Buffer.concat(parts))).toBe(true);
      await written;
    });

    it.each([
      ['HTTP', bytesOf('GET / HTTP/1.1\r\nHost: router.lan\r\n\r\n')],
      ['noise', Uint8Array.from({ length: 600 }, (_, i) => (i * 37 + 5) % 256)],
      ['a record of nothing', Uint8Array.from([22, 3, 1, 0, 0])],
      ['a record beyond its limit', Uint8Array.from([22, 3, 1, 255, 255, ...new Uint8Array(1000)])],
    ])('refuses a client that speaks %s', async (_, bytes) => {
      const failed = vi.fn<(error: unknown) => void>();
      const port = await listen((connection) => connection.serveTls(identityOf('P-256').settings).catch(failed));
      const client = createConnection({ port, host: '127.0.0.1' });
      ends.push(() => client.destroy());
      client.on('error', () => undefined);
      client.end(bytes);
      await vi.waitUntil(() => failed.mock.calls.length > 0, { interval: 1, timeout: patience });
      expect(failed.mock.calls[0]?.[0]).toMatchObject({ name: 'NetworkError', code: expect.stringMatching(/^(tls|closed)$/) });
    });

    it('ends a handshake whose other end goes away, and one that is closed here', async () => {
      const accepted: TcpConnection[] = [];
      const failed = vi.fn<(error: unknown) => void>();
      const port = await listen((connection) => {
        accepted.push(connection);
        void connection.serveTls(identityOf('P-256').settings).catch(failed);
      });
      const client = createConnection({ port, host: '127.0.0.1' });
      await vi.waitUntil(() => accepted.length === 1, { interval: 1, timeout: patience });
      client.destroy();
      await vi.waitUntil(() => failed.mock.calls.length === 1, { interval: 1, timeout: patience });
      const silent = createConnection({ port, host: '127.0.0.1' });
      ends.push(() => silent.destroy());
      await vi.waitUntil(() => accepted.length === 2, { interval: 1, timeout: patience });
      accepted[1]?.close();
      await vi.waitUntil(() => failed.mock.calls.length === 2, { interval: 1, timeout: patience });
      expect(failed.mock.calls).toEqual([[networkError('closed')], [networkError('closed')]]);
    });

    it('does not speak on a connection that is closed already', async () => {
      const accepted: TcpConnection[] = [];
      const port = await listen((connection) => accepted.push(connection));
      const near = kept(await network.connectTcp('127.0.0.1', port, neverCancelled));
      await vi.waitUntil(() => accepted.length === 1, { interval: 1, timeout: patience });
      near.close();
      await expect(near.startTls({ name: 'router.lan', versions: 'any' })).rejects.toThrow(networkError('closed'));
      accepted[0]?.close();
      await expect(accepted[0]?.serveTls(identityOf('P-256').settings)).rejects.toThrow(networkError('closed'));
    });

    it('reads nothing behind the end that the peer has told', async () => {
      let served: Promise<TlsConnection> | undefined;
      const port = await listen((connection) => {
        served = connection.serveTls(identityOf('P-256').settings);
      });
      // The record that tells it, of TLS 1.3.
      const noisy = (bytes: Uint8Array): Uint8Array => (bytes.length === 24 ? Buffer.concat([bytes, Buffer.alloc(12_000, 23)]) : bytes);
      const near = await connect(await proxy(port, (bytes) => bytes, noisy));
      const far = kept(await vi.waitUntil(() => served, { interval: 1, timeout: patience }));
      await near.write(bytesOf('last words'));
      expect(await far.read()).toEqual(bytesOf('last words'));
      near.close();
      expect(await far.read()).toBeUndefined();
      expect(await far.read()).toBeUndefined();
      await far.write(bytesOf('still alive')).catch(() => undefined);
    });

    it('refuses a key that is not that of the certificate, and no certificate', async () => {
      const { settings } = identityOf('P-256');
      const other = identityOf('P-384').settings.privateKey;
      for (const wrong of [
        { ...settings, privateKey: other },
        { ...settings, privateKey: bytesOf('no key') },
        { ...settings, certificates: [] },
        { ...settings, certificates: [bytesOf('no certificate')] },
      ]) {
        const failed = vi.fn<(error: unknown) => void>();
        const port = await listen((connection) => connection.serveTls(wrong).catch(failed));
        const client = createConnection({ port, host: '127.0.0.1' });
        ends.push(() => client.destroy());
        await vi.waitUntil(() => failed.mock.calls.length > 0, { interval: 1, timeout: patience });
        expect(failed.mock.calls[0]?.[0]).toEqual(networkError('tls'));
      }
    });

    it('refuses a name that is none', async () => {
      const port = await listen(() => undefined);
      await expect(connect(port, 'any', 'no name')).rejects.toThrow(networkError('tls'));
    });

    it.each(kindNames.filter((kind) => kind !== 'RSA-1024'))(
      'does not believe a server whose signature in the handshake is wrong (%s)',
      async (kind) => {
        const port = await listen((connection) =>
          connection.serveTls({ ...identityOf(kind).settings, versions: 'only-1.2' }).catch(() => undefined),
        );
        const proxied = await proxy(port, spoilServerKeyExchange);
        await expect(connect(proxied)).rejects.toThrow(networkError('tls'));
      },
    );

    it('does not believe a record that was altered on its way', async () => {
      const port = await listen((connection) => echo(connection, identityOf('P-256').settings).catch(() => undefined));
      let spoil = false;
      const connection = await connect(
        await proxy(port, (bytes) => (spoil ? bytes.with(bytes.length - 1, (bytes.at(-1) ?? 0) ^ 1) : bytes)),
      );
      await connection.write(bytesOf('fine'));
      expect(await connection.read()).toEqual(bytesOf('fine'));
      spoil = true;
      await connection.write(bytesOf('spoilt'));
      await expect(connection.read()).rejects.toThrow(expect.objectContaining({ name: 'NetworkError' }));
    });

    /** A port that leads to another one; what comes back goes through `change`, and what goes there through `there`. */
    async function proxy(port: number, change: (bytes: Uint8Array) => Uint8Array, there = (bytes: Uint8Array) => bytes): Promise<number> {
      const sockets: Socket[] = [];
      const server = createServer((near) => {
        const far = createConnection({ port, host: '127.0.0.1' });
        sockets.push(near, far);
        for (const socket of [near, far]) socket.on('error', () => undefined);
        near.on('data', (bytes) => far.write(there(new Uint8Array(bytes))));
        near.on('end', () => far.end());
        far.on('data', (bytes) => near.write(change(new Uint8Array(bytes))));
        far.on('end', () => near.end());
      });
      ends.push(() => {
        for (const socket of sockets) socket.destroy();
        server.close();
      });
      await new Promise<void>((resolve) => {
        server.listen(0, '127.0.0.1', resolve);
      });
      return (server.address() as AddressInfo).port;
    }
  });
}
