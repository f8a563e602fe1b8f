/** The parts of node-forge that are loaded alone: the whole library costs 25 ms at start. @types/node-forge describes only the whole. */
declare module 'node-forge/lib/rc2.js' {
  import type forge from 'node-forge';

  const rc2: typeof forge.rc2;
  export default rc2;
}

declare module 'node-forge/lib/util.js' {
  import type forge from 'node-forge';

  const util: typeof forge.util;
  export default util;
}
