/** One step forward of the schema. A step that was ever released is never changed. */
export interface Migration {
  readonly version: number;
  readonly sql: string;
}

/** Marks the file as a store of signet (SQLite's application_id): "SGNT". */
export const applicationId = 0x53474e54;

/**
 * Every version of the schema, oldest first. Items that a console addresses by `.id` use AUTOINCREMENT: an id is never used
 * twice. Instants are seconds since 1970 UTC. Yes and no are 1 and 0.
 */
export const migrations: readonly Migration[] = [
  {
    version: 1,
    sql: `
      CREATE TABLE setting (
        name  TEXT PRIMARY KEY,
        value TEXT NOT NULL
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE user_group (
        id       INTEGER PRIMARY KEY AUTOINCREMENT,
        name     TEXT NOT NULL UNIQUE,
        policies TEXT NOT NULL,                    -- comma-separated, in the order of policies.ts
        comment  TEXT NOT NULL
      ) STRICT;

      CREATE TABLE user (
        id             INTEGER PRIMARY KEY AUTOINCREMENT,
        name           TEXT NOT NULL UNIQUE,
        group_id       INTEGER NOT NULL REFERENCES user_group (id),
        password       TEXT,                       -- see users/password.ts; NULL: no password was ever set
        comment        TEXT NOT NULL,
        disabled       INTEGER NOT NULL CHECK (disabled IN (0, 1)),
        last_logged_in INTEGER
      ) STRICT;
      CREATE INDEX user_of_group ON user (group_id);
    `,
  },
];

/**
 * A column that holds a sealed secret (sealing.ts) of the row `id` of `table`, and the column with the id of the device key that
 * sealed it. Re-keying and backups walk this list: a sealed column that is not in it would be lost.
 */
export interface SealedColumn {
  readonly table: string;
  readonly sealed: string;
  readonly deviceKeyId: string;
}

export const sealedColumns: readonly SealedColumn[] = [];
