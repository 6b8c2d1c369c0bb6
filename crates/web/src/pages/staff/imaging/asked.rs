//! What the address asks to assume: every assumption is a parameter, so that a page can be kept, sent and compared.

use crate::form::Fields;
use care::imaging::{Field, PROTOCOLS, Wish};

/// What was asked, and what of it does not fit.
pub(super) struct Asked {
    /// What fits.
    pub wish: Wish,
    /// What does not, in the order of the form.
    pub wrong: Vec<Field>,
    typed: Vec<(Field, String)>,
}

impl Asked {
    /// Reads the address. What is left empty is not asked.
    pub fn read(query: &Fields) -> Self {
        let typed = Field::all().filter_map(|field| {
            let words = query.text(&name(field));
            (!words.is_empty()).then(|| (field, words.to_owned()))
        });
        let typed: Vec<(Field, String)> = typed.collect();
        let (mut wish, mut wrong) = (Wish::default(), Vec::new());
        for (field, words) in &typed {
            let value = number(*field, words);
            if !value.is_some_and(|value| wish.take(*field, value)) {
                wrong.push(*field);
            }
        }
        let hours = wish.of(Field::Opens).zip(wish.of(Field::Closes));
        if hours.is_some_and(|(opens, closes)| closes < opens + 60) {
            wrong.push(Field::Closes);
        }
        Self { wish, wrong, typed }
    }

    /// What was typed into a field.
    pub fn typed(&self, field: Field) -> Option<&str> {
        self.typed.iter().find(|(one, _)| *one == field).map(|(_, words)| words.as_str())
    }

    /// Whether anything was.
    pub fn is_anything(&self) -> bool {
        !self.typed.is_empty()
    }

    /// The same as the end of an address.
    pub fn query(&self) -> String {
        let mut fields = Fields::default();
        for (field, words) in &self.typed {
            fields.put(&name(*field), [words.as_str()]);
        }
        let encoded = fields.encoded();
        if encoded.is_empty() { encoded } else { format!("?{encoded}") }
    }
}

/// The parameter of a field.
pub(super) fn name(field: Field) -> String {
    match field {
        Field::Days => "days".to_owned(),
        Field::Setup => "setup".to_owned(),
        Field::Step => "step".to_owned(),
        Field::Missed => "missed".to_owned(),
        Field::Opens => "opens".to_owned(),
        Field::Closes => "closes".to_owned(),
        Field::Share(at) => format!("left-{}", PROTOCOLS.get(at).map_or("other", |one| one.code)),
    }
}

/// A value as a field shows it.
pub(super) fn shown(field: Field, value: u32) -> String {
    match field {
        Field::Opens | Field::Closes => format!("{:02}:{:02}", value / 60, value % 60),
        _ => value.to_string(),
    }
}

fn number(field: Field, words: &str) -> Option<u32> {
    match field {
        Field::Opens | Field::Closes => {
            let (hour, minute) = words.split_once(':')?;
            let (hour, minute) = (hour.parse::<u32>().ok()?, minute.parse::<u32>().ok()?);
            (hour <= 24 && minute < 60).then(|| hour * 60 + minute)
        }
        _ => words.trim_end_matches('%').trim().parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read_and_written_alike() {
        let asked = Asked::read(&Fields::parse("opens=07%3A30&left-head=50%25&setup=&days=10&foreign=1"));
        assert!(asked.wrong.is_empty());
        assert_eq!(asked.wish.of(Field::Opens), Some(450));
        assert_eq!(asked.wish.of(Field::Share(0)), Some(50));
        assert_eq!(asked.wish.of(Field::Setup), None);
        let again = Asked::read(&Fields::parse(asked.query().trim_start_matches('?')));
        assert_eq!(again.wish, asked.wish);
        assert_eq!(Asked::read(&Fields::default()).query(), "");
    }

    #[test]
    fn what_does_not_fit_is_named_and_not_taken() {
        for (query, field) in [
            ("left-head=10", Field::Share(0)),
            ("left-head=101", Field::Share(0)),
            ("setup=many", Field::Setup),
            ("setup=-1", Field::Setup),
            ("setup=99999999999999", Field::Setup),
            ("opens=25%3A00", Field::Opens),
            ("opens=nine", Field::Opens),
            ("opens=10%3A00&closes=10%3A30", Field::Closes),
            ("days=4", Field::Days),
        ] {
            let asked = Asked::read(&Fields::parse(query));
            assert_eq!(asked.wrong, [field], "{query}");
        }
    }
}
