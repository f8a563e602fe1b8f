import { type Form, outputs, type Target } from '../cross-build/targets.ts';
import { ofZig } from './bundled.ts';
import { type Artifact, type Component, type Contents, referenceOf } from './component.ts';
import { linkedInto, standardLibrary } from './crates.ts';
import { nodeItself, npmPackages } from './npm.ts';

/** The crate of native/ that each form is built from. */
const crates: Readonly<Record<Exclude<Form, 'node'>, string>> = {
  addon: 'signet-rsa-keygen',
  compact: 'signet-compact-host',
  keygen: 'signet-keygen-cli',
};

/** What of others is in these forms of a target. */
export function contentsOf(target: Target, built: readonly Form[]): Contents {
  const ofTools = ofZig(target);
  const library = standardLibrary(target);
  const common = [...ofTools.map(({ purl }) => purl), ...library.direct];
  const forms = built.map((form): Artifact & Pick<Contents, 'components'> => {
    const name = outputs[form];
    if (form === 'node') {
      const components = [...nodeItself(target.name), ...npmPackages()];
      return { name, components, dependsOn: [referenceOf(outputs.addon), ...components.map(({ purl }) => purl)].sort() };
    }
    // The compact program has no package of npm, which layers.ts sees to.
    const { components, direct } = linkedInto(target, crates[form]);
    return { name, components, dependsOn: [...direct, ...common].sort() };
  });
  return {
    artifacts: forms.map(({ name, dependsOn }) => ({ name, dependsOn })),
    components: merged([...ofTools, ...library.components, ...forms.flatMap(({ components }) => components)]),
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
