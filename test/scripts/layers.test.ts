import { describe, expect, test } from 'vitest';
import { layerViolations } from '../../scripts/layers.ts';

function violations(path: string, text: string): string[] {
  return layerViolations([{ path, text }]);
}

describe('imports of src/', () => {
  test('point down', () => {
    expect(
      violations('src/x509/certificate.ts', "import { readSequence } from '../der/reader.ts';\nimport type { Name } from './name.ts';"),
    ).toEqual([]);
    expect(violations('src/main.ts', "import { open } from './platform/node/database.ts';\nimport process from 'node:process';")).toEqual(
      [],
    );
    expect(violations('src/compact.ts', "import { CompactClock } from './platform/compact/clock.ts';")).toEqual([]);
    expect(violations('src/platform/compact/clock.ts', "import * as host from 'signet:clock';")).toEqual([]);
    expect(
      violations(
        'src/platform/node/rc2.ts',
        "import forge from 'node-forge';\nimport rc2 from 'node-forge/lib/rc2.js';\nimport fs from 'node:fs';",
      ),
    ).toEqual([]);
  });

  test.each([
    [
      'upwards',
      'src/der/reader.ts',
      "import { certificate } from '../x509/certificate.ts';",
      'der may not import x509 (../x509/certificate.ts)',
    ],
    ['past a layer', 'src/console/editor.ts', "import { open } from '../store/store.ts';", 'console may not import store'],
    [
      'into the host from the core',
      'src/store/store.ts',
      "import { files } from '../platform/node/files.ts';",
      'store may not import platform/node',
    ],
    [
      'into Node from the core',
      'src/keys/pkcs8.ts',
      "import { createHash } from 'node:crypto';",
      'imports node:crypto, which only platform/node, main.ts, node-router.ts, packaged.ts may',
    ],
    [
      'into the compact host from the core',
      'src/keys/pkcs8.ts',
      "import { hash } from 'signet:crypto';",
      'imports signet:crypto, which only platform/compact, compact.ts, compact-router.ts may',
    ],
    ['into Node from the compact host', 'src/platform/compact/files.ts', "import fs from 'node:fs';", 'imports node:fs'],
    ["into another host's folder", 'src/compact.ts', "import { a } from './platform/node/clock.ts';", "another host's"],
    ['into Node from a port', 'src/platform/files.ts', "import type { Stats } from 'node:fs';", 'imports node:fs'],
    [
      'into node-forge from the core',
      'src/keys/pkcs12.ts',
      "import rc2 from 'node-forge/lib/rc2.js';",
      'imports the package node-forge/lib/rc2.js',
    ],
    ['into another package', 'src/platform/node/files.ts', "import pkijs from 'pkijs';", 'imports the package pkijs'],
    ['over several lines', 'src/der/reader.ts', "import {\n  a,\n  b,\n} from '../keys/pkcs8.ts';", 'der may not import keys'],
    ['for their effects', 'src/der/reader.ts', "import '../menu/tree.ts';", 'der may not import menu'],
    ['by re-export', 'src/der/reader.ts', "export { a } from '../menu/tree.ts';", 'der may not import menu'],
    ['of everything', 'src/der/reader.ts', "export * from '../menu/tree.ts';", 'der may not import menu'],
    ['late', 'src/der/reader.ts', "const a = await import('../menu/tree.ts');", 'der may not import menu'],
    ['from main', 'src/main.ts', "import forge from 'node-forge';", 'src/main.ts: imports the package node-forge'],
    ['from a folder nobody placed', 'src/helpers/a.ts', "import { b } from '../bytes/hex.ts';", 'src/helpers is not in the list of layers'],
  ])('do not point %s', (_, path, text, message) => {
    expect(violations(path, text)).toEqual([expect.stringContaining(message)]);
  });

  test('are not found in comments', () => {
    expect(violations('src/der/reader.ts', "/**\n * import { a } from '../menu/tree.ts';\n */\nexport const a = 1;")).toEqual([]);
  });
});
