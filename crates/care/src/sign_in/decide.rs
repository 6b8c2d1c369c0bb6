//! The rule. Pure.

use fhir::json::Value;
use fhir::nhs_number::NhsNumber;
use fhir::views::Patient;
use jiff::civil::Date;

/// The youngest age at which people sign in for themselves.
pub const YOUNGEST: i16 = 13;

/// What the login service vouches for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claimed {
    /// NHS number.
    pub nhs_number: String,
    /// Date of birth, `YYYY-MM-DD`.
    pub birth_date: String,
}

/// Whose record it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// Id of the Patient.
    pub patient: String,
    /// The name to call them by.
    pub name: String,
}

/// Why nobody's record is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// No record here has that NHS number, or not with that date of birth. Which of the two is not said.
    NoRecord,
    /// Under 13: a parent or carer can act for them.
    TooYoung,
}

/// Whose record it is among those with the NHS number, on a day.
pub fn decide(claimed: &Claimed, found: &[Value], today: Date) -> Result<Known, Refusal> {
    let number = NhsNumber::from_canonical(&claimed.nhs_number).filter(|number| !number.is_placeholder());
    let born: Option<Date> = claimed.birth_date.parse().ok();
    let (Some(number), Some(born)) = (number, born) else { return Err(Refusal::NoRecord) };
    let theirs = |person: &&Value| {
        let patient = Patient(person);
        patient.nhs_number() == Some(number.as_str())
            && patient.birth_date() == Some(claimed.birth_date.as_str())
            && patient.linked("replaced-by").next().is_none()
            && person.get("active").and_then(Value::as_bool) != Some(false)
            && person.get("deceasedDateTime").is_none()
            && person.get("deceasedBoolean").and_then(Value::as_bool) != Some(true)
    };
    let mut matches = found.iter().filter(theirs);
    // Two live records with one number are a mistake that people must mend before either is shown.
    let (Some(person), None) = (matches.next(), matches.next()) else { return Err(Refusal::NoRecord) };
    if age_on(born, today) < YOUNGEST {
        return Err(Refusal::TooYoung);
    }
    let patient = person.text_at(&["id"]).unwrap_or_default().to_owned();
    Ok(Known { patient, name: crate::words::name(person) })
}

/// Whole years. Who is born on 29 February is a year older on 1 March of other years.
fn age_on(born: Date, today: Date) -> i16 {
    let before = (today.month(), today.day()) < (born.month(), born.day());
    today.year() - born.year() - i16::from(before)
}

#[cfg(test)]
mod tests {
    use super::*;
    use fhir::json::{Limits, parse};
    use jiff::civil::date;

    fn person(change: &str) -> Value {
        let text = format!(
            r#"{{"resourceType":"Patient","id":"p1","identifier":[{{"system":"https://fhir.nhs.uk/Id/nhs-number",
            "value":"9990000026"}}],"name":[{{"family":"Vale","given":["Ada"]}}],"birthDate":"1980-02-29"{change}}}"#
        );
        parse(text.as_bytes(), &Limits::default()).unwrap()
    }

    fn claimed(number: &str, born: &str) -> Claimed {
        Claimed { nhs_number: number.to_owned(), birth_date: born.to_owned() }
    }

    const TODAY: Date = date(2026, 11, 22);

    #[test]
    fn number_and_birth_date_must_both_be_theirs() {
        let ours = claimed("9990000026", "1980-02-29");
        assert_eq!(decide(&ours, &[person("")], TODAY).unwrap().patient, "p1");
        let refused = [
            (claimed("9990000034", "1980-02-29"), vec![person("")]),
            (claimed("9990000026", "1980-03-01"), vec![person("")]),
            (claimed("9990000026", "1980"), vec![person("")]),
            (claimed("999 000 0026", "1980-02-29"), vec![person("")]),
            (claimed("", ""), vec![person("")]),
            (ours.clone(), vec![]),
            (ours.clone(), vec![person(r#","active":false"#)]),
            (ours.clone(), vec![person(r#","deceasedBoolean":true"#)]),
            (ours.clone(), vec![person(r#","deceasedDateTime":"2026""#)]),
            (
                ours.clone(),
                vec![person(r#","link":[{"type":"replaced-by","other":{"reference":"Patient/p2"}}]"#)],
            ),
            (ours.clone(), vec![person(""), person("")]),
        ];
        for (claimed, found) in refused {
            assert_eq!(decide(&claimed, &found, TODAY), Err(Refusal::NoRecord), "{claimed:?} {found:?}");
        }
    }

    #[test]
    fn thirteen_is_reached_on_the_birthday() {
        let on = |today| decide(&claimed("9990000026", "1980-02-29"), &[person("")], today).is_ok();
        assert!(!on(date(1993, 2, 28)));
        assert!(on(date(1993, 3, 1)));
        assert_eq!(age_on(date(2013, 11, 22), TODAY), 13);
        assert_eq!(age_on(date(2013, 11, 23), TODAY), 12);
    }
}
