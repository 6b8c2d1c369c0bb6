//! Table `merged` against what the Patients say, and what they say against each other. The rows decide who reaches what lies
//! under an earlier number, so rows that no document explains, that go round or that open one record to two people are faults. One side that speaks alone, or of
//! somebody who is not here, opens nothing: a source may have more to send, so that is remarked and no fault.

use super::{Finding, Remark, Report};
use crate::Error;
use crate::relation::Link;
use fhir::json::Text;
use rusqlite::{Connection, OptionalExtension as _};
use std::collections::{BTreeMap, BTreeSet};

/// The later Patient, the earlier one, and whether it is the later one that says so.
type Row = (Text, Text, bool);

/// What the present Patients say of merges, collected as their documents are examined.
#[derive(Default)]
pub(super) struct Merges {
    present: BTreeSet<Text>,
    said: BTreeSet<Row>,
}

impl Merges {
    /// Takes in what one present Patient says.
    pub(super) fn hear(&mut self, own: &str, links: &[Link]) {
        let own = Text::from(own);
        for Link { other, replaces } in links.iter().filter(|link| link.other != own) {
            self.said.insert(match replaces {
                true => (own.clone(), other.clone(), true),
                false => (other.clone(), own.clone(), false),
            });
        }
        self.present.insert(own);
    }

    /// Compares, once everybody was heard.
    pub(super) fn conclude(&self, connection: &Connection, report: &mut Report) -> Result<(), Error> {
        let kept = kept(connection)?;
        let speaker = |(later, earlier, side): &Row| if *side { later.clone() } else { earlier.clone() };
        let missing: Vec<&Row> = self.said.difference(&kept).collect();
        let known = |id: &Text| is_known(connection, id);
        let mut apart: BTreeSet<Text> = kept.difference(&self.said).map(speaker).collect();
        for row in missing {
            // Before there was the table, a name that nothing else used was no Patient's.
            if known(&row.0)? && known(&row.1)? {
                apart.insert(speaker(row));
            }
        }
        for one in apart {
            report.find(Finding::Merge { reference: format!("Patient/{one}") });
        }
        let both: BTreeSet<(&Text, &Text)> =
            kept.iter().filter(|row| kept.contains(&other_side(row))).map(|row| (&row.0, &row.1)).collect();
        for one in round(&both) {
            report.find(Finding::Circle { reference: format!("Patient/{one}") });
        }
        for one in parted(&both) {
            report.find(Finding::Parted { reference: format!("Patient/{one}") });
        }
        for row in self.said.iter().filter(|row| !self.said.contains(&other_side(row))) {
            let (reference, silent) = (speaker(row), speaker(&other_side(row)));
            let there = self.present.contains(&silent);
            let (reference, other) = (format!("Patient/{reference}"), format!("Patient/{silent}"));
            report.remark(match there {
                true => Remark::OneSided { reference, other },
                false => Remark::Nobody { reference, other },
            });
        }
        Ok(())
    }
}

fn other_side((later, earlier, side): &Row) -> Row {
    (later.clone(), earlier.clone(), !side)
}

fn kept(connection: &Connection) -> Result<BTreeSet<Row>, Error> {
    let mut statement = connection.prepare(
        "SELECT coalesce(l.fhir_id, ''), coalesce(e.fhir_id, ''), m.side FROM merged m \
         LEFT JOIN patient l ON l.id = m.survivor LEFT JOIN patient e ON e.id = m.prior",
    )?;
    let text = |row: &rusqlite::Row<'_>, at: usize| -> rusqlite::Result<Text> {
        Ok(Text::from(row.get_ref(at)?.as_str()?))
    };
    let rows = statement.query_map([], |row| Ok((text(row, 0)?, text(row, 1)?, row.get(2)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn is_known(connection: &Connection, id: &str) -> Result<bool, Error> {
    let mut statement = connection.prepare_cached("SELECT 1 FROM patient WHERE fhir_id = ?1")?;
    Ok(statement.query_row([id], |_| Ok(())).optional()?.is_some())
}

/// Those who, by links in force, gave way to themselves in the end; one of each circle's members is enough to name it.
fn round<'a>(both: &BTreeSet<(&'a Text, &'a Text)>) -> Vec<&'a Text> {
    let mut left = both.clone();
    // Whoever gave way to nobody that is left ends no circle; what cannot be taken away goes round.
    loop {
        let earlier: BTreeSet<&Text> = left.iter().map(|(_, earlier)| *earlier).collect();
        let later: BTreeSet<&Text> = left.iter().map(|(later, _)| *later).collect();
        let before = left.len();
        left.retain(|(later_one, earlier_one)| earlier.contains(*later_one) && later.contains(*earlier_one));
        if left.len() == before {
            return left.into_iter().map(|(later, _)| later).collect::<BTreeSet<_>>().into_iter().collect();
        }
    }
}

/// Those who gave way to several at once who did not, in the end, give way to one.
fn parted<'a>(both: &BTreeSet<(&'a Text, &'a Text)>) -> Vec<&'a Text> {
    let mut laters: BTreeMap<&Text, Vec<&Text>> = BTreeMap::new();
    for (later, earlier) in both {
        laters.entry(earlier).or_default().push(later);
    }
    let several = laters.iter().filter(|(_, laters)| laters.len() > 1).map(|(earlier, _)| *earlier);
    several.filter(|one| ends(&laters, one) > 1).collect()
}

/// At how many Patients the links lead out from one.
fn ends(laters: &BTreeMap<&Text, Vec<&Text>>, from: &Text) -> usize {
    let (mut seen, mut waiting, mut count) = (BTreeSet::from([from]), vec![from], 0);
    while let Some(one) = waiting.pop() {
        match laters.get(one) {
            Some(next) => waiting.extend(next.iter().filter(|next| seen.insert(next))),
            None => count += 1,
        }
    }
    count
}

#[cfg(test)]
mod tests {
    use super::{parted, round};
    use fhir::json::Text;
    use std::collections::BTreeSet;

    #[test]
    fn only_who_ends_as_two_people_is_parted() {
        for (links, found) in [
            (&[("b", "a"), ("c", "b")][..], &[][..]),
            (&[("b", "a"), ("b", "c")], &[]),
            (&[("b", "a"), ("c", "a")], &["a"]),
            // Two ways to one person, and a source that names the whole chain.
            (&[("b", "a"), ("c", "a"), ("d", "b"), ("d", "c")], &[]),
            (&[("b", "a"), ("c", "a"), ("c", "b")], &[]),
            (&[("b", "a"), ("c", "a"), ("d", "b"), ("e", "c")], &["a"]),
            (&[("b", "a"), ("a", "b"), ("c", "a"), ("d", "b")], &["a", "b"]),
        ] {
            let links: Vec<(Text, Text)> =
                links.iter().map(|(later, earlier)| ((*later).into(), (*earlier).into())).collect();
            let both: BTreeSet<(&Text, &Text)> =
                links.iter().map(|(later, earlier)| (later, earlier)).collect();
            let names: Vec<&str> = parted(&both).into_iter().map(|one| one.as_str()).collect();
            assert_eq!(names, found, "{links:?}");
        }
    }

    #[test]
    fn only_what_leads_back_goes_round() {
        for (links, found) in [
            (&[("b", "a"), ("c", "b"), ("c", "d")][..], &[][..]),
            (&[("b", "a"), ("a", "b")], &["a", "b"]),
            (&[("b", "a"), ("c", "b"), ("a", "c"), ("d", "a"), ("c", "e")], &["a", "b", "c"]),
        ] {
            let links: Vec<(Text, Text)> =
                links.iter().map(|(later, earlier)| ((*later).into(), (*earlier).into())).collect();
            let both: BTreeSet<(&Text, &Text)> =
                links.iter().map(|(later, earlier)| (later, earlier)).collect();
            let names: Vec<&str> = round(&both).into_iter().map(|one| one.as_str()).collect();
            assert_eq!(names, found, "{links:?}");
        }
    }
}
