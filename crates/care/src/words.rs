//! Reading the small FHIR datatypes into the words of a view: concepts, names, dates, sex. Pure.
//!
//! Never guesses: what is not recorded is `None`, and a partial date stays partial.

use crate::view::{Coded, Sex, When};
use catalogue::say;
use fhir::json::Value;
use fhir::systems;
use fhir::time::{DateTime, Kind, Precision, default_zone};
use fhir::views::{CodeableConcept, Coding, HumanName, Patient};
use jiff::{Timestamp, civil::Date};

/// A concept in words: its text, else its first display, else its first code.
pub fn concept(concept: CodeableConcept<'_>) -> Option<String> {
    concept.display().map(str::to_owned)
}

/// The first code of a concept, with its system in words.
pub fn coded(concept: CodeableConcept<'_>) -> Option<Coded> {
    let coding = concept.codings().find(|coding| coding.code().is_some())?;
    let system = match coding.system().unwrap_or_default() {
        systems::SNOMED => "SNOMED CT",
        systems::LOINC => "LOINC",
        systems::UCUM => "UCUM",
        "https://dmd.nhs.uk" => "dm+d",
        uri if uri.starts_with(systems::ICD10) => "ICD-10",
        "http://www.nlm.nih.gov/research/umls/rxnorm" => "RxNorm",
        _ => say("record-local-code"),
    };
    Some(Coded { system: system.to_owned(), code: Coding::code(coding)?.to_owned() })
}

/// The name to call a person by: the official or usual name in force, `FAMILY, Given Given`.
pub fn name(person: &Value) -> String {
    let name = Patient(person).name().and_then(HumanName::formal);
    name.unwrap_or_else(|| say("record-unnamed-person").to_owned())
}

/// The recorded sex.
pub fn sex(patient: &Value) -> Sex {
    match Patient(patient).gender() {
        Some("female") => Sex::Female,
        Some("male") => Sex::Male,
        Some("other") => Sex::Other,
        _ => Sex::Unknown,
    }
}

/// A date, dateTime or instant with the precision it was recorded with.
pub fn when(text: &str) -> Option<When> {
    let read = DateTime::parse(Kind::DateTime, text)?;
    let (year, month, day) = read.date();
    match read.precision() {
        Precision::Year => Some(When::Year(year)),
        Precision::Month => Some(When::Month(year, i8::try_from(month).ok()?)),
        Precision::Day => {
            Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok().map(When::Day)
        }
        _ => Timestamp::from_microsecond(read.range(default_zone()).0).ok().map(When::Instant),
    }
}

/// The start of a recorded date as an instant, for ordering.
pub fn instant(text: &str) -> Option<Timestamp> {
    let read = DateTime::parse(Kind::DateTime, text)?;
    Timestamp::from_microsecond(read.range(default_zone()).0).ok()
}

/// The instant a [`When`] begins, for ordering: earliest possible for partial dates.
pub fn begins(when: &When) -> Timestamp {
    let day = match when {
        When::Instant(at) => return *at,
        When::Day(day) => *day,
        When::Month(year, month) => Date::new(*year, *month, 1).unwrap_or(Date::MIN),
        When::Year(year) => Date::new(*year, 1, 1).unwrap_or(Date::MIN),
    };
    day.to_zoned(default_zone().clone()).map_or(Timestamp::MIN, |start| start.timestamp())
}

/// Whole years from birth to a day; `None` when the birth date is partial.
pub fn age(born: Option<When>, at: Timestamp) -> Option<u16> {
    let Some(When::Day(born)) = born else { return None };
    let today = at.to_zoned(default_zone().clone()).date();
    let had_birthday = (today.month(), today.day()) >= (born.month(), born.day());
    let years = today.year() - born.year() - i16::from(!had_birthday);
    u16::try_from(years).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn read(text: &str) -> Value {
        fhir::json::parse(text.as_bytes(), &fhir::json::Limits::default()).unwrap()
    }

    #[test]
    fn dates_keep_their_precision() {
        assert_eq!(when("1958"), Some(When::Year(1958)));
        assert_eq!(when("1958-03"), Some(When::Month(1958, 3)));
        assert_eq!(when("1958-03-07"), Some(When::Day(date(1958, 3, 7))));
        assert_eq!(
            when("2026-11-22T09:30:00Z"),
            Some(When::Instant("2026-11-22T09:30:00Z".parse().unwrap()))
        );
        assert_eq!(when("yesterday"), None);
    }

    #[test]
    fn a_birthday_counts_on_the_day_itself_in_london() {
        let born = Some(When::Day(date(2000, 7, 1)));
        // 23:30 UTC on 30 June is already 1 July in London.
        assert_eq!(age(born, "2026-06-30T23:30:00Z".parse().unwrap()), Some(26));
        assert_eq!(age(born, "2026-06-30T22:30:00Z".parse().unwrap()), Some(25));
        assert_eq!(age(Some(When::Year(2000)), Timestamp::UNIX_EPOCH), None);
    }

    #[test]
    fn the_name_in_force_is_used() {
        let person = read(
            r#"{"name":[{"use":"old","family":"Past"},{"use":"official","family":"Example","given":["Alex","Jo"]}]}"#,
        );
        assert_eq!(name(&person), "EXAMPLE, Alex Jo");
        assert_eq!(name(&read("{}")), "Name not recorded");
        assert_eq!(name(&read(r#"{"name":[{"text":"Only Text"}]}"#)), "Only Text");
    }
}
