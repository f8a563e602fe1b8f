import { unlimited } from '../../src/bytes/budget.ts';
import { NodeFiles } from '../../src/platform/node/files.ts';
import { SftpServer } from '../../src/sftp/server.ts';

// A server of SFTP on standard input and output, as `sftp -D` starts one: of the folder that the environment names.
const files = await NodeFiles.open(process.env['SFTP_ROOT'] ?? '');
const input = process.stdin[Symbol.asyncIterator]();
await new SftpServer(files).serve(
  {
    read: async () => {
      const next: IteratorResult<Uint8Array> = await input.next();
      return next.done === true ? undefined : next.value;
    },
    write: (bytes) =>
      new Promise((resolve, reject) => {
        process.stdout.write(bytes, (error) => (error ? reject(error) : resolve()));
      }),
  },
  { permitted: () => true, audit: () => undefined },
  unlimited(),
);
