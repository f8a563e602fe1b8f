import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A piece of software by others that is in what is shipped. */
export interface Component {
  readonly name: string;
  readonly version: string;
  /** Package URL, which names it for every tool. */
  readonly purl: string;
  /** An expression of SPDX. */
  readonly licence: string;
  /** Of the file that a registry gave, in hex. */
  readonly hash?: { readonly algorithm: 'SHA-256' | 'SHA-512'; readonly content: string };
  /** What its source says of its licence, whole. */
  readonly texts: readonly string[];
  /** Package URLs of what it is made with that is shipped too. */
  readonly dependsOn: readonly string[];
}

/** A program or library that is built here. */
export interface Artifact {
  readonly name: string;
  /** Package URLs, and references of other artifacts. */
  readonly dependsOn: readonly string[];
}

/** How an artifact is named where a package URL may stand too. */
export function referenceOf(name: string): string {
  return `file:${name}`;
}

/** What a target's folder holds, and what of others is in that. */
export interface Contents {
  readonly artifacts: readonly Artifact[];
  readonly components: readonly Component[];
}

/** Texts that lie beside the licence that is taken, where a user may choose. */
const notTaken = /GPL|UNLICENSE/i;

/** The licence in a folder of sources. Where MIT's may be chosen it is, being the shortest to keep. */
export function licenceTexts(folder: string): string[] {
  const names = readdirSync(folder).filter((name) => /^(?:licen[cs]e|copying|copyright|notice)/i.test(name) && !notTaken.test(name));
  const choice = names.some((name) => name.includes('MIT'));
  const taken = choice ? names.filter((name) => /MIT|NOTICE|COPYRIGHT/i.test(name)) : names;
  return taken.sort().map((name) => readFileSync(join(folder, name), 'utf8').replaceAll('\r\n', '\n').trim());
}

/** `OR` for the slash of old manifests. */
export function spdx(expression: string): string {
  return expression.replaceAll(/\s*\/\s*/g, ' OR ');
}
