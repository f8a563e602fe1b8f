import { expect, test } from 'vitest';
import { RouterConsole } from '../menu/router-console.ts';

test.each([
  ['/certificate import passphrase=secret file-name=a', '/certificate import passphrase= file-name=a'],
  ['/certificate import p="se cret"', '/certificate import p='],
  ['/certificate import passphrase=("sec" . "ret")', '/certificate import passphrase='],
  ['/user add name=eve group=read password=[:put secret]; /user print', '/user add name=eve group=read password=; /user print'],
  ['/file add name=a.key contents="secret" type=file', '/file add name=a.key contents= type=file'],
])('history keeps of %s no secret', async (line, kept) => {
  expect((await RouterConsole.start()).kept(line)).toBe(kept);
});

test.each([
  ['/certificate imp0rt passphrase=secret', '/certificate imp0rt passphrase='],
  ['/certificate imp0rt p=secret', '/certificate imp0rt p='],
  ['/certificate import pasphrase=secret', '/certificate import pasphrase='],
  ['/certificate import passprhase=secret', '/certificate import passprhase='],
  ['/certificate import PASSPHRAES="se cret', '/certificate import PASSPHRAES='],
  ['/certificate import passphrase= secret', '/certificate import passphrase='],
  ['/certificate import passphrase = "secret"', '/certificate import passphrase ='],
  ['/certificate imp0rt passphrase=("sec" . "ret")', '/certificate imp0rt passphrase='],
  ['/certificate export-certificat ca export-p=secret', '/certificate export-certificat ca export-p='],
  ['/file ad name=a.key contents="the secret"', '/file ad name=a.key contents='],
  ['/user ad name=eve passwd={secret; x}', '/user ad name=eve passwd='],
])('nor of %s, which can not be read', async (line, kept) => {
  expect((await RouterConsole.start()).kept(line)).toBe(kept);
});

test.each([
  '/certificate sing Client ca=CA name=x',
  '/certificate add nmae=x common-name=y country=LV subject-alt-name=DNS:a days-valid=1',
])('and all of %s, to be mended', async (line) => {
  expect((await RouterConsole.start()).kept(line)).toBe(line);
});
