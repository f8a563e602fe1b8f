import { oneOf, present, text, yesNo } from '../../../src/menu/argument-types.ts';
import { command, directory, nothing } from '../../../src/menu/command.ts';
import { items } from '../../../src/menu/item-arguments.ts';
import { find, get, print } from '../../../src/menu/item-commands.ts';
import { TableReader } from '../../../src/menu/table-reader.ts';
import { idOf } from '../../../src/menu/value.ts';
import { personSource, personTable } from '../../menu/people.ts';

/** What the commands of the test tree were given. */
export const log: string[] = [];

const reader = new TableReader(personTable);

/** A router whose only business is people. */
export const tree = directory('the root', {
  person: directory('people', {
    print: print(reader, personSource),
    find: find(reader),
    get: get(reader, personSource),
    add: command({
      does: 'add a person',
      needs: ['write'],
      args: {
        name: { type: text, does: 'name', required: true },
        nick: { type: text, does: 'other name' },
        password: { type: text, does: 'secret', sensitive: true },
        kind: { type: oneOf(['child', 'adult']), does: 'kind' },
        away: { type: yesNo, does: 'not here' },
      },
      changes: true,
      run(values) {
        log.push(`add ${JSON.stringify(values)}`);
        return { kind: 'value', value: idOf(0x1f) };
      },
    }),
    remove: command({
      does: 'remove people',
      needs: ['write'],
      args: { numbers: { type: items(personSource), does: 'who', unnamed: true, required: true } },
      run({ numbers }) {
        log.push(`remove ${numbers.map((each) => each.name).join(' ')}`);
        return nothing;
      },
    }),
    pets: directory('their pets', {
      list: command({
        does: 'list pets',
        needs: ['read'],
        args: { all: { type: present, presence: true, does: 'also the small ones' } },
        run: () => ({ kind: 'value', value: 'rex' }),
      }),
    }),
  }),
  partner: directory('partners', {}),
  log: directory('the log', {
    info: command({
      does: 'log a text',
      needs: ['read'],
      args: { message: { type: text, does: 'the text', unnamed: true, required: true } },
      run({ message }) {
        log.push(`info ${message}`);
        return nothing;
      },
    }),
  }),
});
