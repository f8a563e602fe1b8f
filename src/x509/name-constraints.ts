import { oids } from '../der/oids.ts';
import type { DerReader } from '../der/reader.ts';
import { implicit, sequence, sequenceOf } from '../der/writer.ts';
import { X509Error } from './errors.ts';
import { decodeExtension, type Extension } from './extensions.ts';
import { encodeGeneralName, type GeneralName, readGeneralName } from './general-names.ts';

/** The names that a CA may and may not certify (RFC 5280 4.2.1.10); an IP range is address and mask, as `parseIpPrefix` gives. */
export interface NameConstraints {
  readonly permitted: readonly GeneralName[];
  readonly excluded: readonly GeneralName[];
}

// NameConstraints ::= SEQUENCE { permittedSubtrees [0] GeneralSubtrees OPTIONAL, excludedSubtrees [1] GeneralSubtrees OPTIONAL }
// GeneralSubtrees ::= SEQUENCE SIZE (1..MAX) OF GeneralSubtree
// GeneralSubtree ::= SEQUENCE { base GeneralName, minimum [0] BaseDistance DEFAULT 0, maximum [1] BaseDistance OPTIONAL }
/** Critical, as RFC 5280 demands. */
export function encodeNameConstraints({ permitted, excluded }: NameConstraints): Extension {
  if (permitted.length + excluded.length === 0) throw new X509Error('extension', 'nameConstraints: expected at least one subtree');
  checkRanges([...permitted, ...excluded]);
  const value = sequence(
    ...(permitted.length === 0 ? [] : [implicit(0, encodeSubtrees(permitted))]),
    ...(excluded.length === 0 ? [] : [implicit(1, encodeSubtrees(excluded))]),
  );
  return { oid: oids.nameConstraints, critical: true, value };
}

function encodeSubtrees(bases: readonly GeneralName[]): Uint8Array {
  return sequenceOf(bases.map((base) => sequence(encodeGeneralName(base))));
}

/** Throws `X509Error` for an IP range that is not of 8 or 32 octets. */
export function decodeNameConstraints(extension: Extension): NameConstraints {
  const constraints = decodeExtension(extension, 'nameConstraints', (r) =>
    r.sequence((c) => ({
      permitted: c.field('permittedSubtrees').optionalImplicit(0, (v) => readSubtrees(v)) ?? [],
      excluded: c.field('excludedSubtrees').optionalImplicit(1, (v) => readSubtrees(v)) ?? [],
    })),
  );
  checkRanges([...constraints.permitted, ...constraints.excluded]);
  return constraints;
}

/** A minimum other than 0 and a maximum have no use in X.509 (RFC 5280 4.2.1.10) and are refused. */
function readSubtrees(r: DerReader): GeneralName[] {
  return r.sequenceOf((subtrees) =>
    subtrees.sequence((s) => {
      const base = readGeneralName(s);
      s.field('minimum').optionalImplicit(0, (v) => v.smallInteger(0));
      return base;
    }),
  );
}

function checkRanges(bases: readonly GeneralName[]): void {
  const bad = bases.some((base) => base.type === 'ip' && base.bytes.length !== 8 && base.bytes.length !== 32);
  if (bad) throw new X509Error('extension', 'nameConstraints iPAddress: expected 8 or 32 octets, address and mask');
}
