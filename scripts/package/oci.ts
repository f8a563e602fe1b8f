import { createHash } from 'node:crypto';
import { type Entry, gzip, tar, tree } from './archive.ts';
import { type Release, summary } from './release.ts';

/** No system of the image's own, so no name would say more; platforms that refuse root want a number. */
const owner = 900;

/**
 * An image of the Open Container Initiative with nothing in it but the program, as an archive of its layout (image-spec 1.1). `architecture`
 * is Go's name; `licences` is the text on what is linked in.
 */
export function oci(program: Uint8Array, licences: string, { version, time }: Release, architecture: string): Uint8Array {
  const files: readonly Entry[] = [
    { path: 'usr/bin/signet', mode: 0o755, contents: program },
    { path: 'usr/share/licenses/signet/THIRD-PARTY-LICENCES.txt', mode: 0o644, contents: licences },
    {
      path: 'etc/passwd',
      mode: 0o644,
      contents: `root:x:0:0:root:/:/nonexistent\nsignet:x:${owner}:${owner}:signet:/var/lib/signet:/nonexistent\n`,
    },
    { path: 'etc/group', mode: 0o644, contents: `root:x:0:\nsignet:x:${owner}:\n` },
    { path: 'run/signet', mode: 0o755, owner },
    { path: 'tmp', mode: 0o1777 },
    { path: 'var/lib/signet', mode: 0o700, owner },
  ];
  const uncompressed = tar(tree(files), time);
  const layer = blob('application/vnd.oci.image.layer.v1.tar+gzip', gzip(uncompressed));
  const created = new Date(time * 1000).toISOString().replace('.000', '');
  const labels = {
    'org.opencontainers.image.title': 'signet',
    'org.opencontainers.image.description': summary,
    'org.opencontainers.image.version': version,
    'org.opencontainers.image.licenses': 'MIT',
    'org.opencontainers.image.created': created,
  };
  const configuration = json('application/vnd.oci.image.config.v1+json', {
    created,
    architecture,
    os: 'linux',
    config: {
      User: `${owner}:${owner}`,
      Entrypoint: ['/usr/bin/signet'],
      Cmd: ['daemon'],
      WorkingDir: '/var/lib/signet',
      Volumes: { '/var/lib/signet': {} },
      StopSignal: 'SIGTERM',
      Labels: labels,
    },
    rootfs: { type: 'layers', diff_ids: [digest(uncompressed)] },
    history: [{ created, created_by: 'npm run cross-build' }],
  });
  const manifest = json('application/vnd.oci.image.manifest.v1+json', {
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    config: configuration.descriptor,
    layers: [layer.descriptor],
    annotations: labels,
  });
  const index = {
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.index.v1+json',
    manifests: [
      {
        ...manifest.descriptor,
        platform: { architecture, os: 'linux' },
        annotations: { 'org.opencontainers.image.ref.name': version },
      },
    ],
  };
  const blobs = [layer, configuration, manifest].map(({ contents, descriptor }): Entry => {
    return { path: `blobs/${descriptor.digest.replace(':', '/')}`, mode: 0o644, contents };
  });
  const layout: readonly Entry[] = [
    { path: 'oci-layout', mode: 0o644, contents: JSON.stringify({ imageLayoutVersion: '1.0.0' }) },
    { path: 'index.json', mode: 0o644, contents: JSON.stringify(index) },
    ...blobs,
  ];
  // Without `./`, which some readers of archives do not take for the same path.
  const entries = tree(layout).slice(1);
  return tar(
    entries.map((entry) => ({ ...entry, path: entry.path.slice('./'.length) })),
    time,
  );
}

interface Blob {
  readonly contents: Uint8Array;
  readonly descriptor: { readonly mediaType: string; readonly digest: string; readonly size: number };
}

function json(mediaType: string, value: object): Blob {
  return blob(mediaType, Buffer.from(JSON.stringify(value)));
}

function blob(mediaType: string, contents: Uint8Array): Blob {
  return { contents, descriptor: { mediaType, digest: digest(contents), size: contents.length } };
}

function digest(contents: Uint8Array): string {
  return `sha256:${createHash('sha256').update(contents).digest('hex')}`;
}
