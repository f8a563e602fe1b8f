import { describe, expect, test } from 'vitest';
import { oci } from '../../../scripts/package/oci.ts';
import { fileOf, newPath, run, testWith } from '../../judges/run.ts';
import { release, standIn } from './program.ts';

const program = standIn();
const contents = oci(program, 'licences of others\n', release, 'arm64');
const archive = fileOf(contents, '.oci.tar');

describe('the image for containers', () => {
  testWith('skopeo')('runs the daemon as a user of its own, on a volume, for the CPU it was made for', () => {
    const { config, ...image } = JSON.parse(run('skopeo', ['inspect', '--config', `oci-archive:${archive}:1.2.3`]).text) as {
      architecture: string;
      os: string;
      created: string;
      config: Record<string, unknown>;
    };
    expect([image.os, image.architecture, image.created]).toEqual(['linux', 'arm64', '2027-01-15T08:00:00Z']);
    expect(config).toMatchObject({
      User: '900:900',
      Entrypoint: ['/usr/bin/signet'],
      Cmd: ['daemon'],
      WorkingDir: '/var/lib/signet',
      Volumes: { '/var/lib/signet': {} },
      StopSignal: 'SIGTERM',
      Labels: { 'org.opencontainers.image.title': 'signet', 'org.opencontainers.image.version': '1.2.3' },
    });
  });

  testWith('tar', 'umoci')('holds nothing but the program, its user and its licences', () => {
    const layout = newPath();
    const bundle = newPath();
    run('busybox', ['mkdir', layout]);
    run('tar', ['-x', '-C', layout, '-f', archive]);
    run('umoci', ['unpack', '--rootless', '--image', `${layout}:1.2.3`, bundle]);
    const files = run('busybox', ['sh', '-c', 'cd "$0" && find . ! -type d | sort', `${bundle}/rootfs`]).text;
    expect(files).toBe('./etc/group\n./etc/passwd\n./usr/bin/signet\n./usr/share/licenses/signet/THIRD-PARTY-LICENCES.txt\n');
    expect(run('busybox', ['cat', `${bundle}/rootfs/usr/bin/signet`]).bytes).toEqual(new Uint8Array(program));
    expect(run('busybox', ['stat', '-c', '%a', `${bundle}/rootfs/var/lib/signet`]).text).toBe('700\n');
  });

  test('follows from its contents and its release alone', () => {
    expect(oci(program, 'licences of others\n', release, 'arm64')).toEqual(contents);
  });
});
