//! Identifiers inside the documents.

use fhir::json::{Limits, Value, parse};
use fhir::prescription_id::PrescriptionId;
use fhir::systems;
use std::collections::BTreeSet;

/// Of the distinct short-form ids in the prescription examples all are right but three, which the standard names.
pub fn judge_prescription_ids(files: &[(String, Vec<u8>)]) {
    let mut ids = BTreeSet::new();
    for (name, bytes) in files {
        let document = parse(bytes, &Limits::default()).unwrap_or_else(|e| panic!("{name}: {e}"));
        collect(&document, &mut ids);
    }
    let (valid, invalid): (Vec<String>, Vec<String>) =
        ids.into_iter().partition(|id| PrescriptionId::is_valid(id));
    assert_eq!(valid.len(), 35);
    assert_eq!(invalid, ["269CA9-A99968-4577BP", "561479-395879-521272", "887228-510420-124913"]);
}

fn collect(value: &Value, ids: &mut BTreeSet<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| collect(item, ids)),
        Value::Object(object) => {
            let text = |member: &str| object.get(member).and_then(Value::as_str);
            if text("system").is_some_and(|s| systems::same_system(s, systems::PRESCRIPTION_ORDER_NUMBER)) {
                ids.extend(text("value").map(str::to_owned));
            }
            object.iter().for_each(|(_, child)| collect(child, ids));
        }
        _ => {}
    }
}
