import type { Certificates } from '../certificates/certificates.ts';
import type { CertificateItem } from '../certificates/item.ts';
import { daysValidRange, digestAlgorithms, exportTypes, keyUsages, revocationReasons } from '../certificates/properties.ts';
import type { RouterFiles } from '../files/router-files.ts';
import type { Clock, Instant } from '../platform/clock.ts';
import { integer, oneOf, present, someOf, text, texts, yesNo } from './argument-types.ts';
import { givenProperties, propertyArguments, resettable } from './certificate-properties.ts';
import { certificateTable } from './certificate-table.ts';
import { verifyCommand } from './certificate-verify.ts';
import { type Call, command, type DirectoryDeclaration, directory, nothing, type Result } from './command.ts';
import { confirm } from './confirm.ts';
import { existingFile } from './file.ts';
import { type ItemSource, item, items, reference } from './item-arguments.ts';
import { find, get, print } from './item-commands.ts';
import { askNewPassphrase } from './passphrase.ts';
import { TableReader } from './table-reader.ts';
import { idOf, mapOf, type Value } from './value.ts';

/** Where items of /certificate are looked up, by its own commands and by those that refer to them. */
export function certificateSource(certificates: Certificates): ItemSource<CertificateItem> {
  return {
    path: '/certificate',
    id: (of) => of.id,
    withId: (id) => certificates.withId(id),
    withName: (name) => certificates.withName(name),
    names: () => certificates.names(),
  };
}

/** `/certificate`. */
export function certificateMenu(
  certificates: Certificates,
  files: RouterFiles,
  clock: Clock,
  formatTime: (instant: Instant) => string,
): DirectoryDeclaration {
  const reader = new TableReader(certificateTable((extent) => certificates.list(extent), formatTime));
  const source = certificateSource(certificates);
  const numbers = { type: items(source), unnamed: true, required: true, does: 'the certificates' } as const;
  const idsOf = (of: readonly CertificateItem[]): readonly number[] => of.map((each) => each.id);
  return directory('certificates, templates, and what is done with them', {
    print: print(reader, source),
    find: find(reader),
    get: get(reader, source),
    add: command({
      does: 'make a template',
      needs: ['write'],
      changes: true,
      args: { ...propertyArguments, 'copy-from': { type: reference(source), does: 'the item whose properties it starts with' } },
      run: (values) => ({ kind: 'value', value: idOf(certificates.add(givenProperties(values), values['copy-from']?.id)) }),
    }),
    set: command({
      does: 'change templates, or the name and trust of certificates',
      needs: ['write'],
      changes: true,
      args: { numbers, ...propertyArguments },
      run: ({ numbers: of, ...values }) => {
        certificates.set(idsOf(of), givenProperties(values));
        return nothing;
      },
    }),
    reset: command({
      does: 'take properties back to their defaults',
      needs: ['write'],
      changes: true,
      args: { numbers, ...resetArguments },
      run: ({ numbers: of, ...chosen }) => {
        certificates.reset(
          idsOf(of),
          resettableNames.filter((name) => chosen[name] === true).map((name) => resettable[name]),
        );
        return nothing;
      },
    }),
    unset: command({
      does: 'take a property away',
      needs: ['write'],
      changes: true,
      args: { numbers, 'value-name': { type: oneOf(resettableNames), unnamed: true, required: true, does: 'the property' } },
      run: ({ numbers: of, 'value-name': name }) => {
        certificates.reset(idsOf(of), [resettable[name]]);
        return nothing;
      },
    }),
    remove: command({
      does: 'remove items; a CA goes with all that it issued',
      needs: ['write'],
      changes: true,
      args: { numbers },
      run: async ({ numbers: of }, call) => {
        await confirmRemoval(certificates, idsOf(of), call);
        certificates.remove(idsOf(of));
        return nothing;
      },
    }),
    sign: command({
      does: 'sign a template with its own key or with a CA of this router',
      needs: ['write'],
      changes: true,
      args: {
        number: { type: item(source), unnamed: true, required: true, does: 'the template' },
        ca: { type: reference(source), does: 'the CA; its own key if left out' },
        'ca-crl-host': { type: texts, does: 'host of the CRL: its URL is put into the certificate' },
        name: { type: text, does: 'new name of the item' },
      },
      run: async ({ number, ca, 'ca-crl-host': caCrlHosts, name }, call) => {
        await certificates.sign(number.id, { ca: ca?.id, caCrlHosts, name }, call);
        return nothing;
      },
    }),
    'create-certificate-request': command({
      does: 'make a key and a request for a template, to be signed elsewhere',
      needs: ['write'],
      changes: true,
      args: {
        template: { type: reference(source), unnamed: true, required: true, does: 'the template' },
        'key-passphrase': { type: text, sensitive: true, does: 'encrypts the key file' },
        'challenge-passphrase': { type: text, sensitive: true, does: 'challenge password inside the request' },
      },
      run: async (values, call) => {
        const keyPassphrase = values['key-passphrase'] ?? (await askNewPassphrase(call, 'key-passphrase'));
        const challengePassphrase =
          values['challenge-passphrase'] ?? (await call.caller.ask?.('challenge-passphrase: ', { hidden: true })) ?? '';
        await certificates.createRequest(values.template.id, { keyPassphrase, challengePassphrase }, call);
        return nothing;
      },
    }),
    'sign-certificate-request': command({
      does: 'issue a certificate for a request in a file',
      needs: ['write'],
      changes: true,
      args: {
        'file-name': { type: existingFile(files), required: true, does: 'the file, PEM or DER' },
        ca: { type: reference(source), required: true, does: 'the CA' },
        'days-valid': { type: integer(daysValidRange.least, daysValidRange.most), does: 'days the certificate is valid' },
        'digest-algorithm': { type: oneOf(digestAlgorithms), does: 'digest of the signature' },
        'key-usage': { type: someOf(keyUsages), does: 'the usages to grant' },
      },
      run: async (values, call) => {
        const id = await certificates.signRequest(
          {
            fileName: values['file-name'],
            ca: values.ca.id,
            daysValid: values['days-valid'],
            digestAlgorithm: values['digest-algorithm'],
            keyUsage: values['key-usage'],
          },
          call,
        );
        call.progress(`done, ${certificates.withId(id)?.name ?? 'removed meanwhile'}`);
        return { kind: 'value', value: idOf(id) };
      },
    }),
    import: command({
      does: 'import certificates and private keys from a file',
      needs: ['write'],
      changes: true,
      args: {
        'file-name': { type: existingFile(files), required: true, does: 'the file: PEM, DER or PKCS#12' },
        name: { type: text, does: 'name of the first certificate' },
        passphrase: { type: text, sensitive: true, does: 'passphrase of the file' },
        trusted: { type: yesNo, does: 'whether the certificates are trusted' },
        'trust-store': propertyArguments['trust-store'],
        'no-key-export': { type: yesNo, does: 'the private keys can never be exported' },
        'as-value': { type: present, presence: true, does: 'give a map, print nothing' },
      },
      run: async (values, call) => {
        // Nobody types a passphrase for a file that is not there.
        const isThere = await files.has(values['file-name']);
        const passphrase = values.passphrase ?? (isThere ? await call.caller.ask?.('passphrase: ', { hidden: true }) : undefined);
        const counters = await certificates.importFile(
          {
            fileName: values['file-name'],
            name: values.name,
            passphrase,
            trusted: values.trusted,
            trustStore: values['trust-store'],
            noKeyExport: values['no-key-export'],
          },
          call,
        );
        return fields(values['as-value'], [
          ['certificates-imported', counters.certificatesImported],
          ['private-keys-imported', counters.privateKeysImported],
          ['files-imported', counters.filesImported],
          ['decryption-failures', counters.decryptionFailures],
          ['keys-with-no-certificate', counters.keysWithNoCertificate],
        ]);
      },
    }),
    'export-certificate': command({
      does: 'write certificates, and with a passphrase their keys, to files',
      needs: ['read', 'write', 'sensitive'],
      changes: true,
      args: {
        numbers,
        type: { type: oneOf(exportTypes), does: 'format; pem-chain has every CA above the certificate too' },
        'file-name': { type: text, does: 'name of the files without ending' },
        'export-passphrase': { type: text, sensitive: true, does: 'encrypts the key, which is exported with it only' },
      },
      run: async (values, call) => {
        const options = { type: values.type, fileName: values['file-name'], exportPassphrase: values['export-passphrase'] };
        await certificates.exportCertificates(idsOf(values.numbers), options, call);
        return nothing;
      },
    }),
    verify: verifyCommand(certificates, source, files, clock, formatTime),
    'issued-revoke': command({
      does: 'revoke certificates that this router issued',
      needs: ['write'],
      changes: true,
      args: { numbers, reason: { type: oneOf(revocationReasons), does: 'why, as the CRL will say' } },
      run: ({ numbers: of, reason }) => {
        certificates.revoke(idsOf(of), reason);
        return nothing;
      },
    }),
  });
}

const resettableNames = Object.keys(resettable).filter((name): name is keyof typeof resettable => name in resettable);

const resetArguments = {
  'common-name': { type: present, presence: true, does: 'forget the common name' },
  country: { type: present, presence: true, does: 'forget the country' },
  state: { type: present, presence: true, does: 'forget the state' },
  locality: { type: present, presence: true, does: 'forget the locality' },
  organization: { type: present, presence: true, does: 'forget the organization' },
  unit: { type: present, presence: true, does: 'forget the unit' },
  'subject-alt-name': { type: present, presence: true, does: 'forget the alternative names' },
  'key-size': { type: present, presence: true, does: 'default key size' },
  'key-usage': { type: present, presence: true, does: 'default key usage' },
  'days-valid': { type: present, presence: true, does: 'default validity' },
  'digest-algorithm': { type: present, presence: true, does: 'default digest' },
  trusted: { type: present, presence: true, does: 'default trust' },
  'trust-store': { type: present, presence: true, does: 'default trust store' },
} as const;

/** Removing a CA takes its chain along: a person is asked first. A script gets what RouterOS does; the log says how many went. */
async function confirmRemoval(certificates: Certificates, ids: readonly number[], call: Call): Promise<void> {
  const more = certificates.chainOf(ids).length - new Set(ids).size;
  if (more > 0) await confirm(call, `${more} more certificate${more === 1 ? '' : 's'} issued below will be removed too. Go on?`);
}

function fields(asValue: boolean | undefined, values: readonly (readonly [string, Value])[]): Result {
  return asValue === true ? { kind: 'value', value: mapOf(values) } : { kind: 'fields', fields: values };
}
