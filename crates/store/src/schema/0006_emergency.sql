-- Accesses in an emergency, found without walking the whole log: each of them is reviewed.
CREATE INDEX audit_emergency ON audit(seq) WHERE reason IS NOT NULL AND patient IS NOT NULL;
