//! A relationship as FHIR: a RelatedPerson (who) and a Consent of the same id (by what right, for what, how far), both in
//! the record of the person cared for. The carer's own Patient is named by an identifier and never referenced, so that the
//! relationship belongs to one record only.

use super::relationship::{Basis, Category, EndedBy, Kin, Relationship, Review, Stage};
use super::standing::over_since;
use crate::view::When;
use crate::words;
use fhir::json::{Text, Value};
use fhir::views::{Resource, build};
use jiff::Timestamp;
use jiff::civil::Date;
use store::Error;

/// Identifies the carer's own Patient by its id.
pub(super) const CARER_SYSTEM: &str = "https://bevan.example/id/carer";
/// Kinds of consent, and of communications about it.
pub(super) const KIND_SYSTEM: &str = "https://bevan.example/CodeSystem/family";
/// The kind of a consent to act for somebody.
pub(super) const ACCESS: &str = "family-access";
/// The kind of an application, in the applicant's own record.
pub(super) const APPLICATION: &str = "family-application";
/// The kind of a notice.
pub(super) const NOTICE: &str = "family-notice";
/// Ids of applications: those of the relationships they ask for.
pub(super) const APPLICATION_SYSTEM: &str = "https://bevan.example/id/family-application";
/// Whom an application is about, as a word that only its applicant's own details give.
pub(super) const ABOUT_SYSTEM: &str = "https://bevan.example/id/family-application-about";
const KIN_SYSTEM: &str = "https://bevan.example/CodeSystem/family-kin";
const BASIS_SYSTEM: &str = "https://bevan.example/CodeSystem/family-basis";
const CATEGORY_SYSTEM: &str = "https://bevan.example/CodeSystem/family-category";
const DECIDED_BY: &str = "https://bevan.example/StructureDefinition/decided-by";
const HIDDEN_SINCE: &str = "https://bevan.example/StructureDefinition/hidden-since";
const ENDED_BY: &str = "https://bevan.example/StructureDefinition/ended-by";
const ENDED_AT: &str = "https://bevan.example/StructureDefinition/ended-at";
const REVIEW: &str = "https://bevan.example/StructureDefinition/competence-review";
/// On an Organization: the age from which it suspends a parent's access until it was reviewed.
pub(super) const SUSPENDED_FROM: &str =
    "https://bevan.example/StructureDefinition/family-access-suspended-from";

/// The RelatedPerson of a relationship.
pub(super) fn related_person(one: &Relationship) -> Value {
    let ended = one.ended.map(|(at, _)| at.to_string());
    let ended = ended.or_else(|| one.lapses.map(date_time));
    let started = one.decided.as_ref().filter(|_| one.stage != Stage::Refused).map(|(at, _)| at.to_string());
    let kin = Value::object([("coding", build::one(build::coding(KIN_SYSTEM, one.kin.code(), "")))]);
    build::object([
        ("resourceType", Some(Value::from("RelatedPerson"))),
        ("id", Some(Value::from(one.id.clone()))),
        ("identifier", Some(build::one(build::identifier(CARER_SYSTEM, &one.carer)))),
        ("active", Some(Value::from(one.stage == Stage::Approved))),
        ("patient", Some(build::reference("Patient", &one.patient))),
        ("relationship", Some(build::one(kin))),
        ("name", Some(build::one(build::object([("text", Some(Value::from(one.carer_name.as_str())))])))),
        ("period", period((started, ended))),
    ])
}

/// The Consent of a relationship.
pub(super) fn consent(one: &Relationship) -> Value {
    let classes = one.categories.iter().map(|category| build::coding(CATEGORY_SYSTEM, category.code(), ""));
    let actor = build::object([
        (
            "role",
            Some(build::codeable_concept(
                "http://terminology.hl7.org/CodeSystem/v3-RoleClass",
                "AGNT",
                "agent",
            )),
        ),
        ("reference", Some(build::reference("RelatedPerson", &one.id))),
    ]);
    let classes: Vec<Value> = classes.collect();
    let provision = build::object([
        ("type", Some(Value::from("permit"))),
        // Whatever was agreed of its time stands with the agreement, whoever writes the relationship again.
        ("period", period((one.begins.map(date_time), one.lapses.map(date_time)))),
        ("actor", Some(build::one(actor))),
        ("class", (!classes.is_empty()).then_some(Value::Array(classes))),
    ]);
    let extensions = extensions(one);
    let verified = one.decided.as_ref().map(|(at, _)| {
        build::one(build::object([
            ("verified", Some(Value::from(one.stage != Stage::Refused))),
            ("verificationDate", Some(Value::from(at.to_string()))),
        ]))
    });
    build::object([
        ("resourceType", Some(Value::from("Consent"))),
        ("id", Some(Value::from(one.id.clone()))),
        ("extension", (!extensions.is_empty()).then_some(Value::Array(extensions))),
        ("status", Some(Value::from(one.stage.code()))),
        (
            "scope",
            Some(build::codeable_concept(
                "http://terminology.hl7.org/CodeSystem/consentscope",
                "patient-privacy",
                "Privacy Consent",
            )),
        ),
        ("category", Some(build::one(build::codeable_concept(KIND_SYSTEM, ACCESS, "")))),
        ("patient", Some(build::reference("Patient", &one.patient))),
        ("dateTime", Some(Value::from(one.applied_at.to_string()))),
        ("performer", Some(build::one(build::reference("RelatedPerson", &one.id)))),
        (
            "organization",
            (!one.organisation.is_empty()).then(|| {
                let ods = build::identifier(fhir::systems::ODS, &one.organisation);
                build::one(Value::object([("identifier", ods)]))
            }),
        ),
        ("policyRule", Some(build::codeable_concept(BASIS_SYSTEM, one.basis.code(), ""))),
        ("verification", verified),
        ("provision", Some(provision)),
    ])
}

/// The time from and to which something holds, where either is said.
fn period((start, end): (Option<String>, Option<String>)) -> Option<Value> {
    (start.is_some() || end.is_some()).then(|| build::period(start.as_deref(), end.as_deref()))
}

/// As it is written, with the precision that is known.
fn date_time(when: When) -> String {
    match when {
        When::Year(year) => format!("{year:04}"),
        When::Month(year, month) => format!("{year:04}-{month:02}"),
        When::Day(day) => day.to_string(),
        When::Instant(at) => at.to_string(),
    }
}

fn extensions(one: &Relationship) -> Vec<Value> {
    let mut all = Vec::new();
    if let Some((_, by)) = one.decided.as_ref().filter(|(_, by)| !by.is_empty()) {
        all.push(build::extension(DECIDED_BY, "valueString", Value::from(by.as_str())));
    }
    if let Some(at) = one.hidden_at {
        all.push(build::extension(HIDDEN_SINCE, "valueDateTime", Value::from(at.to_string())));
    }
    if let Some((at, by)) = one.ended {
        all.push(build::extension(ENDED_AT, "valueDateTime", Value::from(at.to_string())));
        all.push(build::extension(ENDED_BY, "valueCode", Value::from(by.code())));
    }
    if let Some(review) = &one.review {
        let mut parts = vec![
            build::extension("on", "valueDate", Value::from(review.on.to_string())),
            build::extension("competent", "valueBoolean", Value::from(review.competent)),
            build::extension("agrees", "valueBoolean", Value::from(review.agrees)),
        ];
        if !review.by.is_empty() {
            parts.push(build::extension("by", "valueString", Value::from(review.by.as_str())));
        }
        all.push(Value::object([("url", Value::from(REVIEW)), ("extension", Value::Array(parts))]));
    }
    all
}

/// The relationship that two documents make; `None` when they make none.
pub(super) fn relationship(consent: &Value, person: &Value) -> Option<Relationship> {
    let ours = |value: &Value| {
        value.text_at(&["system"]) == Some(KIND_SYSTEM) && value.text_at(&["code"]) == Some(ACCESS)
    };
    if !consent.items("category").iter().any(|category| category.items("coding").iter().any(ours)) {
        return None;
    }
    let patient = patient_of(consent)?;
    if patient_of(person)? != patient {
        return None;
    }
    let carer =
        person.items("identifier").iter().find(|one| one.text_at(&["system"]) == Some(CARER_SYSTEM))?;
    let instant = |text: Option<&str>| text.and_then(|text| text.parse::<Timestamp>().ok());
    let extension = |url: &str| extension(consent, url);
    let decided_at =
        instant(consent.items("verification").first().and_then(|one| one.text_at(&["verificationDate"])));
    let decided_by = extension(DECIDED_BY).and_then(|one| one.text_at(&["valueString"])).unwrap_or_default();
    let ended_by = extension(ENDED_BY).and_then(|one| one.text_at(&["valueCode"])).and_then(EndedBy::of_code);
    let ended_at = instant(extension(ENDED_AT).and_then(|one| one.text_at(&["valueDateTime"])));
    let classes = consent.at(&["provision"]).map(|provision| provision.items("class")).unwrap_or_default();
    // Each of them holds: what was agreed, the number by which the carer is known, and their part in this record. That
    // part's end is the relationship's own once it was ended, and no agreement.
    let times = |side: &'static str| {
        let part = Some(person).filter(|_| side == "start" || ended_at.is_none());
        let parts = [consent.get("provision"), Some(carer), part].into_iter().flatten();
        parts.filter_map(move |one| one.text_at(&["period", side]).and_then(words::when))
    };
    let of_system = |one: &&Value| one.text_at(&["system"]) == Some(CATEGORY_SYSTEM);
    let categories =
        classes.iter().filter(of_system).filter_map(|one| Category::of_code(one.text_at(&["code"])?));
    Some(Relationship {
        id: Text::from(consent.id()?),
        patient: Text::from(patient),
        carer: Text::from(carer.text_at(&["value"])?),
        carer_name: person
            .items("name")
            .first()
            .and_then(|name| name.text_at(&["text"]))
            .unwrap_or_default()
            .to_owned(),
        kin: Kin::of_code(code(person.items("relationship").first()?)?)?,
        basis: Basis::of_code(code(consent.get("policyRule")?)?)?,
        categories: categories.collect(),
        stage: Stage::of_code(consent.text_at(&["status"])?)?,
        applied_at: instant(consent.text_at(&["dateTime"]))?,
        decided: decided_at.map(|at| (at, decided_by.to_owned())),
        organisation: consent
            .items("organization")
            .first()
            .and_then(|one| one.text_at(&["identifier", "value"]))
            .map(Text::from)
            .unwrap_or_default(),
        review: extension(REVIEW).and_then(review),
        begins: times("start")
            .max_by_key(words::begins)
            .filter(|start| decided_at.is_none_or(|decided| decided < words::begins(start))),
        lapses: times("end").min_by_key(|end| over_since(*end)),
        hidden_at: instant(extension(HIDDEN_SINCE).and_then(|one| one.text_at(&["valueDateTime"]))),
        ended: ended_at.zip(ended_by),
    })
}

fn review(value: &Value) -> Option<Review> {
    let part = |url: &str| extension(value, url);
    Some(Review {
        on: part("on")?.text_at(&["valueDate"])?.parse().ok()?,
        competent: part("competent")?.get("valueBoolean")?.as_bool()?,
        agrees: part("agrees")?.get("valueBoolean")?.as_bool()?,
        by: part("by").and_then(|one| one.text_at(&["valueString"])).unwrap_or_default().to_owned(),
    })
}

/// The extension of an address.
pub(super) fn extension<'a>(value: &'a Value, url: &str) -> Option<&'a Value> {
    value.items("extension").iter().find(|one| one.text_at(&["url"]) == Some(url))
}

/// The id of the Patient in whose record a document is.
pub(super) fn patient_of(document: &Value) -> Option<&str> {
    document.text_at(&["patient", "reference"])?.strip_prefix("Patient/")
}

fn code(concept: &Value) -> Option<&str> {
    concept.items("coding").first()?.text_at(&["code"])
}

/// The word for whom an application is about: the same for the same number and date of birth of the same applicant.
pub(super) fn about(applicant: &str, number: &str, born: Date) -> String {
    fhir::identity::resource_id("family-application", applicant, &[number, &born.to_string()])
}

/// An application as its applicant keeps it: for whom, in their own words, and under which id.
pub(super) fn application(id: &str, (applicant, about, name): (&str, &str, &str), at: Timestamp) -> Value {
    let known = [build::identifier(APPLICATION_SYSTEM, id), build::identifier(ABOUT_SYSTEM, about)];
    let words = catalogue::fill("family-told-applied", &[("who", name.into())]);
    communication(&format!("{id}-application"), applicant, APPLICATION, (&words, at)).with([
        ("identifier", Value::Array(known.to_vec())),
        ("topic", build::concept_text(name)),
        ("sender", build::reference("Patient", applicant)),
    ])
}

/// A message in somebody's own record. It says who acts for whom, so it is theirs alone.
pub(super) fn communication(id: &str, subject: &str, kind: &str, (words, at): (&str, Timestamp)) -> Draft {
    // A notice is brought to the person by the channel of their choice.
    let tag = (kind == NOTICE).then(crate::messages::due_tag);
    Draft(crate::labels::restricted(build::object([
        ("resourceType", Some(Value::from("Communication"))),
        ("id", Some(Value::from(id))),
        ("meta", tag.map(|tag| Value::object([("tag", build::one(tag))]))),
        ("status", Some(Value::from("completed"))),
        ("category", Some(build::one(build::codeable_concept(KIND_SYSTEM, kind, "")))),
        ("subject", Some(build::reference("Patient", subject))),
        ("recipient", Some(build::one(build::reference("Patient", subject)))),
        ("sent", Some(Value::from(at.to_string()))),
        ("payload", Some(build::one(Value::object([("contentString", Value::from(words))])))),
    ])))
}

/// A document in the making.
pub(super) struct Draft(pub Value);

impl Draft {
    /// With further members.
    pub(super) fn with<const N: usize>(mut self, members: [(&str, Value); N]) -> Value {
        if let Some(object) = self.0.as_object_mut() {
            for (name, value) in members {
                object.insert(Text::from(name), value);
            }
        }
        self.0
    }
}

/// A document ready to be written.
pub(super) fn prepared(document: Value) -> Result<store::Prepared, Error> {
    store::Prepared::new(document).map_err(Error::Unprocessable)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::family::samples;
    use proptest::option;
    use proptest::prelude::*;

    #[test]
    fn documents_are_sound_and_lead_back() {
        let at: Timestamp = "2026-11-22T12:00:00Z".parse().unwrap();
        let plain = samples::relationship();
        let full = Relationship {
            stage: Stage::Ended,
            ended: Some((at, EndedBy::Person)),
            hidden_at: Some(at),
            review: Some(Review {
                on: jiff::civil::date(2026, 5, 1),
                competent: true,
                agrees: false,
                by: "Dr".into(),
            }),
            decided: Some((at, String::from("Dr Sample"))),
            ..plain.clone()
        };
        let applied =
            Relationship { stage: Stage::Applied, decided: None, organisation: "".into(), ..plain.clone() };
        for one in [plain, full, applied] {
            let (consent, person) = (consent(&one), related_person(&one));
            for document in [&consent, &person] {
                let issues = fhir::validate::structural(document);
                assert!(issues.iter().all(|issue| !issue.is_error()), "{issues:?}");
            }
            assert_eq!(relationship(&consent, &person), Some(one));
        }
        let message = application("r", ("p", "about", "Ann Example"), at);
        assert!(fhir::validate::structural(&message).iter().all(|issue| !issue.is_error()));
    }

    /// The documents of a relationship, with a period in each of the places where one can stand.
    fn with_periods(one: &Relationship, [agreed, part, number]: [Value; 3]) -> (Value, Value) {
        let (mut consent, mut person) = (consent(one), related_person(one));
        let provision = consent.as_object_mut().unwrap().get_mut("provision").unwrap();
        provision.as_object_mut().unwrap().insert("period", agreed);
        let mut known = person.items("identifier").first().unwrap().clone();
        known.as_object_mut().unwrap().insert("period", number);
        let members = person.as_object_mut().unwrap();
        members.insert("identifier", Value::Array(vec![known]));
        members.insert("period", part);
        (consent, person)
    }

    #[test]
    fn the_latest_beginning_and_the_earliest_end_count() {
        let one = samples::relationship();
        let read = |text: &str| fhir::json::parse(text.as_bytes(), &fhir::json::Limits::default()).unwrap();
        let times = |periods: [&str; 3]| {
            let (consent, person) = with_periods(&one, periods.map(read));
            let read = relationship(&consent, &person).unwrap();
            (read.begins.map(date_time), read.lapses.map(date_time))
        };
        let said = |begins: Option<&str>, lapses: Option<&str>| {
            (begins.map(str::to_owned), lapses.map(str::to_owned))
        };
        assert_eq!(times(["{}", "{}", "{}"]), said(None, None));
        assert_eq!(times([r#"{"end":"2027-06"}"#, "{}", "{}"]), said(None, Some("2027-06")));
        assert_eq!(
            times(["{}", r#"{"start":"2027-06-01","end":"2027-06-02"}"#, r#"{"start":"2027"}"#]),
            said(Some("2027-06-01"), Some("2027-06-02"))
        );
        let number = r#"{"end":"2027-06-01T09:00:00Z"}"#;
        assert_eq!(
            times([r#"{"end":"2028"}"#, r#"{"end":"2027-06-01"}"#, number]),
            said(None, Some("2027-06-01T09:00:00Z")),
            "an instant is over before its day"
        );
        assert_eq!(
            times(["{}", r#"{"start":"2020-01-01"}"#, "{}"]),
            said(None, None),
            "before the decision nothing held"
        );
    }

    fn some_time() -> impl Strategy<Value = When> {
        // From the decision on, in every precision that a document can have.
        let later = (samples::relationship().decided.unwrap().0.as_second() + 1)..4_000_000_000_i64;
        (later, 0..4_u8).prop_map(|(second, precision)| {
            let at = Timestamp::from_second(second).unwrap();
            let day = super::super::standing::today(at);
            match precision {
                0 => When::Year(day.year() + 1),
                1 => When::Month(day.year() + 1, day.month()),
                2 => When::Day(day.tomorrow().unwrap()),
                _ => When::Instant(at),
            }
        })
    }

    proptest! {
        #[test]
        fn what_limits_a_relationship_is_still_there_when_it_was_written_again(
            begins in option::of(some_time()),
            lapses in option::of(some_time()),
            decided in any::<bool>(),
            is_ended in any::<bool>(),
            periods in proptest::array::uniform3((option::of(some_time()), option::of(some_time()))),
        ) {
            let sample = samples::relationship();
            let one = Relationship {
                begins,
                lapses,
                decided: sample.decided.clone().filter(|_| decided),
                ended: is_ended.then_some((sample.applied_at, EndedBy::Person)),
                stage: if is_ended { Stage::Ended } else { Stage::Approved },
                ..sample
            };
            let again = relationship(&consent(&one), &related_person(&one)).unwrap();
            prop_assert_eq!(&again, &one);
            // And wherever somebody else's documents say it.
            let periods = periods.map(|(start, end)| {
                build::period(start.map(date_time).as_deref(), end.map(date_time).as_deref())
            });
            let (consent_of_others, person_of_others) = with_periods(&one, periods);
            let read = relationship(&consent_of_others, &person_of_others).unwrap();
            let again = relationship(&consent(&read), &related_person(&read)).unwrap();
            prop_assert_eq!(again, read);
        }
    }

    #[test]
    fn another_consent_is_no_relationship() {
        let one = samples::relationship();
        let mut other = consent(&one);
        other.as_object_mut().unwrap().remove("category");
        assert_eq!(relationship(&other, &related_person(&one)), None);
        let elsewhere = related_person(&Relationship { patient: "somebody-else".into(), ..one.clone() });
        assert_eq!(relationship(&consent(&one), &elsewhere), None);
    }
}
