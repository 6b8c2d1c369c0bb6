//! Reading and searching the log, as far as an actor may: patients what is about them, operators what is about nobody.

use super::draft::{Action, Draft};
use super::record::{AuditRecord, COLUMNS};
use super::{event, number};
use crate::search::{Entry, Mode, SearchPage};
use crate::{Error, Found, Resource, Role, Snapshot};
use fhir::issue::{Issue, IssueCode};
use fhir::search::{
    COUNT_MAX, Filter, FilterTarget, Prefix, Query, ReferenceValue, SearchValue, SortKey, SortTarget,
    Summary, TotalMode,
};
use rusqlite::types::Value as Sql;
use std::rc::Rc;

/// Events on a page when the query does not say.
const PAGE: u32 = 50;

/// The search parameters that AuditEvents are searched by; every other one is refused.
pub const SEARCHED_BY: &[&str] = &["_id", "_lastUpdated", "action", "agent", "date", "entity", "patient"];

impl Snapshot {
    /// Who looked at or changed a patient's record, newest first, at most `limit`, with numbers below `before`.
    ///
    /// # Errors
    /// [`Error::NotFound`] unless the actor is the patient, the system or a client that may read AuditEvents.
    pub fn audit_about_patient(
        &mut self,
        patient: &str,
        limit: usize,
        before: Option<u64>,
    ) -> Result<Vec<AuditRecord>, Error> {
        let mut wanted = self.about(patient)?;
        if let Some(before) = before {
            wanted.and("a.seq < ?", [Sql::Integer(i64::try_from(before).unwrap_or(i64::MAX))]);
        }
        let found = self.records(&wanted, limit)?;
        self.asked_about(patient, format!("patient={patient}"))?;
        Ok(found)
    }

    /// The newest access to a patient's record in an emergency since a moment, however much was looked at after it.
    ///
    /// # Errors
    /// Those of [`Snapshot::audit_about_patient`].
    pub fn audit_emergency_about(
        &mut self,
        patient: &str,
        since: jiff::Timestamp,
    ) -> Result<Option<AuditRecord>, Error> {
        let mut wanted = self.about(patient)?;
        wanted.and("a.seq >= ?", [Sql::Integer(self.first_at(since.as_microsecond())?)]);
        wanted.and("a.reason IS NOT NULL AND a.outcome = 0", []);
        wanted.and("a.role IN ('ward-staff-break-glass', 'surgery-break-glass')", []);
        let found = self.records(&wanted, 1)?.into_iter().next();
        self.asked_about(patient, format!("patient={patient}&purpose-of-use=ETREAT"))?;
        Ok(found)
    }

    /// The rows about a patient, for whoever may read who looked at that patient's record.
    fn about(&self, patient: &str) -> Result<Wanted, Error> {
        let mut wanted = self.visible()?;
        self.of_person(&mut wanted, patient)?;
        match &self.actor.role {
            Role::Patient { patient: own } if own != patient => Err(Error::NotFound),
            _ => Ok(wanted),
        }
    }

    /// Reading who looked is itself in the log of the patient.
    fn asked_about(&mut self, patient: &str, query: String) -> Result<(), Error> {
        let draft = Draft::query("search", Some("AuditEvent"), query);
        let subject =
            super::Subject { key: self.patient_key(patient)?.unwrap_or_default(), id: patient.into() };
        self.record(Draft { patient: (subject.key != 0).then_some(subject), ..draft });
        Ok(())
    }

    /// Accesses to records in an emergency by an organisation's staff, newest first, at most `limit`; of all organisations
    /// and about all patients where none is named.
    ///
    /// # Errors
    /// [`Error::Forbidden`] unless the actor is the system or that organisation's privacy officer.
    pub fn audit_emergencies(
        &mut self,
        organisation: Option<&str>,
        patient: Option<&str>,
        limit: usize,
    ) -> Result<Vec<AuditRecord>, Error> {
        let own = organisation.is_some_and(|code| !code.is_empty() && code == self.actor.organisation);
        match self.actor.role {
            Role::System => {}
            Role::Privacy if own => {}
            _ => return Err(self.refused(crate::Interaction::Read, "AuditEvent")),
        }
        let mut wanted = Wanted { emergencies: true, ..Wanted::default() };
        wanted.and("a.reason IS NOT NULL AND a.patient IS NOT NULL", []);
        // What staff did on somebody's behalf has a reason too.
        wanted.and("a.role IN ('ward-staff-break-glass', 'surgery-break-glass')", []);
        if let Some(code) = organisation {
            wanted.and("a.organisation = ?", [Sql::Text(code.to_owned())]);
        }
        if let Some(patient) = patient {
            // Bound by its number: what names the patient by id is found through another index.
            wanted.and("a.patient = ?", [Sql::Integer(self.patient_key(patient)?.unwrap_or_default())]);
        }
        let found = self.records(&wanted, limit)?;
        let mut subjects = Vec::new();
        // What the system counts goes to nobody; what a person reads is written down for each patient it names.
        if self.actor.role != Role::System {
            for record in &found {
                subjects.extend(self.subject(record.patient.as_deref())?);
            }
            subjects.sort_unstable_by_key(|subject| subject.key);
            subjects.dedup_by_key(|subject| subject.key);
        }
        let draft = Draft::query("search", Some("AuditEvent"), String::from("purpose-of-use=ETREAT"));
        self.record_about(draft, subjects);
        Ok(found)
    }

    /// The AuditEvent of a row. Patients and operators see which parameters a search had and not their values: it may have
    /// asked for other people by name.
    fn event(&self, record: AuditRecord) -> Result<Resource, Error> {
        let shown = match self.actor.role {
            Role::Patient { .. } | Role::Operator => record.without_values(),
            _ => record,
        };
        event::resource(&shown, &self.shared.audit_key)
    }

    /// An AuditEvent made of a row of the log, when the id is one of those.
    pub(crate) fn read_event(&mut self, resource_type: &str, id: &str) -> Result<Option<Found>, Error> {
        if resource_type != "AuditEvent" {
            return Ok(None);
        }
        let Some(seq) = number::seq(id, &self.shared.audit_key) else { return Ok(None) };
        let mut wanted = self.visible()?;
        wanted.and("a.seq = ?", [Sql::Integer(i64::try_from(seq).unwrap_or(-1))]);
        let Some(record) = self.records(&wanted, 1)?.into_iter().next() else { return Ok(None) };
        let resource = self.event(record.clone())?;
        let mut draft = Draft::entity(Action::Read, "read", "AuditEvent", id);
        draft.patient = self.subject(record.patient.as_deref())?;
        self.record(draft);
        Ok(Some(Found::Present(Box::new(resource))))
    }

    /// Searches the log by [`SEARCHED_BY`], newest first; `asked` is the query with references to us made relative.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for roles without access to the log, [`Error::Invalid`] for other parameters, for any other
    /// order and for includes.
    pub(crate) fn search_events(&mut self, query: &Query, asked: &Query) -> Result<SearchPage, Error> {
        let mut wanted = self.visible()?;
        newest_first_alone(query)?;
        for filter in &asked.filters {
            self.narrow(&mut wanted, filter)?;
        }
        let count = query.count.unwrap_or(PAGE).min(COUNT_MAX) as usize;
        let counting = count == 0 || query.summary == Summary::Count;
        let total = (counting || query.total == TotalMode::Accurate)
            .then(|| self.count_events(&wanted))
            .transpose()?;
        let mut page = SearchPage { total, ..SearchPage::default() };
        let raw: Vec<String> =
            query.to_pairs().into_iter().map(|(name, value)| format!("{name}={value}")).collect();
        let draft = Draft::query("search", Some("AuditEvent"), raw.join("&"));
        let mut subjects = Vec::new();
        if !counting {
            if let Some(cursor) = &query.page {
                let before = number::seq(cursor, &self.shared.audit_key).ok_or_else(|| refusal("_page"))?;
                wanted.and("a.seq < ?", [Sql::Integer(i64::try_from(before).unwrap_or(i64::MAX))]);
            }
            let mut records = self.records(&wanted, count + 1)?;
            if records.len() > count {
                records.truncate(count);
                page.next = records.last().map(|last| number::id(last.seq, &self.shared.audit_key));
            } else if query.page.is_none() && query.total != TotalMode::None {
                page.total = Some(records.len() as u64);
            }
            for record in &records {
                subjects.extend(self.subject(record.patient.as_deref())?);
                let resource = self.event(record.clone())?;
                page.entries.push(Entry { resource, mode: Mode::Match, rid: 0 });
            }
            subjects.sort_unstable_by_key(|subject| subject.key);
            subjects.dedup_by_key(|subject| subject.key);
        }
        self.record_about(draft, subjects);
        Ok(page)
    }

    /// The rows the actor may see at all.
    fn visible(&self) -> Result<Wanted, Error> {
        let mut wanted = Wanted::default();
        match &self.actor.role {
            Role::System => {}
            Role::Backend { .. } => self.may(crate::Interaction::Read, "AuditEvent")?,
            Role::Patient { patient } => self.of_person(&mut wanted, patient)?,
            Role::Operator => wanted.and("a.patient IS NULL", []),
            _ => return Err(self.refused(crate::Interaction::Read, "AuditEvent")),
        }
        Ok(wanted)
    }

    /// Rows about a person: under their own number, and under those that gave way to it while that stands.
    fn of_person(&self, wanted: &mut Wanted, patient: &str) -> Result<(), Error> {
        match self.numbers(patient)?.as_slice() {
            [] | [_] => wanted.and("p.fhir_id = ?", [Sql::Text(patient.to_owned())]),
            all => {
                let marks = vec!["?"; all.len()].join(",");
                let all = all.iter().map(|(key, _)| Sql::Integer(*key));
                wanted.and(&format!("p.id IN ({marks})"), all);
                wanted.by_patient = true;
            }
        }
        Ok(())
    }

    fn records(&self, wanted: &Wanted, limit: usize) -> Result<Vec<AuditRecord>, Error> {
        let conn = Rc::clone(&self.conn);
        let sql = format!("SELECT {COLUMNS} FROM {} ORDER BY a.seq DESC LIMIT {limit}", wanted.from());
        let mut statement = conn.prepare_cached(&sql)?;
        let rows = statement.query_map(rusqlite::params_from_iter(&wanted.values), AuditRecord::of)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    fn count_events(&self, wanted: &Wanted) -> Result<u64, Error> {
        let sql = format!("SELECT count(*) FROM {}", wanted.from());
        let mut statement = self.conn.prepare_cached(&sql)?;
        Ok(statement.query_row(rusqlite::params_from_iter(&wanted.values), |row| row.get(0))?)
    }

    fn narrow(&self, wanted: &mut Wanted, filter: &Filter) -> Result<(), Error> {
        let code = match &filter.target {
            FilterTarget::Param(param) => param.code,
            FilterTarget::Id => "_id",
            FilterTarget::LastUpdated => "date",
            _ => return Err(refusal("a chain on AuditEvent")),
        };
        if filter.modifier.is_some() {
            return Err(refusal(code));
        }
        let mut any = Wanted::default();
        for value in &filter.values {
            match (code, value) {
                ("_id", SearchValue::Token(token)) => {
                    let seq = token.code.as_deref().and_then(|id| number::seq(id, &self.shared.audit_key));
                    any.or(
                        "a.seq = ?",
                        [Sql::Integer(seq.and_then(|seq| i64::try_from(seq).ok()).unwrap_or(-1))],
                    );
                }
                ("action", SearchValue::Token(token)) => {
                    any.or("a.action = ?", [Sql::Text(token.code.as_deref().unwrap_or_default().to_owned())]);
                }
                ("patient", SearchValue::Reference(ReferenceValue::Local { id, .. })) => {
                    any.or("p.fhir_id = ?", [Sql::Text(id.to_string())]);
                }
                ("entity", SearchValue::Reference(ReferenceValue::Local { resource_type, id, .. })) => {
                    by_entity(&mut any, resource_type.as_deref(), id);
                }
                ("agent", SearchValue::Reference(ReferenceValue::Local { resource_type, id, .. })) => {
                    by_agent(&mut any, resource_type.as_deref(), id);
                }
                ("date", SearchValue::Date { prefix, value }) => {
                    let (low, high) = value.range(fhir::time::default_zone());
                    self.by_date(&mut any, *prefix, (low, high))?;
                }
                // What is ours was made relative; the log refers to nothing elsewhere.
                ("patient" | "entity" | "agent", SearchValue::Reference(ReferenceValue::Absolute(_))) => {}
                _ => return Err(refusal(code)),
            }
        }
        wanted.and(&format!("({})", if any.sql.is_empty() { "0" } else { &any.sql }), any.values);
        Ok(())
    }

    /// Times become numbers: rows are in order of time, so two searches by halves find the range.
    fn by_date(&self, any: &mut Wanted, prefix: Prefix, (low, high): (i64, i64)) -> Result<(), Error> {
        let (from, until) = (Sql::Integer(self.first_at(low)?), Sql::Integer(self.first_at(high)?));
        match prefix {
            Prefix::Eq | Prefix::Ap => any.or("(a.seq >= ? AND a.seq < ?)", [from, until]),
            Prefix::Ne => any.or("(a.seq < ? OR a.seq >= ?)", [from, until]),
            Prefix::Gt | Prefix::Sa => any.or("a.seq >= ?", [until]),
            Prefix::Lt | Prefix::Eb => any.or("a.seq < ?", [from]),
            Prefix::Ge => any.or("a.seq >= ?", [from]),
            Prefix::Le => any.or("a.seq < ?", [until]),
        }
        Ok(())
    }

    /// The first number whose row was recorded at that time or later.
    fn first_at(&self, time: i64) -> Result<i64, Error> {
        let mut low = 1;
        let mut high: i64 = self
            .conn
            .prepare_cached("SELECT coalesce(max(seq), 0) + 1 FROM audit")?
            .query_row([], |row| row.get(0))?;
        let mut probe = self.conn.prepare_cached("SELECT recorded_at FROM audit WHERE seq = ?1")?;
        while low < high {
            let middle = low + (high - low) / 2;
            let at: i64 = probe.query_row([middle], |row| row.get(0))?;
            if at < time { low = middle + 1 } else { high = middle }
        }
        Ok(low)
    }

    fn patient_key(&self, patient: &str) -> Result<Option<i64>, Error> {
        self.shared.names.find(&self.conn, crate::names::Kind::Patient, patient)
    }

    fn subject(&self, patient: Option<&str>) -> Result<Option<super::Subject>, Error> {
        let Some(patient) = patient else { return Ok(None) };
        Ok(self.patient_key(patient)?.map(|key| super::Subject { key, id: patient.into() }))
    }
}

fn by_entity(any: &mut Wanted, resource_type: Option<&str>, id: &str) {
    let id = Sql::Text(id.to_owned());
    match resource_type {
        Some("Patient") => {
            any.or("((a.type = 'Patient' AND a.entity = ?) OR p.fhir_id = ?)", [id.clone(), id])
        }
        Some(name) => any.or("(a.type = ? AND a.entity = ?)", [Sql::Text(name.to_owned()), id]),
        None => any.or("(a.entity = ? OR p.fhir_id = ?)", [id.clone(), id]),
    }
}

fn by_agent(any: &mut Wanted, resource_type: Option<&str>, id: &str) {
    match resource_type {
        Some(name) => any.or("a.agent = ?", [Sql::Text(format!("{name}/{id}"))]),
        None => any.or("substr(a.agent, instr(a.agent, '/') + 1) = ?", [Sql::Text(id.to_owned())]),
    }
}

/// Refuses what would otherwise be passed over without a word: another order, and resources beside the events.
fn newest_first_alone(query: &Query) -> Result<(), Error> {
    let newest_first = |key: &SortKey| {
        key.descending
            && match &key.target {
                SortTarget::LastUpdated => true,
                SortTarget::Id => false,
                SortTarget::Param(parameter) => parameter.code == "date",
            }
    };
    let refused = |parameter: &str, text: &str| {
        Err(Error::invalid(Issue::error(IssueCode::NotSupported, text).at(format!("http.{parameter}"))))
    };
    if !query.sort.iter().all(newest_first) {
        return refused("_sort", "AuditEvents come newest first: _sort may only be -date or -_lastUpdated");
    }
    if !query.includes.is_empty() {
        return refused("_include", "AuditEvents are searched without _include");
    }
    if !query.revincludes.is_empty() {
        return refused("_revinclude", "AuditEvents are searched without _revinclude");
    }
    Ok(())
}

/// Whether resources of the type are entries of the log.
pub(crate) fn is_log(resource_type: &str) -> bool {
    resource_type == "AuditEvent"
}

/// The refusal of a search that joins other resources with the log.
pub(crate) fn no_join(parameter: &str) -> Error {
    let text = "AuditEvents are searched by themselves, with the parameter patient or entity";
    Error::invalid(Issue::error(IssueCode::NotSupported, text).at(format!("http.{parameter}")))
}

/// The refusal of a history of the log.
pub(crate) fn no_history() -> Error {
    let text = "AuditEvents never change and have no history; a search gives them newest first";
    Error::invalid(Issue::error(IssueCode::NotSupported, text))
}

fn refusal(parameter: &str) -> Error {
    let text = format!(
        "AuditEvents are searched by patient, agent, entity, action, date and _id, not by {parameter}"
    );
    Error::invalid(Issue::error(IssueCode::NotSupported, text).at(parameter))
}

/// Conditions with their values.
#[derive(Default)]
struct Wanted {
    sql: String,
    values: Vec<Sql>,
    /// Whether a condition names the patient, so that the rows are found through it.
    by_patient: bool,
    /// Whether only accesses in an emergency are asked for, which have an index of their own.
    emergencies: bool,
}

impl Wanted {
    fn join(&mut self, word: &str, condition: &str, values: impl IntoIterator<Item = Sql>) {
        if !self.sql.is_empty() {
            self.sql.push_str(word);
        }
        self.sql.push_str(condition);
        self.values.extend(values);
    }

    fn and(&mut self, condition: &str, values: impl IntoIterator<Item = Sql>) {
        self.by_patient |= condition == "p.fhir_id = ?" || condition == "(p.fhir_id = ?)";
        self.join(" AND ", condition, values);
    }

    fn or(&mut self, condition: &str, values: impl IntoIterator<Item = Sql>) {
        self.join(" OR ", condition, values);
    }

    fn from(&self) -> String {
        let tables = if self.by_patient {
            "patient p CROSS JOIN audit a INDEXED BY audit_patient ON a.patient = p.id"
        } else if self.emergencies {
            "audit a INDEXED BY audit_emergency LEFT JOIN patient p ON p.id = a.patient"
        } else {
            "audit a LEFT JOIN patient p ON p.id = a.patient"
        };
        format!("{tables} WHERE {}", if self.sql.is_empty() { "1" } else { &self.sql })
    }
}
