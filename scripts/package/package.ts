import type { PackageForm } from '../cross-build/targets.ts';
import { deb } from './deb.ts';
import { ipk } from './ipk.ts';
import { oci } from './oci.ts';
import type { Release } from './release.ts';

/** The name of a package's file, as those who handle such packages expect it. */
export function packageFile(form: PackageForm, { version }: Release, architecture: string): string {
  return form === 'oci' ? `signet-${version}-${architecture}.oci.tar` : `signet_${version}_${architecture}.${form}`;
}

/** A package of the compact program; `licences` is the text on what is linked in. */
export function makePackage(form: PackageForm, program: Uint8Array, licences: string, release: Release, architecture: string): Uint8Array {
  switch (form) {
    case 'ipk':
      return ipk(program, licences, release, architecture);
    case 'deb':
      return deb(program, licences, release, architecture);
    default:
      return oci(program, licences, release, architecture);
  }
}
