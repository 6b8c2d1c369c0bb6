-- What somebody worked through, and for a carer the RelatedPerson by whose right.
ALTER TABLE audit ADD COLUMN capability TEXT;
ALTER TABLE audit ADD COLUMN relationship TEXT;
