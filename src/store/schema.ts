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

      -- A private key, sealed. Certificates of the same public key share it.
      CREATE TABLE private_key (
        id            INTEGER PRIMARY KEY AUTOINCREMENT,
        sealed        BLOB NOT NULL,               -- PKCS#8
        device_key_id BLOB NOT NULL,
        exportable    INTEGER NOT NULL CHECK (exportable IN (0, 1))
      ) STRICT;

      -- Templates and certificates: signing turns one into the other in place. What print shows has a column of its own.
      CREATE TABLE certificate (
        id                INTEGER PRIMARY KEY AUTOINCREMENT,
        position          INTEGER NOT NULL UNIQUE, -- order in print
        name              TEXT NOT NULL UNIQUE,
        common_name       TEXT,                    -- from here to trust_store NULL means: not set
        country           TEXT,
        state             TEXT,
        locality          TEXT,
        organization      TEXT,
        unit              TEXT,
        subject_alt_names TEXT,                    -- JSON array: ["DNS:a.example","IP:10.0.0.1"]
        key_size          TEXT,
        key_usage         TEXT,                    -- comma-separated
        days_valid        INTEGER,
        digest_algorithm  TEXT,
        trusted           INTEGER CHECK (trusted IN (0, 1)),
        trust_store       TEXT,                    -- comma-separated
        fingerprint       TEXT,                    -- SHA-256 of der, hex; NULL, as all that follows, in a template
        key_type          TEXT,
        serial_number     TEXT,                    -- hex
        issuer            TEXT,                    -- NULL also for what was self-signed here
        invalid_before    INTEGER,
        invalid_after     INTEGER,
        skid              TEXT,                    -- hex, upper case; empty if there is none
        akid              TEXT,
        public_key_id     TEXT,                    -- SHA-256 of the SubjectPublicKeyInfo, hex
        private_key_id    INTEGER REFERENCES private_key (id),
        -- The CA of this router that issued it; chains are removed in any order.
        ca_id             INTEGER REFERENCES certificate (id) DEFERRABLE INITIALLY DEFERRED,
        ca_crl_host       TEXT,
        may_sign          INTEGER CHECK (may_sign IN (0, 1)),  -- its extensions let it sign certificates
        has_crl           INTEGER CHECK (has_crl IN (0, 1)),   -- it names CRL distribution points
        made_here         INTEGER CHECK (made_here IN (0, 1)), -- signed on this router, not imported
        revoked_at        INTEGER,
        noticed_days      INTEGER,                 -- the least of the expiry notices already logged
        der               BLOB,
        CHECK ((der IS NULL) = (fingerprint IS NULL))
      ) STRICT;
      CREATE INDEX certificate_of_public_key ON certificate (public_key_id) WHERE public_key_id IS NOT NULL;
      CREATE INDEX certificate_of_private_key ON certificate (private_key_id) WHERE private_key_id IS NOT NULL;
      CREATE INDEX certificate_of_ca ON certificate (ca_id) WHERE ca_id IS NOT NULL;

      -- The N of http://HOST/crl/N.crl, counted per CA key and never used again.
      CREATE TABLE ca_number (
        number        INTEGER PRIMARY KEY AUTOINCREMENT,
        public_key_id TEXT NOT NULL UNIQUE
      ) STRICT;

      -- What the CAs of this router revoked. It outlives the item and the CA, whose key may come back by import.
      CREATE TABLE revocation (
        issuer_key_id TEXT NOT NULL,               -- public_key_id of the CA
        serial_number BLOB NOT NULL,
        revoked_at    INTEGER NOT NULL,
        reason        TEXT,                        -- RFC 5280 5.3.1; NULL: unspecified
        invalid_after INTEGER NOT NULL,
        PRIMARY KEY (issuer_key_id, serial_number)
      ) STRICT, WITHOUT ROWID;
    `,
  },
  {
    version: 2,
    sql: `
      -- Public keys that users log in with by SSH; they go with their user.
      CREATE TABLE ssh_key (
        id          INTEGER PRIMARY KEY AUTOINCREMENT,
        user_id     INTEGER NOT NULL REFERENCES user (id) ON DELETE CASCADE,
        key         TEXT NOT NULL,                 -- "ssh-ed25519 AAAA...": type and base 64
        key_type    TEXT NOT NULL,
        bits        INTEGER NOT NULL,
        fingerprint TEXT NOT NULL,                 -- "SHA256:", base 64 without padding
        info        TEXT NOT NULL,                 -- what stood behind the key, mostly whose it is
        comment     TEXT NOT NULL,
        UNIQUE (user_id, key)
      ) STRICT;
    `,
  },
  {
    version: 3,
    sql: `
      -- What was set of the services of /ip/service, a row each; one that is not here has the defaults of services/services.ts.
      CREATE TABLE service (
        name           TEXT PRIMARY KEY,           -- "www-ssl"
        disabled       INTEGER NOT NULL CHECK (disabled IN (0, 1)),
        port           INTEGER NOT NULL,
        address        TEXT NOT NULL,              -- comma-separated prefixes of those who may come; empty: everybody
        certificate_id INTEGER REFERENCES certificate (id) ON DELETE SET NULL,
        tls_version    TEXT NOT NULL,
        max_sessions   INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;

      -- The newest CRL of a CA key of this router: one that can't be made anew now is served as long as it is good.
      CREATE TABLE issued_crl (
        public_key_id  TEXT PRIMARY KEY,           -- of the CA, as in ca_number
        number         INTEGER NOT NULL,           -- cRLNumber
        this_update    INTEGER NOT NULL,
        next_update    INTEGER NOT NULL,
        -- thisUpdate of the last one that was not made because of a revocation: what expired before it has had its day (RFC 5280 3.3).
        regular_update INTEGER NOT NULL,
        due_at         INTEGER NOT NULL,           -- when the next is to be made: 0 after a revocation
        der            BLOB NOT NULL
      ) STRICT;
      CREATE INDEX certificate_with_crl_host ON certificate (public_key_id) WHERE ca_crl_host IS NOT NULL;
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

export const sealedColumns: readonly SealedColumn[] = [{ table: 'private_key', sealed: 'sealed', deviceKeyId: 'device_key_id' }];
