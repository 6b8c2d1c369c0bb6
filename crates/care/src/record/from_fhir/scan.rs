//! ImagingStudy → scan (<https://hl7.org/fhir/R4/imagingstudy.html>). What lies in other resources (order, reports, the name of
//! a place) is put to it by `record::studies`.

use super::modality::modality;
use crate::record::{Modality, Scan, ScanState, Series};
use crate::words::{concept, when};
use fhir::json::Value;
use fhir::views::{Coding, ImagingSeries, ImagingStudy, Reference, Resource};

/// The maker that series of this software name first.
const OURS: &str = "Bevan ";

/// An ImagingStudy as a line of the record; `None` when entered in error.
pub fn scan(study: &Value) -> Option<Scan> {
    let view = ImagingStudy(study);
    let state = match view.status() {
        Some("entered-in-error") => return None,
        Some("registered") => ScanState::Expected,
        Some("available") => ScanState::Available,
        Some("cancelled") => ScanState::Cancelled,
        _ => ScanState::Unstated,
    };
    let mut kinds: Vec<Modality> = Vec::new();
    for one in view.modalities().chain(view.series().filter_map(ImagingSeries::modality)) {
        kinds.extend(modality(one).filter(|one| !kinds.iter().any(|known| known.code == one.code)));
    }
    let mut sites: Vec<String> = Vec::new();
    for one in view.series().filter_map(ImagingSeries::body_site) {
        let words = one.display().or_else(|| Coding::code(one)).map(str::to_owned);
        sites.extend(words.filter(|words| !sites.contains(words)));
    }
    let description = view.description().map(str::to_owned);
    // What this software calls a study says how it was made and not of what.
    let called = || description.clone().filter(|words| !words.starts_with(OURS));
    let site = || (!sites.is_empty()).then(|| sites.join(", "));
    let name = view.procedure_codes().find_map(concept).or_else(site).or_else(called);
    let told: Vec<u64> = view.series().filter_map(ImagingSeries::instances).collect();
    let each = (!told.is_empty() && told.len() == view.series().count()).then(|| told.iter().sum());
    let location = view.location().and_then(Reference::display);
    let maker = || {
        let mut makers = view.series().flat_map(ImagingSeries::makers);
        makers.find(|one| one.id_of("Organization").is_some()).and_then(Reference::display)
    };
    Some(Scan {
        id: view.id().unwrap_or_default().to_owned(),
        kinds,
        description: description.filter(|words| name.as_ref() != Some(words)),
        name,
        state,
        on: view.started().and_then(when),
        sites,
        place: location.or_else(maker).map(str::to_owned),
        pictures: view.instances().or(each),
        kept_at: None,
        accession: view.accession().map(str::to_owned),
        order: None,
        series: view.series().map(series).collect(),
        reports: Vec::new(),
    })
}

fn series(one: ImagingSeries<'_>) -> Series {
    Series {
        description: one.description().map(str::to_owned),
        modality: one.modality().and_then(|one| one.code().or_else(|| one.display())).map(str::to_owned),
        pictures: one.instances(),
        reconstructed: is_ours(one),
    }
}

/// Whether this software reconstructed a series.
pub fn is_ours(series: ImagingSeries<'_>) -> bool {
    series.description().is_some_and(|words| words.starts_with(OURS))
}

#[cfg(test)]
mod tests {
    use super::super::read;
    use super::*;

    #[test]
    fn a_study_is_told_with_its_machine_body_part_place_and_pictures() {
        let line = scan(&read(
            r#"{"id":"s","status":"available","started":"2026-11-20T09:30:00Z","description":"MRI: Knee",
                "identifier":[{"value":"x"},{"type":{"coding":[{"code":"ACSN"}]},"value":"A-7"}],
                "modality":[{"code":"MR"}],"procedureCode":[{"text":"Knee"}],"location":{"display":"Scanner 1"},
                "series":[{"modality":{"code":"MR"},"bodySite":{"display":"Knee"},"description":"T2","numberOfInstances":20},
                          {"modality":{"code":"SR"},"bodySite":{"display":"Knee"},"instance":[{"uid":"1"},{"uid":"2"}]}]}"#,
        ))
        .unwrap();
        let kinds: Vec<&str> = line.kinds.iter().map(|one| one.code.as_str()).collect();
        assert_eq!((kinds, line.sites), (vec!["MR", "SR"], vec!["Knee".to_owned()]));
        assert_eq!((line.name.as_deref(), line.description.as_deref()), (Some("Knee"), Some("MRI: Knee")));
        assert_eq!((line.pictures, line.accession.as_deref()), (Some(22), Some("A-7")));
        assert_eq!((line.state, line.place.as_deref()), (ScanState::Available, Some("Scanner 1")));
    }

    #[test]
    fn a_scan_is_named_by_what_was_scanned_and_never_by_our_own_words() {
        let name = |members: &str| {
            let line = scan(&read(&format!(r#"{{"status":"available",{members}}}"#))).unwrap();
            (line.name, line.description)
        };
        let said = |words: &str| Some(words.to_owned());
        assert_eq!(name(r#""description":"XR chest""#), (said("XR chest"), None));
        assert_eq!(name(r#""description":"Bevan L1W R4.0""#), (None, said("Bevan L1W R4.0")));
        let knee = r#""description":"T2","series":[{"bodySite":{"display":"Knee"}},{"bodySite":{"display":"Knee"}}]"#;
        assert_eq!(name(knee), (said("Knee"), said("T2")));
    }

    #[test]
    fn a_mistake_is_never_shown_and_states_follow_the_status() {
        assert_eq!(scan(&read(r#"{"status":"entered-in-error","description":"Knee"}"#)), None);
        let state = |status: &str| scan(&read(&format!(r#"{{"status":"{status}"}}"#))).unwrap().state;
        assert_eq!(state("registered"), ScanState::Expected);
        assert_eq!(state("cancelled"), ScanState::Cancelled);
        assert_eq!(state("unknown"), ScanState::Unstated);
    }

    #[test]
    fn pictures_are_counted_only_where_every_series_says_how_many() {
        let pictures = |series: &str| {
            scan(&read(&format!(r#"{{"status":"available","series":[{series}]}}"#))).unwrap().pictures
        };
        assert_eq!(pictures(r#"{"numberOfInstances":3},{"numberOfInstances":0}"#), Some(3));
        assert_eq!(pictures(r#"{"numberOfInstances":3},{}"#), None);
        assert_eq!(scan(&read(r#"{"status":"available"}"#)).unwrap().pictures, None);
    }

    #[test]
    fn only_what_this_software_made_bears_its_sign() {
        let ours = |description: &str| {
            let text = format!(r#"{{"status":"available","series":[{{"description":"{description}"}}]}}"#);
            scan(&read(&text)).unwrap().is_reconstructed()
        };
        assert!(ours("Bevan L1W R4.0") && !ours("T2 axial") && !ours("Not Bevan L1W") && !ours("Bevanite"));
    }
}
