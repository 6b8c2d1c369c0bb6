-- Search rows by resource: what a filter that does not lead is probed with, what orders, what includes follow.
CREATE INDEX idx_string_of ON idx_string(rid, p);
CREATE INDEX idx_token_of ON idx_token(rid, p);
CREATE INDEX idx_reference_of ON idx_reference(rid, p);
CREATE INDEX idx_date_of ON idx_date(rid, p);
CREATE INDEX idx_number_of ON idx_number(rid, p);
CREATE INDEX idx_quantity_of ON idx_quantity(rid, p);
CREATE INDEX idx_uri_of ON idx_uri(rid, p);

-- The current resources of a type in the order they came.
CREATE INDEX resource_of_type ON resource(type, rid) WHERE deleted = 0;
