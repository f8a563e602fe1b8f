import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { type AddressInfo, connect as connectTcp, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decodeCrl } from '../../src/x509/crl.ts';
import { freePort } from '../free-port.ts';
import { hostileRequests } from '../http/hostile.ts';
import { opensslVerify } from '../judges/openssl.ts';
import { fileOf } from '../judges/run.ts';
import { patience } from '../patience.ts';

/** A request to REST over TLS. */
async function askRest(
  port: number,
  auth: string,
  method: string,
  path: string,
  body?: unknown,
): Promise<{ status: number | undefined; json: unknown }> {
  const asked = request({
    port,
    host: '127.0.0.1',
    rejectUnauthorized: false,
    auth,
    method,
    path,
    headers: body === undefined ? {} : { 'Content-Type': 'application/json' },
    timeout: patience,
  });
  asked.end(body === undefined ? undefined : JSON.stringify(body));
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  let text = '';
  for await (const piece of response) text += String(piece);
  return { status: response.statusCode, json: text.startsWith('{') || text.startsWith('[') ? (JSON.parse(text) as unknown) : text };
}

/** Resolves when it is closed, in whatever way. */
function closed(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    socket.once('close', () => resolve());
  });
}

/** What the daemon does on the network, on every host. `program` is a command and its arguments. */
export function servicesContract(program: readonly string[]): void {
  const [command = '', ...options] = program;
  let folder = '';
  let store = '';
  let port = 0;
  let daemon: ChildProcess;
  let said = '';
  const sockets: Socket[] = [];

  /** Runs a line, on the daemon if there is one. */
  function signet(line: string): string {
    const { status, stdout, stderr } = spawnSync(command, [...options, '--store', store, '-c', line], {
      encoding: 'utf8',
      timeout: patience,
    });
    if (status !== 0) throw new Error(`${line}: ${stderr}`);
    return stdout;
  }

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'signet-services-'));
    store = join(folder, 'store');
    port = await freePort();
    const script = join(folder, 'setup.rsc');
    writeFileSync(
      script,
      [
        '/certificate',
        'add name=ca common-name=ca key-size=prime256v1 key-usage=key-cert-sign,crl-sign',
        `sign ca ca-crl-host=127.0.0.1:${port}`,
        'add name=one common-name=one key-size=prime256v1 key-usage=digital-signature,tls-server',
        'sign one ca=ca',
        'add name=two copy-from=one common-name=two',
        'sign two ca=ca',
        'export-certificate ca',
        'export-certificate one',
        `/ip/service set www port=${port}`,
        '/user set admin password=0123456789',
      ].join('\n'),
    );
    expect(spawnSync(command, [...options, '--store', store, 'run', script], { encoding: 'utf8', timeout: patience })).toMatchObject({
      status: 0,
      stderr: '',
    });
    daemon = spawn(command, [...options, '--store', store, 'daemon'], { stdio: ['ignore', 'ignore', 'pipe'] });
    said = '';
    daemon.stderr?.on('data', (data: Buffer) => {
      said += data.toString();
    });
    await listening(port);
  });

  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    if (daemon.exitCode === null) {
      daemon.kill('SIGKILL');
      await once(daemon, 'exit');
    }
    rmSync(folder, { recursive: true, force: true });
  });

  /** A connection, which is told nothing yet. */
  async function open(to: number): Promise<Socket> {
    const socket = connectTcp(to, '127.0.0.1');
    socket.on('error', () => undefined);
    sockets.push(socket);
    await once(socket, 'connect');
    return socket;
  }

  async function openTls(to: number): Promise<TLSSocket> {
    const socket = connectTls({ port: to, host: '127.0.0.1', rejectUnauthorized: false });
    socket.on('error', () => undefined);
    sockets.push(socket);
    await once(socket, 'secureConnect');
    return socket;
  }

  /** Waits for somebody to listen there. */
  async function listening(on: number): Promise<void> {
    const end = Date.now() + patience;
    for (;;) {
      const socket = connectTcp(on, '127.0.0.1');
      const came = await new Promise<boolean>((resolve) => {
        socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
      });
      socket.destroy();
      if (came) return;
      if (Date.now() > end) throw new Error(`nobody listens on port ${on}: ${said}`);
      await new Promise((resolve) => {
        setTimeout(resolve, 50);
      });
    }
  }

  const crl = async (): Promise<Uint8Array> => new Uint8Array(await (await fetch(`http://127.0.0.1:${port}/crl/1.crl`)).arrayBuffer());

  describe('the services of the daemon', () => {
    it('serve the CRL of a CA, and from a revocation on another', async () => {
      const response = await fetch(`http://127.0.0.1:${port}/crl/1.crl`);
      expect(response.headers.get('content-type')).toBe('application/pkix-crl');
      const first = await crl();
      expect(decodeCrl(first).revoked).toEqual([]);
      signet('/certificate issued-revoke one reason=superseded');
      const second = await crl();
      expect(decodeCrl(second).revoked).toHaveLength(1);
      const [one, ca] = ['one', 'ca'].map((name) => readFileSync(join(store, 'files', `cert_export_${name}.crt`), 'utf8'));
      const check = (list: Uint8Array): void => opensslVerify(one ?? '', ca ?? '', '', ['-crl_check', '-CRLfile', fileOf(list, '.crl')]);
      check(first);
      expect(() => check(second)).toThrow('certificate revoked');
    });

    it('show a new certificate from the next handshake on', async () => {
      const secure = await freePort();
      signet(`/ip/service set www-ssl port=${secure} certificate=one disabled=no`);
      await listening(secure);
      const before = await openTls(secure);
      expect(before.getPeerCertificate().subject.CN).toBe('one');
      signet('/ip/service set www-ssl certificate=two');
      expect((await openTls(secure)).getPeerCertificate().subject.CN).toBe('two');
      before.write('GET / HTTP/1.1\r\nHost: r\r\n\r\n');
      const [answer] = (await once(before, 'data')) as [Buffer];
      expect(answer.toString()).toMatch(/^HTTP\/1\.1 404 /);
    });

    it('answer REST over TLS to who says who they are, and in clear where that is wanted', async () => {
      const secure = await freePort();
      signet(`/ip/service set www-ssl port=${secure} certificate=one disabled=no`);
      await listening(secure);
      const certificates = await askRest(secure, 'admin:0123456789', 'GET', '/rest/certificate?name=ca&.proplist=name,common-name');
      expect(certificates).toEqual({ status: 200, json: [{ 'common-name': 'ca', name: 'ca' }] });
      const added = await askRest(secure, 'admin:0123456789', 'PUT', '/rest/certificate', {
        name: 'x',
        'common-name': 'x',
        'key-size': 'prime256v1',
      });
      expect(added).toMatchObject({ status: 201, json: { '.id': '*4', name: 'x', 'private-key': 'false' } });
      const signed = await askRest(secure, 'admin:0123456789', 'POST', '/rest/certificate/sign', { '.id': '*4', ca: 'ca', once: '' });
      expect(signed).toEqual({ status: 200, json: [{ progress: 'done' }] });
      expect(signet(':put [/certificate get x ca]')).toBe('ca\n');
      expect(await askRest(secure, 'admin:wrong', 'GET', '/rest/certificate')).toEqual({
        status: 401,
        json: { error: 401, message: 'Unauthorized' },
      });
      const inClear = async () => (await fetch(`http://127.0.0.1:${port}/rest/certificate`)).status;
      expect(await inClear()).toBe(404);
      signet('/ip/service/webserver set rest-plain=yes rest-secure=no');
      expect(await inClear()).toBe(401);
      expect((await askRest(secure, 'admin:0123456789', 'GET', '/rest/certificate')).status).toBe(404);
    });

    it('refuse what is hostile, each as it deserves', async () => {
      const statuses: [string, number][] = [];
      for (const [name, message] of hostileRequests) {
        const socket = await open(port);
        let answer = '';
        socket.on('data', (data) => {
          answer += data.toString('latin1');
        });
        socket.end(message, 'latin1');
        await closed(socket);
        statuses.push([name, Number(answer.slice(9, 12))]);
      }
      expect(statuses).toEqual(hostileRequests.map(([name, , status]) => [name, status]));
    });

    it('serve others while somebody holds two hundred connections', async () => {
      for (let held = 0; held < 200; held++) await open(port);
      expect(decodeCrl(await crl()).revoked).toEqual([]);
    });

    it('say what keeps them from listening', async () => {
      const taken = createServer().listen(0, '0.0.0.0');
      await once(taken, 'listening');
      const { port: of } = taken.address() as AddressInfo;
      signet(`/ip/service set www-ssl port=${of} certificate=one disabled=no`);
      const end = Date.now() + patience;
      while (!/ I .*about="[^"]*in use/.test(signet('/ip/service print detail where name=www-ssl')) && Date.now() < end);
      expect(signet('/ip/service print detail where name=www-ssl')).toMatch(/ I .*about="[^"]*in use/);
      taken.close();
    });

    it('end with the daemon, whoever is connected', async () => {
      const socket = await open(port);
      const gone = closed(socket);
      daemon.kill('SIGTERM');
      await gone;
      const [status] = (await once(daemon, 'exit')) as [number];
      expect(status).toBe(0);
    });
  });
}
