import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { NodeLogSink } from '../../../src/platform/node/log.ts';

describe('NodeLogSink', () => {
  const entry = { time: 1_795_464_000, severity: 'warning', topics: ['certificate'], message: 'expires soon' } as const;

  it('writes one line an entry, with the time in UTC', () => {
    const output = new PassThrough();
    new NodeLogSink(output).write(entry);
    expect(String(output.read())).toBe('2026-11-23T20:00:00Z certificate,warning expires soon\n');
  });

  it('makes visible what could move a cursor, turn the text around or begin another line', () => {
    const output = new PassThrough();
    new NodeLogSink(output).write({ ...entry, message: 'CN=\u001b[2J\r\n\u202eevil\u2028\u009b1m' });
    expect(String(output.read())).toBe(
      '2026-11-23T20:00:00Z certificate,warning CN=\\u{1b}[2J\\u{d}\\u{a}\\u{202e}evil\\u{2028}\\u{9b}1m\n',
    );
  });

  it('is not stopped by an output that is gone', () => {
    const output = new PassThrough();
    const sink = new NodeLogSink(output);
    output.destroy(new Error('EPIPE'));
    expect(() => sink.write(entry)).not.toThrow();
  });
});
