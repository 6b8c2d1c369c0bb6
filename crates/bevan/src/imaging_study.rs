//! A FHIR ImagingStudy of reconstructed DICOM series, for `bevan import`: which images there are, of whom, for which order.
//!
//! Whose images they are is only ever said by the person who runs the command. What the scan itself says must not contradict
//! it unless they say that it is known to; and the import finds the patient by the identifier, and the order by its number among that patient's orders, or
//! refuses the file. The scanner's own ImagingStudy is another resource and is not touched.
//! <https://hl7.org/fhir/R4/imagingstudy.html>

use anyhow::{Result, bail, ensure};
use fhir::nhs_number::NhsNumber;
use fhir::systems::NHS_NUMBER;
use mri::export::Filed;
use mri::formats::mrd::About;
use serde_json::{Value, json};

/// The file's name in the output folder.
pub const FILE: &str = "imaging-study.json";

/// Longest identifier.
const LONGEST: usize = 64;

/// Whose images, and which order's.
pub struct Link {
    system: String,
    identifier: String,
    accession: Option<String>,
    /// What the person who runs the command should know of it.
    pub note: Option<&'static str>,
}

/// What was said of whose images they are.
#[derive(Clone, Copy, Default)]
pub struct Said<'a> {
    /// The patient: an NHS number or `SYSTEM|IDENTIFIER`.
    pub patient: Option<&'a str>,
    /// The order.
    pub accession: Option<&'a str>,
    /// That the scan has another number of the same patient.
    pub other_number: bool,
}

const NOT_COMPARED: &str =
    "the scan's own number of the patient is no NHS number: nothing compared it with --patient";
const OVERRULED: &str = "the scan's own number of the patient is not that of --patient";

impl Link {
    /// As it was given; refused where it is no identifier or the scan names another patient or order. What is refused is not
    /// repeated: numbers of patients stand in no message.
    pub fn of(said: Said, about: &About) -> Result<Option<Self>> {
        let Said { patient: Some(patient), accession, other_number } = said else { return Ok(None) };
        let (system, identifier) = match patient.split_once('|') {
            Some((system, identifier)) => (system.trim(), identifier.trim().to_owned()),
            None => {
                let number = NhsNumber::parse(patient);
                let number = number.map_err(|error| anyhow::anyhow!("--patient: {error}"))?;
                ensure!(!number.is_placeholder(), "--patient: this NHS number stands for nobody");
                (NHS_NUMBER, number.as_str().to_owned())
            }
        };
        ensure!(
            is_plain(system) && is_plain(&identifier),
            "--patient takes an NHS number or SYSTEM|IDENTIFIER"
        );
        if accession.is_some_and(|number| !is_plain(number)) {
            bail!("--accession is no order's number");
        }
        let note = compared((system, &identifier), about.subject.id.as_deref(), other_number)?;
        if let (Some(given), Some(scanned)) = (accession, about.study.accession_number.as_deref()) {
            ensure!(given == scanned, "the scan names another order than --accession: nothing was made");
        }
        let (system, accession) = (system.to_owned(), accession.map(str::to_owned));
        Ok(Some(Self { system, identifier, accession, note }))
    }
}

/// Whether the scan's own number of the patient lets the images be theirs. Whose number it is the scan does not say, so a
/// local one is compared with a local one, and one that cannot be an NHS number with none.
fn compared(
    (system, identifier): (&str, &str),
    scanned: Option<&str>,
    other_number: bool,
) -> Result<Option<&'static str>> {
    let Some(scanned) = scanned.map(str::trim).filter(|id| !id.is_empty()) else { return Ok(None) };
    let number = NhsNumber::parse(scanned).ok();
    let same = match (system == NHS_NUMBER, &number) {
        (true, None) => return Ok(Some(NOT_COMPARED)),
        (true, Some(number)) => number.as_str() == identifier,
        (false, _) => scanned == identifier,
    };
    ensure!(
        same || other_number,
        "the scan names another patient than --patient: nothing was made \
         (--other-number says that it is another number of the same one)"
    );
    Ok((!same).then_some(OVERRULED))
}

/// What can stand in a reference as it is: no character that would begin another part of it.
fn is_plain(text: &str) -> bool {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "-._:/".contains(c);
    (1..=LONGEST).contains(&text.len()) && text.chars().all(allowed)
}

/// A transaction that makes the ImagingStudy; the same images make the same one.
pub fn bundle(link: &Link, about: &About, filed: &[Filed]) -> Value {
    let first = filed.first();
    let uid = first.map_or("", |series| series.uid.as_str());
    let id = fhir::identity::resource_id("imaging-study", uid, &[]);
    let patient = format!("{}|{}", link.system, link.identifier);
    let mut identifiers = vec![json!({
        "system": "urn:dicom:uid",
        "value": format!("urn:oid:{}", first.map_or("", |series| series.study.as_str())),
    })];
    let modality = json!({"system": "http://dicom.nema.org/resources/ontology/DCM", "code": "MR", "display": "Magnetic Resonance"});
    let mut study = json!({
        "resourceType": "ImagingStudy",
        "id": id,
        "status": "available",
        "modality": [modality.clone()],
        "subject": {"reference": format!("Patient?identifier={patient}")},
        "description": first.map_or("", |series| series.title.as_str()),
        "note": [
            {"text": "Research use, not for diagnosis."},
            {"text": first.map_or("", |series| series.derivation.as_str())},
        ],
        "numberOfSeries": filed.len(),
        "numberOfInstances": filed.iter().map(|series| series.images.len()).sum::<usize>(),
        "series": filed.iter().map(|one| series(one, &modality)).collect::<Vec<_>>(),
    });
    let mut more = Vec::new();
    if let Some(accession) = &link.accession {
        identifiers.push(json!({
            "type": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v2-0203", "code": "ACSN"}]},
            "value": accession,
        }));
        // The order must be this patient's.
        let order = format!("ServiceRequest?identifier={accession}&subject:Patient.identifier={patient}");
        more.push(("basedOn", json!([{"reference": order}])));
    }
    more.push(("identifier", Value::Array(identifiers)));
    let words = about.study.description.as_ref().or(about.measurement.protocol.as_ref());
    if let Some(words) = words {
        more.push(("procedureCode", json!([{"text": words}])));
    }
    if let Some(date) = about.study.date.as_ref().filter(|date| is_date(date)) {
        more.push(("started", json!(date)));
    }
    if let Some(members) = study.as_object_mut() {
        members.extend(more.into_iter().map(|(name, value)| (name.to_owned(), value)));
    }
    json!({
        "resourceType": "Bundle",
        "type": "transaction",
        "entry": [{
            "fullUrl": format!("urn:uuid:{id}"),
            "resource": study,
            "request": {"method": "PUT", "url": format!("ImagingStudy/{id}")},
        }],
    })
}

fn is_date(text: &str) -> bool {
    text.parse::<jiff::civil::Date>().is_ok() && text.len() == 10
}

fn series(filed: &Filed, modality: &Value) -> Value {
    let class = json!({"system": "urn:ietf:rfc:3986", "code": format!("urn:oid:{}", filed.class)});
    let instance = |(number, uid): &(u32, String)| json!({"uid": uid, "sopClass": class, "number": number});
    json!({
        "uid": filed.uid,
        "number": filed.number,
        "modality": modality,
        "description": filed.title,
        "numberOfInstances": filed.images.len(),
        "instance": filed.images.iter().map(instance).collect::<Vec<_>>(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn about(id: Option<&str>, accession: Option<&str>) -> About {
        let mut about = About::default();
        about.subject.id = id.map(str::to_owned);
        about.study.accession_number = accession.map(str::to_owned);
        about
    }

    fn refusal(patient: &str, accession: Option<&str>, about: &About) -> Option<String> {
        let said = Said { patient: Some(patient), accession, other_number: false };
        Link::of(said, about).err().map(|error| error.to_string())
    }

    #[test]
    fn a_link_is_what_was_said_and_never_against_the_scan() {
        assert!(Link::of(Said::default(), &about(Some("9990000018"), None)).unwrap().is_none());
        let unnamed = about(None, None);
        for good in ["9990000018", "999 000 0018", "https://hospital.example/mrn|A-77"] {
            assert_eq!(refusal(good, Some("R5.1"), &unnamed), None, "{good}");
        }
        for wrong in
            ["", "1234567890", "A77", "0000000000", "|7", "https://x|", "https://x|a&b=c", "https://x|a b"]
        {
            let said = refusal(wrong, None, &unnamed).unwrap();
            assert!(
                said.contains("--patient") && (wrong.is_empty() || !said.contains(wrong)),
                "{wrong}: {said}"
            );
        }
        assert!(refusal("9990000018", Some("A&subject=x"), &unnamed).unwrap().contains("--accession"));
        let named = about(Some("999 007 9196"), Some("R5.1"));
        assert!(refusal("9990000018", None, &named).unwrap().contains("names another patient"));
        assert_eq!(refusal("9990079196", Some("R5.1"), &named), None);
        assert!(refusal("9990079196", Some("R5.2"), &named).unwrap().contains("another order"));
    }

    #[test]
    fn a_local_number_is_compared_with_a_local_number() {
        let (mrn, refused) = ("https://hospital.example/mrn|A-78", "names another patient");
        for (patient, scanned, expected) in [
            (mrn, None, Ok(None)),
            (mrn, Some("  "), Ok(None)),
            (mrn, Some(" A-78 "), Ok(None)),
            (mrn, Some("A-77"), Err(refused)),
            (mrn, Some("a-78"), Err(refused)),
            (mrn, Some("999 007 9196"), Err(refused)),
            ("9990079196", Some("A-78"), Ok(Some(NOT_COMPARED))),
            ("9990079196", Some("999 007 9196"), Ok(None)),
        ] {
            let about = about(scanned, None);
            let said = Said { patient: Some(patient), ..Said::default() };
            match (Link::of(said, &about), expected) {
                (Ok(link), Ok(note)) => assert_eq!(link.unwrap().note, note, "{patient} {scanned:?}"),
                (Err(error), Err(words)) => {
                    let error = error.to_string();
                    assert!(error.contains(words) && !error.contains("A-7"), "{error}");
                    let told = Link::of(Said { other_number: true, ..said }, &about).unwrap();
                    assert_eq!(told.unwrap().note, Some(OVERRULED), "whoever knows both may say so");
                }
                (link, _) => panic!("{patient} {scanned:?}: {:?}", link.map(|_| ())),
            }
        }
    }

    #[test]
    fn the_study_is_sound_and_names_every_image() {
        let said = Said { patient: Some("9990000018"), accession: Some("R5.1"), other_number: false };
        let link = Link::of(said, &About::default()).unwrap().unwrap();
        let filed = [9001, 9002].map(|number| Filed {
            study: "1.2.3".into(),
            uid: format!("2.25.{number}"),
            number,
            title: "Bevan L1W R4.0".into(),
            derivation: "l1-wavelet by Bevan".into(),
            class: "1.2.840.10008.5.1.4.1.1.4",
            images: vec![(1, format!("2.25.{number}1")), (2, format!("2.25.{number}2"))],
        });
        let mut about = About::default();
        about.study.date = Some("2026-11-01".into());
        let bundle = bundle(&link, &about, &filed);
        let text = bundle["entry"][0]["resource"].to_string();
        let limits = fhir::json::Limits::default();
        let mut study = fhir::json::parse(text.as_bytes(), &limits).unwrap();
        assert_eq!(study.items("series").len(), 2);
        assert!(text.contains("2.25.90022") && text.contains("\"started\":\"2026-11-01\""), "{text}");
        if let Some(members) = study.as_object_mut() {
            // What import puts in place of the searches.
            let patient = fhir::json::parse(br#"{"reference":"Patient/1"}"#, &limits).unwrap();
            members.insert("subject", patient);
        }
        assert_eq!(fhir::validate::structural(&study), [], "{text}");
    }
}
