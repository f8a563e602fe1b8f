/** A program on a terminal: tells what it is on, then every key, window change and interrupt, until `q`. */
import { NodeTerminal } from '../../../src/platform/node/terminal.ts';

const terminal = new NodeTerminal(process.stdin, process.stdout, process.stderr, process.env['TERM'] ?? '');
const say = (text: string) => terminal.write(Buffer.from(`${text}\r\n`));

terminal.onResize(() => void say(`resized ${terminal.columns}x${terminal.rows}`));
await say(`${terminal.interactive ? 'terminal' : 'pipe'} ${terminal.type} ${terminal.columns}x${terminal.rows}`);
for (let bytes = await terminal.read(); bytes !== undefined; bytes = await terminal.read()) {
  const keys = Buffer.from(bytes).toString('hex');
  await say(`read ${keys}`);
  if (keys === '71') break;
  if (keys === '77') await busy();
}
await terminal.writeError(Buffer.from('bye\r\n'));
await terminal.close(7);

/** A command that runs until it is interrupted. */
async function busy(): Promise<void> {
  await new Promise<void>((resolve) => {
    const stop = terminal.onInterrupt(() => {
      stop();
      resolve();
    });
    void say('working');
  });
  await say('interrupted');
}
