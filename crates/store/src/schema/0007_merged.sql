-- Which Patient gave way to which, as each of the two says: side 0 the earlier one ("replaced-by"), side 1 the later one
-- ("replaces"). A merge is in force while both say so.
CREATE TABLE merged(survivor INTEGER NOT NULL, prior INTEGER NOT NULL, side INTEGER NOT NULL,
  PRIMARY KEY(survivor, prior, side)) STRICT, WITHOUT ROWID;
CREATE INDEX merged_prior ON merged(prior, side);
