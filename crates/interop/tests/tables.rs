//! The mapping against the published v2-to-FHIR tables, read in place.

#[path = "../../../tests/located.rs"]
mod data;

/// What we fill from a field, against the target that the v2-to-FHIR tables name for it.
#[test]
fn fields_go_where_the_published_tables_send_them() {
    let name = "fields_go_where_the_published_tables_send_them";
    let Some(segments) = data::located(name, "hl7v2/v2-to-fhir/segments") else { return };
    let rows = [
        ("PID[Patient]", "PID-3", "identifier"),
        ("PID[Patient]", "PID-5", "name"),
        ("PID[Patient]", "PID-7", "birthDate"),
        ("PID[Patient]", "PID-8", "gender"),
        ("PID[Patient]", "PID-11", "address"),
        ("PID[Patient]", "PID-13", "telecom"),
        ("PID[Patient]", "PID-16", "maritalStatus"),
        ("PID[Patient]", "PID-29", "deceasedDateTime"),
        ("PV1[Encounter]", "PV1-2", "class"),
        ("PV1[Encounter]", "PV1-3", "location[1].location(Location)"),
        ("PV1[Encounter]", "PV1-7", "participant[1].individual(Practitioner)"),
        ("PV1[Encounter]", "PV1-10", "serviceType"),
        ("PV1[Encounter]", "PV1-14", "hospitalization.admitSource"),
        ("PV1[Encounter]", "PV1-19", "identifier[1]"),
        ("PV1[Encounter]", "PV1-36", "hospitalization.dischargeDisposition"),
        ("PV1[Encounter]", "PV1-44", "period.start"),
        ("PV1[Encounter]", "PV1-45", "period.end"),
        ("OBX[Observation]", "OBX-3", "code"),
        ("OBX[Observation]", "OBX-7", "referenceRange.text"),
        ("OBX[Observation]", "OBX-8", "interpretation"),
        ("OBX[Observation]", "OBX-11", "status"),
        ("OBX[Observation]", "OBX-14", "effectiveDateTime"),
        ("OBX[Observation]", "OBX-17", "method"),
    ];
    for (map, field, target) in rows {
        let tables = std::fs::read_dir(&segments).unwrap();
        let paths = tables.map(|entry| entry.unwrap().path());
        let of_map = |path: &std::path::PathBuf| path.to_string_lossy().contains(map);
        let text = std::fs::read_to_string(paths.into_iter().find(of_map).unwrap()).unwrap();
        let named = |line: &str| line.split(',').any(|cell| cell.trim() == field);
        let sends =
            |line: &str| line.split(',').any(|cell| cell.trim().trim_matches('"').starts_with(target));
        assert!(text.lines().any(|line| named(line) && sends(line)), "{map}: {field} to {target}");
    }
}
