//! Fills a record from the store. Problems, medicines and allergies are read whole, because an allergy behind a page is
//! an allergy unseen; results, observations and encounters come a page at a time, newest first.

use super::from_fhir as lines;
use super::merged::Whom;
use super::studies::studies;
use super::{Allergy, AllergyState, Attention, Banner, Home, MedicineState, Part, ProblemState, Record};
use crate::access_log::beginning_with;
use crate::lookup::{all, id, listed, page, section, unseen};
use crate::places::Names;
use crate::profile::preferences;
use crate::view::{Listed, Unseen, When};
use crate::words::{age, begins, instant, name, sex, when};
use catalogue::say;
use fhir::json::Value;
use fhir::views::{Encounter, Patient, Period, Reference, Resource};
use jiff::{Span, Timestamp};
use std::collections::HashMap;
use store::{Actor, Error, Snapshot, Store};

/// Entries on a page of a long section.
const LONG: &str = "50";
/// Reports on a page: each has a table of its own.
const REPORTS: &str = "20";
/// Entries of a long section in the summary.
const SHORT: &str = "10";

/// One part of a person's record, from a cursor on.
pub(crate) async fn read(
    store: &Store,
    actor: &Actor,
    patient: &str,
    (part, cursor): (Part, Option<&str>),
) -> Result<Record, Unseen> {
    let (patient, cursor) = (patient.to_owned(), cursor.map(str::to_owned));
    let now = store.environment().clock.now();
    let read = store.read(actor.clone(), move |snapshot| {
        let mut reader = Reader::of(snapshot, &patient, cursor.as_deref(), now)?;
        reader.record(part)
    });
    read.await.map_err(|error| unseen(&error))
}

/// What a patient's home page says.
pub(crate) async fn home(store: &Store, actor: &Actor, patient: &str) -> Result<Home, Unseen> {
    let patient = patient.to_owned();
    let now = store.environment().clock.now();
    let read = store.read(actor.clone(), move |snapshot| {
        let mut reader = Reader::of(snapshot, &patient, None, now)?;
        let attention = section(reader.attention().map(listed));
        Ok(Home { name: name(&reader.whom.person), read_at: now, attention })
    });
    read.await.map_err(|error| unseen(&error))
}

/// LOINC panels of bedside observations: their members stand among the observations, not among the test results.
pub(crate) const BEDSIDE_PANELS: &str = "http://loinc.org|85353-1,http://loinc.org|85354-9";

/// Reads one person's record as an actor.
pub(crate) struct Reader<'a> {
    snapshot: &'a mut Snapshot,
    whom: Whom,
    cursor: Option<&'a str>,
    now: Timestamp,
}

impl<'a> Reader<'a> {
    /// Reads for a person, from a cursor on.
    pub(crate) fn of(
        snapshot: &'a mut Snapshot,
        patient: &str,
        cursor: Option<&'a str>,
        now: Timestamp,
    ) -> Result<Self, Error> {
        let whom = Whom::read(snapshot, patient)?;
        Ok(Self { snapshot, whom, cursor, now })
    }

    fn record(&mut self, part: Part) -> Result<Record, Error> {
        let whole = part == Part::Summary;
        let wants = |one: Part| whole || part == one;
        let entries = self.allergy_entries();
        let banner = self.banner(&entries);
        let mut record = Record {
            banner,
            read_at: self.now,
            problems: None,
            medicines: None,
            allergies: None,
            results: None,
            observations: None,
            encounters: None,
            vaccinations: None,
            documents: None,
            scans: None,
        };
        if wants(Part::Problems) {
            record.problems = Some(section(self.problems()));
        }
        if wants(Part::Medicines) {
            record.medicines = Some(section(self.medicines()));
        }
        if wants(Part::Allergies) {
            record.allergies = Some(section(entries.map(|entries| listed(allergies(&entries)))));
        }
        let count = if whole { SHORT } else { LONG };
        let reports = if whole { SHORT } else { REPORTS };
        if wants(Part::Results) {
            record.results = Some(section(self.results(reports)));
        }
        if wants(Part::Observations) {
            let words = [("category:not", "laboratory"), ("_sort", "-date")];
            record.observations = Some(section(self.long("Observation", count, &words, lines::measurement)));
        }
        if wants(Part::Encounters) {
            record.encounters = Some(section(self.visits(count)));
        }
        if part == Part::Vaccinations {
            record.vaccinations = Some(section(self.vaccinations()));
        }
        if part == Part::Documents {
            record.documents = Some(section(self.papers()));
        }
        if part == Part::Scans {
            record.scans = Some(section(self.scans()));
        }
        Ok(record)
    }

    /// Every section but the results, each read whole.
    pub(crate) fn whole(&mut self) -> Record {
        let entries = self.allergy_entries();
        let banner = self.banner(&entries);
        let ids = self.whom.ids.clone();
        Record {
            banner,
            read_at: self.now,
            problems: Some(section(self.problems())),
            medicines: Some(section(self.medicines())),
            allergies: Some(section(entries.map(|entries| listed(allergies(&entries))))),
            results: None,
            observations: Some(section(self.observations(&ids))),
            encounters: Some(section(self.every_visit(&ids))),
            vaccinations: Some(section(self.vaccinations())),
            documents: Some(section(self.papers())),
            scans: Some(section(self.scans())),
        }
    }

    fn observations(&mut self, ids: &str) -> Result<Listed<super::Measurement>, Error> {
        let words = [("patient", ids), ("category:not", "laboratory,survey"), ("_sort", "-date")];
        let found = all(self.snapshot, "Observation", &words)?;
        Ok(listed(found.items.iter().filter_map(lines::measurement).collect()))
    }

    fn every_visit(&mut self, ids: &str) -> Result<Listed<super::Visit>, Error> {
        let found = all(self.snapshot, "Encounter", &[("patient", ids), ("_sort", "-date")])?;
        let names = Names::read(self.snapshot, &found.items)?;
        Ok(listed(found.items.iter().filter_map(|stay| lines::visit(stay, &names)).collect()))
    }

    fn allergy_entries(&mut self) -> Result<Vec<Value>, Error> {
        Ok(all(self.snapshot, "AllergyIntolerance", &[("patient", &self.whom.ids)])?.items)
    }

    fn banner(&mut self, entries: &Result<Vec<Value>, Error>) -> Banner {
        let location = self.place_now().ok().flatten();
        let person = &self.whom.person;
        let view = Patient(person);
        let born = view.birth_date().and_then(when);
        let died = view.deceased_at().and_then(when);
        let active = |entries: &Vec<Value>| {
            let active = allergies(entries).into_iter().filter(|one| one.state != AllergyState::Past);
            listed(active.map(|one| one.substance).collect())
        };
        Banner {
            patient_id: id(person).to_owned(),
            name: name(person),
            born,
            age: age(born, died.map_or(self.now, |died| begins(&died))),
            sex: sex(person),
            nhs_number: view.nhs_number().map(str::to_owned),
            died,
            allergies: section(entries.as_ref().map(active).map_err(Clone::clone)),
            no_known_allergies: entries
                .as_ref()
                .is_ok_and(|entries| entries.iter().any(lines::is_no_known_allergy)),
            location,
            replaced_by: self.whom.replaced_by.clone(),
            wishes: preferences(person),
        }
    }

    fn place_now(&mut self) -> Result<Option<String>, Error> {
        let stays = permitted(self.open_stays())?;
        let names = Names::read(self.snapshot, &stays)?;
        Ok(stays.iter().find_map(|stay| lines::place_now(stay, &names)))
    }

    fn visits(&mut self, count: &str) -> Result<Listed<super::Visit>, Error> {
        let words = words(&self.whom.ids, self.cursor, count, &[("_sort", "-date")]);
        let found = page(self.snapshot, "Encounter", &words)?;
        let names = Names::read(self.snapshot, &found.items)?;
        let items = found.items.iter().filter_map(|stay| lines::visit(stay, &names)).collect();
        Ok(Listed { items, total: None, next: found.next })
    }

    fn open_stays(&mut self) -> Result<Vec<Value>, Error> {
        let status = "planned,arrived,triaged,in-progress,onleave";
        Ok(page(
            self.snapshot,
            "Encounter",
            &[("patient", &self.whom.ids), ("status", status), ("_sort", "-date")],
        )?
        .items)
    }

    fn problems(&mut self) -> Result<Listed<super::Problem>, Error> {
        let found = all(self.snapshot, "Condition", &[("patient", &self.whom.ids)])?;
        let mut problems: Vec<_> = found.items.iter().filter_map(lines::problem).collect();
        let over = |state| matches!(state, ProblemState::Resolved);
        problems.sort_by_key(|one| (over(one.state), std::cmp::Reverse(newest(&[one.began, one.recorded]))));
        Ok(listed(problems))
    }

    fn medicines(&mut self) -> Result<Listed<super::Medicine>, Error> {
        let mut found = all(self.snapshot, "MedicationRequest", &[("patient", &self.whom.ids)])?.items;
        found.extend(all(self.snapshot, "MedicationStatement", &[("patient", &self.whom.ids)])?.items);
        let mut medicines = once_each(found.iter().filter_map(lines::medicine));
        let current = |state| matches!(state, MedicineState::Current | MedicineState::OnHold);
        medicines.sort_by_key(|one| (!current(one.state), std::cmp::Reverse(newest(&[one.started]))));
        Ok(listed(medicines))
    }

    fn vaccinations(&mut self) -> Result<Listed<super::Vaccination>, Error> {
        let found = all(self.snapshot, "Immunization", &[("patient", &self.whom.ids), ("_sort", "-date")])?;
        Ok(listed(found.items.iter().filter_map(lines::vaccination).collect()))
    }

    fn papers(&mut self) -> Result<Listed<super::Paper>, Error> {
        let mut found = all(self.snapshot, "DocumentReference", &[("patient", &self.whom.ids)])?.items;
        found.extend(all(self.snapshot, "Composition", &[("patient", &self.whom.ids)])?.items);
        let mut papers: Vec<_> = found.iter().filter_map(lines::paper).collect();
        papers.sort_by_key(|one| std::cmp::Reverse(newest(&[one.written])));
        Ok(listed(papers))
    }

    fn scans(&mut self) -> Result<Listed<super::Scan>, Error> {
        Ok(listed(studies(self.snapshot, &self.whom, &[])?))
    }

    fn results(&mut self, count: &str) -> Result<Listed<super::TestResult>, Error> {
        let words = words(
            &self.whom.ids,
            self.cursor,
            count,
            &[
                ("category:not", "vital-signs"),
                ("code:not", BEDSIDE_PANELS),
                ("_sort", "-date"),
                ("_include", "DiagnosticReport:result"),
            ],
        );
        let found = page(self.snapshot, "DiagnosticReport", &words)?;
        let members: HashMap<&str, &Value> = found.included.iter().map(|one| (id(one), one)).collect();
        let items =
            found.items.iter().filter_map(|one| lines::report(one, |id| members.get(id).copied())).collect();
        Ok(Listed { items, total: None, next: found.next })
    }

    fn long<T>(
        &mut self,
        type_: &str,
        count: &str,
        more: &[(&'static str, &'static str)],
        line: impl Fn(&Value) -> Option<T>,
    ) -> Result<Listed<T>, Error> {
        let words = words(&self.whom.ids, self.cursor, count, more);
        let found = page(self.snapshot, type_, &words)?;
        Ok(Listed { items: found.items.iter().filter_map(line).collect(), total: None, next: found.next })
    }

    /// What needs the person, most urgent first; results, appointments and prescriptions hand in their own.
    fn attention(&mut self) -> Result<Vec<Attention>, Error> {
        let mut attention = Vec::new();
        let month_ago = self.now.checked_sub(Span::new().hours(24 * 30)).unwrap_or(self.now);
        // A carer reads no audit log, and perhaps no visits: what they may not see is no matter of theirs.
        let look = self.snapshot.audit_emergency_about(id(&self.whom.person), month_ago);
        for look in permitted(look.map(|look| look.into_iter().collect()))? {
            if let Ok(at) = Timestamp::from_microsecond(look.recorded_at) {
                attention.push(Attention::EmergencyLook { at, page: beginning_with(&look) });
            }
        }
        let stays = permitted(self.open_stays())?;
        let names = Names::read(self.snapshot, &stays)?;
        for stay in stays {
            let view = Encounter(&stay);
            let since = view.period().and_then(Period::start).and_then(instant);
            match lines::place_now(&stay, &names) {
                Some(place) if lines::is_stay(&stay) => {
                    attention.push(Attention::InHospital { place, since })
                }
                _ if view.status() == Some("planned") => {
                    let place = view.service_provider().and_then(Reference::display);
                    let place = place.unwrap_or_else(|| say("record-unnamed-hospital")).to_owned();
                    let on = since.map(|at| at.to_zoned(fhir::time::default_zone().clone()).date());
                    attention.push(Attention::ExpectedStay { place, on });
                }
                _ => {}
            }
        }
        Ok(attention)
    }
}

/// What was read, or nothing where this reader may not read it.
fn permitted<T>(read: Result<Vec<T>, Error>) -> Result<Vec<T>, Error> {
    match read {
        Err(Error::Forbidden) => Ok(Vec::new()),
        read => read,
    }
}

/// The query words of a page of one person's entries.
fn words<'a>(
    patient: &'a str,
    cursor: Option<&'a str>,
    count: &'a str,
    more: &[(&'a str, &'a str)],
) -> Vec<(&'a str, &'a str)> {
    let mut words = vec![("patient", patient), ("_count", count)];
    words.extend(more);
    words.extend(cursor.map(|cursor| ("_page", cursor)));
    words
}

fn allergies(entries: &[Value]) -> Vec<Allergy> {
    let mut lines: Vec<Allergy> = entries.iter().filter_map(lines::allergy).collect();
    lines.sort_by_key(|one| (one.state == AllergyState::Past, !one.severe, one.substance.clone()));
    lines
}

/// A prescription and the statement that it is taken, of one medicine, dose, state and day, are one line: shown twice,
/// it would read as two doses. The first is kept, so prescriptions stand before statements.
fn once_each(medicines: impl Iterator<Item = super::Medicine>) -> Vec<super::Medicine> {
    let mut lines: Vec<super::Medicine> = Vec::new();
    for one in medicines {
        let day = |medicine: &super::Medicine| {
            medicine.started.map(|at| begins(&at).to_zoned(fhir::time::default_zone().clone()).date())
        };
        let same = |line: &super::Medicine| {
            (&line.name, &line.dose, line.state, day(line)) == (&one.name, &one.dose, one.state, day(&one))
        };
        if !lines.iter().any(same) {
            lines.push(one);
        }
    }
    lines
}

fn newest(dates: &[Option<When>]) -> Timestamp {
    dates.iter().flatten().map(begins).next().unwrap_or(Timestamp::MIN)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn medicine(type_: &str, started: &str, dose: &str) -> super::super::Medicine {
        let date = if type_ == "MedicationRequest" { "authoredOn" } else { "effectiveDateTime" };
        let text = format!(
            r#"{{"resourceType":"{type_}","status":"active","medicationCodeableConcept":{{"text":"Aspirin 75mg"}},
                "{date}":"{started}","dosage":[{{"text":"{dose}"}}],"dosageInstruction":[{{"text":"{dose}"}}]}}"#
        );
        let entry = fhir::json::parse(text.as_bytes(), &fhir::json::Limits::default()).unwrap();
        lines::medicine(&entry).unwrap()
    }

    #[test]
    fn a_prescription_and_its_statement_are_one_line_and_another_dose_is_another() {
        let all = [
            medicine("MedicationRequest", "2026-07-26T10:00:00+01:00", "one a day"),
            medicine("MedicationStatement", "2026-07-26", "one a day"),
            medicine("MedicationStatement", "2026-07-26", "two a day"),
            medicine("MedicationStatement", "2026-08-26", "one a day"),
        ];
        assert_eq!(once_each(all.into_iter()).len(), 3);
    }
}
