//! The question of a search, read from what a person typed. Never guesses: an NHS number that fails its check is
//! refused, not searched for as a name.

use fhir::nhs_number::NhsNumber;
use jiff::civil::Date;

/// A question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ask {
    /// By NHS number: ten digits, already checked.
    NhsNumber(String),
    /// By name (family, given or both, in any order) and date of birth.
    NameAndBirth {
        /// The words as typed.
        name: String,
        /// The day of birth.
        born: Date,
    },
    /// By name alone: answered only when few match.
    Name(String),
}

/// Why what was typed is not a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unclear {
    /// Nothing was typed.
    #[error("nothing was typed")]
    Nothing,
    /// Digits, but not ten of them.
    #[error("an NHS number has 10 digits, not {0}")]
    Digits(usize),
    /// Ten digits whose check digit is wrong.
    #[error("the check digit does not fit")]
    Check,
    /// A name of one letter.
    #[error("a name needs at least 2 letters")]
    Short,
    /// More than anybody's name.
    #[error("more than {0} characters were typed")]
    Long(usize),
}

const LONGEST: usize = 200;

impl Ask {
    /// Reads a question. Digits (with spaces or hyphens) are an NHS number; anything else is a name.
    pub fn parse(typed: &str, born: Option<Date>) -> Result<Self, Unclear> {
        let typed = typed.trim();
        if typed.is_empty() {
            return Err(Unclear::Nothing);
        }
        if typed.chars().count() > LONGEST {
            return Err(Unclear::Long(LONGEST));
        }
        let spacer = |c: char| c.is_whitespace() || matches!(c, '-' | '\u{2010}'..='\u{2015}');
        if typed.chars().all(|c| c.is_ascii_digit() || spacer(c)) {
            let digits: String = typed.chars().filter(char::is_ascii_digit).collect();
            if digits.len() != 10 {
                return Err(Unclear::Digits(digits.len()));
            }
            return NhsNumber::parse(&digits).map(|_| Ask::NhsNumber(digits)).map_err(|_| Unclear::Check);
        }
        if typed.chars().filter(|c| c.is_alphabetic()).count() < 2 {
            return Err(Unclear::Short);
        }
        let name = typed.split_whitespace().collect::<Vec<_>>().join(" ");
        Ok(match born {
            Some(born) => Ask::NameAndBirth { name, born },
            None => Ask::Name(name),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn reads_what_people_type() {
        let number = Ok(Ask::NhsNumber("9990079196".into()));
        assert_eq!(Ask::parse(" 999 007 9196 ", None), number);
        assert_eq!(Ask::parse("999-007-9196", None), number);
        assert_eq!(Ask::parse("999 007 9195", None), Err(Unclear::Check));
        assert_eq!(Ask::parse("999 007", None), Err(Unclear::Digits(6)));
        assert_eq!(Ask::parse("  ", None), Err(Unclear::Nothing));
        assert_eq!(Ask::parse("a", None), Err(Unclear::Short));
        assert_eq!(Ask::parse(&"a".repeat(201), None), Err(Unclear::Long(200)));
        assert_eq!(Ask::parse("O'Neil  Ann", None), Ok(Ask::Name("O'Neil Ann".into())));
        let born = date(1958, 3, 7);
        assert_eq!(Ask::parse("Ann", Some(born)), Ok(Ask::NameAndBirth { name: "Ann".into(), born }));
    }
}
