import type { CertificateItem } from '../certificates/item.ts';
import { portRange, type Service, type Services, sessionRange, tlsVersions } from '../services/services.ts';
import { type WebServer, type WebSwitch, webSwitches } from '../services/web-server.ts';
import type { ArgumentType } from './argument.ts';
import { integer, oneOf, present, texts, yesNo } from './argument-types.ts';
import { type CommandDeclaration, command, type DirectoryDeclaration, directory, nothing } from './command.ts';
import { failure } from './errors.ts';
import { type ItemSource, items, reference } from './item-arguments.ts';
import { find, get, print } from './item-commands.ts';
import { getSetting, printSettings, settingsTable } from './settings-commands.ts';
import { TableReader } from './table-reader.ts';
import { formatValue } from './value.ts';

/** `/ip/service`, with `/ip/service/webserver`. */
export function serviceMenu(services: Services, webServer: WebServer, certificates: ItemSource<CertificateItem>): DirectoryDeclaration {
  const reader = new TableReader<Service>({
    path: '/ip/service',
    properties: [
      { name: 'name', style: 'quoted', read: ({ name }) => name },
      { name: 'port', style: 'bare', read: ({ port }) => port },
      { name: 'address', style: 'bare', read: ({ address }) => address.join(',') },
      {
        name: 'certificate',
        style: 'bare',
        read: ({ certificate, tlsVersion }) => (tlsVersion === undefined ? undefined : (certificate ?? 'none')),
      },
      { name: 'tls-version', style: 'bare', read: ({ tlsVersion }) => tlsVersion },
      { name: 'max-sessions', style: 'bare', read: ({ maxSessions }) => maxSessions },
      { name: 'about', style: 'quoted', read: ({ problem }) => problem },
    ],
    flags: [
      { letter: 'X', name: 'disabled' },
      { letter: 'I', name: 'invalid' },
    ],
    flagsOf: ({ disabled, problem }) => ({ disabled, invalid: !disabled && problem !== undefined }),
    brief: ['name', 'port', 'address', 'certificate', 'tls-version', 'max-sessions'],
    id: ({ id }) => id,
    items: () => services.list(),
  });
  const source: ItemSource<Service> = {
    path: '/ip/service',
    id: ({ id }) => id,
    withId: (id) => services.list().find((service) => service.id === id),
    withName: (name) => services.withName(name),
    names: () => services.list().map(({ name }) => name),
  };
  const numbers = { type: items(source), unnamed: true, required: true, does: 'the services' } as const;
  const able = (does: string, disabled: boolean): CommandDeclaration =>
    command({
      does,
      needs: ['write'],
      changes: true,
      args: { numbers },
      run: ({ numbers: of }) => {
        services.set(idsOf(of), { disabled });
        return nothing;
      },
    });
  return directory('what listens on the network', {
    print: print(reader, source),
    find: find(reader),
    get: get(reader, source),
    set: command({
      does: 'change services',
      needs: ['write'],
      changes: true,
      args: {
        numbers,
        disabled: { type: yesNo, does: 'whether it does not listen' },
        port: { type: integer(portRange.least, portRange.most), does: 'the TCP port' },
        address: { type: texts, does: 'addresses of those who may come, as 192.168.88.0/24; empty: everybody' },
        certificate: { type: certificateOrNone(certificates), does: 'the certificate that it shows; it needs its private key' },
        'tls-version': { type: oneOf(tlsVersions), does: 'the versions of TLS that it speaks: 1.2 and 1.3, or 1.2 alone' },
        'max-sessions': { type: integer(sessionRange.least, sessionRange.most), does: 'connections at the same time' },
      },
      run: ({ numbers: of, certificate, 'tls-version': tlsVersion, 'max-sessions': maxSessions, ...change }, call) => {
        if (certificate !== undefined && certificate !== null && !certificate.flags['private-key']) {
          throw failure(`${certificate.name} has no private key on this router: a service can not show it`);
        }
        if (certificate?.keyUsage?.includes('digital-signature') === false) {
          call.warn(`${certificate.name} has no digital-signature in its key-usage: most clients will refuse it`);
        }
        services.set(idsOf(of), { ...change, certificate: certificate === null ? null : certificate?.id, tlsVersion, maxSessions });
        return nothing;
      },
    }),
    reset: command({
      does: 'set properties of services back to what they are on a new router',
      needs: ['write'],
      changes: true,
      args: {
        numbers,
        disabled: resetting('whether it does not listen'),
        port: resetting('the TCP port'),
        address: resetting('addresses of those who may come'),
        certificate: resetting('the certificate that it shows'),
        'tls-version': resetting('the versions of TLS that it speaks'),
        'max-sessions': resetting('connections at the same time'),
      },
      run: ({ numbers: of, ...chosen }) => {
        services.reset(
          idsOf(of),
          resettable.flatMap(([name, property]) => (chosen[name] === true ? [property] : [])),
        );
        return nothing;
      },
    }),
    enable: able('have services listen', false),
    disable: able('keep services from listening, and end their connections', true),
    webserver: webServerMenu(webServer),
  });
}

const resettable = [
  ['disabled', 'disabled'],
  ['port', 'port'],
  ['address', 'address'],
  ['certificate', 'certificateId'],
  ['tls-version', 'tlsVersion'],
  ['max-sessions', 'maxSessions'],
] as const;

function resetting(does: string) {
  return { type: present, presence: true, does } as const;
}

function idsOf(of: readonly Service[]): readonly number[] {
  return of.map(({ id }) => id);
}

/** An item of /certificate, or `none`. */
function certificateOrNone(certificates: ItemSource<CertificateItem>): ArgumentType<CertificateItem | null> {
  const one = reference(certificates);
  return {
    describes: 'item | none',
    read: (value, argument, caller) => (['', 'none'].includes(formatValue(value)) ? null : one.read(value, argument, caller)),
    lookUp: async () => ['none', ...((await one.lookUp?.()) ?? [])],
  };
}

const does: Readonly<Record<WebSwitch, string>> = {
  'crl-plain': 'serve the CRLs of this router over HTTP',
  'rest-plain': 'serve REST over HTTP, which sends passwords in clear',
  'rest-secure': 'serve REST over HTTPS',
};

function webServerMenu(webServer: WebServer): DirectoryDeclaration {
  const reader = new TableReader(
    settingsTable(
      '/ip/service/webserver',
      webSwitches.map((name) => ({ name, style: 'bare', read: () => webServer.switches()[name] })),
      () => webServer,
    ),
  );
  const switchOf = (name: WebSwitch) => ({ type: yesNo, does: does[name] }) as const;
  return directory('what the services www and www-ssl answer', {
    print: printSettings(reader),
    get: getSetting(reader),
    set: command({
      does: 'turn parts of the web services on and off',
      needs: ['write'],
      changes: true,
      args: { 'crl-plain': switchOf('crl-plain'), 'rest-plain': switchOf('rest-plain'), 'rest-secure': switchOf('rest-secure') },
      run: (values) => {
        webServer.set(values);
        return nothing;
      },
    }),
    reset: command({
      does: 'set them back to what they are on a new router',
      needs: ['write'],
      changes: true,
      args: {
        'crl-plain': resetting(does['crl-plain']),
        'rest-plain': resetting(does['rest-plain']),
        'rest-secure': resetting(does['rest-secure']),
      },
      run: (values) => {
        webServer.reset(webSwitches.filter((name) => values[name] === true));
        return nothing;
      },
    }),
  });
}
