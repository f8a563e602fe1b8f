import type { Certificates } from '../certificates/certificates.ts';
import type { CertificateItem } from '../certificates/item.ts';
import { purposes } from '../certificates/properties.ts';
import type { VerifiedLink } from '../certificates/verify.ts';
import type { RouterFiles } from '../files/router-files.ts';
import type { Clock, Instant } from '../platform/clock.ts';
import { localInstant } from '../system/clock.ts';
import { SystemError } from '../system/errors.ts';
import type { PlainType } from './argument.ts';
import { oneOf, present, text } from './argument-types.ts';
import { type CommandDeclaration, command } from './command.ts';
import { failure } from './errors.ts';
import { existingFile } from './file.ts';
import { type ItemSource, item } from './item-arguments.ts';
import { TableReader } from './table-reader.ts';
import { formatValue } from './value.ts';

/** `/certificate/verify`: shows the chain of a certificate to a trusted one, or fails with the reason why there is none. */
export function verifyCommand(
  certificates: Certificates,
  source: ItemSource<CertificateItem>,
  files: RouterFiles,
  clock: Clock,
  formatTime: (instant: Instant) => string,
): CommandDeclaration {
  return command({
    does: 'show the chain of a certificate to a trusted one, or why it has none',
    needs: ['read'],
    args: {
      number: { type: item(source), unnamed: true, does: 'the certificate' },
      'file-name': { type: existingFile(files), does: 'a file with the certificate first, and perhaps others of its chain' },
      purpose: { type: oneOf(purposes), does: 'what it is to be used for; anything if left out' },
      host: { type: text, does: 'the domain name or IP address that it must be for' },
      at: { type: moment(clock), does: 'when it is used; now if left out' },
      'as-value': { type: present, presence: true, does: 'give an array of maps, print nothing' },
    },
    run: async (values, call) => {
      const { purpose, host, at } = values;
      const asked = { id: values.number?.id, fileName: values['file-name'], purpose, host, at };
      const reader = chainReader(await certificates.verify(asked, call), formatTime);
      const layout = values['as-value'] === true ? 'as-value' : 'detail';
      return { kind: 'listing', listing: reader.listing({ layout }, await reader.listed('whole')) };
    },
  });
}

function chainReader(chain: readonly VerifiedLink[], formatTime: (instant: Instant) => string): TableReader<VerifiedLink> {
  return new TableReader<VerifiedLink>({
    path: '/certificate/verify',
    properties: [
      { name: 'name', style: 'quoted', read: (link) => link.item },
      { name: 'subject', style: 'quoted', read: (link) => link.subject },
      { name: 'fingerprint', style: 'quoted', read: (link) => link.fingerprint },
      { name: 'invalid-after', style: 'bare', read: (link) => formatTime(link.invalidAfter) },
    ],
    flags: [{ letter: 'T', name: 'trusted' }],
    flagsOf: ({ trusted }) => ({ trusted }),
    brief: ['name', 'subject', 'fingerprint'],
    id: (link) => chain.indexOf(link) + 1,
    items: () => chain,
  });
}

function moment(clock: Clock): PlainType<Instant> {
  return {
    describes: 'local date and time: 2026-11-23 20:14:03',
    read(value, argument) {
      try {
        return localInstant(formatValue(value), clock);
      } catch (error) {
        throw error instanceof SystemError ? failure(`${argument}: ${error.message}`) : error;
      }
    },
  };
}
