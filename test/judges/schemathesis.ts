import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { findTool } from '../../scripts/tools.ts';
import { JudgeRefused, newPath } from './run.ts';

/**
 * Asks a server all that its description of OpenAPI has, well and badly, for so many seconds, and compares the answers with the description.
 * Resolves with what it says; rejects with `JudgeRefused` where it finds something. The server may be in this process.
 */
export async function schemathesis(description: string, seconds: number): Promise<string> {
  const checks = ['not_a_server_error', 'status_code_conformance', 'content_type_conformance', 'response_schema_conformance'];
  const manner = ['--phases', 'coverage,fuzzing', '--max-examples', '5', '--max-time', String(seconds), '--suppress-health-check', 'all'];
  const args = ['-m', 'schemathesis.cli', 'run', description, '--checks', checks.join(), ...manner, '--seed', '1', '--no-shrink'];
  const folder = newPath();
  const python = findTool('pyca') ?? 'python3';
  try {
    const { stdout } = await promisify(execFile)(
      '/bin/sh',
      ['-c', 'mkdir "$1" && cd "$1" && shift && exec "$@"', 'sh', folder, python, ...args],
      {
        maxBuffer: 256 * 1024 * 1024,
        env: { ...process.env, LC_ALL: 'C.UTF-8', PYTHONUTF8: '1' },
      },
    );
    return stdout;
  } catch (error) {
    const text = error instanceof Error && 'stdout' in error ? String(error.stdout) : String(error);
    throw new JudgeRefused('schemathesis', args, 1, { bytes: new Uint8Array(), text, errors: '' });
  }
}
