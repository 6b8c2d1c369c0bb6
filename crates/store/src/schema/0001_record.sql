-- Interned names. 0 stands for "none" where a column refers to one of these.
CREATE TABLE type(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE system(id INTEGER PRIMARY KEY, uri TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE patient(id INTEGER PRIMARY KEY, fhir_id TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE setting(name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;

-- The current state of each resource. position is that of its current version; settled is the first version of
-- the unbroken run that belongs to the present patients, because older versions may speak of somebody else.
CREATE TABLE resource(
  rid INTEGER PRIMARY KEY, type INTEGER NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL,
  position INTEGER NOT NULL, updated INTEGER NOT NULL, deleted INTEGER NOT NULL DEFAULT 0,
  settled INTEGER NOT NULL DEFAULT 1, UNIQUE(type, id)) STRICT;
CREATE INDEX resource_updated ON resource(type, updated, rid);

-- Every version for ever; position is the place in the change feed. A deletion has no json.
CREATE TABLE version(
  position INTEGER PRIMARY KEY, rid INTEGER NOT NULL, version INTEGER NOT NULL, updated INTEGER NOT NULL,
  method INTEGER NOT NULL, json BLOB, sha256 BLOB NOT NULL) STRICT;
CREATE UNIQUE INDEX version_of ON version(rid, version);

-- Search.
CREATE TABLE idx_string(p INTEGER NOT NULL, folded TEXT NOT NULL, exact TEXT NOT NULL, rid INTEGER NOT NULL,
  PRIMARY KEY(p, folded, exact, rid)) STRICT, WITHOUT ROWID;
CREATE TABLE idx_token(p INTEGER NOT NULL, code TEXT NOT NULL, system INTEGER NOT NULL, rid INTEGER NOT NULL,
  PRIMARY KEY(p, code, system, rid)) STRICT, WITHOUT ROWID;
CREATE TABLE idx_reference(p INTEGER NOT NULL, id TEXT NOT NULL, target INTEGER NOT NULL, rid INTEGER NOT NULL,
  PRIMARY KEY(p, id, target, rid)) STRICT, WITHOUT ROWID;
CREATE TABLE idx_date(p INTEGER NOT NULL, lo INTEGER NOT NULL, hi INTEGER NOT NULL, rid INTEGER NOT NULL,
  PRIMARY KEY(p, lo, hi, rid)) STRICT, WITHOUT ROWID;
CREATE TABLE idx_number(p INTEGER NOT NULL, lo REAL NOT NULL, hi REAL NOT NULL, rid INTEGER NOT NULL,
  PRIMARY KEY(p, lo, hi, rid)) STRICT, WITHOUT ROWID;
CREATE TABLE idx_quantity(p INTEGER NOT NULL, lo REAL NOT NULL, hi REAL NOT NULL, code TEXT NOT NULL,
  system INTEGER NOT NULL, rid INTEGER NOT NULL, PRIMARY KEY(p, lo, hi, code, system, rid)) STRICT, WITHOUT ROWID;
CREATE TABLE idx_uri(p INTEGER NOT NULL, uri TEXT NOT NULL, rid INTEGER NOT NULL,
  PRIMARY KEY(p, uri, rid)) STRICT, WITHOUT ROWID;

-- Whose record a resource belongs to, and who cares for whom. A deleted resource keeps its compartment rows, so
-- that those who could read it are told that it is gone.
CREATE TABLE compartment(patient INTEGER NOT NULL, type INTEGER NOT NULL, rid INTEGER NOT NULL,
  PRIMARY KEY(patient, type, rid)) STRICT, WITHOUT ROWID;
CREATE INDEX compartment_of ON compartment(rid, patient);
CREATE TABLE relationship(patient INTEGER NOT NULL, organisation TEXT NOT NULL, cause INTEGER NOT NULL,
  started INTEGER NOT NULL, ended INTEGER, PRIMARY KEY(organisation, patient, cause)) STRICT, WITHOUT ROWID;
CREATE INDEX relationship_cause ON relationship(cause);

-- Append-only bitemporal facts: a correction ends the row it replaces.
CREATE TABLE fact(
  id INTEGER PRIMARY KEY, stream TEXT NOT NULL, key TEXT NOT NULL, occurred_at INTEGER NOT NULL,
  recorded_at INTEGER NOT NULL, ended_at INTEGER, message INTEGER, body BLOB NOT NULL) STRICT;
CREATE UNIQUE INDEX fact_current ON fact(stream, key) WHERE ended_at IS NULL;
CREATE INDEX fact_stream ON fact(stream, id);
CREATE INDEX fact_message ON fact(message) WHERE message IS NOT NULL;

-- Messages from outside, raw. state: 0 received, 1 applied, 2 dead, 3 ignored.
CREATE TABLE inbox(
  id INTEGER PRIMARY KEY, source TEXT NOT NULL, application TEXT NOT NULL, facility TEXT NOT NULL,
  control_id TEXT NOT NULL, sha256 BLOB NOT NULL, received_at INTEGER NOT NULL, raw BLOB NOT NULL,
  state INTEGER NOT NULL DEFAULT 0, reused INTEGER NOT NULL DEFAULT 0, repeats INTEGER NOT NULL DEFAULT 0,
  reason TEXT, mapper TEXT, first_tried_at INTEGER, last_tried_at INTEGER, tries INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE INDEX inbox_key ON inbox(application, facility, control_id);
CREATE INDEX inbox_state ON inbox(state, id);

-- The audit log: one row per interaction and patient, leaves of a Merkle tree.
CREATE TABLE audit(
  seq INTEGER PRIMARY KEY, recorded_at INTEGER NOT NULL, agent TEXT NOT NULL, agent_name TEXT NOT NULL,
  role TEXT NOT NULL, organisation TEXT NOT NULL, purpose TEXT NOT NULL, trace TEXT NOT NULL,
  action TEXT NOT NULL, interaction TEXT NOT NULL, type TEXT, entity TEXT, version INTEGER, patient INTEGER,
  query TEXT, outcome INTEGER NOT NULL, reason TEXT, salt BLOB NOT NULL, leaf BLOB NOT NULL) STRICT;
CREATE INDEX audit_patient ON audit(patient, seq) WHERE patient IS NOT NULL;
CREATE TABLE audit_tree(id INTEGER PRIMARY KEY CHECK (id = 1), size INTEGER NOT NULL, frontier BLOB NOT NULL,
  last_at INTEGER NOT NULL) STRICT;
INSERT INTO audit_tree VALUES (1, 0, x'', 0);
CREATE TABLE audit_head(size INTEGER PRIMARY KEY, root BLOB NOT NULL, recorded_at INTEGER NOT NULL,
  mac BLOB NOT NULL) STRICT;
