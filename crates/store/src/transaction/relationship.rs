//! Rows that say who cares for whom and who is the same person, written in the commit that writes the document they come from.

use super::Transaction;
use crate::audit::Subject;
use crate::names::Kind;
use crate::relation::{Link, Past, Relationship, Stated};
use crate::{Error, Prepared};
use fhir::definitions::definitions;
use fhir::json::Text;
use rusqlite::{Connection, OptionalExtension};
use std::rc::Rc;

/// ODS codes are shorter than this and have no hyphen: an id that could be one is never taken for an Organization's.
const CODE_LENGTH: usize = 13;

impl Transaction {
    /// Keeps the relationships that a document causes.
    pub(super) fn relate(
        &mut self,
        rid: i64,
        resource: &Prepared,
        subjects: &[Subject],
    ) -> Result<(), Error> {
        let stated = &resource.derived.stated;
        match resource.resource_type() {
            "Encounter" | "Patient" | "ServiceRequest" => {
                let patients: Vec<(i64, &str)> =
                    subjects.iter().map(|subject| (subject.key, subject.id.as_str())).collect();
                relate(&Rc::clone(&self.conn), (rid, &patients), stated, self.now_us())
            }
            _ => Ok(()),
        }
    }

    /// Keeps which Patients a Patient replaces and is replaced by.
    pub(super) fn link(&mut self, resource: &Prepared, id: &str) -> Result<(), Error> {
        if resource.resource_type() != "Patient" {
            return Ok(());
        }
        let own = self.intern(Kind::Patient, id)?;
        let mut links = Vec::new();
        for Link { other, replaces } in &resource.derived.stated.links {
            links.push((self.intern(Kind::Patient, other)?, *replaces));
        }
        merge(&self.conn, own, &links)
    }

    /// A Patient that is deleted says nothing any more of those that it replaced or that replaced it.
    pub(super) fn unlink(&mut self, resource_type: &str, id: &str) -> Result<(), Error> {
        if resource_type != "Patient" {
            return Ok(());
        }
        let own = self.intern(Kind::Patient, id)?;
        merge(&self.conn, own, &[])
    }

    /// Gives the relationships that named an Organization by its id the code that it turns out to have.
    pub(super) fn rename(&mut self, id: &str, ods: Option<&Text>) -> Result<(), Error> {
        let Some(ods) = ods.filter(|_| id.len() >= CODE_LENGTH || id.contains('-')) else { return Ok(()) };
        self.conn
            .prepare_cached("UPDATE OR REPLACE relationship SET organisation = ?1 WHERE organisation = ?2")?
            .execute((ods.as_str(), id))?;
        Ok(())
    }
}

/// Replaces what a Patient says of merges; each link is the number of another Patient, and whether that one gave way.
pub(crate) fn merge(conn: &Connection, own: i64, links: &[(i64, bool)]) -> Result<(), Error> {
    let mine = "survivor = ?1 AND side = 1 OR prior = ?1 AND side = 0";
    conn.prepare_cached(&format!("DELETE FROM merged WHERE {mine}"))?.execute([own])?;
    for (other, replaces) in links.iter().filter(|(other, _)| *other != own) {
        let (survivor, prior) = if *replaces { (own, *other) } else { (*other, own) };
        conn.prepare_cached("INSERT OR IGNORE INTO merged VALUES (?1, ?2, ?3)")?
            .execute((survivor, prior, *replaces))?;
    }
    Ok(())
}

/// One row, without its cause.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Row {
    patient: i64,
    organisation: Text,
    started: i64,
    ended: Option<i64>,
}

/// Replaces the relationships of a cause. One that was ended keeps its end; one that is stated no more ends, or goes.
pub(crate) fn relate(
    conn: &Connection,
    (cause, patients): (i64, &[(i64, &str)]),
    stated: &Stated,
    now: i64,
) -> Result<(), Error> {
    let earlier = rows(conn, cause)?;
    let about = |id: &str| stated.patient.as_deref().is_none_or(|patient| patient == id);
    let patients: Vec<i64> = patients.iter().filter(|(_, id)| about(id)).map(|(key, _)| *key).collect();
    let mut wanted: Vec<Row> = Vec::new();
    for one in &stated.relationships {
        let Some(organisation) = organisation_of(conn, one)? else { continue };
        for patient in &patients {
            let known =
                wanted.iter_mut().find(|row| row.patient == *patient && row.organisation == organisation);
            let row = row(&earlier, (*patient, &organisation), (one.open, stated.past), now);
            match known {
                Some(known) if known.ended.is_some() => *known = row,
                Some(_) => {}
                None => wanted.push(row),
            }
        }
    }
    if stated.past == Past::Ended {
        for row in earlier.iter().filter(|row| patients.contains(&row.patient)) {
            if !wanted
                .iter()
                .any(|other| (other.patient, &other.organisation) == (row.patient, &row.organisation))
            {
                wanted.push(Row { ended: row.ended.or(Some(now)), ..row.clone() });
            }
        }
    }
    wanted.sort_unstable();
    if wanted == earlier {
        return Ok(());
    }
    conn.prepare_cached("DELETE FROM relationship WHERE cause = ?1")?.execute([cause])?;
    let mut insert =
        conn.prepare_cached("INSERT OR REPLACE INTO relationship VALUES (?1, ?2, ?3, ?4, ?5)")?;
    for row in &wanted {
        insert.execute((row.patient, row.organisation.as_str(), cause, row.started, row.ended))?;
    }
    Ok(())
}

/// The row of a relationship: it starts when it was first stated. A stay that goes to another organisation starts with the
/// stay; a registration that comes back starts anew.
fn row(earlier: &[Row], (patient, organisation): (i64, &Text), (open, past): (bool, Past), now: i64) -> Row {
    let same = earlier.iter().find(|row| row.patient == patient && row.organisation == *organisation);
    let started = match past {
        Past::Forgotten => earlier.iter().map(|row| row.started).min(),
        Past::Ended => same.filter(|row| !open || row.ended.is_none()).map(|row| row.started),
    };
    let last = match past {
        Past::Forgotten => earlier.iter().filter_map(|row| row.ended).max(),
        Past::Ended => same.and_then(|row| row.ended),
    };
    let ended = (!open).then(|| last.unwrap_or(now));
    Row { patient, organisation: organisation.clone(), started: started.unwrap_or(now), ended }
}

fn rows(conn: &Connection, cause: i64) -> Result<Vec<Row>, Error> {
    let mut statement = conn.prepare_cached(
        "SELECT patient, organisation, started, ended FROM relationship WHERE cause = ?1 ORDER BY 1, 2, 3, 4",
    )?;
    let found = statement.query_map([cause], |row| {
        let organisation = Text::from(row.get_ref(1)?.as_str()?);
        Ok(Row { patient: row.get(0)?, organisation, started: row.get(2)?, ended: row.get(3)? })
    })?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// The code of an organisation, or its id as long as nobody knows its code.
fn organisation_of(conn: &Connection, stated: &Relationship) -> Result<Option<Text>, Error> {
    Ok(match (&stated.ods, &stated.organisation) {
        (Some(ods), _) => Some(ods.clone()),
        (None, Some(id)) => Some(ods_of(conn, id)?.unwrap_or_else(|| id.clone())),
        (None, None) => None,
    })
}

/// The ODS code of a stored Organization, from its search rows.
fn ods_of(conn: &Connection, id: &str) -> Result<Option<Text>, Error> {
    let Some(identifier) = definitions().search_parameter("Organization", "identifier") else {
        return Ok(None);
    };
    let code: Option<String> = conn
        .prepare_cached(
            "SELECT i.code FROM resource r CROSS JOIN idx_token i INDEXED BY idx_token_of \
             ON i.rid = r.rid AND i.p = r.type * 65536 + ?3 \
             WHERE r.type = (SELECT id FROM type WHERE name = 'Organization') AND r.id = ?1 AND r.deleted = 0 \
             AND i.system = (SELECT id FROM system WHERE uri = ?2) AND i.code <> '' ORDER BY i.code LIMIT 1",
        )?
        .query_row((id, fhir::systems::ODS, identifier.id), |row| row.get(0))
        .optional()?;
    Ok(code.map(Text::from))
}
