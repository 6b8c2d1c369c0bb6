//! The people's door: patient and staff pages. Speaks the words of `care` and holds no rules.
