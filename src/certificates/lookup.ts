import type { StoredCertificate } from '../store/stored-certificate.ts';
import { CertificateError } from './errors.ts';
import type { Context } from './ports.ts';

/** The item, or a `CertificateError` `no-such-item`. */
export function itemWithId({ store }: Context, id: number): StoredCertificate {
  const item = store.certificates.byId(id);
  if (item === undefined) throw new CertificateError('no-such-item', 'no such item');
  return item;
}

/** The item, which must be a template that no command works on. */
export function templateWithId(context: Context, id: number): StoredCertificate {
  const item = itemWithId(context, id);
  if (!item.isTemplate) throw new CertificateError('not-a-template', `${item.name} is a certificate already, not a template`);
  context.busy.check(item);
  return item;
}

/** Throws `changed` unless the template is still as it was: it may have gone, with the whole store, while a key was made. */
export function checkUnchanged({ store }: Context, template: StoredCertificate): void {
  const current = store.certificates.byId(template.id);
  const same =
    current?.isTemplate === true &&
    current.name === template.name &&
    JSON.stringify(current.properties) === JSON.stringify(template.properties);
  if (!same) throw new CertificateError('changed', `${template.name} was changed or removed meanwhile`);
}
