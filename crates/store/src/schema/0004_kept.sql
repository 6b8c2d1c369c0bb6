-- Rows with an end that are no part of the record: sessions, drafts, the state of a sign-in. Times are microseconds
-- since 1970, UTC; a row whose end has come is as good as gone, whether it was swept or not.
CREATE TABLE kept(kind TEXT NOT NULL, key TEXT NOT NULL, owner TEXT NOT NULL, body BLOB NOT NULL,
  ends_at INTEGER NOT NULL, PRIMARY KEY(kind, key)) STRICT, WITHOUT ROWID;
CREATE INDEX kept_end ON kept(ends_at);
CREATE INDEX kept_owner ON kept(owner, kind);

-- What was done once, by whom and through what, under a key that a repeat brings again.
CREATE TABLE done(agent TEXT NOT NULL, capability TEXT NOT NULL, key TEXT NOT NULL, outcome TEXT NOT NULL,
  ends_at INTEGER NOT NULL, PRIMARY KEY(agent, capability, key)) STRICT, WITHOUT ROWID;
CREATE INDEX done_end ON done(ends_at);
