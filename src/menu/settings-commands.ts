import { present, text } from './argument-types.ts';
import { type CommandDeclaration, command } from './command.ts';
import { propertiesOf, propertyOf, valueResult } from './item-commands.ts';
import type { Property, Table } from './listing.ts';
import type { TableReader } from './table-reader.ts';

/** A table of the one item that a menu of settings is. */
export function settingsTable<Item>(path: string, properties: readonly Property<Item>[], read: () => Item): Table<Item> {
  return { path, properties, flags: [], brief: [], id: () => 0, items: () => [read()] };
}

/** The `print` of a menu that is one set of values (`/system/identity`). */
export function printSettings<Item>(reader: TableReader<Item>): CommandDeclaration {
  return command({
    does: 'print the values of this menu',
    needs: ['read'],
    args: {
      'as-value': { type: present, presence: true, does: 'give a map, print nothing' },
      proplist: { type: propertiesOf(reader), does: 'the properties to print' },
      'without-paging': { type: present, presence: true, does: 'do not stop after a screen' },
      file: { type: text, changes: true, does: 'write to this file instead of the screen' },
    },
    run: async (values) => ({
      kind: 'listing',
      listing: reader.listing(
        {
          layout: values['as-value'] === true ? 'as-value' : 'settings',
          ...(values.proplist === undefined ? {} : { proplist: values.proplist }),
          ...(values['without-paging'] === true ? { withoutPaging: true } : {}),
          ...(values.file === undefined ? {} : { file: values.file }),
        },
        await reader.listed('whole'),
      ),
    }),
  });
}

/** The `get` of such a menu. */
export function getSetting<Item>(reader: TableReader<Item>): CommandDeclaration {
  return command({
    does: 'get a value of this menu',
    needs: ['read'],
    args: { 'value-name': { type: propertyOf(reader), unnamed: true, does: 'the property; all of them if left out' } },
    run: async (values, { caller }) => {
      const [settings] = await reader.table.items('whole');
      return settings === undefined ? { kind: 'nothing' } : valueResult(reader, settings, values['value-name'], caller);
    },
  });
}
