//! Fills a year of the timeline. Each type is searched by the date that says when it happened, so that a long life costs no
//! more than a year of it.

use super::{Happening, Kind, Timeline};
use crate::lookup::{all, listed, page, section, unseen};
use crate::places::Names;
use crate::record::{BEDSIDE_PANELS, Whom, from_fhir as lines};
use crate::view::{Unseen, When};
use crate::words::{begins, concept, when};
use fhir::json::Value;
use fhir::time::default_zone;
use fhir::views::{Reference, Resource};
use store::{Actor, Error, Snapshot, Store};

/// What is searched: the type, the parameter that says when, and what sort of thing it is.
const SOURCES: &[(&str, &str, Kind)] = &[
    ("Encounter", "date", Kind::Visit),
    ("DiagnosticReport", "date", Kind::Result),
    ("Condition", "onset-date", Kind::Condition),
    ("MedicationRequest", "authoredon", Kind::Medicine),
    ("Immunization", "date", Kind::Vaccination),
    ("Procedure", "date", Kind::Procedure),
    ("AllergyIntolerance", "date", Kind::Allergy),
    ("DocumentReference", "date", Kind::Document),
    ("Composition", "date", Kind::Document),
    ("ImagingStudy", "started", Kind::Scan),
];

/// A year of a record.
pub(super) async fn timeline(
    store: &Store,
    actor: &Actor,
    patient: &str,
    year: Option<i16>,
) -> Result<Timeline, Unseen> {
    if year.is_some_and(|year| !(1800..=2200).contains(&year)) {
        return Err(Unseen::NotFound);
    }
    let patient = patient.to_owned();
    let now = store.environment().clock.now();
    let read = store.read(actor.clone(), move |snapshot| {
        let whom = Whom::read(snapshot, &patient)?;
        let shown = match year {
            Some(year) => Some(year),
            None => nearest(snapshot, &whom, None)?,
        };
        let Some(shown) = shown else {
            let happenings = section(Ok(listed(Vec::new())));
            return Ok(Timeline { read_at: now, year: None, earlier: None, later: None, happenings });
        };
        let later = match year {
            Some(_) => nearest(snapshot, &whom, Some(("ge", shown + 1)))?,
            None => None,
        };
        Ok(Timeline {
            read_at: now,
            year: Some(shown),
            earlier: nearest(snapshot, &whom, Some(("lt", shown)))?,
            later,
            happenings: section(happenings(snapshot, &whom, shown).map(listed)),
        })
    });
    read.await.map_err(|error| unseen(&error))
}

/// The nearest year with something in it: before (`lt`) or from (`ge`) the first day of a year, else the newest of all.
fn nearest(snapshot: &mut Snapshot, whom: &Whom, bound: Option<(&str, i16)>) -> Result<Option<i16>, Error> {
    let forward = bound.is_some_and(|(direction, _)| direction == "ge");
    let mut years = Vec::new();
    for (type_, date, kind) in SOURCES {
        let bound = bound.map(|(direction, year)| format!("{direction}{year}-01-01"));
        let sort = if forward { (*date).to_owned() } else { format!("-{date}") };
        let mut words = vec![("patient", whom.ids.as_str()), ("_sort", &sort), ("_count", "1")];
        words.extend(bound.as_deref().map(|bound| (*date, bound)));
        words.extend(no_bedside(*kind));
        let found = permitted(page(snapshot, type_, &words).map(|page| page.items))?;
        // A stay that began in another year is found in each year it lasted: its beginning counts.
        years.extend(found.iter().filter_map(|one| Some(year_of(dated(one, *kind)?))));
    }
    let fits = |year: &i16| match bound {
        Some(("ge", from)) => *year >= from,
        Some((_, before)) => *year < before,
        None => true,
    };
    let years = years.into_iter().filter(fits);
    Ok(if forward { years.min() } else { years.max() })
}

fn happenings(snapshot: &mut Snapshot, whom: &Whom, year: i16) -> Result<Vec<Happening>, Error> {
    let (from, until) = (format!("ge{year}-01-01"), format!("lt{}-01-01", year + 1));
    let mut found = Vec::new();
    for (type_, date, kind) in SOURCES {
        let mut words = vec![("patient", whom.ids.as_str()), (*date, from.as_str()), (*date, until.as_str())];
        words.extend(no_bedside(*kind));
        let entries = permitted(all(snapshot, type_, &words).map(|page| page.items))?;
        let names = if *kind == Kind::Visit { Names::read(snapshot, &entries)? } else { Names::default() };
        found.extend(entries.iter().filter_map(|one| happening(one, *kind, &names)));
    }
    found.retain(|one| year_of(one.at) == year);
    found.sort_by_key(|one| std::cmp::Reverse(begins(&one.at)));
    Ok(found)
}

/// What a reader may not see is not there for them: a carer's timeline is of what is open to them.
fn permitted(read: Result<Vec<Value>, Error>) -> Result<Vec<Value>, Error> {
    match read {
        Err(Error::Forbidden) => Ok(Vec::new()),
        other => other,
    }
}

fn no_bedside<'a>(kind: Kind) -> impl Iterator<Item = (&'a str, &'a str)> {
    let words = [("category:not", "vital-signs"), ("code:not", BEDSIDE_PANELS)];
    words.into_iter().filter(move |_| kind == Kind::Result)
}

/// One entry as a happening; `None` where it must not be shown, or bears no date.
fn happening(entry: &Value, kind: Kind, names: &Names) -> Option<Happening> {
    let (title, plain, place) = match kind {
        Kind::Visit => {
            let line = lines::visit(entry, names)?;
            (line.reason.unwrap_or_default(), None, line.place)
        }
        Kind::Result => {
            let line = lines::report(entry, |_| None)?;
            (line.name, line.plain, line.by)
        }
        Kind::Condition => lines::problem(entry).map(|line| (line.name, line.plain, None))?,
        Kind::Medicine => lines::medicine(entry).map(|line| (line.name, line.plain, line.prescriber))?,
        Kind::Vaccination => lines::vaccination(entry).map(|line| (line.name, None, line.by))?,
        Kind::Procedure if matches!(entry.status(), Some("entered-in-error" | "not-done")) => return None,
        Kind::Procedure => {
            let name = entry.code().and_then(concept)?;
            let plain = lines::plain(&name).map(str::to_owned);
            let place = entry.actors().find_map(Reference::display).map(str::to_owned);
            (name, plain, place)
        }
        Kind::Allergy => lines::allergy(entry).map(|line| (line.substance, None, None))?,
        Kind::Document => lines::paper(entry).map(|line| (line.title, None, line.keeper))?,
        // A scan that was not made did not happen.
        Kind::Scan if entry.status() == Some("cancelled") => return None,
        Kind::Scan => {
            let line = lines::scan(entry)?;
            let kinds: Vec<String> = line.kinds.into_iter().map(|one| one.words).collect();
            (line.name.unwrap_or_default(), (!kinds.is_empty()).then(|| kinds.join(", ")), line.place)
        }
    };
    let id = entry.id()?.to_owned();
    Some(Happening { at: dated(entry, kind)?, kind, title, plain, place, id })
}

/// When it happened: the date that the search goes by.
fn dated(entry: &Value, kind: Kind) -> Option<When> {
    let paths: &[&[&str]] = match kind {
        Kind::Visit => &[&["period", "start"]],
        Kind::Result => &[&["effectiveDateTime"], &["effectivePeriod", "start"]],
        Kind::Condition => &[&["onsetDateTime"], &["onsetPeriod", "start"]],
        Kind::Medicine => &[&["authoredOn"]],
        Kind::Vaccination => &[&["occurrenceDateTime"]],
        Kind::Procedure => &[&["performedDateTime"], &["performedPeriod", "start"]],
        Kind::Allergy => &[&["recordedDate"]],
        Kind::Document => &[&["date"]],
        Kind::Scan => &[&["started"]],
    };
    paths.iter().find_map(|path| entry.text_at(path)).and_then(when)
}

fn year_of(at: When) -> i16 {
    begins(&at).to_zoned(default_zone().clone()).year()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Value {
        fhir::json::parse(text.as_bytes(), &fhir::json::Limits::default()).unwrap()
    }

    #[test]
    fn an_entry_is_dated_by_what_happened_and_mistakes_are_left_out() {
        let names = Names::default();
        let stay = read(
            r#"{"resourceType":"Encounter","id":"e","status":"finished","class":{"code":"IMP"},"reasonCode":[{"text":"Pneumonia"}],
                "period":{"start":"2025-12-31T23:30:00Z","end":"2026-01-04"},"serviceProvider":{"display":"Hospital"}}"#,
        );
        let line = happening(&stay, Kind::Visit, &names).unwrap();
        assert_eq!((line.title.as_str(), year_of(line.at)), ("Pneumonia", 2025));
        assert_eq!(line.place.as_deref(), Some("Hospital"));
        let wrong =
            read(r#"{"id":"p","status":"not-done","code":{"text":"Scan"},"performedDateTime":"2025"}"#);
        assert_eq!(happening(&wrong, Kind::Procedure, &names), None);
        let undated = read(r#"{"id":"c","code":{"text":"Asthma"}}"#);
        assert_eq!(happening(&undated, Kind::Condition, &names), None);
    }

    #[test]
    fn midnight_on_new_years_eve_belongs_to_london() {
        assert_eq!(year_of(when("2025-12-31T23:59:59Z").unwrap()), 2025);
        assert_eq!(year_of(when("2025-07-01T00:30:00+01:00").unwrap()), 2025);
        assert_eq!(year_of(When::Year(1990)), 1990);
    }
}
