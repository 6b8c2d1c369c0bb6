//! Reading the small FHIR datatypes into the words of a view: concepts, names, dates, sex. Pure.
//!
//! Never guesses: what is not recorded is `None`, and a partial date stays partial.

use crate::view::{Coded, Sex, When};
use fhir::json::Value;
use fhir::time::{DateTime, Kind, Precision, default_zone};
use jiff::{Timestamp, civil::Date};

/// A CodeableConcept in words: its text, else its first display, else its first code.
pub fn concept(value: &Value) -> Option<String> {
    let coding = |member: &str| value.items("coding").iter().find_map(|coding| coding.text_at(&[member]));
    let words = value.text_at(&["text"]).or_else(|| coding("display")).or_else(|| coding("code"))?;
    Some(words.to_owned())
}

/// The first code of a CodeableConcept, with its system in words.
pub fn coded(value: &Value) -> Option<Coded> {
    let coding = value.items("coding").iter().find(|coding| coding.text_at(&["code"]).is_some())?;
    let system = match coding.text_at(&["system"]).unwrap_or_default() {
        "http://snomed.info/sct" => "SNOMED CT",
        "http://loinc.org" => "LOINC",
        "http://unitsofmeasure.org" => "UCUM",
        "https://dmd.nhs.uk" => "dm+d",
        uri if uri.starts_with("http://hl7.org/fhir/sid/icd-10") => "ICD-10",
        "http://www.nlm.nih.gov/research/umls/rxnorm" => "RxNorm",
        _ => "local code",
    };
    Some(Coded { system: system.to_owned(), code: coding.text_at(&["code"])?.to_owned() })
}

/// Whether one of the concept's codings has that code, whatever its system.
pub fn has_code(value: &Value, code: &str) -> bool {
    value.items("coding").iter().any(|coding| coding.text_at(&["code"]) == Some(code))
}

/// The code of the first coding of the CodeableConcept member of that name.
pub fn first_code<'a>(resource: &'a Value, member: &str) -> Option<&'a str> {
    resource.text_at(&[member, "coding", "code"])
}

/// The name to call a person by: the official or usual name in force, `FAMILY, Given Given`.
pub fn name(person: &Value) -> String {
    let names = person.items("name");
    let of_use = |use_: &str| names.iter().find(|name| name.text_at(&["use"]) == Some(use_));
    let unused = |name: &&Value| !matches!(name.text_at(&["use"]), Some("old" | "maiden" | "nickname"));
    let Some(name) = of_use("official").or_else(|| of_use("usual")).or_else(|| names.iter().find(unused))
    else {
        return String::from("Name not recorded");
    };
    let given: Vec<&str> = name.items("given").iter().filter_map(Value::as_str).collect();
    match (name.text_at(&["family"]), given.join(" ")) {
        (Some(family), given) if given.is_empty() => family.to_uppercase(),
        (Some(family), given) => format!("{}, {given}", family.to_uppercase()),
        (None, given) if given.is_empty() => {
            name.text_at(&["text"]).unwrap_or("Name not recorded").to_owned()
        }
        (None, given) => given,
    }
}

/// The recorded sex.
pub fn sex(patient: &Value) -> Sex {
    match patient.text_at(&["gender"]) {
        Some("female") => Sex::Female,
        Some("male") => Sex::Male,
        Some("other") => Sex::Other,
        _ => Sex::Unknown,
    }
}

/// The ten digits of the NHS number, when one is recorded.
pub fn nhs_number(patient: &Value) -> Option<String> {
    let identifiers = patient.items("identifier").iter();
    let mut numbers = identifiers.filter(|one| one.text_at(&["system"]) == Some(fhir::systems::NHS_NUMBER));
    numbers.find_map(|one| one.text_at(&["value"])).map(str::to_owned)
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

/// The date under the first member that holds one.
pub fn when_of(resource: &Value, paths: &[&[&str]]) -> Option<When> {
    paths.iter().find_map(|path| resource.text_at(path)).and_then(when)
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

/// The type and id of a relative literal reference.
pub fn target(reference: &Value) -> Option<(&str, &str)> {
    let literal = reference.text_at(&["reference"])?;
    let mut parts = literal.split('/');
    let pair = (parts.next()?, parts.next()?);
    (!literal.contains("://")).then_some(pair)
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

    #[test]
    fn concepts_prefer_their_text() {
        let both = read(r#"{"text":"High blood pressure","coding":[{"code":"1","display":"Hypertension"}]}"#);
        assert_eq!(concept(&both).unwrap(), "High blood pressure");
        assert_eq!(concept(&read(r#"{"coding":[{"code":"1"}]}"#)).unwrap(), "1");
        assert_eq!(concept(&read("{}")), None);
    }
}
