//! What happens to patients: one slice per capability, rules pure, one façade. Never sees HTTP, HL7 or HTML.
