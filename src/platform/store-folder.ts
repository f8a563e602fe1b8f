import type { Files } from './files.ts';

/** Where things lie in the folder of a store. */
export interface StoreFolder {
  /** Path of the database. */
  readonly database: string;
  /** Notes, durably, that all that is in it is to be destroyed when it is opened again, the device key first. */
  readonly askErasure: () => Promise<void>;
  /** The folder itself, for the device key; to be opened while the database is owned. */
  readonly openSecrets: () => Promise<Files>;
  /** The files of /file; to be opened while the database is owned. */
  readonly openFiles: () => Promise<Files>;
}
