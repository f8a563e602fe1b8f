import { expect, it } from 'vitest';
import { RestRouter } from './rest-router.ts';

/**
 * What Terraform's provider and Ansible's modules ask a RouterOS, one call after another, and the shape of what it answers
 * (terraform-provider-routeros; the RouterOS manual, REST API).
 */
const calls: readonly (readonly [method: string, path: string, body: unknown, status: number, json: unknown])[] = [
  [
    'PUT',
    '/certificate',
    { name: 'Test-CA', 'common-name': 'RootCA', 'key-usage': 'key-cert-sign,crl-sign', trusted: 'yes' },
    201,
    { '.id': '*1', name: 'Test-CA', 'key-usage': 'key-cert-sign,crl-sign', trusted: 'true', authority: 'false', 'subject-alt-name': '' },
  ],
  ['POST', '/certificate/sign', { number: '*1', 'ca-crl-host': '10.0.0.1' }, 200, [{ '.section': '0', progress: 'done' }]],
  [
    'GET',
    '/certificate/*1',
    undefined,
    200,
    { authority: 'true', crl: 'true', akid: '', 'private-key': 'true', 'smart-card-key': 'false' },
  ],
  [
    'PUT',
    '/certificate',
    { name: 'leaf', 'common-name': 'leaf.lan', 'key-usage': 'tls-server,digital-signature', 'days-valid': 10 },
    201,
    { '.id': '*2', 'days-valid': '10', 'key-usage': 'digital-signature,tls-server' },
  ],
  ['POST', '/certificate/sign', { number: '*2', ca: 'Test-CA', once: '' }, 200, [{ progress: 'done' }]],
  ['GET', '/certificate?common-name=leaf.lan&issued=true', undefined, 200, [{ '.id': '*2', ca: 'Test-CA', issued: 'true' }]],
  ['GET', '/certificate?.id=*2', undefined, 200, [{ name: 'leaf' }]],
  ['GET', '/certificate?.id=*7', undefined, 200, []],
  ['GET', '/certificate/*7', undefined, 404, { error: 404, message: 'Not Found' }],
  ['PATCH', '/certificate/*2', { '.id': '*2', trusted: true }, 200, { '.id': '*2', trusted: 'true' }],
  ['PATCH', '/certificate/leaf', { name: 'server' }, 200, { '.id': '*2', name: 'server' }],
  [
    'POST',
    '/certificate/print',
    { '.query': ['name=server', 'name=Test-CA', '#|'], '.proplist': ['name'] },
    200,
    [{ name: 'Test-CA' }, { name: 'server' }],
  ],
  ['POST', '/certificate/export-certificate', { numbers: '*2', 'file-name': 'server' }, 200, []],
  ['GET', '/file/server.crt', undefined, 200, { name: 'server.crt', type: '.crt file' }],
  ['POST', '/certificate/issued-revoke', { numbers: '*2' }, 200, []],
  ['POST', '/certificate/remove', { numbers: '*2' }, 200, []],
  ['DELETE', '/certificate/*2', undefined, 404, { error: 404, message: 'Not Found' }],
  [
    'POST',
    '/certificate/import',
    { name: 'n', 'file-name': 'server.crt', passphrase: '', 'no-key-export': 'yes' },
    200,
    [
      {
        'certificates-imported': '1',
        'decryption-failures': '0',
        'files-imported': '1',
        'keys-with-no-certificate': '0',
        'private-keys-imported': '0',
      },
    ],
  ],
  [
    'PUT',
    '/file',
    { name: 'x.cer', contents: '-----BEGIN' },
    201,
    { '.id': '*2', contents: '-----BEGIN', name: 'x.cer', size: '10', type: '.cer file' },
  ],
  [
    'POST',
    '/file/add',
    { name: 'x.cer', type: 'file' },
    400,
    { detail: 'failure: a file of this name already exists', error: 400, message: 'Bad Request' },
  ],
  ['POST', '/user/add', { name: 'ann', group: 'read', password: 'correct horse' }, 200, { ret: '*2' }],
  [
    'PUT',
    '/user',
    { name: 'ann', group: 'read' },
    400,
    { detail: 'failure: user with the same name already exists', error: 400, message: 'Bad Request' },
  ],
  ['GET', '/system/identity', undefined, 200, { name: 'router' }],
  ['POST', '/system/identity/set', { name: 'gateway' }, 200, []],
  ['GET', '/system/resource', undefined, 200, { platform: 'signet' }],
  ['POST', '/certificate/remove', { numbers: '*99' }, 404, { detail: 'no such item', error: 404, message: 'Not Found' }],
  ['DELETE', '/log/*1', undefined, 406, { detail: 'no such command or directory (remove)', error: 406, message: 'Not Acceptable' }],
];

it('a client of RouterOS gets the answers it knows', async () => {
  const rest = await RestRouter.start();
  for (const [method, path, body, status, json] of calls) {
    const answer = await rest.ask(method, path, body);
    expect(answer, `${method} ${path}: ${answer.text}`).toMatchObject({ status, json });
  }
});

it('a removal is answered with nothing', async () => {
  const rest = await RestRouter.start();
  await rest.json('PUT', '/certificate', { name: 'a' });
  expect(await rest.ask('DELETE', '/certificate/a')).toMatchObject({ status: 204, text: '' });
});
