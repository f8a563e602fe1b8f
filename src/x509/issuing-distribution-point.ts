import { oids } from '../der/oids.ts';
import { boolean, explicit, implicit, namedBits, sequence } from '../der/writer.ts';
import { bitNumbers, decodeExtension, type Extension, encodeGeneralNames, readGeneralNames } from './extensions.ts';
import type { GeneralName } from './general-names.ts';

/** What a CRL is about, when not about all certificates of its issuer (RFC 5280 5.2.5). */
export interface IssuingDistributionPoint {
  /** Names of the distribution point; none when the field is left out or is a relative name. */
  readonly fullName: readonly GeneralName[];
  /** nameRelativeToCRLIssuer with its tag [1], kept as found. */
  readonly relativeName?: Uint8Array;
  readonly onlyContainsUserCerts: boolean;
  readonly onlyContainsCACerts: boolean;
  /** Numbers of the ReasonFlags bits; every reason when absent. */
  readonly onlySomeReasons?: readonly number[];
  readonly indirectCRL: boolean;
  readonly onlyContainsAttributeCerts: boolean;
}

// IssuingDistributionPoint ::= SEQUENCE { distributionPoint [0] DistributionPointName OPTIONAL,
//   onlyContainsUserCerts [1] BOOLEAN DEFAULT FALSE, onlyContainsCACerts [2] BOOLEAN DEFAULT FALSE,
//   onlySomeReasons [3] ReasonFlags OPTIONAL, indirectCRL [4] BOOLEAN DEFAULT FALSE,
//   onlyContainsAttributeCerts [5] BOOLEAN DEFAULT FALSE }
/** Critical, as RFC 5280 demands. */
export function encodeIssuingDistributionPoint(point: IssuingDistributionPoint): Extension {
  const name = point.relativeName ?? (point.fullName.length === 0 ? undefined : implicit(0, encodeGeneralNames(point.fullName)));
  const flag = (number: number, value: boolean): Uint8Array[] => (value ? [implicit(number, boolean(true))] : []);
  const value = sequence(
    ...(name === undefined ? [] : [explicit(0, name)]),
    ...flag(1, point.onlyContainsUserCerts),
    ...flag(2, point.onlyContainsCACerts),
    ...(point.onlySomeReasons === undefined ? [] : [implicit(3, namedBits(point.onlySomeReasons))]),
    ...flag(4, point.indirectCRL),
    ...flag(5, point.onlyContainsAttributeCerts),
  );
  return { oid: oids.issuingDistributionPoint, critical: true, value };
}

/** Fields that are left out are false. */
export function decodeIssuingDistributionPoint(extension: Extension): IssuingDistributionPoint {
  return decodeExtension(extension, 'issuingDistributionPoint', (r) =>
    r.sequence((p) => {
      const name = p.field('distributionPoint').optionalExplicit(0, (n) => {
        const fullName = n.field('fullName').optionalImplicit(0, (v) => readGeneralNames(v));
        return fullName === undefined ? { fullName: [], relativeName: n.any() } : { fullName };
      });
      const flag = (field: string, number: number): boolean => p.field(field).optionalImplicit(number, (v) => v.boolean()) ?? false;
      const onlyContainsUserCerts = flag('onlyContainsUserCerts', 1);
      const onlyContainsCACerts = flag('onlyContainsCACerts', 2);
      const reasons = p.field('onlySomeReasons').optionalImplicit(3, (v) => bitNumbers(v.bitString()));
      return {
        ...(name ?? { fullName: [] }),
        onlyContainsUserCerts,
        onlyContainsCACerts,
        ...(reasons === undefined ? {} : { onlySomeReasons: reasons }),
        indirectCRL: flag('indirectCRL', 4),
        onlyContainsAttributeCerts: flag('onlyContainsAttributeCerts', 5),
      };
    }),
  );
}
