import { type Form, outputs, type Target } from '../cross-build/targets.ts';
import { ofZig } from './bundled.ts';
import type { Component, Contents } from './component.ts';
import { linkedInto, standardLibrary } from './crates.ts';

/** The crate of native/ that each form is built from. */
const crates: Readonly<Record<Form, string>> = {
  addon: 'signet-rsa-keygen',
  compact: 'signet-compact-host',
  keygen: 'signet-keygen-cli',
};

/** What of others is in the forms of a target: no package of npm is in the compact program, which layers.ts sees to. */
export function contentsOf(target: Target): Contents {
  const everywhere = [...ofZig(target), ...standardLibrary(target).components];
  const common = everywhere.filter(({ purl }) => !purl.startsWith('pkg:cargo/')).map(({ purl }) => purl);
  const forms = target.forms.map((form) => ({ name: outputs[form], ...linkedInto(target, crates[form]) }));
  return {
    artifacts: forms.map(({ name, direct }) => ({ name, dependsOn: [...direct, ...common].sort() })),
    components: merged([...everywhere, ...forms.flatMap(({ components }) => components)]),
  };
}

/** Each once; what one form needs of a component and another does not is needed. */
function merged(components: readonly Component[]): Component[] {
  const all = new Map<string, Component>();
  for (const component of components) {
    const known = all.get(component.purl);
    const dependsOn = [...new Set([...(known?.dependsOn ?? []), ...component.dependsOn])].sort();
    all.set(component.purl, { ...component, dependsOn });
  }
  return [...all.values()].sort((a, b) => (a.purl < b.purl ? -1 : 1));
}
