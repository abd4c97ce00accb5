/** Raised whenever the tables change; a file of another version is refused rather than guessed at. */
export const SCHEMA_VERSION = 1;

/** What one tenant's file holds. `tenant` has exactly one row; times are milliseconds since 1970 UTC. */
export const SCHEMA = `
CREATE TABLE tenant (
  only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
  instance_id TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('open', 'suspended')),
  plan TEXT NOT NULL CHECK (json_valid(plan))
) STRICT;
CREATE TABLE user (
  name TEXT PRIMARY KEY,
  password_hash TEXT NOT NULL
) STRICT;
CREATE TABLE session (
  token_digest TEXT PRIMARY KEY,
  user_name TEXT NOT NULL REFERENCES user (name) ON DELETE CASCADE,
  expires_at INTEGER NOT NULL
) STRICT;
CREATE TABLE note (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  text TEXT NOT NULL,
  written_by TEXT NOT NULL REFERENCES user (name),
  written_at INTEGER NOT NULL
) STRICT;
PRAGMA user_version = ${SCHEMA_VERSION};
`;
